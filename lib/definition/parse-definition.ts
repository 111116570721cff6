import { createReader, describeValue, type Reader, type Rejection } from '@/lib/chain/rejection';
import type { JsonPath } from '@/lib/json/pointer';
import { isJsonObject, type JsonObject, type JsonValue } from '@/lib/json/value';
import { err, ok, type Result } from '@/lib/result';
import type { Definition } from './definition';
import { stripExportSuffix } from './definition-name';
import { localIdOf } from './local-ids';

/**
 * Whether a value is a data action as CXone's tools export it: the form of the user interface (`name, integrationType,
 * actionType, config, contract, secure`) or the body of the API (`name, category, integrationId, config, contract,
 * secure`). A mapping of actions is none: its values name a `definition_id`.
 */
export function isDefinitionFile(value: JsonValue): value is JsonObject {
  if (!isJsonObject(value)) return false;
  for (const item of value.values()) if (isJsonObject(item) && item.has('definition_id')) return false;
  const records = ['contract', 'config'].filter((key) => isJsonObject(value.get(key)));
  const texts = ['name', 'integrationType', 'actionType', 'category', 'integrationId'].filter(
    (key) => typeof value.get(key) === 'string',
  );
  const flags = typeof value.get('secure') === 'boolean' ? 1 : 0;
  return records.length > 0 && records.length + texts.length + flags > 1;
}

/**
 * An exported data action as a definition. Only its name, its contract (the schemas of input and output, as written) and
 * whether its request is a GET are kept: `config` may hold credentials, so nothing of it is kept or told.
 *
 * The file has no id; its id is `local:` and its name, see `settleLocalIds` for several. A schema that is absent is null:
 * nobody told. A GET suggests the effect `read`; other methods suggest nothing.
 *
 * @param path of the definition in its document, for the rejections.
 */
export function parseDefinition(value: JsonObject, path: JsonPath = []): Result<Definition, readonly Rejection[]> {
  const reader = createReader();
  const name = readName(value.get('name'), [...path, 'name'], reader);
  const contract = readPart(value, 'contract', path, reader);
  const inputSchema = readSchema(contract, ['input', 'inputSchema'], [...path, 'contract'], reader);
  const outputSchema = readSchema(contract, ['output', 'successSchema'], [...path, 'contract'], reader);
  if (reader.rejections.length > 0) return err(reader.rejections);
  return ok({
    id: localIdOf(name),
    name,
    description: '',
    inputSchema,
    outputSchema,
    effect: isGet(value) ? 'read' : null,
    origin: 'imported',
  });
}

const NAME_LENGTH_MAX = 256;

function readName(value: JsonValue | undefined, path: JsonPath, { reject }: Reader): string {
  if (typeof value !== 'string') {
    const found = value === undefined ? 'missing' : describeValue(value);
    reject('schema', path, `name is ${found}; expected the name of the data action, a text.`);
    return '';
  }
  const name = stripExportSuffix(value);
  if (name === '') reject('schema', path, 'name is empty; a definition is found by its name, so give it one.');
  if (name.length > NAME_LENGTH_MAX) {
    reject('limit', path, `name has ${name.length} characters; at most ${NAME_LENGTH_MAX} are accepted.`);
  }
  return name;
}

function readSchema(
  contract: JsonObject | undefined,
  [side, key]: readonly [string, string],
  path: JsonPath,
  reader: Reader,
): JsonValue | null {
  const part = contract === undefined ? undefined : readPart(contract, side, path, reader);
  const schema = part?.get(key) ?? null;
  if (schema === null || isSchema(schema)) return schema;
  const message = `${key} is ${describeValue(schema)}; expected a JSON Schema: an object.`;
  reader.reject('schema', [...path, side, key], message);
  return null;
}

/** What a JSON Schema can be; draft-04 knows objects alone, later drafts true and false too. */
export const isSchema = (value: JsonValue): boolean => isJsonObject(value) || typeof value === 'boolean';

/** Null counts as absent. */
function readPart(value: JsonObject, key: string, path: JsonPath, { reject }: Reader): JsonObject | undefined {
  const part = value.get(key) ?? null;
  if (part === null) return undefined;
  if (isJsonObject(part)) return part;
  reject('schema', [...path, key], `${key} is ${describeValue(part)}; expected an object.`);
  return undefined;
}

function isGet(value: JsonObject): boolean {
  const config = value.get('config');
  const request = isJsonObject(config) ? config.get('request') : undefined;
  const method = isJsonObject(request) ? request.get('requestType') : undefined;
  return typeof method === 'string' && method.toUpperCase() === 'GET';
}
