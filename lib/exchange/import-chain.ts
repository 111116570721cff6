import { CHAIN_FORMAT } from '@/lib/chain/chain';
import { describeNewerFormat } from '@/lib/chain/migrate-chain';
import { parseChain } from '@/lib/chain/parse-chain';
import { describeValue, listRejections, type Rejection, withPlaces } from '@/lib/chain/rejection';
import { type Sidecar, type Workbench, workbenchOf } from '@/lib/chain/workbench';
import { clipText } from '@/lib/clip-text';
import { CONNECTION_MAP_FORMAT, type ConnectionMapFile, parseConnectionMap } from '@/lib/definition/connection-map';
import type { Definition } from '@/lib/definition/definition';
import { DEFINITIONS_FORMAT, parseDefinitions } from '@/lib/definition/definitions-snapshot';
import { settleLocalIds } from '@/lib/definition/local-ids';
import { isDefinitionFile, parseDefinition } from '@/lib/definition/parse-definition';
import { decodeText } from '@/lib/json/decode-text';
import { DOCUMENT_LIMITS, findSizeProblem, type JsonLimits, parseJson } from '@/lib/json/parse-json';
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue, Numeral } from '@/lib/json/value';
import { findNearestName } from '@/lib/nearest-name';
import type { Problem } from '@/lib/problems/problem';
import { err, ok, type Result } from '@/lib/result';
import { buildNotice, completeMapping, hasActions, looksLikeMapping, NOTICES_MAX } from './read-mapping';
import { parseSidecar, SIDECAR_FORMAT, SIDECAR_LIMITS } from './sidecar';

/** What a text was found to hold. */
export type Imported = ImportedChain | ImportedDefinitions | ImportedSidecar | ImportedMap;

export interface ImportedChain {
  readonly kind: 'chain' | 'mapping';
  readonly workbench: Workbench;
  /** What the import itself changed or noticed; `findProblems` finds the rest. */
  readonly problems: readonly Problem[];
  /** The text as JSON, as it was written: a mapping that is mended in place stays a mapping. */
  readonly document: JsonObject;
}

/** One definition file, a list of some, or a snapshot of many. No two have the same id. */
export interface ImportedDefinitions {
  readonly kind: 'definitions';
  readonly definitions: readonly Definition[];
  readonly problems: readonly Problem[];
}

export interface ImportedSidecar {
  readonly kind: 'sidecar';
  readonly sidecar: Sidecar;
}

export interface ImportedMap extends ConnectionMapFile {
  readonly kind: 'connection-map';
}

type ImportResult = Result<Imported, readonly Rejection[]>;

/**
 * Reads any text that can be imported, and says what it is: this format's chain document; the tutorial's bare mapping
 * (`{id: {definition_id, depends_on, inputs}}`), or an object with `actions` and no `format`; a data action as CXone
 * exports it, in either form, or a list of them; a snapshot of definitions; a sidecar; a connection map.
 *
 * A mapping gets the tutorial's meaning, written into its settings: `binding: "text"`, `undefined: "strict"`,
 * `max_concurrency: 1`. There `depends_on` may be one text, and unknown keys are kept as `x-…` and listed.
 *
 * Nothing is half-imported: unreadable text, duplicate keys, bad ids, schema errors and limits reject the whole, with
 * line and column. Cycles, missing dependencies and bad references import as a draft. A text has at most 5 MB and 64
 * brackets in one another; a sidecar or a snapshot whose `format` stands first, 16 MB and 128.
 *
 * @param fileName for the sentences of a refusal only; a chain is never named after its file.
 */
export function importText(text: string, fileName?: string): ImportResult {
  const json = parseJson(text, limitsOf(text.slice(0, HEAD_LENGTH)));
  if (!json.ok) return err([json.error]);
  const read = readDocument(json.value, fileName === undefined ? 'The text' : clipText(fileName, 200));
  return read.ok ? read : err(withPlaces(listRejections(read.error), text));
}

