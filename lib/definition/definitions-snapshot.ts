import {
  createReader,
  describeValue,
  listRejections,
  type Reader,
  type Rejection,
  rejectUnknownKeys,
} from '@/lib/chain/rejection';
import type { JsonPath } from '@/lib/json/pointer';
import { printJson } from '@/lib/json/print-json';
import { isJsonArray, isJsonObject, type JsonObject, type JsonText, type JsonValue } from '@/lib/json/value';
import { err, ok, type Result } from '@/lib/result';
import type { Definition } from './definition';
import { isSchema } from './parse-definition';

export const DEFINITIONS_FORMAT = 'chainwright.definitions/1';

/**
 * Definitions as a file: what a connection offers, or what was imported. Canonical: the same definitions give the same
 * bytes, and what {@link parseDefinitions} read from such a text prints byte for byte the same. A schema that is none
 * (neither object nor boolean) is written as null.
 */
export function printDefinitions(definitions: Iterable<Definition>): JsonText {
  const document = new Map<string, JsonValue>([
    ['format', DEFINITIONS_FORMAT],
    ['definitions', [...definitions].map(definitionToJson)],
  ]);
  return `${printJson(document)}\n` as JsonText;
}

const definitionToJson = (definition: Definition): JsonObject =>
  new Map<string, JsonValue>([
    ['id', definition.id],
    ['name', definition.name],
    ['description', definition.description],
    ['input_schema', schemaToJson(definition.inputSchema)],
    ['output_schema', schemaToJson(definition.outputSchema)],
    ['effect', definition.effect],
  ]);

const schemaToJson = (schema: JsonValue | null): JsonValue => (schema !== null && isSchema(schema) ? schema : null);

/**
 * The definitions of a snapshot, in its order, or every place that is wrong. Ids are told apart; keys that begin with
 * `x-` are passed over, and an export does not have them any more.
 *
 * @param origin what the snapshot stands for; a file that a person chose is `imported`.
 */
export function parseDefinitions(
  value: JsonValue,
  origin: Definition['origin'] = 'imported',
): Result<readonly Definition[], readonly Rejection[]> {
  const reader = createReader();
  const { reject } = reader;
  if (!isJsonObject(value) || value.get('format') !== DEFINITIONS_FORMAT) {
    reject('schema', ['format'], `Expected an object with "format": "${DEFINITIONS_FORMAT}".`);
    return err(reader.rejections);
  }
  rejectUnknownKeys(value, ['format', 'definitions'], [], reader);
  const list = value.get('definitions');
  if (!isJsonArray(list)) {
    const found = list === undefined ? 'missing' : describeValue(list);
    reject('schema', ['definitions'], `definitions is ${found}; expected a list.`);
    return err(reader.rejections);
  }
  const indexById = new Map<string, number>();
  const definitions = list.flatMap((item, index) => {
    if (reader.isFull()) return [];
    const definition = readDefinition(item, ['definitions', index], origin, reader);
    if (definition === undefined) return [];
    const earlier = indexById.get(definition.id);
    if (earlier === undefined) indexById.set(definition.id, index);
    else {
      const message = `This id stands at /definitions/${earlier} too; each definition has an id of its own.`;
      reject('duplicate_key', ['definitions', index, 'id'], message);
    }
    return [definition];
  });
  return reader.rejections.length === 0 ? ok(definitions) : err(listRejections(reader.rejections));
}

const DEFINITION_KEYS = ['id', 'name', 'description', 'input_schema', 'output_schema', 'effect'];
const EFFECTS: readonly JsonValue[] = ['read', 'idempotent', 'write', null];

function readDefinition(
  value: JsonValue,
  path: JsonPath,
  origin: Definition['origin'],
  reader: Reader,
): Definition | undefined {
  const { reject } = reader;
  if (!isJsonObject(value)) {
    reject('schema', path, `The definition is ${describeValue(value)}; expected an object with id and name.`);
    return undefined;
  }
  rejectUnknownKeys(value, DEFINITION_KEYS, path, reader);
  const expect = (key: string, isRight: (item: JsonValue) => boolean, expected: string, fallback?: JsonValue) => {
    const item = value.get(key) ?? fallback;
    if (item !== undefined && isRight(item)) return item;
    const found = item === undefined ? 'missing' : describeValue(item);
    reject('schema', [...path, key], `${key} is ${found}; expected ${expected}.`);
    return null;
  };
  const isText = (item: JsonValue): boolean => typeof item === 'string';
  const isSchemaOrNull = (item: JsonValue): boolean => item === null || isSchema(item);
  const id = expect('id', (item) => isText(item) && item !== '', 'the id of a definition, a text');
  const name = expect('name', isText, 'a text');
  return {
    id: typeof id === 'string' ? id : '',
    name: typeof name === 'string' ? name : '',
    description: expect('description', isText, 'a text', '') as string,
    inputSchema: expect('input_schema', isSchemaOrNull, 'a JSON Schema: an object', null),
    outputSchema: expect('output_schema', isSchemaOrNull, 'a JSON Schema: an object', null),
    effect: expect(
      'effect',
      (item) => EFFECTS.includes(item),
      '"read", "idempotent", "write" or null',
      null,
    ) as Definition['effect'],
    origin,
  };
}
