import type { Schema } from '@cfworker/json-schema';
import type { JsonPath } from '@/lib/json/pointer';
import { printCompactJson } from '@/lib/json/print-json';
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue, Numeral, toPlain } from '@/lib/json/value';
import { findReferenced } from './schema-variants';
import { toWellFormed } from './watched-value';

/**
 * A schema as the checker takes it: 2020-12, built anew from the keywords that are well-formed, so that no imported
 * schema can make the checker throw or stall. Each time it applies a schema it looks at `onApply`.
 *
 * Left out, and so unchecked: `pattern`, `patternProperties` (a regular expression of somebody else cannot be bounded),
 * formats outside {@link FORMATS}, references out of the document, and keywords of the wrong shape. `additionalProperties`
 * goes with `patternProperties`, because without them it would refuse what they allow.
 *
 * @param document what the schema's references are relative to; the schema itself, or what it is a piece of
 * @param onApply called with the number of names and values that the schema lists
 */
export function toCheckableSchema(
  schema: JsonValue,
  document: JsonValue,
  onApply: (size: number) => void,
): Schema | boolean {
  if (!isJsonObject(schema)) return schema !== false;
  const builder: Builder = { document, onApply, nameOf: new Map(), waiting: [schema] };
  builder.nameOf.set(schema, 's0');
  const definitions = emptyRecord();
  for (let next = builder.waiting.pop(); next !== undefined; next = builder.waiting.pop()) {
    definitions[builder.nameOf.get(next)!] = isJsonObject(next) ? convert(next, builder) : next !== false;
  }
  const root = emptyRecord();
  root['$ref'] = '#/$defs/s0';
  root['$defs'] = definitions;
  return root;
}

interface Builder {
  readonly document: JsonValue;
  readonly onApply: (size: number) => void;
  /** Schemas that stand under `$defs`, being the whole or the target of a reference. */
  readonly nameOf: Map<JsonValue, string>;
  readonly waiting: JsonValue[];
}

/** Formats whose check takes linear time. The checker's patterns for addresses of the web do not. */
const FORMATS: ReadonlySet<JsonValue> = new Set(['date', 'time', 'date-time', 'duration', 'email', 'ipv4', 'uuid']);
/** Formats of the specification whose check is left out; other names are annotations for whoever knows them. */
const UNCHECKED_FORMATS: ReadonlySet<JsonValue> = new Set(
  (
    'hostname idn-hostname idn-email ipv6 uri uri-reference uri-template iri iri-reference json-pointer ' +
    'relative-json-pointer regex'
  ).split(' '),
);
/** Keywords of any draft that would refuse values, and that the checker is not given. */
const UNCHECKED_KEYWORDS: ReadonlySet<string> = new Set(
  (
    'pattern patternProperties dependencies unevaluatedItems minContains maxContains $dynamicRef $recursiveRef extends ' +
    'disallow divisibleBy'
  ).split(' '),
);

type PlainRecord = Record<string, unknown>;
const emptyRecord = (): PlainRecord => Object.create(null);

function convert(schema: JsonObject, builder: Builder): PlainRecord {
  const plain = emptyRecord();
  let size = 1;
  const target = findReferenced(schema, builder.document);
  if (target !== undefined && isSchema(target)) {
    plain['$ref'] = `#/$defs/${nameReferenced(target, builder)}`;
    if (ignoresBesideReference(builder.document)) return counted(plain, size, builder);
  }
  for (const [keyword, value] of modernise(schema)) {
    const read = KEYWORDS.get(keyword);
    const converted = read?.(value, (inner) => toSchema(inner, builder));
    if (converted === undefined) continue;
    plain[keyword] = converted;
    size += sizeOf(keyword, value);
  }
  return counted(plain, size, builder);
}

/** The checker reads every keyword of a schema each time it applies it; this one keeps count, and is no keyword set. */
function counted(plain: PlainRecord, size: number, { onApply }: Builder): PlainRecord {
  return Object.defineProperty(plain, '$recursiveRef', {
    enumerable: false,
    get: () => {
      onApply(size);
      return undefined;
    },
  });
}

