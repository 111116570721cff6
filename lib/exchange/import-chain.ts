import { ACTION_FIELDS, CHAIN_FIELDS, CHAIN_FORMAT, type Chain } from '@/lib/chain/chain';
import { type ActionId, parseActionId } from '@/lib/chain/ids';
import { parseChain, type Rejection, withPlaces } from '@/lib/chain/parse-chain';
import { type Sidecar, type Workbench, workbenchOf } from '@/lib/chain/workbench';
import type { ConnectionMap } from '@/lib/definition/connection-map';
import type { Definition } from '@/lib/definition/definition';
import { parseJson } from '@/lib/json/parse-json';
import { formatPointer } from '@/lib/json/pointer';
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue, Numeral } from '@/lib/json/value';
import { findNearestName } from '@/lib/nearest-name';
import { PROBLEM_SEVERITY, type Problem, type ProblemCode } from '@/lib/problems/problem';
import { err, ok, type Result } from '@/lib/result';

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

/** One definition file, or a snapshot of many. */
export interface ImportedDefinitions {
  readonly kind: 'definitions';
  readonly definitions: readonly Definition[];
  readonly problems: readonly Problem[];
}

export interface ImportedSidecar {
  readonly kind: 'sidecar';
  readonly sidecar: Sidecar;
}

export interface ImportedMap {
  readonly kind: 'connection-map';
  readonly map: ConnectionMap;
}

/**
 * Reads any text that is accepted as a chain: this format's document, the tutorial's bare mapping
 * (`{id: {definition_id, depends_on, inputs}}`), or an object with `actions` and no `format`.
 *
 * A mapping gets the tutorial's meaning, written into its settings: `binding: "text"`, `undefined: "strict"`,
 * `max_concurrency: 1`. There `depends_on` may be one text, and unknown keys are kept as `x-…` and listed.
 *
 * Nothing is half-imported: unreadable text, duplicate keys, bad ids, schema errors and limits reject the whole, with
 * line and column. Cycles, missing dependencies and bad references import as a draft.
 *
 * @param fileName for the sentences of a refusal only; a chain is never named after its file.
 */
export function importText(text: string, fileName?: string): Result<Imported, readonly Rejection[]> {
  const json = parseJson(text);
  if (!json.ok) return err([json.error]);
  const read = readDocument(json.value, fileName ?? 'The text');
  return read.ok ? read : err(withPlaces(read.error, text));
}

function readDocument(value: JsonValue, subject: string): Result<Imported, readonly Rejection[]> {
  if (!isJsonObject(value))
    return refuse(`${subject} holds ${nameType(value)}; expected a chain document or a mapping of actions.`);
  const format = value.get('format');
  if (typeof format === 'string') {
    const elsewhere = OTHER_FORMATS.get(format);
    if (elsewhere !== undefined) return refuse(`${subject} is ${elsewhere}`, '/format');
    return finish(parseChain(value), 'chain', value, value, []);
  }
  if (isDefinitionFile(value)) {
    return refuse(
      `${subject} is the definition of a data action, not a chain. Definition files cannot be imported yet; actions name a definition by its id.`,
    );
  }
  return readMapping(value, subject);
}

/** Formats that are ours but no chain. */
const OTHER_FORMATS: ReadonlyMap<string, string> = new Map([
  [
    'chainwright.sidecar/1',
    'a sidecar: what lies beside a chain. Sidecar files cannot be imported yet; import the chain document itself.',
  ],
  [
    'chainwright.definitions/1',
    'a snapshot of definitions, not a chain. Snapshots cannot be imported yet; import a chain document.',
  ],
  ['chainwright.workbench/1', 'what the store keeps beside a chain, not a chain; import the chain document itself.'],
]);

/** Either form in which data actions are exported; a mapping would hold an object under `name`. */
const isDefinitionFile = (value: JsonObject): boolean =>
  typeof value.get('name') === 'string' && isJsonObject(value.get('contract')) && isJsonObject(value.get('config'));

/** The tutorial's runner knows three keys and no chain around them; its meaning is written out as settings. */
function readMapping(value: JsonObject, subject: string): Result<Imported, readonly Rejection[]> {
  const isBare = !hasActions(value);
  const actions = isBare ? value : value.get('actions');
  if (!isJsonObject(actions)) return refuse('actions must be an object: action id → action.', '/actions');
  if (isBare && !looksLikeMapping(actions)) {
    return refuse(
      `${subject} is neither a chain document nor a mapping of actions: expected "format": "${CHAIN_FORMAT}", or action ids with a definition_id each.`,
    );
  }
  const problems: Problem[] = [];
  const chain = new Map<string, JsonValue>([['format', CHAIN_FORMAT]]);
  if (!isBare) copyKnownKeys(value, chain, CHAIN_KEYS, [], problems);
  const settings = chain.get('settings');
  if (settings === undefined || isJsonObject(settings)) chain.set('settings', withTutorialMeaning(settings));
  chain.set('actions', new Map([...actions].map(([id, action]) => [id, readMappedAction(id, action, problems)])));

  const parsed = parseChain(chain);
  if (parsed.ok) return finish(parsed, 'mapping', value, chain, problems);
  return isBare ? err(parsed.error.map(withoutActionsKey)) : parsed;
}

