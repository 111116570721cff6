import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseTrustedJson } from '@/lib/json/parse-json';
import { printCompactJson } from '@/lib/json/print-json';
import { fromPlain, type JsonText, type JsonValue, type PlainJson, toPlain } from '@/lib/json/value';
import { arbitraryJson } from '@/testing/arbitrary-json';
import { fuzzRuns } from '@/testing/fuzz-runs';
import { checkValue, describeType, exampleOf, propertiesOf, schemaAtPath, withDefaults } from './json-schema';

const json = (text: string): JsonValue => parseTrustedJson(text as JsonText);
const schema = (plain: PlainJson): JsonValue => fromPlain(plain);

/** A draft-04 contract, as data actions export them. */
const CUSTOMER = schema({
  $schema: 'http://json-schema.org/draft-04/schema#',
  type: 'object',
  required: ['customer_id', 'orders'],
  properties: {
    customer_id: { type: 'string', description: 'Id of the customer' },
    phone: { type: ['string', 'null'], title: 'Phone' },
    address: { $ref: '#/definitions/address' },
    orders: { type: 'array', minItems: 1, items: { type: 'object', properties: { total: { type: 'number' } } } },
    pair: { type: 'array', items: [{ type: 'string' }, { type: 'integer' }], additionalItems: false },
    attributes: { type: 'object', additionalProperties: { type: 'boolean' } },
    anything: {},
    open: { type: 'object', properties: { known: { type: 'string' } }, additionalProperties: true },
  },
  definitions: { address: { type: 'object', required: ['city'], properties: { city: { type: 'string' } } } },
});

const typeAt = (path: readonly (string | number)[], from = CUSTOMER): string | undefined => {
  const at = schemaAtPath(from, path);
  return at === undefined ? undefined : describeType(at.schema);
};

