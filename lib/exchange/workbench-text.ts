import type { Chain } from '@/lib/chain/chain';
import { createReader, listRejections, type Reader, type Rejection, rejectUnknownKeys } from '@/lib/chain/rejection';
import type { Workbench } from '@/lib/chain/workbench';
import { type JsonLimits, parseJson } from '@/lib/json/parse-json';
import { printJson } from '@/lib/json/print-json';
import { isJsonObject, type JsonText, type JsonValue } from '@/lib/json/value';
import { err, ok, type Result } from '@/lib/result';
import { BESIDE_KEYS, besideToJson, readBeside, readName } from './sidecar';

const WORKBENCH_FORMAT = 'chainwright.workbench/1';

/**
 * All that lies beside the chain, as text that {@link parseWorkbench} reads back to an equal workbench: what a sidecar
 * holds, and the connection. Equal workbenches give equal texts.
 */
export function printWorkbench(workbench: Workbench): JsonText {
  const text = printJson(
    new Map<string, JsonValue>([
      ['format', WORKBENCH_FORMAT],
      ...besideToJson(workbench, workbench.chain),
      ['connection_id', workbench.connectionId],
    ]),
  );
  return `${text}\n` as JsonText;
}

/** More than any door takes in: what was accepted on one line is stored with indentation. */
const STORED_LIMITS: JsonLimits = { sizeBytesMax: 20 * 1024 * 1024, depthMax: 128 };

/**
 * The workbench of a chain and the text that lay beside it. Entries about actions that the chain does not have are
 * kept: a missing dependency has a card too. A chosen sample input that is not there counts as none chosen.
 */
export function parseWorkbench(chain: Chain, text: string): Result<Workbench, readonly Rejection[]> {
  const json = parseJson(text, STORED_LIMITS);
  if (!json.ok) return err([json.error]);
  const reader = createReader();
  const workbench = readWorkbench(chain, json.value, reader);
  return workbench === undefined || reader.rejections.length > 0
    ? err(listRejections(reader.rejections))
    : ok(workbench);
}

function readWorkbench(chain: Chain, value: JsonValue, reader: Reader): Workbench | undefined {
  if (!isJsonObject(value) || value.get('format') !== WORKBENCH_FORMAT) {
    reader.reject('schema', ['format'], `Expected an object with "format": "${WORKBENCH_FORMAT}".`);
    return undefined;
  }
  rejectUnknownKeys(value, ['format', ...BESIDE_KEYS, 'connection_id'], [], reader);
  return { chain, ...readBeside(value, reader), connectionId: readName(value, 'connection_id', reader) };
}
