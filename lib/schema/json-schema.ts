import { Validator } from '@cfworker/json-schema';
import type { PathSegment } from '@/lib/json/pointer';
import { isDeeperThan, isJsonArray, isJsonObject, type JsonObject, type JsonValue, Numeral } from '@/lib/json/value';
import { toCheckableSchema } from './checkable-schema';
import {
  documentFor,
  findVariants,
  isRequiredIn,
  listAt,
  objectAt,
  partsAt,
  rememberDocument,
  type SchemaType,
  schemasOfItem,
  schemasOfKey,
  typeOfValue,
  typesOf,
  type Variant,
} from './schema-variants';
import { describeErrors, type Violation } from './violations';
import { watchValue } from './watched-value';

/**
 * What JSON Schemas of contracts and chain inputs say, from draft-04 to 2020-12: read through `properties`, `items`,
 * `additionalProperties`, `anyOf`, `oneOf`, `allOf` and local `$ref`. Nothing here throws, whatever the schema.
 */

export interface SchemaAt {
  /** What can stand there; its references can be followed although it is a piece. `true` when anything can. */
  readonly schema: JsonValue;
  /** The schema says that null may stand there (and not only that it does not mind). */
  readonly mayBeNull: boolean;
  /** Nothing may stand there: a key on the way is not required, an item need not exist, a parent may be something else. */
  readonly mayBeAbsent: boolean;
  /** False where an object is only open: the schema names no such key, nor a schema for further keys. */
  readonly isDeclared: boolean;
}

/**
 * What can stand at a path below a value that the schema describes. Segments are keys or indices; `"0"` counts as an
 * index where a list stands.
 *
 * @returns Undefined when the schema knows no such place: a key that `properties` does not name (unless
 *   `additionalProperties` welcomes others), or a step into a text or number.
 */
export function schemaAtPath(schema: JsonValue, path: readonly PathSegment[]): SchemaAt | undefined {
  const document = documentFor(schema);
  let at: SchemaAt | undefined = {
    schema,
    mayBeNull: isNullAllowed(findVariants(schema, document)),
    mayBeAbsent: false,
    isDeclared: true,
  };
  for (const segment of path) {
    at = stepInto(at, segment, document);
    if (at === undefined) return undefined;
  }
  return at;
}

function stepInto(from: SchemaAt, segment: PathSegment, document: JsonValue): SchemaAt | undefined {
  const variants = findVariants(from.schema, document);
  const steps = variants.map((variant) => stepIntoVariant(variant, segment));
  const found = steps.filter((step) => step !== undefined);
  if (found.length === 0) return undefined;
  const schema = rememberDocument(
    joinSchemas(
      'anyOf',
      found.map((step) => step.schema),
    ),
    document,
  );
  return {
    schema,
    mayBeNull: isNullAllowed(findVariants(schema, document)),
    mayBeAbsent: from.mayBeAbsent || found.length < steps.length || found.some((step) => step.mayBeAbsent),
    isDeclared: found.some((step) => step.isDeclared),
  };
}

type Step = Omit<SchemaAt, 'mayBeNull'>;

function stepIntoVariant(variant: Variant, segment: PathSegment): Step | undefined {
  const types = typesOf(variant);
  const index = /^(?:0|-?[1-9]\d*)$/.test(String(segment)) ? Number(segment) : undefined;
  // A type that cannot be stepped into stands beside: then nothing may be found.
  const mayBeOther = types === undefined || types.size > 1;
  if (index !== undefined && types?.has('array')) {
    const schemas = schemasOfItem(variant, index);
    if (schemas.includes(false)) return undefined;
    const itemsMin = Math.max(0, ...partsAt(variant, 'minItems').map(toNumber));
    const isThere = index >= 0 ? index < itemsMin : -index <= itemsMin;
    return {
      schema: joinSchemas('allOf', schemas),
      mayBeAbsent: mayBeOther || !isThere,
      isDeclared: schemas.length > 0,
    };
  }
  if (types !== undefined && !types.has('object')) return undefined;
  const key = String(segment);
  const schemas = schemasOfKey(variant, key);
  if (schemas.includes(false)) return undefined;
  if (schemas.length > 0) {
    const mayBeAbsent = mayBeOther || !isRequiredIn(variant, key);
    return { schema: joinSchemas('allOf', schemas), mayBeAbsent, isDeclared: true };
  }
  const isRequired = isRequiredIn(variant, key);
  return isOpen(variant) || isRequired ? { schema: true, mayBeAbsent: !isRequired, isDeclared: false } : undefined;
}