describe('schemaAtPath', () => {
  it.each([
    [['customer_id'], 'string', false, false],
    [['phone'], 'string or null', true, true],
    [['address'], 'object', false, true],
    [['address', 'city'], 'string', false, true],
    [['orders'], 'list of object', false, false],
    [['orders', 0], 'object', false, false],
    [['orders', '0', 'total'], 'number', false, true],
    [['orders', 1], 'object', false, true],
    [['orders', -1], 'object', false, false],
    [['pair', 1], 'integer', false, true],
    [['attributes', 'vip'], 'boolean', false, true],
    [['anything', 'at', 'all'], 'anything', false, true],
  ] as const)(
    'finds what can stand at %j, whether it may be null, and whether it may be absent',
    (path, type, mayBeNull, mayBeAbsent) => {
      expect(typeAt(path)).toBe(type);
      expect(schemaAtPath(CUSTOMER, path)).toMatchObject({ mayBeNull, mayBeAbsent });
    },
  );

  it.each([
    [['customer_idd']],
    [['customer_id', 'x']],
    [['address', 'zip']],
    [['pair', 2]],
    [['phone', 'x']],
    [['orders', 'total']],
    [['attributes', 'vip', 'x']],
  ])('knows no place at %j', (path) => {
    expect(schemaAtPath(CUSTOMER, path)).toBeUndefined();
  });

  it('tells a key that the schema names from one that it only does not forbid', () => {
    expect(schemaAtPath(CUSTOMER, ['open', 'known'])).toMatchObject({ isDeclared: true });
    expect(schemaAtPath(CUSTOMER, ['open', 'other'])).toMatchObject({
      isDeclared: false,
      schema: true,
      mayBeAbsent: true,
    });
  });

  it('gives a root list its items', () => {
    const list = schema({ type: 'array', items: { type: 'object', properties: { id: { type: 'string' } } } });
    expect(typeAt([0, 'id'], list)).toBe('string');
  });

  it('calls a key absent that only some of the alternatives have, or whose parent may be null', () => {
    const choice = schema({
      anyOf: [
        { type: 'object', required: ['a'], properties: { a: { type: 'string' } } },
        { type: 'object', required: ['a', 'b'], properties: { a: { type: 'integer' }, b: { type: 'null' } } },
      ],
    });
    expect(schemaAtPath(choice, ['a'])).toMatchObject({ mayBeAbsent: false, mayBeNull: false });
    expect(typeAt(['a'], choice)).toBe('string or integer');
    expect(schemaAtPath(choice, ['b'])).toMatchObject({ mayBeAbsent: true, mayBeNull: true });

    const nullable = schema({ type: ['object', 'null'], required: ['a'], properties: { a: { type: 'string' } } });
    expect(schemaAtPath(nullable, ['a'])).toMatchObject({ mayBeAbsent: true });
  });

  it('adds up what allOf says, requirements included', () => {
    const both = schema({
      allOf: [
        { type: 'object', properties: { a: { type: ['integer', 'null'] } } },
        { properties: { a: { type: 'number' }, b: { type: 'string' } }, required: ['a'] },
      ],
    });
    expect(typeAt(['a'], both)).toBe('integer');
    expect(schemaAtPath(both, ['a'])).toMatchObject({ mayBeAbsent: false, mayBeNull: false });
    expect(typeAt(['b'], both)).toBe('string');
  });

  it('follows references of a piece that was handed out before', () => {
    const tree = schema({
      $ref: '#/$defs/node',
      $defs: {
        node: {
          type: 'object',
          properties: { name: { type: 'string' }, 'chil/dren': { type: 'array', items: { $ref: '#/$defs/node' } } },
        },
      },
    });
    const children = schemaAtPath(tree, ['chil/dren']);
    expect(typeAt([3, 'chil/dren', 0, 'name'], children!.schema)).toBe('string');
    expect(schemaAtPath(children!.schema, [0, 'age'])).toBeUndefined();
  });

  it('treats names of Object.prototype as ordinary keys', () => {
    const odd = json('{"type":"object","properties":{"__proto__":{"type":"string"}}}');
    expect(typeAt(['__proto__'], odd)).toBe('string');
    expect(schemaAtPath(odd, ['constructor'])).toBeUndefined();
    expect(schemaAtPath(odd, ['__proto__', 'constructor'])).toBeUndefined();
  });

  it.each([
    ['a reference to itself', { $ref: '#' }],
    ['two that refer to each other', { $ref: '#/a', a: { allOf: [{ $ref: '#/b' }] }, b: { anyOf: [{ $ref: '#/a' }] } }],
    ['a reference that leads nowhere', { $ref: '#/nowhere' }],
    ['a reference to the network', { $ref: 'https://example.org/schema.json' }],
  ])('takes %s as a schema that says nothing', (_, plain) => {
    expect(typeAt(['a'], schema(plain))).toBe('anything');
  });

  it('ends at once for references that double at every step', () => {
    const $defs = Object.fromEntries(
      Array.from({ length: 40 }, (_, i) => [
        `d${i}`,
        { allOf: [{ $ref: `#/$defs/d${i + 1}` }, { $ref: `#/$defs/d${i + 1}` }] },
      ]),
    );
    expect(typeAt(['a'], schema({ $ref: '#/$defs/d0', $defs }))).toBe('anything');
  });
});

describe('propertiesOf', () => {
  it('lists the named keys in order, with type, need and words', () => {
    expect(
      propertiesOf(CUSTOMER)
        .map(({ schema: _, ...rest }) => rest)
        .slice(0, 3),
    ).toEqual([
      { name: 'customer_id', type: 'string', isRequired: true, description: 'Id of the customer' },
      { name: 'phone', type: 'string or null', isRequired: false, description: 'Phone' },
      { name: 'address', type: 'object', isRequired: false, description: '' },
    ]);
  });

  it('gives pieces whose references can be followed', () => {
    const address = propertiesOf(CUSTOMER).find(({ name }) => name === 'address');
    expect(propertiesOf(address!.schema).map(({ name, isRequired }) => [name, isRequired])).toEqual([['city', true]]);
  });

  it.each([[true], [false], [null], ['text'], [[]], [{ type: 'string' }], [{ properties: [] }]] as PlainJson[][])(
    'lists nothing for %j',
    (plain) => {
      expect(propertiesOf(schema(plain!))).toEqual([]);
    },
  );
});

