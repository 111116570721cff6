import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arbitraryJson, arbitraryNumeral, NASTY_NUMERALS } from '@/testing/arbitrary-json';
import { printCompactJson } from './print-json';
import {
  fromPlain,
  isDeeperThan,
  isNumeralText,
  isSameJson,
  type JsonValue,
  jsonTypeOf,
  Numeral,
  toPlain,
} from './value';

describe('Numeral', () => {
  it.each(NASTY_NUMERALS)('takes %s', (text) => {
    expect(new Numeral(text).text).toBe(text);
    expect(Object.is(new Numeral(text).toNumber(), JSON.parse(text))).toBe(true);
  });

  it.each(['', '01', '1.', '.5', '+1', '-', '1e', ' 1', '1 ', '1\n', 'NaN', 'Infinity', '0x1', '１', '--1'])(
    'refuses %j',
    (text) => {
      expect(isNumeralText(text)).toBe(false);
      expect(() => new Numeral(text)).toThrow('Not a JSON number');
    },
  );

  it('tells integers from floats by their spelling, as Python does', () => {
    expect(['2', '-0', '9007199254740993'].every((text) => new Numeral(text).isInteger)).toBe(true);
    expect(['2.0', '1e5', '1E5', '-0.0'].some((text) => new Numeral(text).isInteger)).toBe(false);
  });

  it('spells a JavaScript number so that it reads back the same (property)', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        expect(Object.is(Numeral.of(value).toNumber(), value)).toBe(true);
      }),
    );
    expect(() => Numeral.of(Number.NaN)).toThrow();
    expect(() => Numeral.of(Number.POSITIVE_INFINITY)).toThrow();
  });

  it('cannot be changed', () => {
    const numeral = new Numeral('1');
    expect(() => Object.assign(numeral, { text: '2' })).toThrow();
  });
});

describe('isSameJson', () => {
  it('holds exactly when the canonical texts are equal (property)', () => {
    fc.assert(
      fc.property(arbitraryJson({ depthMax: 3 }), arbitraryJson({ depthMax: 3 }), (a, b) => {
        expect(isSameJson(a, b)).toBe(printCompactJson(a) === printCompactJson(b));
        expect(isSameJson(a, structureCopy(a))).toBe(true);
      }),
    );
  });

  it.each([
    [
      'order of keys',
      new Map([
        ['a', null],
        ['b', null],
      ]),
      new Map([
        ['b', null],
        ['a', null],
      ]),
    ],
    ['spelling of numbers', new Numeral('2'), new Numeral('2.0')],
    ['a text and a number', '2', new Numeral('2')],
    ['a list and an object', [], new Map()],
    ['one more item', [null], [null, null]],
    [
      'one more key',
      new Map([['a', null]]),
      new Map([
        ['a', null],
        ['b', null],
      ]),
    ],
  ] as [string, JsonValue, JsonValue][])('sees a difference in %s', (_, a, b) => {
    expect(isSameJson(a, b)).toBe(false);
    expect(isSameJson(b, a)).toBe(false);
  });
});

function structureCopy(value: JsonValue): JsonValue {
  if (value instanceof Numeral) return new Numeral(value.text);
  if (Array.isArray(value)) return value.map(structureCopy);
  return value instanceof Map ? new Map([...value].map(([key, item]) => [key, structureCopy(item)])) : value;
}

describe('isDeeperThan', () => {
  it.each([
    [new Numeral('1'), 0, false],
    [[], 0, true],
    [[], 1, false],
    [[new Map([['a', []]])], 2, true],
    [[new Map([['a', []]])], 3, false],
  ] as [JsonValue, number, boolean][])('compares the brackets of %j with %i', (value, depthMax, isDeeper) => {
    expect(isDeeperThan(value, depthMax)).toBe(isDeeper);
  });

  it('answers for 100,000 levels', () => {
    let value: JsonValue = [];
    for (let i = 1; i < 100_000; i++) value = [value];
    expect(isDeeperThan(value, 64)).toBe(true);
    expect(isDeeperThan(value, 100_000)).toBe(false);
  });
});

describe('jsonTypeOf', () => {
  it.each([
    [null, 'null'],
    [true, 'boolean'],
    ['', 'string'],
    [new Numeral('1'), 'number'],
    [[], 'array'],
    [new Map(), 'object'],
  ] as [JsonValue, string][])('calls %j %s', (value, type) => {
    expect(jsonTypeOf(value)).toBe(type);
  });
});

describe('toPlain and fromPlain', () => {
  it('lose nothing but the spelling of numbers (property)', () => {
    fc.assert(
      fc.property(arbitraryJson({ depthMax: 3 }), (value) => {
        expect(JSON.stringify(toPlain(value))).toBe(JSON.stringify(JSON.parse(printCompactJson(value))));
      }),
    );
    fc.assert(
      fc.property(arbitraryNumeral, (numeral) => {
        expect(toPlain(numeral)).toBe(numeral.toNumber());
      }),
    );
  });

  it('makes objects without a prototype, so that no key reaches one', () => {
    const plain = toPlain(new Map([['__proto__', new Map([['polluted', true]])]])) as Record<string, unknown>;
    expect(Object.getPrototypeOf(plain)).toBeNull();
    expect(Object.keys(plain)).toEqual(['__proto__']);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it('reads a literal of our own', () => {
    expect(printCompactJson(fromPlain({ a: [1, -0, 'x', null, true, { b: {} }] }))).toBe(
      '{"a":[1,-0,"x",null,true,{"b":{}}]}',
    );
  });
});
