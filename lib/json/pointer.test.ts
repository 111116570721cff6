import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arbitraryJson, arbitraryKey } from '@/testing/arbitrary-json';
import { parseTrustedJson } from './parse-json';
import { findAtPath, formatPointer, parsePointer, replaceAtPath } from './pointer';
import { printCompactJson } from './print-json';
import { isJsonArray, isJsonObject, type JsonText, type JsonValue } from './value';

const json = (text: string): JsonValue => parseTrustedJson(text as JsonText);

describe('pointers', () => {
  it('come back from their text (property)', () => {
    fc.assert(
      fc.property(fc.array(arbitraryKey), (path) => {
        expect(parsePointer(formatPointer(path))).toEqual(path);
      }),
    );
  });

  it.each(['a', 'a/b', '/~', '/~2', '/a~', '#/a'])('do not look like %s', (text) => {
    expect(parsePointer(text)).toBeUndefined();
  });

  it('follow RFC 6901', () => {
    expect(formatPointer(['a/b', 'm~n', '', 0])).toBe('/a~1b/m~0n//0');
    expect(parsePointer('/~01')).toEqual(['~1']);
    expect(parsePointer('')).toEqual([]);
  });
});

describe('findAtPath', () => {
  const value = json('{"a":[{"":1},2],"0":"zero","__proto__":true}');

  it.each([
    [['a', 0, ''], '1'],
    [['a', '1'], '2'],
    [['0'], '"zero"'],
    [[0], '"zero"'],
    [['__proto__'], 'true'],
  ])('finds %j', (path, text) => {
    expect(printCompactJson(findAtPath(value, path)!)).toBe(text);
  });

  it.each([
    [['constructor']],
    [['a', 'length']],
    [['a', '01']],
    [['a', '-1']],
    [['a', -1]],
    [['a', 0.5]],
    [['a', 2]],
    [['0', 0]],
    [['0', 'length']],
    [['a', 1, 'x']],
  ])('finds nothing at %j', (path) => {
    expect(findAtPath(value, path)).toBeUndefined();
  });
});

describe('replaceAtPath', () => {
  it.each([
    ['{"a":[1,{"b":2.0}],"c":3}', ['a', 1, 'b'], '{"a":[1,{"b":9}],"c":3}'],
    ['{"a":1}', ['b'], '{"a":1,"b":9}'],
    ['{"b":1,"a":2}', ['b'], '{"b":9,"a":2}'],
    ['[1]', [1], '[1,9]'],
    ['[1]', ['5'], '[1,9]'],
    ['{"__proto__":1}', ['__proto__'], '{"__proto__":9}'],
    ['1', [], '9'],
  ])('writes into %s at %j', (text, path, after) => {
    const before = json(text);
    expect(printCompactJson(replaceAtPath(before, path, json('9')))).toBe(after);
    expect(printCompactJson(before)).toBe(text);
  });

  it.each([
    ['{"a":1,"b":2}', ['a'], '{"b":2}'],
    ['[1,2,3]', [1], '[1,3]'],
    ['{"a":[[1]]}', ['a', 0, '0'], '{"a":[[]]}'],
    ['{"a":1}', ['b'], '{"a":1}'],
  ])('takes out of %s what stands at %j', (text, path, after) => {
    expect(printCompactJson(replaceAtPath(json(text), path, undefined))).toBe(after);
  });

  it.each([
    ['{"a":1}', ['a', 'b']],
    ['{}', ['a', 'b']],
    ['[]', [0, 'a']],
    ['[1]', ['x']],
    ['[1]', [-1]],
    ['[1]', ['01']],
    ['"text"', [0]],
  ])('throws where %s has no place %j', (text, path) => {
    expect(() => replaceAtPath(json(text), path, null)).toThrow('Nothing stands at');
  });

  it('does not take out the whole', () => {
    expect(() => replaceAtPath(null, [], undefined)).toThrow();
  });

  it('shares what is not on the path (property)', () => {
    fc.assert(
      fc.property(arbitraryJson(), arbitraryJson(), (a, b) => {
        const before = new Map<string, JsonValue>([
          ['a', a],
          ['b', [b, null]],
        ]);
        const after = replaceAtPath(before, ['b', 1], true);
        expect(isJsonObject(after) && after.get('a')).toBe(a);
        const list = findAtPath(after, ['b']);
        expect(isJsonArray(list) && list[0]).toBe(b);
      }),
    );
  });
});
