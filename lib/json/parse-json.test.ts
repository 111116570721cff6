import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arbitraryJson, NASTY_KEYS, NASTY_NUMERALS } from '@/testing/arbitrary-json';
import { fuzzRuns } from '@/testing/fuzz-runs';
import { findPlaces } from './find-places';
import { DOCUMENT_LIMITS, type JsonProblem, parseJson, parseTrustedJson } from './parse-json';
import { findAtPath, formatPointer, parsePointer } from './pointer';
import { printCompactJson, printJson } from './print-json';
import { isJsonArray, isJsonObject, isSameJson, type JsonText, type JsonValue, Numeral, toPlain } from './value';

const read = (text: string): JsonValue => {
  const parsed = parseJson(text);
  if (!parsed.ok) throw new Error(parsed.error.message);
  return parsed.value;
};

const problemOf = (text: string): JsonProblem => {
  const parsed = parseJson(text);
  if (parsed.ok) throw new Error(`Accepted: ${text.slice(0, 80)}`);
  return parsed.error;
};

describe('parseJson', () => {
  it.each(NASTY_NUMERALS)('keeps the spelling of %s', (spelling) => {
    expect(read(spelling)).toEqual(new Numeral(spelling));
    expect(printCompactJson(read(`[${spelling}]`))).toBe(`[${spelling}]`);
  });

  it('keeps the order of keys, those that look like indices included', () => {
    const value = read('{"b":1,"10":2,"2":3,"a":4,"1":5}');
    expect(isJsonObject(value) && [...value.keys()]).toEqual(['b', '10', '2', 'a', '1']);
  });

  it.each(NASTY_KEYS)('takes %j as a key like any other', (key) => {
    const text = `{${JSON.stringify(key)}:{"x":1}}`;
    const value = read(text);
    expect(isJsonObject(value) && value.get(key)).toEqual(new Map([['x', new Numeral('1')]]));
    expect(printCompactJson(value)).toBe(text);
  });

  it.each([
    ['{"a":1,"b":2,"a":3}', '/a', 1, 14],
    ['{"a":1,\n "a":1}', '/a', 2, 2],
    ['{"a":{"a":1,\n"b":[{"c":1,"c":1}]}}', '/a/b/0/c', 2, 13],
    ['{"a":{"x":1},"a":{}}', '/a', 1, 14],
    ['{"\\u0061":1,"a":2}', '/a', 1, 13],
    ['{"__proto__":1,"__proto__":2}', '/__proto__', 1, 16],
    ['{"":1,"":1}', '/', 1, 7],
    ['{"a":[1,{"a":[],"a":[]}]}', '/a/1/a', 1, 17],
  ])('refuses a key that stands twice: %s', (text, path, line, column) => {
    expect(problemOf(text)).toMatchObject({ code: 'duplicate_key', path, line, column });
  });

  it('takes the same key in different objects', () => {
    expect(printCompactJson(read('{"a":{"a":{"a":1}},"b":[{"a":1},{"a":2}]}'))).toBe(
      '{"a":{"a":{"a":1}},"b":[{"a":1},{"a":2}]}',
    );
  });

  it('takes 64 brackets and refuses 65', () => {
    const nested = (depth: number) => `${'[{"a":'.repeat(depth / 2)}1${'}]'.repeat(depth / 2)}`;
    expect(read(nested(64))).toBeDefined();
    expect(problemOf(`[${nested(64)}]`)).toMatchObject({ code: 'limit', line: 1, column: 189 });
  });

  it.each([
    ['brackets', '['],
    ['objects', '{"a":'],
    ['brackets behind a quote that a carriage return ends', `"\r${'['}`],
  ])('answers 100,000 %s with a problem and not with a stack overflow', (_, unit) => {
    expect(problemOf(unit.repeat(100_000)).code).toMatch(/^(?:limit|json_syntax)$/);
  });

  it.each([
    ['a string that a carriage return ends', `"\r`],
    ['a comment that holds a quote', '/*"*/'],
    ['a line comment that holds a quote', '//"\n'],
    ['an escaped newline', '"\\\n'],
    ['a broken escape', '"\\u"'],
    ['closing brackets', ']'.repeat(100_000)],
  ])('cannot be tricked into recursion by brackets behind %s', (_, prefix) => {
    expect(problemOf(prefix + '['.repeat(100_000)).code).toBe('json_syntax');
  });

  it('counts brackets in strings as text', () => {
    expect(read(`"${'['.repeat(200)}"`)).toBe('['.repeat(200));
  });

  it('takes 5 MB of text and refuses a byte more, counting UTF-8 bytes', () => {
    const { sizeBytesMax } = DOCUMENT_LIMITS;
    expect(read(`"${'a'.repeat(sizeBytesMax - 2)}"`)).toHaveLength(sizeBytesMax - 2);
    expect(problemOf(`"${'a'.repeat(sizeBytesMax - 1)}"`)).toMatchObject({ code: 'limit', line: 1, column: 1 });
    expect(problemOf(`"${'a'.repeat(sizeBytesMax - 1)}"`).message).toBe(
      'The text has 5.0 MB and 1 byte; at most 5.0 MB are accepted.',
    );
    expect(problemOf(`"${'a'.repeat(sizeBytesMax * 2)}"`).message).toContain('has 10.0 MB; at most 5.0 MB');
    for (const character of ['ä', '€', '👩']) {
      const bytes = Buffer.byteLength(character);
      const count = Math.floor((sizeBytesMax - 2) / bytes);
      expect(parseJson(`"${character.repeat(count)}"`).ok).toBe(true);
      expect(problemOf(`"${character.repeat(count + 1)}"`).code).toBe('limit');
    }
  });

  it('counts values of every kind at any depth where they are limited', () => {
    const limits = { ...DOCUMENT_LIMITS, valuesMax: 5 };
    expect(parseJson('[1,{"a":"b"},[null]]', limits)).toMatchObject({ error: { code: 'limit', path: '/2/0' } });
    expect(parseJson('[1,{"a":"b"},[]]', limits).ok).toBe(true);
  });

  it('gives the place of a comma before the bracket that it belongs to', () => {
    expect(problemOf('[[1,]]').path).toBe('/0');
    expect(problemOf('{"a":[[],[2],3,]}').path).toBe('/a');
  });

  it('passes over one byte order mark, and only at the beginning', () => {
    expect(read('\uFEFF{"a":1}')).toEqual(new Map([['a', new Numeral('1')]]));
    expect(problemOf('\uFEFF{"a" 1}')).toMatchObject({ line: 1, column: 6 });
    expect(problemOf('\uFEFF\uFEFF1').code).toBe('json_syntax');
    expect(problemOf('{"a":\uFEFF1}').code).toBe('json_syntax');
  });

  it.each([
    '{"a":1,}',
    '[1,]',
    '[,1]',
    '{,}',
    '// comment\n1',
    '{"a":1 /* why */}',
    '/* open',
    'NaN',
    '[Infinity]',
    '-Infinity',
    '01',
    '-01',
    '1.',
    '.5',
    '+1',
    '-',
    '1e',
    '1e+',
    '0x10',
    '1_000',
    "{'a':1}",
    '{a:1}',
    '{"a"}',
    '{"a":}',
    '{"a" 1}',
    '[1 2]',
    '1 2',
    '{}{}',
    '[1]]',
    '[',
    '{"a":[1}',
    '"open',
    '"line\nbreak"',
    '"\u0001"',
    '"\\x41"',
    '"\\u12"',
    'True',
    'undefined',
    'nul',
    '\u00a01',
    '\u20281',
    '1;',
  ])('refuses %j, as JSON.parse does', (text) => {
    expect(() => JSON.parse(text)).toThrow();
    expect(problemOf(text).code).toBe('json_syntax');
  });

  it.each(['', '   ', '\n\t', '\uFEFF'])('says of %j that it is empty', (text) => {
    expect(problemOf(text).message).toBe('The text is empty; JSON was expected. Was the file saved?');
  });

  it.each([
    ['<!DOCTYPE html>\n<html><body>Sign in</body></html>', /^This is a web page \(HTML\).* Was a login page saved/],
    ['\n  <HTML lang="en">', /^This is a web page/],
    ['<?xml version="1.0"?><a/>', /^This is XML, not JSON\./],
    ['fetch_customer:\n  definition_id: d', /^This looks like YAML, not JSON\. Convert it to JSON first/],
    ['# mine\n\nname: Enrichment\nsteps: []', /^This looks like YAML/],
    ['---\nname: x', /^This looks like YAML/],
    ['- a\n- b', /^This looks like YAML/],
    ['```json\n{}\n```', /^This is Markdown around a text\./],
    ['data_actions = {"a": {}}', /^This is a program, not JSON\. Copy only the part from \{ to \}/],
    ['DATA: dict[str, Any] = {', /^This is a program/],
    ['export const chain = {}', /^This is a program/],
    ['import json\n\nACTIONS = {}', /^This is a program/],
  ])('says of %j what it is', (text, message) => {
    expect(problemOf(text)).toMatchObject({ code: 'json_syntax', path: '', message: expect.stringMatching(message) });
  });

  it.each(['hello', 'x == 1', '-', '{"a": b: c}', '["- a", - b]', '{"<html>": <html>}'])(
    'takes %j for bad JSON and nothing else',
    (text) => expect(problemOf(text).message).toMatch(/^Not JSON: /),
  );

  it.each([
    ['{"a":1,}', '', 1, 7, 'a comma before } with nothing after it. Delete the comma.'],
    ['{"a":{"b":[1,2 ,\n\n]}}', '/a/b', 1, 16, 'a comma before ] with nothing after it. Delete the comma.'],
    ["{'a':1}", '', 1, 2, 'a text in single quotes; keys and texts stand in double quotes.'],
    ['{“a”:1}', '', 1, 2, 'a typographic quote; keys and texts stand in straight double quotes (").'],
    [
      '{"a":1, // why\n"b":2}',
      '/a',
      1,
      9,
      'comments are not allowed; delete it, or keep it under a key that begins with x-.',
    ],
    ['# why\n{}', '', 1, 1, 'comments are not allowed; delete it, or keep it under a key that begins with x-.'],
    ['{"a":NaN}', '/a', 1, 6, 'NaN does not exist here; numbers are finite: write a number, or null.'],
    ['[-Infinity]', '/0', 1, 2, '-Infinity does not exist here; numbers are finite: write a number, or null.'],
    ['{"a":None}', '/a', 1, 6, 'None does not exist here; write null.'],
    ['{"a":[True]}', '/a/0', 1, 7, 'True does not exist here; write true.'],
    ['{"a":False}', '/a', 1, 6, 'False does not exist here; write false.'],
    ['{"a":1, b :2}', '/a', 1, 9, 'the key b needs double quotes.'],
  ])('says of %j what is wrong and what to write instead', (text, path, line, column, message) => {
    expect(problemOf(text)).toEqual({ code: 'json_syntax', path, line, column, message: `Not JSON: ${message}` });
  });

  it.each(['[,]', '{,}', '[1,,]', '{"a":,}', '[1, }', '{"a":1, ]'])(
    'does not advise against the comma of %j, where a value is what is missing',
    (text) => expect(problemOf(text).message).not.toContain('Delete the comma'),
  );

  it.each(['{"key": "hunter2 is the password', '{"key" "hunter2"}', '["a" "hunter2"]', '{"a":1] "hunter2"'])(
    'quotes no text of the file: %j',
    (text) => expect(problemOf(text).message).not.toContain('hunter2'),
  );

  it('says what is wrong, at which line and column, and below which key', () => {
    expect(problemOf('{\n  "actions": {\n    "a": [1, }\n  }\n}')).toEqual({
      code: 'json_syntax',
      message: 'Not JSON: a value is missing, at "}\\n  }\\n}".',
      path: '/actions/a/1',
      line: 3,
      column: 14,
    });
    expect(problemOf('{oops: 1}').path).toBe('');
    expect(problemOf('{"a": 1').message).toBe('Not JSON: a closing } is missing, at the end of the text.');
  });

  it('keeps message and path short whatever the text', () => {
    const key = 'k'.repeat(1_000_000);
    const problem = problemOf(`{"${key}":1,"${key}":2}`);
    expect(problem).toMatchObject({ code: 'duplicate_key', path: '' });
    expect(problem.message.length).toBeLessThan(200);
    expect(problemOf('x'.repeat(1_000_000)).message.length).toBeLessThan(200);
  });

  it('reads what it has printed (property)', () => {
    fc.assert(
      fc.property(arbitraryJson({ depthMax: 5 }), (value) => {
        for (const text of [printJson(value), printCompactJson(value)]) {
          const again = read(text);
          expect(isSameJson(again, value)).toBe(true);
          expect(printJson(again)).toBe(printJson(value));
        }
      }),
      { numRuns: fuzzRuns(300) },
    );
  });

  it('gives the values that JSON.parse gives (property)', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        expect(JSON.stringify(toPlain(read(text)))).toBe(JSON.stringify(JSON.parse(text)));
      }),
    );
  });

  it('never throws on damaged text, and accepts none that JSON.parse refuses (property)', () => {
    const damage = fc.array(
      fc.record({
        at: fc.nat(1000),
        cut: fc.nat(3),
        put: fc.constantFrom(
          '',
          '{',
          '}',
          '[',
          ']',
          '"',
          ',',
          ':',
          '\\',
          '0',
          '-',
          '.',
          'e',
          '\n',
          '\r',
          '\u0000',
          '\ufeff',
          '/*',
          '//',
          'tru',
        ),
      }),
      { minLength: 1, maxLength: 4 },
    );
    fc.assert(
      fc.property(arbitraryJson({ depthMax: 4 }), damage, (value, cuts) => {
        let text: string = printJson(value);
        for (const { at, cut, put } of cuts) {
          const start = at % (text.length + 1);
          text = text.slice(0, start) + put + text.slice(start + cut);
        }
        const parsed = parseJson(text);
        if (parsed.ok) expect(() => JSON.parse(text.replace(/^\uFEFF/, ''))).not.toThrow();
        else if (parsed.error.code === 'json_syntax') expect(() => JSON.parse(text.replace(/^\uFEFF/, ''))).toThrow();
      }),
      { numRuns: fuzzRuns(1000) },
    );
  });
});