/** `{"actions": {"a": {…}}}`, and not the bare mapping of an action whose id happens to be `actions`. */
function hasActions(value: JsonObject): boolean {
  const actions = value.get('actions');
  return actions !== undefined && !(isJsonObject(actions) && typeof actions.get('definition_id') === 'string');
}

const looksLikeMapping = (actions: JsonObject): boolean =>
  actions.size === 0 || [...actions.values()].some((action) => isJsonObject(action) && action.has('definition_id'));

function withTutorialMeaning(written: JsonObject | undefined): JsonObject {
  return new Map<string, JsonValue>([
    ['binding', 'text'],
    ['undefined', 'strict'],
    ['max_concurrency', new Numeral('1')],
    ...(written ?? []),
  ]);
}

function readMappedAction(id: string, value: JsonValue, problems: Problem[]): JsonValue {
  if (!isJsonObject(value)) return value;
  const action = new Map<string, JsonValue>();
  copyKnownKeys(value, action, ACTION_KEYS, ['actions', id], problems);
  const dependsOn = action.get('depends_on');
  if (typeof dependsOn === 'string') action.set('depends_on', [dependsOn]);
  return action;
}

/** Unknown keys go on as `x-…`, each with a notice, because a misspelled `depends_on` must not vanish silently. */
function copyKnownKeys(
  from: JsonObject,
  to: Map<string, JsonValue>,
  known: readonly string[],
  path: readonly string[],
  problems: Problem[],
): void {
  for (const [key, item] of from) if (known.includes(key) || key.startsWith('x-')) to.set(key, item);
  for (const [key, item] of from) {
    if (to.has(key)) continue;
    let kept = `x-${key}`;
    for (let count = 2; to.has(kept) || from.has(kept); count++) kept = `x-${key}-${count}`;
    to.set(kept, item);
    const nearest = findNearestName(key, known);
    const advice = nearest === undefined ? '' : ` If ${nearest} was meant, rename it.`;
    const message = `${shorten(key)} is no key of a chain; it is kept as ${shorten(kept)} and has no effect.${advice}`;
    problems.push(notice('mapping_key_kept', message, formatPointer([...path, kept]), path[1]));
  }
}

const CHAIN_KEYS = Object.keys(CHAIN_FIELDS.shape);
const ACTION_KEYS = Object.keys(ACTION_FIELDS.shape);

function finish(
  parsed: Result<Chain, readonly Rejection[]>,
  kind: ImportedChain['kind'],
  document: JsonObject,
  completed: JsonObject,
  noticed: readonly Problem[],
): Result<Imported, readonly Rejection[]> {
  if (!parsed.ok) return parsed;
  const chain = parsed.value;
  return ok({
    kind,
    workbench: workbenchOf(chain),
    problems: [...noticed, ...findFoldedDependencies(completed)],
    document,
  });
}

/** Dependencies that stood twice in the document; the chain holds each once. */
function findFoldedDependencies(document: JsonObject): readonly Problem[] {
  const actions = document.get('actions');
  if (!isJsonObject(actions)) return [];
  return [...actions].flatMap(([id, action]) => {
    const dependsOn = isJsonObject(action) ? action.get('depends_on') : undefined;
    if (!isJsonArray(dependsOn)) return [];
    const repeated = new Set(dependsOn.filter((dependency, index) => dependsOn.indexOf(dependency) !== index));
    return [...repeated].map((dependency) =>
      notice(
        'dependency_duplicate',
        `${id} names its dependency ${String(dependency)} more than once; it is kept once.`,
        formatPointer(['actions', id, 'depends_on']),
        id,
      ),
    );
  });
}

function notice(code: ProblemCode, message: string, path: string, action?: string): Problem {
  const id = action === undefined ? undefined : parseActionId(action);
  const about: { readonly action?: ActionId } = id?.ok === true ? { action: id.value } : {};
  return { code, severity: PROBLEM_SEVERITY[code], message, path, ...about };
}

const refuse = (message: string, path = ''): Result<never, readonly Rejection[]> =>
  err([{ code: 'schema', message, path }]);

/** A bare mapping has no `actions` key: the pointer of a rejection must fit the text that the person sees. */
const withoutActionsKey = (rejection: Rejection): Rejection => ({
  ...rejection,
  path: rejection.path.replace(/^\/actions(?=\/|$)/, ''),
});

const nameType = (value: JsonValue): string =>
  value === null ? 'null' : isJsonArray(value) ? 'a list' : value instanceof Numeral ? 'a number' : `a ${typeof value}`;

const shorten = (text: string): string => (text.length > 60 ? `${text.slice(0, 60)}…` : text);
