import { findAtPath, parsePointer } from '@/lib/json/pointer';
import { isJsonArray, isJsonObject, type JsonObject, type JsonType, type JsonValue, Numeral } from '@/lib/json/value';

/**
 * One way in which a value can satisfy a schema: all of these hold at once. `anyOf`, `oneOf` give several ways, `allOf`
 * and `$ref` add to one; `if` and `not` say nothing here.
 */
export interface Variant {
  readonly parts: readonly JsonObject[];
}

/** More alternatives are not followed: the schema then says nothing more about its value. */
const VARIANTS_MAX = 32;
/** Schemas looked at for one place. References can double at each step, or lead round in a circle. */
const LOOKS_MAX = 500;

/**
 * Documents of schemas that were handed out. A reference is relative to the whole document, and a caller holds a piece
 * of it only.
 */
const documentOf = new WeakMap<JsonObject, JsonValue>();

export const documentFor = (schema: JsonValue): JsonValue =>
  isJsonObject(schema) ? (documentOf.get(schema) ?? schema) : schema;

/** Remembers where a piece of a schema came from, so that its references can be followed later. */
export function rememberDocument<Schema extends JsonValue>(schema: Schema, document: JsonValue): Schema {
  if (isJsonObject(schema) && schema !== document) documentOf.set(schema, document);
  return schema;
}

/** The ways to satisfy a schema; none when nothing can. */
export function findVariants(schema: JsonValue, document: JsonValue): readonly Variant[] {
  const variants = expand(schema, { document, looksLeft: LOOKS_MAX, referencesOpen: new Set() });
  return variants.filter((variant) => typesOf(variant)?.size !== 0);
}

interface Expansion {
  readonly document: JsonValue;
  looksLeft: number;
  /** Schemas whose reference is being followed: meeting one again would go round for ever. */
  readonly referencesOpen: Set<JsonObject>;
}

function expand(schema: JsonValue, expansion: Expansion): readonly Variant[] {
  if (schema === false) return [];
  if (!isJsonObject(schema) || expansion.looksLeft <= 0) return [ANYTHING];
  expansion.looksLeft--;
  let variants: readonly Variant[] = [{ parts: [schema] }];
  const target = findReferenced(schema, expansion.document);
  if (target !== undefined && !expansion.referencesOpen.has(schema)) {
    expansion.referencesOpen.add(schema);
    variants = cross(variants, expand(target, expansion));
    expansion.referencesOpen.delete(schema);
  }
  for (const part of listAt(schema, 'allOf')) variants = cross(variants, expand(part, expansion));
  for (const keyword of ['anyOf', 'oneOf']) {
    const choices = listAt(schema, keyword);
    if (choices.length === 0 || choices.length > VARIANTS_MAX) continue;
    const ways = choices.flatMap((choice) => expand(choice, expansion));
    variants = cross(variants, ways);
  }
  return variants;
}

const ANYTHING: Variant = { parts: [] };

function cross(left: readonly Variant[], right: readonly Variant[]): readonly Variant[] {
  if (left.length * right.length > VARIANTS_MAX) return left;
  return left.flatMap((a) => right.map((b) => ({ parts: [...a.parts, ...b.parts] })));
}

/** The schema that `$ref` names, within the document only: nothing is ever fetched. */
export function findReferenced(schema: JsonObject, document: JsonValue): JsonValue | undefined {
  const reference = schema.get('$ref');
  if (typeof reference !== 'string' || !reference.startsWith('#')) return undefined;
  const path = parsePointer(decodeFragment(reference.slice(1)));
  return path === undefined ? undefined : findAtPath(document, path);
}

function decodeFragment(fragment: string): string {
  return fragment.replace(/(?:%[0-9A-Fa-f]{2})+/g, (bytes) => {
    const codes = bytes
      .slice(1)
      .split('%')
      .map((hex) => Number.parseInt(hex, 16));
    return new TextDecoder().decode(new Uint8Array(codes));
  });
}

/** JSON's types and JSON Schema's `integer`. */
export type SchemaType = JsonType | 'integer';
const SCHEMA_TYPES: ReadonlySet<string> = new Set([
  'null',
  'boolean',
  'string',
  'number',
  'integer',
  'array',
  'object',
]);