/** Whether keys that nobody named are welcome: said outright, or the object names no keys at all. */
function isOpen(variant: Variant): boolean {
  const additional = partsAt(variant, 'additionalProperties');
  if (additional.includes(false)) return false;
  return additional.includes(true) || variant.parts.every((part) => objectAt(part, 'properties').size === 0);
}

function joinSchemas(keyword: 'allOf' | 'anyOf', schemas: readonly JsonValue[]): JsonValue {
  const distinct = [...new Set(schemas)];
  if (distinct.length === 0 || (keyword === 'anyOf' && distinct.includes(true))) return true;
  return distinct.length === 1 ? distinct[0]! : new Map([[keyword, distinct]]);
}

const isNullAllowed = (variants: readonly Variant[]): boolean =>
  variants.some((variant) => typesOf(variant)?.has('null') === true);

const toNumber = (value: JsonValue): number => (value instanceof Numeral ? value.toNumber() : 0);

export interface PropertyOfSchema {
  readonly name: string;
  readonly schema: JsonValue;
  /** No value of the object's type may leave it out. */
  readonly isRequired: boolean;
  /** For people: `string`, `list of string`, `string or null`, `anything`. */
  readonly type: string;
  /** Empty when the schema has none. */
  readonly description: string;
}

/**
 * The keys that a schema names for an object, in its order; those of every alternative. Last come keys that are required
 * and have no schema of their own.
 */
export function propertiesOf(schema: JsonValue): readonly PropertyOfSchema[] {
  const document = documentFor(schema);
  const objects = findVariants(schema, document).filter((variant) => typesOf(variant)?.has('object') ?? true);
  const parts = objects.flatMap((variant) => variant.parts);
  const names = new Set([
    ...parts.flatMap((part) => [...objectAt(part, 'properties').keys()]),
    ...parts.flatMap((part) => listAt(part, 'required')).filter((name) => typeof name === 'string'),
  ]);
  return [...names].flatMap((name) => {
    const schemas = objects.flatMap((variant) => {
      const own = schemasOfKey(variant, name).filter((item) => item !== false);
      if (own.length > 0) return [joinSchemas('allOf', own)];
      return isRequiredIn(variant, name) && schemasOfKey(variant, name).length === 0 ? [true] : [];
    });
    if (schemas.length === 0) return [];
    const property = rememberDocument(joinSchemas('anyOf', schemas), document);
    return {
      name,
      schema: property,
      isRequired: objects.every((variant) => isRequiredIn(variant, name)),
      type: describeType(property),
      description: findText(property, document, 'description') ?? findText(property, document, 'title') ?? '',
    };
  });
}

function findText(schema: JsonValue, document: JsonValue, keyword: string): string | undefined {
  const texts = findVariants(schema, document).flatMap((variant) => partsAt(variant, keyword));
  return texts.find((text) => typeof text === 'string' && text !== '') as string | undefined;
}

/** The types of a schema for people: `string`, `list of object`, `string or null`; `anything` when it says none. */
export function describeType(schema: JsonValue): string {
  return describeTypeWithin(schema, documentFor(schema), 0);
}

const LISTS_SHOWN_MAX = 3;

function describeTypeWithin(schema: JsonValue, document: JsonValue, lists: number): string {
  const variants = findVariants(schema, document);
  if (variants.length === 0) return 'nothing';
  const words = new Set<string>();
  for (const variant of variants) {
    const types = typesOf(variant);
    if (types === undefined) return 'anything';
    for (const type of types) words.add(type === 'array' ? describeList(variant, document, lists) : type);
  }
  // `null` last, as people say it.
  return [...words].sort((a, b) => Number(a === 'null') - Number(b === 'null')).join(' or ');
}

function describeList(variant: Variant, document: JsonValue, lists: number): string {
  const items = schemasOfItem(variant, 0);
  if (items.length === 0 || lists >= LISTS_SHOWN_MAX) return 'list';
  const inner = describeTypeWithin(joinSchemas('allOf', items), document, lists + 1);
  return inner === 'anything' || inner === 'nothing' ? 'list' : `list of ${inner}`;
}

/** Deeper values are not checked; no value that came through a door is deeper. */
const CHECK_DEPTH_MAX = 64;
/** Looks at the value and at the schema, together: dozens for a form, some 200,000 for 10,000 records. */
const CHECK_LOOKS_MAX = 2_000_000;
/** What a person wrote by hand is small, and a chain has 2,000 actions to check. */
const CHECK_LOOKS_OF_PRESENT_MAX = 200_000;

