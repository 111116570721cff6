import fc from 'fast-check';
import { type JsonObject, type JsonValue, Numeral } from '@/lib/json/value';

/** Names that break code which keeps user text as keys of plain objects, or in pointers and paths. */
export const NASTY_KEYS = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  'items',
  '10',
  '2',
  '-1',
  '',
  ' ',
  'a/b',
  'a~b',
  '~1',
  'a.b',
  'a"b',
  'a\\b',
  'ключ',
  '名前',
  '👩‍🚀',
  '\u2028',
] as const;

/** Spellings of one number that a careless reader folds into each other, and numbers that a double cannot hold. */
export const NASTY_NUMERALS = [
  '0',
  '-0',
  '0.0',
  '2.0',
  '2',
  '1e5',
  '1E+5',
  '100000',
  '1e-7',
  '1e400',
  '9007199254740993',
  '0.1000000000000000055511151231257827',
  '123456789012345678901234567890',
] as const;

export const arbitraryNumeral: fc.Arbitrary<Numeral> = fc
  .oneof(
    fc.constantFrom(...NASTY_NUMERALS),
    fc.integer().map(String),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => JSON.stringify(value)),
    fc
      .tuple(fc.nat(), fc.nat(999), fc.integer({ min: -30, max: 30 }))
      .map(([whole, fraction, exponent]) => `${whole}.${fraction}e${exponent}`),
  )
  .map((text) => new Numeral(text));

/** Any text, half surrogate pairs and control characters included. */
export const arbitraryText: fc.Arbitrary<string> = fc.oneof(
  { weight: 3, arbitrary: fc.string({ maxLength: 12 }) },
  { weight: 2, arbitrary: fc.string({ maxLength: 12, unit: 'grapheme' }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom('\ud800', 'a\udc00b', '\u0000', '\n\r\t', '\u2028\u2029', '\ufeff', '{{ a.b }}'),
  },
);

export const arbitraryKey: fc.Arbitrary<string> = fc.oneof(fc.constantFrom(...NASTY_KEYS), arbitraryText);

/** Any JSON value, at most `depthMax` brackets deep; at most four items a bracket, so that values stay readable. */
export function arbitraryJson(options: { readonly depthMax?: number } = {}): fc.Arbitrary<JsonValue> {
  const { depthMax = 4 } = options;
  const leaf: fc.Arbitrary<JsonValue> = fc.oneof(fc.constant(null), fc.boolean(), arbitraryText, arbitraryNumeral);
  if (depthMax === 0) return leaf;
  const inner = arbitraryJson({ depthMax: depthMax - 1 });
  return fc.oneof(
    { weight: 3, arbitrary: leaf },
    { weight: 1, arbitrary: fc.array(inner, { maxLength: 4 }) },
    { weight: 2, arbitrary: objectOf(inner) },
  );
}

export const arbitraryJsonObject = (options: { readonly depthMax?: number } = {}): fc.Arbitrary<JsonObject> =>
  objectOf(arbitraryJson({ depthMax: Math.max(0, (options.depthMax ?? 4) - 1) }));

const objectOf = (inner: fc.Arbitrary<JsonValue>): fc.Arbitrary<JsonObject> =>
  fc.array(fc.tuple(arbitraryKey, inner), { maxLength: 4 }).map((entries) => new Map(entries));