/**
 * The same from the bytes of a file, which must be UTF-8: other bytes are rejected with the offset of the first, not
 * repaired. Too many bytes are rejected before they are looked at.
 *
 * @param sizeBytes of the whole file, where `bytes` are only its beginning because the rest would be too much.
 */
export function importBytes(bytes: Uint8Array, fileName?: string, sizeBytes = bytes.length): ImportResult {
  const head = new TextDecoder().decode(bytes.subarray(0, HEAD_LENGTH));
  const { sizeBytesMax } = limitsOf(head);
  const tooLarge = sizeBytes > bytes.length ? findSizeProblem(sizeBytes, sizeBytesMax) : undefined;
  if (tooLarge !== undefined) return err([tooLarge]);
  const text = decodeText(bytes, sizeBytesMax);
  return text.ok ? importText(text.value, fileName) : err([text.error]);
}

const HEAD_LENGTH = 200;

/** What holds recorded values or schemas of a whole tenant may be larger; it says so at its very beginning. */
const limitsOf = (head: string): JsonLimits =>
  /^\uFEFF?\s*\{\s*"format"\s*:\s*"chainwright\.(?:sidecar|definitions)\/\d+"/.test(head)
    ? SIDECAR_LIMITS
    : DOCUMENT_LIMITS;

function readDocument(value: JsonValue, subject: string): ImportResult {
  if (isJsonArray(value)) return readList(value, subject);
  if (!isJsonObject(value)) return refuse(`${subject} holds ${nameType(value)}; ${EXPECTED}`);
  const format = value.get('format');
  if (typeof format === 'string') return readFormat(format, value, subject);
  if (isDefinitionFile(value)) {
    const definition = parseDefinition(value);
    return definition.ok ? ok({ kind: 'definitions', definitions: [definition.value], problems: [] }) : definition;
  }
  return readMapping(value, subject);
}

const EXPECTED = 'expected a chain document, a mapping of actions, or a definition file.';

function readFormat(format: string, value: JsonObject, subject: string): ImportResult {
  switch (format) {
    case CHAIN_FORMAT:
      return finishChain('chain', value, value, []);
    case SIDECAR_FORMAT: {
      const sidecar = parseSidecar(value);
      return sidecar.ok ? ok({ kind: 'sidecar', sidecar: sidecar.value }) : sidecar;
    }
    case DEFINITIONS_FORMAT: {
      const definitions = parseDefinitions(value);
      return definitions.ok ? ok({ kind: 'definitions', definitions: definitions.value, problems: [] }) : definitions;
    }
    case CONNECTION_MAP_FORMAT: {
      const map = parseConnectionMap(value);
      return map.ok ? ok({ kind: 'connection-map', ...map.value }) : map;
    }
    case 'chainwright.workbench/1':
      return refuse(
        `${subject} is what the store keeps beside a chain, not a chain; import the chain document itself.`,
        '/format',
      );
    default:
      return readOtherFormat(format, value);
  }
}

const FORMATS = [CHAIN_FORMAT, SIDECAR_FORMAT, DEFINITIONS_FORMAT, CONNECTION_MAP_FORMAT];

/** A chain of an earlier version, or nothing that can be read here. */
function readOtherFormat(format: string, value: JsonObject): ImportResult {
  if (/^chainwright\.chain\/\d/.test(format)) return finishChain('chain', value, value, []);
  const newer = FORMATS.map((known) => describeNewerFormat(format, known)).find((words) => words !== undefined);
  if (newer !== undefined) return refuse(newer, '/format');
  const nearest = findNearestName(format, FORMATS);
  const advice = nearest === undefined ? `expected one of ${FORMATS.join(', ')}.` : `did you mean ${nearest}?`;
  return refuse(`format is ${describeValue(format)}; ${advice}`, '/format');
}

/** A list is taken when every item is a definition file. */
function readList(items: readonly JsonValue[], subject: string): ImportResult {
  const index = items.findIndex((item) => !isDefinitionFile(item));
  if (index === 0 || items.length === 0) return refuse(`${subject} holds a list; ${EXPECTED}`);
  if (index > 0) {
    return refuse(
      `${subject} holds a list of definition files, but the item ${index} is none, counted from 0. Take it out of the list.`,
      `/${index}`,
    );
  }
  const rejections: Rejection[] = [];
  const definitions: Definition[] = [];
  items.forEach((item, at) => {
    if (!isDefinitionFile(item)) return;
    const definition = parseDefinition(item, [at]);
    if (definition.ok) definitions.push(definition.value);
    else rejections.push(...definition.error);
  });
  if (rejections.length > 0) return err(rejections);
  return ok({ kind: 'definitions', definitions: settleLocalIds(definitions, []), problems: [] });
}

function readMapping(value: JsonObject, subject: string): ImportResult {
  const isBare = !hasActions(value);
  const actions = isBare ? value : value.get('actions');
  if (!isJsonObject(actions)) return refuse('actions must be an object: action id → action.', '/actions');
  if (isBare && !looksLikeMapping(actions)) {
    return refuse(
      `${subject} is neither a chain document nor a mapping of actions: expected "format": "${CHAIN_FORMAT}", or action ids with a definition_id each.`,
    );
  }
  const { document, problems } = completeMapping(actions, isBare ? null : value);
  const read = finishChain('mapping', value, document, problems);
  return read.ok || !isBare ? read : err(read.error.map(withoutActionsKey));
}

function finishChain(
  kind: ImportedChain['kind'],
  document: JsonObject,
  completed: JsonObject,
  noticed: readonly Problem[],
): ImportResult {
  const parsed = parseChain(completed);
  if (!parsed.ok) return parsed;
  const problems = listNotices([...noticed, ...findFoldedDependencies(completed)]);
  return ok({ kind, workbench: workbenchOf(parsed.value), problems, document });
}

/** The first of them; the last one listed then says how many more there are. */
function listNotices(all: readonly Problem[]): readonly Problem[] {
  const first = all[NOTICES_MAX - 1];
  if (first === undefined || all.length === NOTICES_MAX) return all;
  const message = `So it is at ${all.length - NOTICES_MAX + 1} more places, this one being the first of them. ${first.message}`;
  return [...all.slice(0, NOTICES_MAX - 1), { ...first, message }];
}

/** Dependencies that stood twice in the document; the chain holds each once. */
function findFoldedDependencies(document: JsonObject): readonly Problem[] {
  const actions = document.get('actions');
  if (!isJsonObject(actions)) return [];
  return [...actions].flatMap(([id, action]) => {
    const dependsOn = isJsonObject(action) ? action.get('depends_on') : undefined;
    if (!isJsonArray(dependsOn)) return [];
    const met = new Set<JsonValue>();
    const repeated = new Set<JsonValue>();
    for (const dependency of dependsOn) (met.has(dependency) ? repeated : met).add(dependency);
    return [...repeated].map((dependency) =>
      buildNotice(
        'dependency_duplicate',
        `${id} names its dependency ${String(dependency)} more than once; it is kept once.`,
        ['actions', id, 'depends_on'],
        id,
      ),
    );
  });
}

const refuse = (message: string, path = ''): Result<never, readonly Rejection[]> =>
  err([{ code: 'schema', message, path }]);

/** A bare mapping has no `actions` key: the pointer of a rejection must fit the text that the person sees. */
const withoutActionsKey = (rejection: Rejection): Rejection => ({
  ...rejection,
  path: rejection.path.replace(/^\/actions(?=\/|$)/, ''),
});

const nameType = (value: JsonValue): string =>
  value === null ? 'null' : value instanceof Numeral ? 'a number' : `a ${typeof value}`;
