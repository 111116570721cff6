import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findAtPath, parsePointer, replaceAtPath } from '@/lib/json/pointer';
import { printJson } from '@/lib/json/print-json';
import { fromPlain, isJsonArray, isJsonObject, type JsonObject, type JsonValue, Numeral } from '@/lib/json/value';
import { arbitraryJsonObject } from '@/testing/arbitrary-json';
import { compareJson, type FieldChange } from './compare-json';

const object = (plain: Parameters<typeof fromPlain>[0]): JsonObject => fromPlain(plain) as JsonObject;
const compare = (before: JsonObject, after: JsonObject): readonly FieldChange[] => compareJson({ before, after });

describe('compareJson', () => {
  it('tells every leaf by its pointer, and a part that only one side has as one change', () => {
    const before = object({ a: { b: 1, c: 'x' }, gone: { d: [1] }, 'e/f': true });
    const after = object({ a: { b: 1, c: 'y' }, 'e/f': null, new: { d: [1] } });
    expect(compare(before, after)).toEqual([
      { type: 'changed', path: '/a/c', from: 'x', to: 'y' },
      { type: 'removed', path: '/gone', from: object({ d: [1] }) },
      { type: 'changed', path: '/e~1f', from: true, to: null },
      { type: 'added', path: '/new', to: object({ d: [1] }) },
    ]);
  });

  it('takes numbers by their spelling', () => {
    const [two, spelled] = [new Numeral('2'), new Numeral('2.0')];
    expect(compare(new Map([['n', two]]), new Map([['n', spelled]]))).toEqual([
      { type: 'changed', path: '/n', from: two, to: spelled },
    ]);
    expect(compare(new Map([['n', two]]), new Map([['n', new Numeral('2')]]))).toEqual([]);
  });

  it.each<[string, JsonValue[], JsonValue[], readonly FieldChange[]]>([
    ['inserted first', ['a', 'b'], ['x', 'a', 'b'], [{ type: 'added', path: '/l/0', to: 'x' }]],
    ['inserted between', ['a', 'b'], ['a', 'x', 'b'], [{ type: 'added', path: '/l/1', to: 'x' }]],
    ['inserted beside its equal', ['a', 'b'], ['a', 'a', 'b'], [{ type: 'added', path: '/l/1', to: 'a' }]],
    ['taken out', ['a', 'b', 'c'], ['a', 'c'], [{ type: 'removed', path: '/l/1', from: 'b' }]],
    [
      'taken out of equals',
      ['a', 'a', 'a'],
      ['a'],
      [1, 2].map((i) => ({ type: 'removed', path: `/l/${i}`, from: 'a' })),
    ],
    ['replaced', ['a', 'b', 'c'], ['a', 'x', 'c'], [{ type: 'changed', path: '/l/1', from: 'b', to: 'x' }]],
  ])('tells an item %s as one change where it stands', (_, before, after, changes) => {
    expect(compare(new Map([['l', before]]), new Map([['l', after]]))).toEqual(changes);
  });

  it('tells another order of the keys that both have', () => {
    expect(compare(object({ o: { a: 1, b: 2, c: 3 } }), object({ o: { b: 2, new: 0, a: 1 } }))).toEqual([
      { type: 'removed', path: '/o/c', from: new Numeral('3') },
      { type: 'added', path: '/o/new', to: new Numeral('0') },
      { type: 'reordered', path: '/o', from: ['a', 'b'], to: ['b', 'a'] },
    ]);
  });

  it('tells the keys of a record that came whole one by one, and an empty one as such', () => {
    const records = new Set(['/inputs']);
    const inputs = object({ inputs: { a: 1, b: { c: 2 } } });
    const [none, empty] = [object({}), object({ inputs: {} })];
    expect(compareJson({ before: none, after: inputs, records })).toEqual([
      { type: 'added', path: '/inputs/a', to: new Numeral('1') },
      { type: 'added', path: '/inputs/b', to: object({ c: 2 }) },
    ]);
    expect(compareJson({ before: inputs, after: none, records }).map(({ type }) => type)).toEqual([
      'removed',
      'removed',
    ]);
    expect(compareJson({ before: none, after: empty, records })).toEqual([
      { type: 'added', path: '/inputs', to: new Map() },
    ]);
  });

  it('tells what was written where it compared something rewritten', () => {
    const changes = compareJson({
      before: object({ same: 'new', other: ['new'] }),
      written: object({ same: 'old', other: ['old'] }),
      after: object({ same: 'new', other: ['newest'] }),
    });
    expect(changes).toEqual([{ type: 'changed', path: '/other/0', from: 'old', to: 'newest' }]);
  });

  it('finds nothing if and only if both print the same (property)', () => {
    fc.assert(
      fc.property(arbitraryJsonObject(), arbitraryJsonObject(), (before, after) => {
        expect(compare(before, before)).toEqual([]);
        expect(compare(before, after).length === 0).toBe(printJson(before) === printJson(after));
      }),
    );
  });

  it('finds all there is: its changes make the one into the other, and stand where they say (property)', () => {
    fc.assert(
      fc.property(arbitraryVariants, ([before, after]) => {
        const changes = compare(before, after);
        for (const change of changes) {
          const path = parsePointer(change.path)!;
          if (change.type === 'reordered') continue;
          if ('from' in change) expect(findAtPath(before, path)).toBe(change.from);
          if ('to' in change) expect(findAtPath(after, path)).toBe(change.to);
        }
        expect(printJson(withSortedKeys(replay(before, changes)))).toBe(printJson(withSortedKeys(after)));
      }),
    );
  });

  it('tells the same the other way round (property)', () => {
    fc.assert(
      fc.property(arbitraryVariants, ([before, after]) => {
        const inOrder = (changes: readonly FieldChange[]) =>
          changes.map((change) => JSON.stringify([change.path, change.type, ...sides(change)])).sort();
        expect(inOrder(compare(after, before).map(turnedRound))).toEqual(inOrder(compare(before, after)));
      }),
    );
  });
});