describe('withDefaults', () => {
  const settings = schema({
    type: 'object',
    properties: {
      region: { type: 'string', default: 'eu' },
      inner: { type: 'object', properties: { size: { type: 'number', default: 2 } } },
      rows: { type: 'array', items: { properties: { on: { default: true } } } },
      plain: { type: 'string' },
    },
  });

  it('fills absent keys at any depth and leaves given ones alone', () => {
    const filled = withDefaults(settings, json('{"rows":[{},{"on":null}],"inner":{"x":2.0}}'));
    expect(printCompactJson(filled)).toBe(
      '{"rows":[{"on":true},{"on":null}],"inner":{"x":2.0,"size":2},"region":"eu"}',
    );
  });

  it('does not make up a parent for the sake of a default inside', () => {
    expect(printCompactJson(withDefaults(settings, json('{}')))).toBe('{"region":"eu"}');
  });

  it('gives back the same object when nothing is missing', () => {
    const value = json('{"region":"us","inner":{"size":1},"rows":[{"on":1}]}');
    expect(withDefaults(settings, value)).toBe(value);
  });

  it('guesses nothing among alternatives', () => {
    const choice = schema({ anyOf: [{ properties: { a: { default: 1 } } }, { properties: { b: { default: 2 } } }] });
    expect(printCompactJson(withDefaults(choice, json('{}')))).toBe('{}');
  });
});

