import { printCompactJson } from '@/lib/json/print-json';
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '@/lib/json/value';
import { checkValue } from '@/lib/schema/json-schema';
import {
  documentFor,
  findVariants,
  listAt,
  objectAt,
  partsAt,
  rememberDocument,
  type SchemaType,
  schemasOfItem,
  typesOf,
  type Variant,
} from '@/lib/schema/schema-variants';
import type { Chance } from './chance';
import { makeNumber, makeText, numbersAt } from './made-scalar';

/** Below this depth only what is required is made: a schema may refer to itself. */
const FULL_DEPTH_MAX = 6;
/** No value is deeper; the check reads down to 64. */
const DEPTH_MAX = 40;
/** Looks at schemas for one value: some thousand fields. Alternatives that all fail would otherwise be tried without end. */
const LOOKS_MAX = 60_000;
const ITEMS_MAX = 500;
const FIELDS_MAX = 5000;
const TRIES_MAX = 8;

/**
 * Data that the schema allows, drawn by chance: its constants and examples where it has some, else texts, numbers and
 * dates within its bounds. Every named field is there, lists have one to three items, and what may be null is null
 * in one case of ten. `true` gives a text.
 *
 * Whatever is given passes `checkValue`. A few thousand values and {@link DEPTH_MAX} brackets at most.
 *
 * @returns Undefined when nothing was found: the schema allows nothing, only something larger, or hides it behind
 *   conditions (`not`, `contains`, `propertyNames`) that chance did not meet.
 */
export function makeOutput(schema: JsonValue, chance: Chance): JsonValue | undefined {
  const document = documentFor(schema);
  // What is optional may be what makes it impossible, or what only fits by luck.
  for (const isFull of [true, true, false, false]) {
    const value = make({ schema, name: '', depth: 0 }, { document, chance, isFull, looksLeft: LOOKS_MAX });
    if (value !== undefined && checkValue(schema, value).length === 0) return value;
  }
  return undefined;
}

interface Making {
  readonly document: JsonValue;
  readonly chance: Chance;
  /** Whether optional fields and items are made. */
  readonly isFull: boolean;
  looksLeft: number;
}

interface Place {
  readonly schema: JsonValue;
  /** Of the field that the value is for, or of the list that it stands in. */
  readonly name: string;
  readonly depth: number;
}

/** Keywords that can refuse what was made by the others; such a value is looked at, and made again. */
const DELICATE_KEYWORDS = [
  'oneOf',
  'not',
  'if',
  'contains',
  'uniqueItems',
  'propertyNames',
  'dependentSchemas',
  'unevaluatedProperties',
  'multipleOf',
] as const;

function make(place: Place, making: Making): JsonValue | undefined {
  const variants = orderVariants(
    findConditionalVariants(findVariants(place.schema, making.document), making),
    place,
    making,
  );
  making.looksLeft -= variants.reduce((looks, { parts }) => looks + 1 + parts.length, 1);
  if (making.looksLeft < 0) return undefined;
  const isDelicate = variants.some(({ parts }) =>
    parts.some((part) => DELICATE_KEYWORDS.some((keyword) => part.has(keyword))),
  );
  const tries = isDelicate ? Math.max(variants.length, TRIES_MAX) : variants.length;
  for (let i = 0; i < tries && variants.length > 0 && making.looksLeft > 0; i++) {
    const value = makeVariant(variants[i % variants.length]!, place, making);
    if (value !== undefined && (!isDelicate || fits(place.schema, value, making))) return value;
  }
  return undefined;
}

function fits(schema: JsonValue, value: JsonValue, making: Making): boolean {
  making.looksLeft -= 10;
  return checkValue(rememberDocument(schema, making.document), value).length === 0;
}

/** `if` makes two ways of one: what it asks for with `then`, or `else` without. */
function findConditionalVariants(variants: readonly Variant[], { document }: Making): readonly Variant[] {
  return variants.flatMap((variant) => {
    const part = variant.parts.find((candidate) => candidate.has('if'));
    if (part === undefined) return [variant];
    const met = findVariants(joinSchemas([part.get('if')!, part.get('then') ?? true]), document);
    const unmet = findVariants(part.get('else') ?? true, document);
    return [...met, ...unmet].map(({ parts }) => ({ parts: [...variant.parts, ...parts] }));
  });
}

/** From one that chance names; deep down, those first that need no further brackets. */
function orderVariants(variants: readonly Variant[], { depth }: Place, { chance, isFull }: Making): readonly Variant[] {
  if (variants.length < 2) return variants;
  const start = chance.whole(0, variants.length - 1);
  const turned = [...variants.slice(start), ...variants.slice(0, start)];
  if (isFull && depth < FULL_DEPTH_MAX) {
    const isOnlyNull = (variant: Variant): boolean => [...(typesOf(variant) ?? [])].join() === 'null';
    return chance.isHit(NULL_SHARE) ? turned : turned.sort((a, b) => Number(isOnlyNull(a)) - Number(isOnlyNull(b)));
  }
  const weightOf = (variant: Variant): number =>
    Math.min(...[...(typesOf(variant) ?? [])].map((type) => WEIGHT_OF_TYPE[type]), WEIGHT_OF_TYPE.object);
  return turned.sort((a, b) => weightOf(a) - weightOf(b));
}