function nameReferenced(target: JsonValue, { nameOf, waiting }: Builder): string {
  const known = nameOf.get(target);
  if (known !== undefined) return known;
  const name = `s${nameOf.size}`;
  nameOf.set(target, name);
  waiting.push(target);
  return name;
}

/** Up to draft-07, keywords beside a `$ref` mean nothing. */
function ignoresBesideReference(document: JsonValue): boolean {
  const dialect = isJsonObject(document) ? document.get('$schema') : undefined;
  return typeof dialect === 'string' && /draft-0[3-7]/.test(dialect);
}

/** The words of older drafts in those of 2020-12. */
function modernise(schema: JsonObject): JsonObject {
  const modern = new Map(schema);
  const items = schema.get('items');
  if (isJsonArray(items)) {
    modern.set('prefixItems', items);
    modern.delete('items');
    const rest = schema.get('additionalItems');
    if (rest !== undefined) modern.set('items', rest);
  }
  for (const [limit, exclusive] of LIMITS) {
    if (schema.get(exclusive) !== true) continue;
    modern.delete(exclusive);
    const bound = schema.get(limit);
    if (bound !== undefined) modern.set(exclusive, bound).delete(limit);
  }
  const type = schema.get('type');
  // OpenAPI's way to allow null, seen in exported contracts.
  if (schema.get('nullable') === true && type !== undefined)
    modern.set('type', isJsonArray(type) ? [...type, 'null'] : [type, 'null']);
  if (schema.has('patternProperties')) modern.delete('additionalProperties');
  if (schema.has('patternProperties')) modern.delete('unevaluatedProperties');
  return modern;
}

const LIMITS = [
  ['minimum', 'exclusiveMinimum'],
  ['maximum', 'exclusiveMaximum'],
] as const;

type Reader = (value: JsonValue, toSchema: (inner: JsonValue) => unknown) => unknown;

const isSchema = (value: JsonValue): boolean => isJsonObject(value) || typeof value === 'boolean';
const isText = (value: JsonValue): boolean => typeof value === 'string';

const readSchema: Reader = (value, inner) => (isSchema(value) ? inner(value) : undefined);
const readSchemas: Reader = (value, inner) =>
  isJsonArray(value) && value.length > 0 && value.every(isSchema) ? value.map(inner) : undefined;
const readNumber: Reader = (value) => (value instanceof Numeral ? value.toNumber() : undefined);
const readCount: Reader = (value) =>
  value instanceof Numeral && Number.isInteger(value.toNumber()) && value.toNumber() >= 0
    ? value.toNumber()
    : undefined;
const readNames = (value: JsonValue): readonly string[] =>
  isJsonArray(value) ? value.filter((name) => typeof name === 'string').map(toWellFormed) : [];
const readType: Reader = (value) =>
  isText(value) || (isJsonArray(value) && value.length > 0 && value.every(isText)) ? value : undefined;
const readValue: Reader = (value) => toPlain(value);
const readValues: Reader = (value) => (isJsonArray(value) ? value.map(toPlain) : undefined);
const readFormat: Reader = (value) => (FORMATS.has(value) ? value : undefined);

function readSchemasByName(value: JsonValue, inner: (schema: JsonValue) => unknown): unknown {
  if (!isJsonObject(value)) return undefined;
  const byName = emptyRecord();
  for (const [name, schema] of value) if (isSchema(schema)) byName[toWellFormed(name)] = inner(schema);
  return byName;
}

function readTextsByName(value: JsonValue): unknown {
  if (!isJsonObject(value)) return undefined;
  const byName = emptyRecord();
  for (const [name, texts] of value) byName[toWellFormed(name)] = readNames(texts);
  return byName;
}

