import type { Chain } from '@/lib/chain/chain';
import { type ActionId, parseActionId } from '@/lib/chain/ids';
import type { Rejection } from '@/lib/chain/parse-chain';
import type { CardLayout, NoteId, StickyNote, Workbench } from '@/lib/chain/workbench';
import { type JsonLimits, parseJson } from '@/lib/json/parse-json';
import { formatPointer, type JsonPath, parsePointer } from '@/lib/json/pointer';
import { printJson } from '@/lib/json/print-json';
import { isJsonArray, isJsonObject, type JsonObject, type JsonText, type JsonValue, Numeral } from '@/lib/json/value';
import { err, ok, type Result } from '@/lib/result';

const WORKBENCH_FORMAT = 'chainwright.workbench/1';

/** Pinned outputs may be large; deeper than a document because they lie below keys of this text. */
const WORKBENCH_LIMITS: JsonLimits = { sizeBytesMax: 20 * 1024 * 1024, depthMax: 128 };

/**
 * All that lies beside the chain, as text that {@link parseWorkbench} reads back to an equal workbench. What belongs to
 * actions stands in their order, so equal workbenches give equal texts whatever was undone on the way there.
 */
export function printWorkbench(workbench: Workbench): JsonText {
  const layoutJson = ({ x, y }: CardLayout) => numbers({ x, y });
  const noteJson = ({ x, y, width, height, text }: StickyNote) =>
    new Map<string, JsonValue>([...numbers({ x, y, width, height }), ['text', text]]);
  const text = printJson(
    new Map<string, JsonValue>([
      ['format', WORKBENCH_FORMAT],
      ['layout', mapValues(inOrderOf(workbench.chain, workbench.layout), layoutJson)],
      ['notes', mapValues(workbench.notes, noteJson)],
      ['sample_inputs', workbench.sampleInputs],
      ['pins', inOrderOf(workbench.chain, workbench.pins)],
      ['allowed_literals', [...workbench.allowedLiterals]],
      ['sample_input_name', workbench.sampleInputName],
      ['connection_id', workbench.connectionId],
    ]),
  );
  return `${text}\n` as JsonText;
}

/**
 * The workbench of a chain and the text that lay beside it. Entries about actions that the chain does not have are
 * kept: a missing dependency has a card too. A chosen sample input that is not there counts as none chosen.
 */
export function parseWorkbench(chain: Chain, text: string): Result<Workbench, readonly Rejection[]> {
  const json = parseJson(text, WORKBENCH_LIMITS);
  if (!json.ok) return err([json.error]);
  const rejections: Rejection[] = [];
  const reject: Reject = (path, message) => rejections.push({ code: 'schema', message, path: formatPointer(path) });
  const workbench = readWorkbench(chain, json.value, reject);
  return workbench === undefined || rejections.length > 0 ? err(rejections) : ok(workbench);
}

type Reject = (path: JsonPath, message: string) => void;

function readWorkbench(chain: Chain, value: JsonValue, reject: Reject): Workbench | undefined {
  if (!isJsonObject(value) || value.get('format') !== WORKBENCH_FORMAT) {
    reject(['format'], `Expected an object with "format": "${WORKBENCH_FORMAT}".`);
    return undefined;
  }
  for (const key of value.keys()) if (!KEYS.has(key)) reject([key], `${key} is no key of a workbench.`);
  const sampleInputs = readObject(value, 'sample_inputs', reject);
  const sampleInputName = readName(value, 'sample_input_name', reject);
  return {
    chain,
    layout: readByAction(value, 'layout', reject, readLayout),
    notes: readNotes(value, reject),
    sampleInputs,
    pins: readByAction(value, 'pins', reject, (pin) => pin),
    allowedLiterals: readPointers(value, reject),
    sampleInputName: sampleInputName !== null && sampleInputs.has(sampleInputName) ? sampleInputName : null,
    connectionId: readName(value, 'connection_id', reject),
  };
}

const KEYS: ReadonlySet<string> = new Set([
  'format',
  'layout',
  'notes',
  'sample_inputs',
  'pins',
  'allowed_literals',
  'sample_input_name',
  'connection_id',
]);

function readObject(value: JsonObject, key: string, reject: Reject): JsonObject {
  const item = value.get(key) ?? new Map<string, JsonValue>();
  if (isJsonObject(item)) return item;
  reject([key], `${key} must be an object.`);
  return new Map();
}

function readByAction<T>(
  value: JsonObject,
  key: string,
  reject: Reject,
  read: (item: JsonValue, path: JsonPath, reject: Reject) => T,
): ReadonlyMap<ActionId, T> {
  const byAction = new Map<ActionId, T>();
  for (const [text, item] of readObject(value, key, reject)) {
    const id = parseActionId(text);
    if (id.ok) byAction.set(id.value, read(item, [key, text], reject));
    else reject([key, text], id.error);
  }
  return byAction;
}

const readLayout = (value: JsonValue, path: JsonPath, reject: Reject): CardLayout => ({
  x: readNumber(value, path, 'x', reject),
  y: readNumber(value, path, 'y', reject),
});

function readNotes(value: JsonObject, reject: Reject): ReadonlyMap<NoteId, StickyNote> {
  const notes = new Map<NoteId, StickyNote>();
  for (const [id, note] of readObject(value, 'notes', reject)) {
    const path = ['notes', id];
    const text = isJsonObject(note) ? note.get('text') : undefined;
    if (typeof text !== 'string') reject([...path, 'text'], 'text must be a text.');
    else {
      const width = readNumber(note, path, 'width', reject);
      const height = readNumber(note, path, 'height', reject);
      notes.set(id as NoteId, { ...readLayout(note, path, reject), width, height, text });
    }
  }
  return notes;
}

function readNumber(value: JsonValue, path: JsonPath, key: string, reject: Reject): number {
  const item = isJsonObject(value) ? value.get(key) : undefined;
  const number = item instanceof Numeral ? item.toNumber() : Number.NaN;
  if (Number.isFinite(number)) return number;
  reject([...path, key], `${key} must be a number of pixels.`);
  return 0;
}

function readName(value: JsonObject, key: string, reject: Reject): string | null {
  const item = value.get(key) ?? null;
  if (item === null || typeof item === 'string') return item;
  reject([key], `${key} must be a text or null.`);
  return null;
}

function readPointers(value: JsonObject, reject: Reject): ReadonlySet<string> {
  const pointers = new Set<string>();
  const list = value.get('allowed_literals') ?? [];
  if (!isJsonArray(list)) reject(['allowed_literals'], 'allowed_literals must be a list.');
  else {
    list.forEach((pointer, index) => {
      if (typeof pointer === 'string' && parsePointer(pointer) !== undefined) pointers.add(pointer);
      else reject(['allowed_literals', index], 'Expected a JSON pointer.');
    });
  }
  return pointers;
}

/** The entries of the chain's actions in document order, then those of missing ones. */
function inOrderOf<T>(chain: Chain, byAction: ReadonlyMap<ActionId, T>): ReadonlyMap<ActionId, T> {
  const ordered = new Map<ActionId, T>();
  for (const id of [...chain.actions.keys(), ...byAction.keys()]) {
    const value = byAction.get(id);
    if (value !== undefined) ordered.set(id, value);
  }
  return ordered;
}

const numbers = (values: { readonly [key: string]: number }): Map<string, JsonValue> =>
  new Map(Object.entries(values).map(([key, value]) => [key, Numeral.of(value)]));

const mapValues = <T>(map: ReadonlyMap<string, T>, toJson: (value: T) => JsonValue): JsonObject =>
  new Map([...map].map(([key, value]) => [key, toJson(value)]));