describe('parseTrustedJson', () => {
  it('throws on what this program cannot have printed', () => {
    expect(() => parseTrustedJson('{"a":' as JsonText)).toThrow('Stored JSON cannot be read');
  });

  it('reads deeper and longer text than a document may be', () => {
    const deep = ('['.repeat(200) + ']'.repeat(200)) as JsonText;
    expect(printCompactJson(parseTrustedJson(deep))).toBe(deep);
  });
});

describe('findPlaces', () => {
  const text = '\uFEFF{\n  "a": {"b": [1,\n    {"c/d": true}]},\n  "e": []\n}';
  const placeAt = (pointer: string) => findPlaces(text, new Set([pointer])).get(pointer);

  it.each([
    ['', { line: 1, column: 1 }],
    ['/a', { line: 2, column: 3 }],
    ['/a/b', { line: 2, column: 9 }],
    ['/a/b/0', { line: 2, column: 15 }],
    ['/a/b/1', { line: 3, column: 5 }],
    ['/a/b/1/c~1d', { line: 3, column: 6 }],
    ['/e', { line: 4, column: 3 }],
  ])('finds %j where it stands', (pointer, place) => {
    expect(placeAt(pointer)).toEqual(place);
  });

  it('finds every value of any text where its own text begins (property)', () => {
    fc.assert(
      fc.property(arbitraryJson({ depthMax: 4 }), (value) => {
        const printed = printCompactJson(value);
        const pointers: string[] = [];
        const collect = (at: JsonValue, path: readonly (string | number)[]): void => {
          pointers.push(formatPointer(path));
          if (isJsonArray(at)) at.forEach((item, index) => void collect(item, [...path, index]));
          else if (isJsonObject(at)) for (const [key, item] of at) collect(item, [...path, key]);
        };
        collect(value, []);
        const places = findPlaces(printed, new Set(pointers));
        for (const pointer of pointers) {
          const path = parsePointer(pointer)!;
          const parent = findAtPath(value, path.slice(0, -1));
          const found = findAtPath(value, path);
          const expected =
            path.length > 0 && isJsonObject(parent) ? JSON.stringify(path.at(-1)) : printCompactJson(found!);
          const { line, column } = places.get(pointer)!;
          const offset =
            printed
              .split('\n')
              .slice(0, line - 1)
              .join('\n').length +
            (line > 1 ? 1 : 0) +
            column -
            1;
          expect(printed.slice(offset, offset + expected.length)).toBe(expected);
          // Alone it is found in the same place as together with all others.
          expect(findPlaces(printed, new Set([pointer])).get(pointer)).toEqual({ line, column });
        }
      }),
      { numRuns: fuzzRuns(200) },
    );
  });

  it('gives a missing key the place of what should have held it', () => {
    expect(placeAt('/a/b/1/missing/deeper')).toEqual(placeAt('/a/b/1'));
    expect(placeAt('/nowhere')).toEqual(placeAt(''));
  });
});