describe('exampleOf', () => {
  it.each([
    [{ type: 'string', examples: ['12345'], default: 'x' }, '"12345"'],
    [{ type: 'string', default: 'x', enum: ['a', 'x'] }, '"x"'],
    [{ enum: ['gold', 'silver'] }, '"gold"'],
    [{ const: 7 }, '7'],
    [{ type: 'string' }, '"text"'],
    [{ type: 'string', format: 'date' }, '"2026-01-31"'],
    [{ type: 'string', minLength: 6 }, '"textxx"'],
    [{ type: 'string', maxLength: 2 }, '"te"'],
    [{ type: 'integer', minimum: 3 }, '3'],
    [{ type: 'boolean' }, 'false'],
    [{ type: ['null', 'string'] }, 'null'],
    [{ type: 'array', items: { type: 'number' } }, '[0]'],
    [{ type: 'object', properties: { a: { type: 'string' }, b: { examples: [null] } } }, '{"a":"text","b":null}'],
    [true, 'null'],
    [false, 'null'],
  ] as [PlainJson, string][])('begins with the most telling value of %j', (plain, expected) => {
    expect(printCompactJson(exampleOf(schema(plain)))).toBe(expected);
  });

  it('stops at a schema that holds itself', () => {
    const node = schema({
      type: 'object',
      required: ['next'],
      properties: { next: { $ref: '#' }, id: { type: 'integer' } },
    });
    expect(printCompactJson(exampleOf(node))).toMatch(/^\{"next":\{"next":.*"id":0\}$/);
  });
});

describe('checkValue', () => {
  const check = (plain: PlainJson, value: string) => checkValue(schema(plain), json(value));

  it('names place and fault', () => {
    expect(checkValue(CUSTOMER, json('{"phone":1,"orders":[{"total":"9"}],"address":{}}'))).toEqual([
      { path: '/customer_id', message: 'customer_id is missing.' },
      { path: '/phone', message: 'phone is of type number; expected string or null.' },
      { path: '/address/city', message: 'city is missing.' },
      { path: '/orders/0/total', message: 'total is of type string; expected number.' },
    ]);
  });

  it.each([
    [{ type: 'object', properties: {}, additionalProperties: false }, '{"a":1}', '/a', 'a is not expected here.'],
    [{ enum: ['a', 'b'] }, '"c"', '', 'The value must be one of "a", "b".'],
    [{ const: { a: 1 } }, '{"a":2}', '', 'The value must be {"a":1}.'],
    [{ items: { minLength: 2 } }, '["x"]', '/0', '0 is too short (1 < 2).'],
    [{ anyOf: [{ type: 'string' }, { type: 'null' }] }, '1', '', 'The value fits none of the allowed forms.'],
    [{ minimum: 3 }, '2', '', 'The value is not allowed: 2 is less than 3.'],
    [{ minimum: 3, exclusiveMinimum: true }, '3', '', 'The value is not allowed: 3 is not greater than 3.'],
    [{ maximum: 3, exclusiveMaximum: true }, '4', '', 'The value is not allowed: 4 is not less than 3.'],
    [{ exclusiveMinimum: -1 }, '-1e1', '', 'The value is not allowed: -10 is not greater than -1.'],
    [
      { items: [{ type: 'string' }], additionalItems: { type: 'null' } },
      '["a",1]',
      '/1',
      '1 is of type number; expected null.',
    ],
    [
      { properties: { 'a/b%': { properties: { 'ä#~': { type: 'null' } } } } },
      '{"a/b%":{"ä#~":1}}',
      '/a~1b%/ä#~0',
      'ä#~ is of type number; expected null.',
    ],
  ] as [PlainJson, string, string, string][])('finds what %j does not allow in %s', (plain, value, path, message) => {
    expect(check(plain, value)).toEqual([{ path, message }]);
  });

  it('checks the key __proto__ like any other', () => {
    const odd = json('{"type":"object","required":["__proto__"],"properties":{"__proto__":{"type":"string"}}}');
    expect(checkValue(odd, json('{}'))).toEqual([{ path: '/__proto__', message: '__proto__ is missing.' }]);
    expect(checkValue(odd, json('{"__proto__":1}'))).toMatchObject([{ path: '/__proto__' }]);
    expect(checkValue(odd, json('{"__proto__":"x"}'))).toEqual([]);
  });

  it('lets null stand where OpenAPI’s nullable says so, beside one type or several', () => {
    expect(check({ type: 'string', nullable: true }, 'null')).toEqual([]);
    expect(check({ type: ['string', 'integer'], nullable: true, maxLength: 3 }, 'null')).toEqual([]);
    expect(check({ type: 'string', nullable: false }, 'null')).toHaveLength(1);
    expect(check({ type: 'string', nullable: true }, '1')).toEqual([
      { path: '', message: 'The value is of type number; expected string or null.' },
    ]);
  });

  it('passes over what is missing and what nobody named, when asked what of the present does not fit', () => {
    const closed = schema({
      properties: {
        a: { type: 'string' },
        b: { required: ['c'], additionalProperties: false, properties: { d: false } },
      },
      required: ['a', 'z'],
      additionalProperties: false,
    });
    const value = json('{"x":1,"b":{"e":1,"d":2},"a":3}');
    expect(checkValue(closed, value).map(({ path }) => path)).toEqual(['/z', '/a', '/b/c', '/b/d', '/b/e', '/x']);
    expect(checkValue(closed, value, 'present').map(({ path }) => path)).toEqual(['/a', '/b/d']);
    const pair = schema({ items: [{ type: 'string' }], additionalItems: false });
    expect(checkValue(pair, json('["a","b"]'), 'present')).toEqual([
      { path: '/1', message: '1 is not expected here.' },
    ]);
  });

  it('sees without a checker that a plain value fits exactly when the checker would say so (property)', () => {
    const type = fc.constantFrom<PlainJson>(
      'string',
      'number',
      'integer',
      'boolean',
      'null',
      ['string', 'null'],
      'odd',
    );
    fc.assert(
      fc.property(type, fc.boolean(), arbitraryJson({ depthMax: 1 }), (types, nullable, value) => {
        const plain = { type: types, nullable, description: 'x' };
        // A keyword that allows everything takes the long way.
        const long = { ...plain, minProperties: 0 };
        expect(checkValue(schema(plain), value)).toEqual(checkValue(schema(long), value));
      }),
    );
  });

  it('leaves patterns unchecked, and with them what they would have allowed', () => {
    expect(check({ pattern: '^(a+)+$' }, `"${'a'.repeat(40)}b"`)).toEqual([]);
    expect(check({ patternProperties: { '^x-': true }, additionalProperties: false }, '{"x-a":1}')).toEqual([]);
  });

  it('ignores what stands beside a reference up to draft-07, and checks it from 2019-09 on', () => {
    const beside = { $ref: '#/definitions/any', type: 'string', definitions: { any: {} } };
    expect(check({ ...beside, $schema: 'http://json-schema.org/draft-04/schema#' }, '1')).toEqual([]);
    expect(check(beside, '1')).toHaveLength(1);
  });

  it('passes over keywords of the wrong shape', () => {
    const odd = {
      type: 5,
      required: true,
      properties: [1],
      anyOf: {},
      enum: 'a',
      minimum: 'x',
      items: null,
      $ref: 4,
      format: 'constructor',
    };
    expect(check(odd as PlainJson, '{"a":1}')).toEqual([]);
    expect(check({ type: 'object', required: [1, 'a'] }, '{}')).toEqual([{ path: '/a', message: 'a is missing.' }]);
  });

  it.each([
    ['that refers to itself', { $ref: '#' }, '1'],
    [
      'whose references double at every step',
      {
        $ref: '#/$defs/d0',
        $defs: Object.fromEntries(
          Array.from({ length: 60 }, (_, i) => [
            `d${i}`,
            { anyOf: [{ $ref: `#/$defs/d${i + 1}` }, { $ref: `#/$defs/d${i + 1}` }] },
          ]),
        ),
      },
      '1',
    ],
    [
      'that compares 20,000 items with each other',
      { uniqueItems: true },
      JSON.stringify(Array.from({ length: 20_000 }, (_, i) => i)),
    ],
  ] as [string, PlainJson, string][])('says that it cannot check a schema %s', (_, plain, value) => {
    expect(check(plain, value)).toEqual([
      { path: '', message: 'The schema is too costly to check, or refers to itself without end.' },
    ]);
  });

  it('checks 10,000 records', () => {
    const record = {
      type: 'object',
      required: ['id'],
      properties: { id: { type: 'integer' }, name: { type: 'string' } },
    };
    const rows = Array.from({ length: 10_000 }, (_, id) => ({ id, name: `n${id}` }));
    expect(check({ type: 'array', items: record }, JSON.stringify(rows))).toEqual([]);
    expect(check({ type: 'array', items: record }, JSON.stringify([...rows, { id: 'x' }]))).toHaveLength(1);
  });

  it('never throws, whatever schema and value (property)', () => {
    const keyword = fc.constantFrom(
      'type',
      'properties',
      'items',
      'anyOf',
      'allOf',
      '$ref',
      'required',
      'enum',
      'not',
      'if',
      'then',
      '$defs',
      'pattern',
      'format',
      'dependentSchemas',
      'additionalProperties',
      'prefixItems',
      'id',
      '$id',
      '$anchor',
      '__absolute_ref__',
    );
    const word = fc.constantFrom<JsonValue>(
      'string',
      'object',
      '#',
      '#/properties/a',
      '#/$defs',
      ' ',
      '[',
      'email',
      true,
      false,
    );
    const { node } = fc.letrec<{ node: JsonValue; map: JsonValue }>((tie) => ({
      map: fc
        .array(fc.tuple(fc.oneof(keyword, fc.constantFrom('a', '__proto__', '\ud800')), tie('node')), { maxLength: 4 })
        .map((entries) => new Map(entries)),
      node: fc.oneof(
        { depthSize: 'medium' },
        word,
        arbitraryJson({ depthMax: 1 }),
        tie('map'),
        tie('map'),
        fc.array(tie('node'), { maxLength: 3 }),
      ),
    }));
    fc.assert(
      fc.property(node, arbitraryJson({ depthMax: 3 }), (odd, value) => {
        expect(Array.isArray(checkValue(odd, value))).toBe(true);
        expect(withDefaults(odd, value)).toBeDefined();
        expect(exampleOf(odd)).toBeDefined();
        propertiesOf(odd);
        schemaAtPath(odd, ['a', 0, '__proto__']);
      }),
      { numRuns: fuzzRuns(500) },
    );
  });

  it('finds the example of a common contract valid', () => {
    expect(checkValue(CUSTOMER, exampleOf(CUSTOMER))).toEqual([]);
    expect(toPlain(exampleOf(CUSTOMER))).toMatchObject({ customer_id: 'text', address: { city: 'text' } });
  });
});
