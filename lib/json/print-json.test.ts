import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arbitraryText } from '@/testing/arbitrary-json';
import { printCompactJson, printJson, sha256Hex } from './print-json';
import { fromPlain, Numeral, type PlainJson } from './value';

const arbitraryPlain: fc.Arbitrary<PlainJson> = fc
  .jsonValue({ maxDepth: 4 })
  .map((value) => JSON.parse(JSON.stringify(value)) as PlainJson);

describe('printJson', () => {
  it('lays plain values out as JSON.stringify with two spaces does (property)', () => {
    fc.assert(
      fc.property(arbitraryPlain, (value) => {
        expect(printJson(fromPlain(value))).toBe(JSON.stringify(value, null, 2));
        expect(printCompactJson(fromPlain(value))).toBe(JSON.stringify(value));
      }),
    );
  });

  it('escapes any text as JSON.stringify does (property)', () => {
    fc.assert(
      fc.property(arbitraryText, (text) => {
        expect(printJson(text)).toBe(JSON.stringify(text));
      }),
    );
  });

  it('writes empty brackets on one line and numbers as they were spelled', () => {
    const value = new Map([
      ['n', [new Numeral('2.0'), new Numeral('-0')]],
      ['e', []],
    ]);
    expect(printJson(value)).toBe('{\n  "n": [\n    2.0,\n    -0\n  ],\n  "e": []\n}');
    expect(printJson(new Map())).toBe('{}');
  });
});

describe('sha256Hex', () => {
  it('equals what node:crypto gives for the UTF-8 bytes (property)', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
        expect(sha256Hex(text)).toBe(createHash('sha256').update(text, 'utf8').digest('hex'));
      }),
    );
  });
});
