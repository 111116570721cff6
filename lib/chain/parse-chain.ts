import type { z } from 'zod';
import { DOCUMENT_LIMITS, parseJson } from '@/lib/json/parse-json';
import type { JsonPath } from '@/lib/json/pointer';
import { isDeeperThan, isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '@/lib/json/value';
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
import { migrateChain } from './migrate-chain';
import {
  createReader,
  describeValue,
  listRejections,
  quote,
  type Reader,
  type Rejection,
  rejectUnknownKey,
  withPlaces,
} from './rejection';

/**
 * Reads a chain document: the only door to {@link Chain}. One of an earlier version is first brought to the newest; null or repeated dependencies and null inputs of an action are
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
  const migrated = migrateChain(value);
  if (!migrated.ok) {
    reader.reject('schema', ['format'], migrated.error);
    return undefined;
  }
  return readNewest(migrated.value, reader);
}

function readNewest(value: JsonObject, reader: Reader): Chain {
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
    const known = Object.keys(fields.shape);
    for (const key of issue.keys) rejectUnknownKey(key, known, path, reader);
    return;
  }
  const below = issue.path.map((segment) => (typeof segment === 'number' ? segment : String(segment)));
  const name = below.length === 0 ? 'The value' : below.join('.');
  const found = findBelow(value, below);
  const expected = describeExpected(issue);
  if (found === undefined) reader.reject('schema', [...path, ...below], `${name} is missing; expected ${expected}.`);
  else {
    // Whoever takes it for the place of the secret itself must not find it in a message.
    const what = name === 'secret_ref' && typeof found === 'string' ? 'no name of a secret' : describeValue(found);
    reader.reject('schema', [...path, ...below], `${name} is ${what}; expected ${expected}.`);
  }
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