/** Whether the schema lets a value of the type stand there; one that says no type does. */
export const allowsType = (schema: JsonValue, type: SchemaType): boolean =>
  findVariants(schema, documentFor(schema)).some((variant) => typesOf(variant)?.has(type) ?? true);

/**
 * What of a value a schema does not allow, in the order of the schema; at most 100 places. Numbers are compared as
 * doubles. `pattern`, `patternProperties` and references out of the schema are not checked.
 *
 * Any schema will do, also a hostile one: a check that takes too long or goes round in circles ends as one violation
 * of the whole value, because a value that could not be checked must not pass for checked.
 *
 * @param scope `present` passes over what is missing, and over keys and items that the schema does not name. It gives up
 *   sooner, and then finds nothing: a schema that was too costly once is not tried again.
 */
export function checkValue(
  schema: JsonValue,
  value: JsonValue,
  scope: 'whole' | 'present' = 'whole',
): readonly Violation[] {
  if (isPlainFit(schema, value)) return [];
  if (isDeeperThan(value, CHECK_DEPTH_MAX)) {
    return [{ path: '', message: `The value is nested deeper than ${CHECK_DEPTH_MAX}.` }];
  }
  const checker = checkerFor(schema);
  if (scope === 'present' && checker.isTooCostly) return [];
  const { validator, budget } = checker;
  budget.looksLeft = scope === 'present' ? CHECK_LOOKS_OF_PRESENT_MAX : CHECK_LOOKS_MAX;
  try {
    return describeErrors(validator.validate(watchValue(value, budget.charge)).errors, scope);
  } catch (error) {
    // A schema that applies itself to the same value again has no end but the stack's.
    if (!(error instanceof TooCostly) && !(error instanceof RangeError)) throw error;
    checker.isTooCostly = true;
    if (scope === 'present') return [];
    return [{ path: '', message: 'The schema is too costly to check, or refers to itself without end.' }];
  }
}

class TooCostly extends Error {}

interface Checker {
  readonly validator: Validator;
  /** A check with it was given up. */
  isTooCostly: boolean;
  readonly budget: { looksLeft: number; readonly charge: (looks: number) => void };
}

const checkers = new WeakMap<JsonObject, Checker>();

/** Made once per schema object: a chain checks many values against the few schemas of its definitions. */
function checkerFor(schema: JsonValue): Checker {
  const known = isJsonObject(schema) ? checkers.get(schema) : undefined;
  if (known !== undefined) return known;
  const budget = {
    looksLeft: CHECK_LOOKS_MAX,
    charge: (looks: number): void => {
      budget.looksLeft -= looks;
      if (budget.looksLeft < 0) throw new TooCostly();
    },
  };
  const checkable = toCheckableSchema(schema, documentFor(schema), budget.charge);
  const checker: Checker = { validator: new Validator(checkable, '2020-12', false), budget, isTooCostly: false };
  if (isJsonObject(schema)) checkers.set(schema, checker);
  return checker;
}

/** Keywords that say nothing about a text, number, boolean or null beside its type. */
const PLAIN_KEYWORDS: ReadonlySet<string> = new Set(
  'type title description default example examples nullable $comment $id id readOnly writeOnly deprecated'.split(' '),
);

/** Most fields are of one type and nothing else: then no checker is needed to see that a value fits. */
function isPlainFit(schema: JsonValue, value: JsonValue): boolean {
  if (!isJsonObject(schema)) return schema === true;
  if (isJsonArray(value) || isJsonObject(value) || !schema.has('type')) return false;
  for (const keyword of schema.keys()) if (!PLAIN_KEYWORDS.has(keyword)) return false;
  const types = typesOf({ parts: [schema] });
  if (types === undefined) return false;
  const own = typeOfValue(value);
  return types.has(own) || (own === 'integer' && types.has('number'));
}

/**
 * The value with absent keys filled in from `default`, in objects and lists at any depth. Where alternatives stand
 * (`anyOf`, `oneOf`) nothing is guessed. What needs no default is shared with the value given.
 */
export function withDefaults(schema: JsonValue, value: JsonValue): JsonValue {
  return fillDefaults(schema, value, documentFor(schema));
}

