import type { z } from 'zod';
import { findPlaces } from '@/lib/json/find-places';
import { DOCUMENT_LIMITS, POINTER_SEGMENT_MAX, parseJson } from '@/lib/json/parse-json';
import { formatPointer, type JsonPath } from '@/lib/json/pointer';
import { isDeeperThan, isJsonArray, isJsonObject, type JsonObject, type JsonValue, Numeral } from '@/lib/json/value';
import { findNearestName } from '@/lib/nearest-name';
import { err, ok, type Result } from '@/lib/result';
import {
  ACTION_FIELDS,
  ACTIONS_MAX,
  type Action,
  CHAIN_FIELDS,
  CHAIN_FORMAT,
  type Chain,
  RETRY_FIELDS,
  type RetryOverrides,
  SETTINGS_FIELDS,
  type Settings,
  WEBHOOK_FIELDS,
  type WebhookSettings,
} from './chain';
import { type ActionId, parseActionId } from './ids';

/** Why a document is not taken in, and where. Nothing of a rejected document is used. */
export interface Rejection {
  readonly code: 'json_syntax' | 'duplicate_key' | 'schema' | 'action_id' | 'limit';
  /** What was found and what was expected, as a sentence of at most 4 KB. */
  readonly message: string;
  /** JSON pointer to the place; it ends early where a key is too long to be shown. */
  readonly path: string;
  /** Counted from 1, in UTF-16 units; present when the document came as text. */
  readonly line?: number;
  readonly column?: number;
}

/** At most this many rejections are listed; the last one then says how many more there are. */
export const REJECTIONS_MAX = 100;

/**
 * Reads a chain document: the only door to {@link Chain}. Null or repeated dependencies and null inputs of an action are
 * normalised (`[]`, each once, `{}`); everything else stays as written.
 *
 * Cycles, missing dependencies, unknown references and template errors are no rejections: such a chain is a draft
 * with problems.
 *
 * @returns The chain, or every place that is wrong, in document order. Never throws, whatever the value.
 */
export function parseChain(value: JsonValue): Result<Chain, readonly Rejection[]> {
  const reader = createReader();
  const chain = readChain(value, reader);
  if (chain !== undefined && reader.rejections.length === 0) return ok(chain);
  return err(listRejections(reader.rejections));
}

/** The same from text, within the limits of a document: 5 MB, 64 brackets deep. Rejections say line and column. */
export function parseChainText(text: string): Result<Chain, readonly Rejection[]> {
  const json = parseJson(text, DOCUMENT_LIMITS);
  if (!json.ok) return err([json.error]);
  const chain = parseChain(json.value);
  return chain.ok ? chain : err(withPlaces(chain.error, text));
}

/** The rejections of a document that was read from `text`, each with its line and column. */
export function withPlaces(rejections: readonly Rejection[], text: string): readonly Rejection[] {
  const places = findPlaces(text, new Set(rejections.map(({ path }) => path)));
  return rejections.map((rejection) => ({ ...rejection, ...places.get(rejection.path) }));
}

/** Collects what is wrong, so that a person mends a document in one go. */
interface Reader {
  readonly rejections: Rejection[];
  readonly reject: (code: Rejection['code'], path: JsonPath, message: string) => void;
}

function createReader(): Reader {
  const rejections: Rejection[] = [];
  return {
    rejections,
    reject: (code, path, message) =>
      void rejections.push({ code, message: shorten(message, MESSAGE_LENGTH_MAX), path: pointerTo(path) }),
  };
}

function listRejections(all: readonly Rejection[]): readonly Rejection[] {
  if (all.length <= REJECTIONS_MAX) return all;
  const shown = all.slice(0, REJECTIONS_MAX - 1);
  const message = `${all.length - shown.length} more places are wrong; mend these first.`;
  return [...shown, { code: 'schema', message, path: '' }];
}

function readChain(value: JsonValue, reader: Reader): Chain | undefined {
  if (isDeeperThan(value, DOCUMENT_LIMITS.depthMax)) {
    reader.reject('limit', [], `Brackets are nested deeper than ${DOCUMENT_LIMITS.depthMax}; flatten the value.`);
    return undefined;
  }
  if (!isJsonObject(value)) {
    reader.reject(
      'schema',
      [],
      `The document is ${describeValue(value)}; expected a chain: an object with "format": "${CHAIN_FORMAT}".`,
    );
    return undefined;
  }
  const head = readRecord(CHAIN_FIELDS, value, [], reader);
  if (head.inputs !== undefined && !isJsonObject(head.inputs) && typeof head.inputs !== 'boolean') {
    reader.reject('schema', ['inputs'], `inputs is ${describeValue(head.inputs)}; expected a JSON Schema: an object.`);
  }
  const settings = readOptional(value.get('settings'), ['settings'], reader, readSettings);
  const actions = readActions(value.get('actions'), reader);
  const { format: _format, settings: _settings, actions: _actions, ...rest } = head;
  return { ...rest, ...(settings === undefined ? {} : { settings }), actions };
}