const KEYWORDS: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  ['type', readType],
  ['const', readValue],
  ['enum', readValues],
  ['format', readFormat],
  ['properties', readSchemasByName],
  ['additionalProperties', readSchema],
  ['unevaluatedProperties', readSchema],
  ['propertyNames', readSchema],
  ['required', readNames],
  ['dependentRequired', readTextsByName],
  ['dependentSchemas', readSchemasByName],
  ['minProperties', readCount],
  ['maxProperties', readCount],
  ['items', readSchema],
  ['prefixItems', readSchemas],
  ['contains', readSchema],
  ['minItems', readCount],
  ['maxItems', readCount],
  ['uniqueItems', (value) => (value === true ? true : undefined)],
  ['minLength', readCount],
  ['maxLength', readCount],
  ['minimum', readNumber],
  ['maximum', readNumber],
  ['exclusiveMinimum', readNumber],
  ['exclusiveMaximum', readNumber],
  ['multipleOf', (value) => (value instanceof Numeral && value.toNumber() > 0 ? value.toNumber() : undefined)],
  ['allOf', readSchemas],
  ['anyOf', readSchemas],
  ['oneOf', readSchemas],
  ['not', readSchema],
  ['if', readSchema],
  ['then', readSchema],
  ['else', readSchema],
]);

/** A keyword of a schema that no value is checked against. */
export interface UncheckedPart {
  /** Below the schema, the keyword last. */
  readonly path: JsonPath;
  /** `pattern`, `format: uri`, `$ref`. */
  readonly what: string;
}

const SCHEMAS_LOOKED_AT_MAX = 10_000;
const uncheckedBySchema = new WeakMap<JsonObject, readonly UncheckedPart[]>();

/**
 * What of a schema {@link toCheckableSchema} leaves out although it might refuse a value, in document order; what has the
 * wrong shape to mean anything is passed over. Looked for once per schema object, in its first 10,000 schemas.
 */
export function findUncheckedParts(schema: JsonValue): readonly UncheckedPart[] {
  if (!isJsonObject(schema)) return [];
  const known = uncheckedBySchema.get(schema);
  if (known !== undefined) return known;
  const parts: UncheckedPart[] = [];
  let looksLeft = SCHEMAS_LOOKED_AT_MAX;
  // Depth is bounded: no door takes brackets deeper than 64.
  const look = (value: JsonValue, path: JsonPath): void => {
    if (!isJsonObject(value) || looksLeft-- <= 0) return;
    for (const [keyword, item] of value) {
      const at = [...path, keyword];
      if (UNCHECKED_KEYWORDS.has(keyword)) parts.push({ path: at, what: keyword });
      else if (keyword === 'format' && UNCHECKED_FORMATS.has(item)) parts.push({ path: at, what: `format: ${item}` });
      else if (keyword === '$ref' && typeof item === 'string' && findReferenced(value, schema) === undefined) {
        parts.push({ path: at, what: '$ref' });
      }
      if (SCHEMAS_BY_NAME.has(keyword)) {
        if (isJsonObject(item)) for (const [name, inner] of item) look(inner, [...at, name]);
      } else if (SCHEMA_KEYWORDS.has(keyword)) {
        if (isJsonArray(item)) item.forEach((inner, index) => void look(inner, [...at, index]));
        else look(item, at);
      }
    }
  };
  look(schema, []);
  uncheckedBySchema.set(schema, parts);
  return parts;
}

const SCHEMAS_BY_NAME: ReadonlySet<string> = new Set(
  'properties patternProperties dependentSchemas $defs definitions'.split(' '),
);
const SCHEMA_KEYWORDS: ReadonlySet<string> = new Set(
  (
    'additionalProperties unevaluatedProperties propertyNames items prefixItems additionalItems contains allOf anyOf ' +
    'oneOf not if then else'
  ).split(' '),
);

const toSchema = (schema: JsonValue, builder: Builder): unknown =>
  isJsonObject(schema) ? convert(schema, builder) : schema;

/** Values that the checker compares with, and prints when they differ, count by their text. */
function sizeOf(keyword: string, value: JsonValue): number {
  if (keyword === 'enum' || keyword === 'const') return Math.ceil(printCompactJson(value).length / 16);
  return isJsonArray(value) ? value.length : isJsonObject(value) ? value.size : 1;
}