/** The types that all parts allow; undefined when no part says one. */
export function typesOf(variant: Variant): ReadonlySet<SchemaType> | undefined {
  let types: ReadonlySet<SchemaType> | undefined;
  for (const part of variant.parts) {
    const own = typesOfPart(part);
    if (own !== undefined) types = types === undefined ? own : intersect(types, own);
  }
  return types ?? impliedTypes(variant);
}

function typesOfPart(part: JsonObject): ReadonlySet<SchemaType> | undefined {
  const type = part.get('type');
  const named = (isJsonArray(type) ? type : [type]).filter(isSchemaType);
  const written = named.length > 0 ? new Set(named) : typesOfValues(part);
  // OpenAPI's way to say it, seen in exported contracts.
  if (written !== undefined && part.get('nullable') === true) return new Set([...written, 'null']);
  return written;
}

function typesOfValues(part: JsonObject): ReadonlySet<SchemaType> | undefined {
  const constant = part.get('const');
  if (constant !== undefined) return new Set([typeOfValue(constant)]);
  const values = part.get('enum');
  return isJsonArray(values) && values.length > 0 ? new Set(values.map(typeOfValue)) : undefined;
}

/** Contracts often leave `type` out where `properties` or `items` say it. */
function impliedTypes({ parts }: Variant): ReadonlySet<SchemaType> | undefined {
  if (parts.some((part) => part.has('properties'))) return new Set(['object']);
  if (parts.some((part) => part.has('items') || part.has('prefixItems'))) return new Set(['array']);
  return undefined;
}

function intersect(a: ReadonlySet<SchemaType>, b: ReadonlySet<SchemaType>): ReadonlySet<SchemaType> {
  const both = new Set<SchemaType>();
  for (const type of a) {
    if (b.has(type)) both.add(type);
    else if (type === 'integer' && b.has('number')) both.add('integer');
    else if (type === 'number' && b.has('integer')) both.add('integer');
  }
  return both;
}

export function typeOfValue(value: JsonValue): SchemaType {
  if (value === null) return 'null';
  if (value instanceof Numeral) return Number.isInteger(value.toNumber()) ? 'integer' : 'number';
  if (isJsonArray(value)) return 'array';
  if (isJsonObject(value)) return 'object';
  return typeof value === 'string' ? 'string' : 'boolean';
}

const isSchemaType = (value: JsonValue | undefined): value is SchemaType =>
  typeof value === 'string' && SCHEMA_TYPES.has(value);

export function listAt(schema: JsonObject, keyword: string): readonly JsonValue[] {
  const list = schema.get(keyword);
  return isJsonArray(list) ? list : [];
}

export function objectAt(schema: JsonObject, keyword: string): JsonObject {
  const value = schema.get(keyword);
  return isJsonObject(value) ? value : NOTHING;
}

const NOTHING: JsonObject = new Map();

/** What a variant's parts say under one keyword, absent ones left out. */
export const partsAt = ({ parts }: Variant, keyword: string): readonly JsonValue[] =>
  parts.map((part) => part.get(keyword)).filter((value) => value !== undefined);

export const isRequiredIn = ({ parts }: Variant, key: string): boolean =>
  parts.some((part) => requiredBy(part).has(key));

const requiredByPart = new WeakMap<JsonObject, ReadonlySet<JsonValue>>();

/** Asked for key by key; a list of very many would be searched as often. */
function requiredBy(part: JsonObject): ReadonlySet<JsonValue> {
  const required = requiredByPart.get(part) ?? new Set(listAt(part, 'required'));
  requiredByPart.set(part, required);
  return required;
}

/** The schemas of one key: those under `properties`, else those of `additionalProperties`. */
export function schemasOfKey({ parts }: Variant, key: string): readonly JsonValue[] {
  const declared = parts.flatMap((part) => objectAt(part, 'properties').get(key) ?? []);
  if (declared.length > 0) return declared;
  return partsAt({ parts }, 'additionalProperties').filter(isJsonObject);
}

/** The schemas of one item; a negative index counts from the end, where only `items` can speak. */
export function schemasOfItem({ parts }: Variant, index: number): readonly JsonValue[] {
  return parts.flatMap((part) => {
    const items = part.get('items');
    // Before 2020-12, a list of schemas stood under `items` and the rest under `additionalItems`.
    const [prefix, rest] = isJsonArray(items)
      ? [items, part.get('additionalItems')]
      : [listAt(part, 'prefixItems'), items];
    const schema = index >= 0 && index < prefix.length ? prefix[index] : rest;
    return schema === undefined || schema === true ? [] : [schema];
  });
}