function readSettings(value: JsonObject, path: JsonPath, reader: Reader): Settings {
  const { retry: _retry, webhook: _webhook, ...rest } = readRecord(SETTINGS_FIELDS, value, path, reader);
  const retry = readOptional(value.get('retry'), [...path, 'retry'], reader, readRetry);
  const webhook = readOptional(value.get('webhook'), [...path, 'webhook'], reader, readWebhook);
  return { ...rest, ...(retry === undefined ? {} : { retry }), ...(webhook === undefined ? {} : { webhook }) };
}

const readRetry = (value: JsonObject, path: JsonPath, reader: Reader): RetryOverrides =>
  readRecord(RETRY_FIELDS, value, path, reader);

const readWebhook = (value: JsonObject, path: JsonPath, reader: Reader): WebhookSettings =>
  readRecord(WEBHOOK_FIELDS, value, path, reader);

function readActions(value: JsonValue | undefined, reader: Reader): ReadonlyMap<ActionId, Action> {
  const actions = new Map<ActionId, Action>();
  if (value === undefined) return actions;
  if (!isJsonObject(value)) {
    reader.reject('schema', ['actions'], `actions is ${describeValue(value)}; expected an object: action id → action.`);
    return actions;
  }
  if (value.size > ACTIONS_MAX) {
    const message = `The chain has ${value.size} actions; at most ${ACTIONS_MAX} are accepted.`;
    reader.reject('limit', ['actions'], message);
    return actions;
  }
  for (const [key, item] of value) {
    const path = ['actions', key];
    const id = readActionId(key, path, reader);
    if (!isJsonObject(item)) {
      const message = `The action ${quote(key)} is ${describeValue(item)}; expected an object with definition_id.`;
      reader.reject('schema', path, message);
      continue;
    }
    const action = readAction(item, path, reader);
    if (id !== undefined) actions.set(id, action);
  }
  return actions;
}

function readAction(value: JsonObject, path: JsonPath, reader: Reader): Action {
  const { depends_on, retry: _retry, ...rest } = readRecord(ACTION_FIELDS, value, path, reader);
  const retry = readOptional(value.get('retry'), [...path, 'retry'], reader, readRetry);
  return {
    ...rest,
    ...(depends_on === undefined ? {} : { depends_on: readDependencies(depends_on ?? [], path, reader) }),
    ...(rest.inputs === null ? { inputs: new Map() } : {}),
    ...(retry === undefined ? {} : { retry }),
  };
}

function readDependencies(value: unknown, path: JsonPath, reader: Reader): readonly ActionId[] {
  if (!Array.isArray(value)) return [];
  const ids = value.map((item, index) =>
    typeof item === 'string' ? readActionId(item, [...path, 'depends_on', index], reader) : undefined,
  );
  return [...new Set(ids.filter((id) => id !== undefined))];
}

function readActionId(text: string, path: JsonPath, reader: Reader): ActionId | undefined {
  const id = parseActionId(text);
  if (id.ok) return id.value;
  reader.reject('action_id', path, `${quote(text)} cannot be an action id. ${id.error}`);
  return undefined;
}

function readOptional<T>(
  value: JsonValue | undefined,
  path: JsonPath,
  reader: Reader,
  read: (value: JsonObject, path: JsonPath, reader: Reader) => T,
): T | undefined {
  if (value === undefined) return undefined;
  if (isJsonObject(value)) return read(value, path, reader);
  reader.reject('schema', path, `${path.at(-1)} is ${describeValue(value)}; expected an object.`);
  return undefined;
}

/** The keys of a record as they were written: an absent one is absent, never undefined. */
type Read<Fields extends z.ZodObject> = {
  [Key in keyof z.infer<Fields>]: Exclude<z.infer<Fields>[Key], undefined>;
} & { readonly extra: JsonObject };

/**
 * One object with fixed keys: `x-` keys set apart, the others checked by zod. The values given back are the document's
 * own, not zod's copies (`z.url` trims), so what was read prints as it was written. After a rejection the record may
 * miss keys or hold wrong ones; the caller then throws the whole chain away.
 */