function fillDefaults(schema: JsonValue, value: JsonValue, document: JsonValue): JsonValue {
  const [variant, ...others] = findVariants(schema, document);
  if (variant === undefined || others.length > 0) return value;
  if (isJsonArray(value)) {
    const filled = value.map((item, index) =>
      fillDefaults(joinSchemas('allOf', schemasOfItem(variant, index)), item, document),
    );
    return filled.some((item, index) => item !== value[index]) ? filled : value;
  }
  if (!isJsonObject(value)) return value;
  const filled = new Map(value);
  for (const name of namesIn(variant)) {
    const property = joinSchemas('allOf', schemasOfKey(variant, name));
    const item = value.get(name);
    const next = item === undefined ? findDefault(property, document) : fillDefaults(property, item, document);
    if (next !== undefined) filled.set(name, next);
  }
  return [...filled].some(([name, item]) => item !== value.get(name)) ? filled : value;
}

function findDefault(schema: JsonValue, document: JsonValue): JsonValue | undefined {
  const [variant, ...others] = findVariants(schema, document);
  if (variant === undefined) return undefined;
  // Beside alternatives, a default can still stand at the schema itself.
  if (others.length > 0) return isJsonObject(schema) ? schema.get('default') : undefined;
  return partsAt(variant, 'default')[0];
}

const namesIn = ({ parts }: Variant): ReadonlySet<string> =>
  new Set(parts.flatMap((part) => [...objectAt(part, 'properties').keys()]));

/**
 * A value of the schema to begin with: its first example, else its default, its only or first allowed value, else a
 * value of its type with every named key. Something to look at and change, not promised to pass every limit.
 */
export function exampleOf(schema: JsonValue): JsonValue {
  return makeExample(schema, documentFor(schema), 0) ?? null;
}

/** Deeper objects and lists are left out: a schema may refer to itself. */
const EXAMPLE_DEPTH_MAX = 6;

/** @returns Undefined where the schema goes too deep or allows nothing; the key or item is then left out. */
function makeExample(schema: JsonValue, document: JsonValue, depth: number): JsonValue | undefined {
  const [variant] = findVariants(schema, document);
  if (variant === undefined || depth > EXAMPLE_DEPTH_MAX) return undefined;
  const given = findGivenExample(variant);
  if (given !== undefined) return given;
  const [type] = typesOf(variant) ?? [];
  switch (type) {
    case 'object':
      return makeExampleObject(variant, document, depth);
    case 'array': {
      const item = makeExample(joinSchemas('allOf', schemasOfItem(variant, 0)), document, depth + 1);
      return item === undefined || item === null ? [] : [item];
    }
    default:
      return type === undefined ? null : exampleOfScalar(type, variant);
  }
}

function findGivenExample(variant: Variant): JsonValue | undefined {
  const examples = partsAt(variant, 'examples').flatMap((list) => (isJsonArray(list) ? list : []));
  const [first] = [
    ...examples,
    ...partsAt(variant, 'example'),
    ...partsAt(variant, 'default'),
    ...partsAt(variant, 'const'),
    ...variant.parts.flatMap((part) => listAt(part, 'enum')),
  ];
  return first;
}

function makeExampleObject(variant: Variant, document: JsonValue, depth: number): JsonObject {
  const example = new Map<string, JsonValue>();
  for (const name of namesIn(variant)) {
    const item = makeExample(joinSchemas('allOf', schemasOfKey(variant, name)), document, depth + 1);
    if (item !== undefined) example.set(name, item);
  }
  return example;
}

const TEXT_OF_FORMAT: ReadonlyMap<JsonValue, string> = new Map([
  ['date-time', '2026-01-31T09:30:00Z'],
  ['date', '2026-01-31'],
  ['time', '09:30:00Z'],
  ['email', 'someone@example.com'],
  ['uri', 'https://example.com/'],
  ['uuid', '00000000-0000-4000-8000-000000000000'],
]);

function exampleOfScalar(type: Exclude<SchemaType, 'object' | 'array'>, variant: Variant): JsonValue {
  switch (type) {
    case 'null':
      return null;
    case 'boolean':
      return false;
    case 'number':
    case 'integer': {
      const [least] = partsAt(variant, 'minimum');
      return least instanceof Numeral ? least : new Numeral('0');
    }
    case 'string': {
      const [format] = partsAt(variant, 'format');
      const [lengthMin, lengthMax] = [partsAt(variant, 'minLength')[0], partsAt(variant, 'maxLength')[0]];
      const text = TEXT_OF_FORMAT.get(format ?? null) ?? 'text';
      const long = text.padEnd(Math.min(toNumber(lengthMin ?? null), 1000), 'x');
      return lengthMax instanceof Numeral ? long.slice(0, Math.max(0, lengthMax.toNumber())) : long;
    }
  }
}