/** Two objects that share much: lists and keys of the second are mixed from the first and from another one. */
const arbitraryVariants: fc.Arbitrary<readonly [JsonObject, JsonObject]> = fc
  .tuple(arbitraryJsonObject(), arbitraryJsonObject(), fc.infiniteStream(fc.nat(5)))
  .map(([before, other, chances]) => {
    const chance = (): number => chances.next().value;
    const vary = (value: JsonValue): JsonValue => {
      if (isJsonArray(value)) {
        const items = value.filter(() => chance() > 0).map(vary);
        if (chance() === 0) items.splice(Math.min(items.length, chance()), 0, other);
        return items;
      }
      if (!isJsonObject(value)) return chance() === 0 ? other : value;
      const kept = [...value].filter(() => chance() > 0).map(([key, item]) => [key, vary(item)] as const);
      return new Map(chance() === 0 ? [...kept, ...other] : chance() === 0 ? [...kept].reverse() : kept);
    };
    const wide = new Map<string, JsonValue>([
      ['before', before],
      ['list', [before, 'x', other]],
      ['other', other],
    ]);
    return [wide, vary(wide) as JsonObject] as const;
  });

/** What stands at an index of a list may have moved: changes come first, then what goes from the end, then what comes. */
function replay(before: JsonObject, changes: readonly FieldChange[]): JsonValue {
  let value: JsonValue = before;
  for (const change of changes) {
    if (change.type === 'changed') value = replaceAtPath(value, parsePointer(change.path)!, change.to);
  }
  for (const change of [...changes].reverse()) {
    if (change.type === 'removed') value = replaceAtPath(value, parsePointer(change.path)!, undefined);
  }
  for (const change of changes) {
    if (change.type !== 'added') continue;
    const path = parsePointer(change.path)!;
    const list = findAtPath(value, path.slice(0, -1));
    if (!isJsonArray(list)) value = replaceAtPath(value, path, change.to);
    else {
      const grown = [...list];
      grown.splice(Number(path.at(-1)), 0, change.to);
      value = replaceAtPath(value, path.slice(0, -1), grown);
    }
  }
  return value;
}

function withSortedKeys(value: JsonValue): JsonValue {
  if (isJsonArray(value)) return value.map(withSortedKeys);
  if (!isJsonObject(value)) return value;
  return new Map([...value].sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, item]) => [key, withSortedKeys(item)]));
}

function turnedRound(change: FieldChange): FieldChange {
  switch (change.type) {
    case 'added':
      return { type: 'removed', path: change.path, from: change.to };
    case 'removed':
      return { type: 'added', path: change.path, to: change.from };
    case 'changed':
      return { ...change, from: change.to, to: change.from };
    case 'reordered':
      return { ...change, from: change.to, to: change.from };
  }
}

const sides = (change: FieldChange): readonly string[] =>
  ['from' in change ? change.from : null, 'to' in change ? change.to : null].map((side) =>
    printJson(side as JsonValue),
  );