function readRecord<Fields extends z.ZodObject>(
  fields: Fields,
  value: JsonObject,
  path: JsonPath,
  reader: Reader,
): Read<Fields> {
  const extra = new Map<string, JsonValue>();
  // Without a prototype, `__proto__` is a key like any other, and an unknown one.
  const record: Record<string, JsonValue> = Object.create(null);
  for (const [key, item] of value) {
    if (key.startsWith('x-')) extra.set(key, item);
    else record[key] = item;
  }
  const checked = fields.safeParse(record);
  if (!checked.success) for (const issue of checked.error.issues) rejectIssue(issue, fields, value, path, reader);
  // zod has just said that the record has this shape; if not, the chain that holds it is rejected.
  return { ...record, extra } as Read<Fields>;
}

function rejectIssue(
  issue: z.core.$ZodIssue,
  fields: z.ZodObject,
  value: JsonObject,
  path: JsonPath,
  reader: Reader,
): void {
  if (issue.code === 'unrecognized_keys') {
    for (const key of issue.keys) reader.reject('schema', [...path, key], describeUnknownKey(key, fields));
    return;
  }
  const below = issue.path.map((segment) => (typeof segment === 'number' ? segment : String(segment)));
  const name = below.length === 0 ? 'The value' : below.join('.');
  const found = findBelow(value, below);
  const expected = describeExpected(issue);
  if (found === undefined) reader.reject('schema', [...path, ...below], `${name} is missing; expected ${expected}.`);
  else reader.reject('schema', [...path, ...below], `${name} is ${describeValue(found)}; expected ${expected}.`);
}

function describeUnknownKey(key: string, fields: z.ZodObject): string {
  const known = Object.keys(fields.shape);
  const nearest = findNearestName(key, known);
  const advice = nearest === undefined ? `known are ${known.join(', ')}` : `did you mean ${nearest}?`;
  return `Unknown key ${code(key)}; ${advice}${nearest === undefined ? '. Keys of your own begin with x-.' : ''}`;
}

/** What zod wanted, in words; messages of our own schemas already say it. */
function describeExpected(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return EXPECTED_TYPES.get(issue.expected) ?? issue.expected;
    case 'invalid_value':
      return issue.values.map((value) => JSON.stringify(value)).join(issue.values.length > 2 ? ', ' : ' or ');
    case 'too_big':
      return `at most ${issue.maximum} characters`;
    case 'invalid_format':
      return issue.format === 'url' ? 'an http or https address' : lowerFirst(issue.message);
    default:
      return lowerFirst(issue.message);
  }
}

const EXPECTED_TYPES: ReadonlyMap<string, string> = new Map([
  ['string', 'a text'],
  ['boolean', 'true or false'],
  ['array', 'a list'],
]);

/** `Expected a whole number from 1 to 64.` as the end of a sentence. */
const lowerFirst = (message: string): string =>
  message
    .replace(/^Expected /, '')
    .replace(/\.$/, '')
    .replace(/^[A-Z](?=[a-z ])/, (letter) => letter.toLowerCase());

function findBelow(value: JsonValue, path: JsonPath): JsonValue | undefined {
  let at: JsonValue | undefined = value;
  for (const segment of path) {
    if (isJsonObject(at)) at = at.get(String(segment));
    else if (isJsonArray(at) && typeof segment === 'number') at = at[segment];
    else return undefined;
  }
  return at;
}

/** A value for a sentence: what it is, with its text when that is short. Never goes down into it. */
function describeValue(value: JsonValue): string {
  if (value === null) return 'null';
  if (value instanceof Numeral) return shorten(value.text, QUOTED_LENGTH_MAX);
  if (isJsonArray(value)) return 'a list';
  if (isJsonObject(value)) return 'an object';
  return typeof value === 'string' ? `the text ${quote(value)}` : String(value);
}

const MESSAGE_LENGTH_MAX = 1000;
const QUOTED_LENGTH_MAX = 60;

const shorten = (text: string, lengthMax: number): string =>
  text.length > lengthMax ? `${text.slice(0, lengthMax)}…` : text;
const quote = (text: string): string => JSON.stringify(shorten(text, QUOTED_LENGTH_MAX));
const code = (text: string): string => `\`${shorten(text, QUOTED_LENGTH_MAX)}\``;

function pointerTo(path: JsonPath): string {
  const end = path.findIndex((segment) => typeof segment === 'string' && segment.length > POINTER_SEGMENT_MAX);
  return formatPointer(end === -1 ? path : path.slice(0, end));
}
