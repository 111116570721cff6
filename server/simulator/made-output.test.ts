import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseTrustedJson } from '@/lib/json/parse-json';
import { findAtPath } from '@/lib/json/pointer';
import { printCompactJson } from '@/lib/json/print-json';
import {
  fromPlain,
  isDeeperThan,
  isJsonArray,
  isJsonObject,
  type JsonText,
  type JsonValue,
  type PlainJson,
} from '@/lib/json/value';
import { checkValue } from '@/lib/schema/json-schema';
import { arbitraryJson } from '@/testing/arbitrary-json';
import { fuzzRuns } from '@/testing/fuzz-runs';
import { createChance } from './chance';
import { makeOutput } from './made-output';

const make = (schema: JsonValue, seed = 'seed'): JsonValue | undefined => makeOutput(schema, createChance(seed));

/** The texts of what forty seeds make, without repetitions. */
const textsOf = (schema: PlainJson): readonly string[] => [
  ...new Set(
    Array.from({ length: 40 }, (_, i) => {
      const value = make(fromPlain(schema), `seed ${i}`);
      return value === undefined ? 'nothing' : printCompactJson(value);
    }),
  ),
];

const DRAFT_04 = 'http://json-schema.org/draft-04/schema#';

const CONDITION: { readonly [key: string]: PlainJson } = {
  if: { properties: { a: { const: 1 } } },
  // biome-ignore lint/suspicious/noThenProperty: a word of JSON Schema
  then: { required: ['one'] },
  else: { required: ['two'], properties: { two: { const: 'II' } } },
};
const children = (to: string): PlainJson => ({
  type: 'object',
  required: ['name', 'children'],
  properties: { name: { type: 'string' }, children: { type: 'array', items: { $ref: to } } },
});
const NODE = children('#/$defs/node');
const NODE_04 = children('#/definitions/node');
const PAIR: PlainJson = {
  $ref: '#/$defs/a',
  $defs: {
    a: { type: 'object', properties: { b: { $ref: '#/$defs/b' } } },
    b: { type: 'object', required: ['a'], properties: { a: { $ref: '#/$defs/a' } } },
  },
};

/** Schemas that allow something by their construction. */
const arbitrarySchema: fc.Arbitrary<PlainJson> = fc.letrec<{ schema: PlainJson; object: PlainJson }>((tie) => {
  const range = (least: string, most: string, upTo: number) =>
    fc.tuple(fc.nat(upTo), fc.nat(upTo)).map(([a, b]) => ({ [least]: Math.min(a, b), [most]: Math.max(a, b) }));
  const text = fc
    .tuple(
      range('minLength', 'maxLength', 200),
      fc.option(fc.constantFrom('date', 'uuid', 'email', 'uri'), { freq: 2 }),
    )
    .map(([length, format]) => ({ type: 'string', ...(format === null ? length : { format }) }));
  const number = fc
    .tuple(
      fc.constantFrom('number', 'integer'),
      fc.integer({ min: -1e9, max: 1e9 }),
      fc.integer({ min: 2, max: 1e6 }),
      fc.boolean(),
      fc.boolean(),
    )
    .map(([type, minimum, span, isOpen, isOld]): PlainJson => {
      const bounds = { minimum, maximum: minimum + span };
      if (!isOpen) return { type, ...bounds };
      return isOld
        ? { type, ...bounds, exclusiveMinimum: true, exclusiveMaximum: true }
        : { type, exclusiveMinimum: minimum, exclusiveMaximum: minimum + span };
    });
  const listed = fc.array(fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null)), {
    minLength: 1,
    maxLength: 5,
  });
  const key = fc.constantFrom('id', 'name', '__proto__', 'constructor', '10', 'a b', 'ключ', '');
  const object = fc
    .tuple(
      fc.uniqueArray(fc.tuple(key, tie('schema'), fc.boolean()), { maxLength: 4, selector: ([name]) => name }),
      fc.boolean(),
    )
    .map(([fields, isClosed]) => ({
      type: 'object',
      properties: Object.fromEntries(fields.map(([name, schema]) => [name, schema])),
      required: fields.filter(([, , isRequired]) => isRequired).map(([name]) => name),
      ...(isClosed ? { additionalProperties: false } : {}),
    }));
  return {
    object,
    schema: fc.oneof(
      { maxDepth: 4, depthIdentifier: 'schema' },
      fc.constant<PlainJson>({ type: 'boolean' }),
      text,
      number,
      listed.map((values): PlainJson => ({ enum: values })),
      listed.map((values): PlainJson => ({ type: 'string', examples: values, default: values[0]! })),
      tie('object'),
      fc
        .tuple(tie('schema'), range('minItems', 'maxItems', 4))
        .map(([items, size]): PlainJson => ({ type: 'array', items, ...size })),
      fc.array(tie('schema'), { minLength: 1, maxLength: 3 }).map((anyOf): PlainJson => ({ anyOf })),
      tie('object').map((inner): PlainJson => ({ oneOf: [{ type: 'null' }, inner, { type: 'integer' }] })),
      tie('object').map((inner): PlainJson => ({ allOf: [inner, { type: ['object', 'null'] }] })),
      tie('schema').map((inner): PlainJson => ({ type: 'object', additionalProperties: inner, minProperties: 2 })),
    ),
  };
}).schema;

