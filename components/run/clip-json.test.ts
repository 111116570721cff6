import { describe, expect, it } from 'vitest';
import { fromPlain, type JsonValue, Numeral } from '@/lib/json/value';
import { clipJson, formatTemplatePath, type TreeRow } from './clip-json';

const countRows = (row: TreeRow): number => row.children.reduce((sum, child) => sum + countRows(child), 1);

describe('clipJson', () => {
  it('gives every row of a small value, with numbers as they were spelled', () => {
    const value: JsonValue = new Map<string, JsonValue>([
      ['total', new Numeral('2.0')],
      ['ids', [new Numeral('9007199254740993'), null]],
    ]);
    const root = clipJson(value, 10_000);
    expect(root).toMatchObject({ segment: null, text: '2 fields', hiddenCount: 0 });
    expect(root.children.map((row) => [row.segment, row.text])).toEqual([
      ['total', '2.0'],
      ['ids', '2 items'],
    ]);
    expect(root.children[1]!.children.map((row) => [row.path, row.text])).toEqual([
      [['ids', 0], '9007199254740993'],
      [['ids', 1], 'null'],
    ]);
  });

  it('counts what the limit left out, at every level', () => {
    const list = Array.from({ length: 5000 }, (_, i) => `item ${i}`);
    const root = clipJson(fromPlain({ first: list, second: list }), 1000);
    expect(countRows(root)).toBeLessThan(110);
    expect(root.hiddenCount).toBe(1);
    expect(root.children[0]!.children.length + root.children[0]!.hiddenCount).toBe(5000);
  });

  it('cuts a long string and says so', () => {
    const root = clipJson('x'.repeat(50_000), 1000);
    expect(root.isClipped).toBe(true);
    expect(root.text.length).toBe(1002);
  });

  it('shows keys that are names on Object.prototype', () => {
    const root = clipJson(new Map([['__proto__', true]]), 1000);
    expect(root.children.map((row) => row.segment)).toEqual(['__proto__']);
  });
});

describe('formatTemplatePath', () => {
  it.each([
    [['orders', 0, 'total'], 'fetch.orders[0].total'],
    [['items'], "fetch['items']"],
    [['first name', "it's"], "fetch['first name'][\"it's\"]"],
    [['0'], "fetch['0']"],
    [[], 'fetch'],
  ])('writes %j as a template reads it', (path, text) => {
    expect(formatTemplatePath('fetch', path)).toBe(text);
  });
});