const NULL_SHARE = 0.1;
const WEIGHT_OF_TYPE: Readonly<Record<SchemaType, number>> = {
  null: 0,
  boolean: 1,
  integer: 1,
  number: 1,
  string: 1,
  array: 2,
  object: 3,
};

function makeVariant(variant: Variant, place: Place, making: Making): JsonValue | undefined {
  const listed = listedValues(variant);
  if (listed !== undefined) return pickFitting(listed, place, making);
  const given = pickFitting(givenValues(variant, making.chance), place, making);
  if (given !== undefined) return given;
  for (const type of orderTypes(variant, place, making)) {
    const value = makeOfType(type, variant, place, making);
    if (value !== undefined) return value;
  }
  return undefined;
}

/** What `const` or `enum` leaves; undefined where neither stands. */
function listedValues(variant: Variant): readonly JsonValue[] | undefined {
  const [constant] = partsAt(variant, 'const');
  if (constant !== undefined) return [constant];
  return partsAt(variant, 'enum').find((values) => isJsonArray(values) && values.length > 0) as
    | readonly JsonValue[]
    | undefined;
}

/** Examples, and in half of the cases the default: a schema that knows what is usual need not always get it. */
function givenValues(variant: Variant, chance: Chance): readonly JsonValue[] {
  const examples = partsAt(variant, 'examples').flatMap((list) => (isJsonArray(list) ? list : []));
  const defaults = partsAt(variant, 'default');
  const isUsual = defaults.length > 0 && chance.isHit(0.5);
  return [...examples, ...partsAt(variant, 'example'), ...(isUsual ? defaults : [])];
}

function pickFitting(values: readonly JsonValue[], place: Place, making: Making): JsonValue | undefined {
  if (values.length === 0) return undefined;
  const start = making.chance.whole(0, values.length - 1);
  for (let i = 0; i < Math.min(values.length, 2 * TRIES_MAX); i++) {
    const value = values[(start + i) % values.length]!;
    if (fits(place.schema, value, making)) return value;
  }
  return undefined;
}

function orderTypes(variant: Variant, { depth }: Place, { chance, isFull }: Making): readonly SchemaType[] {
  const types = [...(typesOf(variant) ?? [findImpliedType(variant)])].filter(
    (type) => type !== 'null' || isNullWritten(variant),
  );
  if (types.length < 2) return types;
  const start = chance.whole(0, types.length - 1);
  const turned = [...types.slice(start), ...types.slice(0, start)];
  if (!isFull || depth >= FULL_DEPTH_MAX) return turned.sort((a, b) => WEIGHT_OF_TYPE[a] - WEIGHT_OF_TYPE[b]);
  if (!turned.includes('null')) return turned;
  const others = turned.filter((type) => type !== 'null');
  return chance.isHit(NULL_SHARE) ? ['null', ...others] : [...others, 'null'];
}

/** OpenAPI's `nullable` is no word of JSON Schema: a check that knows it not would refuse the null. */
const isNullWritten = ({ parts }: Variant): boolean =>
  parts.every((part) => {
    const type = part.get('type');
    return type === undefined || type === 'null' || (isJsonArray(type) && type.includes('null'));
  });