/** Keywords with values of any kind. */
const arbitraryMess: fc.Arbitrary<JsonValue> = fc
  .array(
    fc.tuple(
      fc.constantFrom(
        'type',
        'enum',
        'items',
        'properties',
        'required',
        'minimum',
        'maxLength',
        'multipleOf',
        'oneOf',
        '$ref',
        'if',
        'not',
        'minItems',
        'contains',
        'minProperties',
        'format',
        'examples',
        'additionalProperties',
      ),
      fc.oneof(
        arbitraryJson({ depthMax: 3 }),
        fc.constantFrom<JsonValue>('object', 'array', 'string', 'number', '#', true),
      ),
    ),
    { maxLength: 6 },
  )
  .map((entries) => new Map(entries));

describe('makeOutput', () => {
  it.each<[string, PlainJson]>([
    ['a text', { type: 'string' }],
    ['a text of a length', { type: 'string', minLength: 30, maxLength: 31 }],
    ['a text of no length', { type: 'string', maxLength: 0 }],
    ['a text with a pattern, which is not looked at', { type: 'string', pattern: '^[A-Z]{3}$' }],
    ['an instant', { type: 'string', format: 'date-time' }],
    ['a date', { format: 'date' }],
    ['a time', { type: 'string', format: 'time' }],
    ['a duration', { type: 'string', format: 'duration' }],
    ['an address', { type: 'string', format: 'email' }],
    ['a long address', { type: 'string', format: 'email', minLength: 60 }],
    ['an id', { type: 'string', format: 'uuid' }],
    ['an address of a machine', { type: 'string', format: 'ipv4' }],
    ['a format that nobody knows', { type: 'string', format: 'int64' }],
    ['a number within bounds', { type: 'number', minimum: 0.001, maximum: 0.002 }],
    ['a number just above another', { type: 'number', exclusiveMinimum: 1, maximum: 1.0000001 }],
    ['a number with one bound', { type: 'number', minimum: 1e6 }],
    ['a number below a bound', { type: 'integer', maximum: -5000 }],
    ['the one number that is left', { type: 'integer', exclusiveMinimum: 4, exclusiveMaximum: 6 }],
    ['a bound of draft-04', { $schema: DRAFT_04, type: 'integer', minimum: 4, exclusiveMinimum: true, maximum: 5 }],
    ['a multiple', { type: 'number', multipleOf: 0.01, minimum: 0, maximum: 5 }],
    ['a large multiple', { type: 'integer', multipleOf: 60_000 }],
    ['a whole multiple of a fraction', { type: 'integer', multipleOf: 0.5 }],
    ['huge bounds', { type: 'number', minimum: -1.7e308, maximum: 1.7e308 }],
    ['a flag', { type: 'boolean' }],
    ['null', { type: 'null' }],
    ['anything', true],
    ['a root list', { type: 'array', items: { type: 'object', properties: { id: { type: 'string' } } } }],
    ['a list with bounds', { type: 'array', minItems: 5, maxItems: 5, items: { type: 'integer' } }],
    ['a list of different items', { type: 'array', uniqueItems: true, minItems: 3, items: { enum: ['a', 'b', 'c'] } }],
    ['a list that contains', { type: 'array', contains: { const: 7 }, items: { type: 'integer' } }],
    ['a tuple', { type: 'array', items: [{ type: 'string' }, { type: 'integer' }], additionalItems: false }],
    ['a tuple of 2020-12', { type: 'array', prefixItems: [{ const: 'a' }, { const: 2 }], items: false, minItems: 2 }],
    ['an object without type', { properties: { a: { type: 'string' } }, required: ['a', 'b'] }],
    ['keys by schema', { type: 'object', additionalProperties: { type: 'boolean' }, minProperties: 3 }],
    ['few keys', { type: 'object', properties: { a: {}, b: {}, c: {} }, required: ['c'], maxProperties: 2 }],
    [
      'keys that need others',
      { type: 'object', properties: { a: {}, b: {} }, dependentRequired: { a: ['c'] }, required: ['a'] },
    ],
    [
      'alternatives that overlap',
      { oneOf: [{ type: 'integer' }, { type: 'number', minimum: 5 }, { type: 'string' }, { const: 'x' }] },
    ],
    ['what all say together', { allOf: [{ type: 'integer', minimum: 3 }, { maximum: 4 }, { enum: [1, 2, 3, 9] }] }],
    ['closed parts', { allOf: [{ properties: { a: {} }, additionalProperties: false }, { properties: { b: {} } }] }],
    ['a condition', { type: 'object', properties: { a: { enum: [1, 2] } }, required: ['a'], ...CONDITION }],
    ['an exception', { type: 'integer', minimum: 0, maximum: 3, not: { multipleOf: 2 } }],
    ['names of prototypes', { type: 'object', required: ['__proto__', 'constructor'], properties: { toString: {} } }],
    ['an example that is wrong', { type: 'integer', examples: ['text'], default: null }],
  ])('makes %s', (_what, schema) => {
    for (let i = 0; i < 20; i++) {
      const value = make(fromPlain(schema), `seed ${i}`);
      expect(value).toBeDefined();
      expect(checkValue(fromPlain(schema), value!)).toEqual([]);
    }
  });

  it('takes the values that a schema lists, all of them in time', () => {
    expect(textsOf({ enum: ['a', 2, null] }).toSorted()).toEqual(['"a"', '2', 'null']);
    expect(textsOf({ type: 'string', enum: ['a', 2] })).toEqual(['"a"']);
    expect(textsOf({ const: { deep: [1] } })).toEqual(['{"deep":[1]}']);
    expect(textsOf({ type: 'integer', examples: [7, 8] }).toSorted()).toEqual(['7', '8']);
  });

  it('takes a default often, but not always', () => {
    const texts = textsOf({ type: 'integer', default: -1, minimum: -1 });
    expect(texts).toContain('-1');
    expect(texts.length).toBeGreaterThan(5);
  });

  it('gives every named field, and null now and then where null is allowed', () => {
    const schema = { type: 'object', properties: { a: { type: 'string' }, b: { type: ['string', 'null'] } } };
    const values = Array.from({ length: 60 }, (_, i) => make(fromPlain(schema), `seed ${i}`)!);
    expect(values.every((value) => isJsonObject(value) && [...value.keys()].join() === 'a,b')).toBe(true);
    const nulls = values.filter((value) => findAtPath(value, ['b']) === null).length;
    expect(nulls).toBeGreaterThan(0);
    expect(nulls).toBeLessThan(30);
  });

  it('never gives the null of OpenAPI, which a check would refuse', () => {
    expect(textsOf({ type: 'boolean', nullable: true }).toSorted()).toEqual(['false', 'true']);
  });

  it('names the field in a text, and writes addresses, dates and ids where the name suggests them', () => {
    const properties = { status: {}, customerId: {}, email: {}, updated_at: {}, phone: {} };
    const value = make(fromPlain({ type: 'object', properties }));
    expect(JSON.parse(printCompactJson(value!))).toEqual({
      status: expect.stringMatching(/^status \d\d$/),
      customerId: expect.stringMatching(/^CUST-\d{5}$/),
      email: expect.stringMatching(/^[a-z.]+@example\.com$/),
      updated_at: expect.stringMatching(/^2025-\d\d-\d\dT\d\d:\d\d:00Z$/),
      phone: expect.stringMatching(/^\+1206555\d{4}$/),
    });
  });

  it.each<[string, PlainJson]>([
    ['a tree', { $ref: '#/$defs/node', $defs: { node: NODE } }],
    ['a tree of draft-04', { $schema: DRAFT_04, $ref: '#/definitions/node', definitions: { node: NODE_04 } }],
    [
      'a list that ends with null',
      { properties: { next: { anyOf: [{ $ref: '#' }, { type: 'null' }] } }, required: ['next'] },
    ],
    ['two that need each other, or nothing', PAIR],
  ])('ends for %s', (_what, schema) => {
    for (let i = 0; i < 10; i++) {
      const value = make(fromPlain(schema), `seed ${i}`)!;
      expect(checkValue(fromPlain(schema), value)).toEqual([]);
      expect(isDeeperThan(value, 45)).toBe(false);
      expect(printCompactJson(value).length).toBeLessThan(500_000);
    }
  });

  it.each<[string, PlainJson]>([
    ['what is never allowed', false],
    ['bounds that cross', { type: 'integer', minimum: 5, maximum: 4 }],
    ['a required field that is forbidden', { type: 'object', required: ['a'], properties: { a: false } }],
    ['an object within itself without end', { type: 'object', required: ['a'], properties: { a: { $ref: '#' } } }],
    ['a text without end', { type: 'string', minLength: 1_000_000_000 }],
    ['a list without end', { type: 'array', minItems: 1_000_000_000 }],
    ['a type that is none', { type: 'file' }],
  ])('finds nothing for %s', (_what, schema) => {
    expect(make(fromPlain(schema))).toBeUndefined();
  });

  it('ends for references that double at every step, and for alternatives that all fail', () => {
    const twice = (to: string) => ({ properties: { a: { $ref: to }, b: { $ref: to } }, required: ['a', 'b'] });
    const $defs = Object.fromEntries(
      Array.from({ length: 30 }, (_, i) => [`d${i}`, twice(`#/$defs/d${(i + 1) % 30}`)]),
    );
    expect(make(fromPlain({ $ref: '#/$defs/d0', $defs }))).toBeUndefined();
    const hopeless = { anyOf: Array.from({ length: 8 }, () => ({ $ref: '#/$defs/x' })) };
    const x = { type: 'object', required: ['a'], properties: { a: hopeless } };
    expect(make(fromPlain({ ...hopeless, $defs: { x } }))).toBeUndefined();
  });

  it('makes what every satisfiable schema allows, the same each time (property)', () => {
    fc.assert(
      fc.property(arbitrarySchema, fc.string(), (plain, seed) => {
        const schema = fromPlain(plain);
        const value = make(schema, seed);
        expect(value).toBeDefined();
        expect(checkValue(schema, value!)).toEqual([]);
        expect(printCompactJson(make(schema, seed)!)).toBe(printCompactJson(value!));
      }),
      { numRuns: fuzzRuns(300) },
    );
  });

  it('takes any JSON for a schema: what it gives is allowed (property)', () => {
    fc.assert(
      fc.property(fc.oneof(arbitraryJson(), arbitraryMess), (schema) => {
        const value = make(schema);
        if (value !== undefined) expect(checkValue(schema, value)).toEqual([]);
      }),
      { numRuns: fuzzRuns(300) },
    );
  });

  it('keeps a schema’s numbers as they are spelled', () => {
    const schema = parseTrustedJson('{"enum":[2.0]}' as JsonText);
    expect(printCompactJson(make(schema)!)).toBe('2.0');
  });

  it('gives lists one to three items', () => {
    const lengths = textsOf({ type: 'array', items: { type: 'integer' } }).map((text) => {
      const list = parseTrustedJson(text as JsonText);
      return isJsonArray(list) ? list.length : -1;
    });
    expect([...new Set(lengths)].toSorted()).toEqual([1, 2, 3]);
  });
});