const KEYWORDS_OF_TYPE: readonly (readonly [SchemaType, readonly string[]])[] = [
  ['object', ['required', 'minProperties', 'additionalProperties', 'dependentRequired']],
  ['array', ['minItems', 'maxItems', 'uniqueItems', 'contains']],
  ['number', ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf']],
];

function findImpliedType({ parts }: Variant): SchemaType {
  const found = KEYWORDS_OF_TYPE.find(([, keywords]) =>
    parts.some((part) => keywords.some((keyword) => part.has(keyword))),
  );
  return found?.[0] ?? 'string';
}

function makeOfType(type: SchemaType, variant: Variant, place: Place, making: Making): JsonValue | undefined {
  const { chance } = making;
  switch (type) {
    case 'null':
      return null;
    case 'boolean':
      return chance.isHit(0.5);
    case 'integer':
    case 'number':
      return makeNumber(variant, type === 'integer', chance);
    case 'string': {
      const text = makeText(variant, place.name, chance);
      making.looksLeft -= Math.ceil((text?.length ?? 0) / 64);
      return text;
    }
    case 'array':
      return makeList(variant, place, making);
    case 'object':
      return makeObject(variant, place, making);
  }
}

function makeList(variant: Variant, { name, depth }: Place, making: Making): readonly JsonValue[] | undefined {
  const contained = partsAt(variant, 'contains');
  const itemsMin = Math.max(contained.length, ...numbersAt(variant, 'minItems'));
  const itemsMax = Math.min(ITEMS_MAX, ...numbersAt(variant, 'maxItems'));
  if (itemsMin > itemsMax) return undefined;
  const isShort = !making.isFull || depth >= FULL_DEPTH_MAX;
  const prefix = Math.max(0, ...variant.parts.map((part) => prefixLength(part)));
  const wanted = isShort ? itemsMin : Math.max(prefix, making.chance.whole(1, 3));
  const count = depth >= DEPTH_MAX ? itemsMin : Math.min(itemsMax, Math.max(itemsMin, wanted));
  const isDistinct = partsAt(variant, 'uniqueItems').includes(true);

  const items: JsonValue[] = [];
  const met = new Set<string>();
  while (items.length < count) {
    const index = items.length;
    const schema = joinSchemas([...schemasOfItem(variant, index), ...contained.slice(index, index + 1)]);
    const item =
      depth >= DEPTH_MAX ? undefined : makeUnmet({ schema, name, depth: depth + 1 }, making, isDistinct ? met : null);
    if (item === undefined) break;
    items.push(item);
  }
  return items.length < itemsMin ? undefined : items;
}

const prefixLength = (part: JsonObject): number =>
  Math.max(listAt(part, 'prefixItems').length, listAt(part, 'items').length);

/** @param met null where items may repeat. */
function makeUnmet(place: Place, making: Making, met: Set<string> | null): JsonValue | undefined {
  for (let i = 0; i < (met === null ? 1 : TRIES_MAX); i++) {
    const item = make(place, making);
    if (item === undefined || met === null) return item;
    const text = printCompactJson(item);
    if (met.has(text)) continue;
    met.add(text);
    return item;
  }
  return undefined;
}

function makeObject(variant: Variant, { depth }: Place, making: Making): JsonObject | undefined {
  const names = chooseNames(variant, making.isFull && depth < FULL_DEPTH_MAX);
  if (names === undefined || (depth >= DEPTH_MAX && names.size > 0)) return undefined;
  const made = new Map<string, JsonValue>();
  for (const [name, isNeeded] of names) {
    const schemas = schemasOfName(variant, name);
    const value = schemas.includes(false)
      ? undefined
      : make({ schema: joinSchemas(schemas), name, depth: depth + 1 }, making);
    if (value !== undefined) made.set(name, value);
    else if (isNeeded) return undefined;
  }
  return made;
}

/** The fields to make, in the schema's order, and whether the object cannot be without; undefined when there is no such object. */
function chooseNames(variant: Variant, isFull: boolean): ReadonlyMap<string, boolean> | undefined {
  const { parts } = variant;
  const fieldsMin = Math.max(0, ...numbersAt(variant, 'minProperties'));
  const fieldsMax = Math.min(FIELDS_MAX, ...numbersAt(variant, 'maxProperties'));
  const required = new Set(
    parts.flatMap((part) => listAt(part, 'required').filter((name) => typeof name === 'string')),
  );
  const dependents = partsAt(variant, 'dependentRequired').filter(isJsonObject);
  for (const name of required) addDependents(name, dependents, required);
  if (required.size > fieldsMax) return undefined;

  const chosen = new Set(required);
  const named = parts.flatMap((part) => [...objectAt(part, 'properties').keys()]);
  const isPossible = (name: string): boolean => !schemasOfName(variant, name).includes(false);
  for (const name of named.filter((candidate) => !required.has(candidate) && isPossible(candidate))) {
    if (!isFull && chosen.size >= fieldsMin) break;
    const together = new Set([...chosen, name]);
    for (const each of together) addDependents(each, dependents, together);
    if (together.size <= fieldsMax) for (const each of together) chosen.add(each);
  }
  for (let i = 1; chosen.size < fieldsMin && i <= FIELDS_MAX; i++)
    if (isPossible(`field_${i}`)) chosen.add(`field_${i}`);
  if (chosen.size < fieldsMin) return undefined;

  const isTight = chosen.size <= fieldsMin || dependents.length > 0;
  const inOrder = [...new Set([...named, ...chosen])].filter((name) => chosen.has(name));
  return new Map(inOrder.map((name) => [name, isTight || required.has(name)]));
}

function addDependents(name: string, dependents: readonly JsonObject[], to: Set<string>): void {
  for (const byName of dependents) {
    const names = byName.get(name);
    if (!isJsonArray(names)) continue;
    for (const other of names) if (typeof other === 'string') to.add(other);
  }
}

/** Every schema that a field of this name must satisfy; `false` among them when there must be none. */
const schemasOfName = ({ parts }: Variant, name: string): readonly JsonValue[] =>
  parts.flatMap((part) => {
    const declared = objectAt(part, 'properties').get(name);
    if (declared !== undefined) return [declared];
    // Without its patterns, which are not followed, it cannot be told what is additional.
    if (part.has('patternProperties')) return [];
    return part.get('additionalProperties') ?? [];
  });

function joinSchemas(schemas: readonly JsonValue[]): JsonValue {
  const [first, ...others] = new Set(schemas.filter((schema) => schema !== true));
  if (first === undefined) return true;
  return others.length === 0 ? first : new Map([['allOf', [first, ...others]]]);
}
