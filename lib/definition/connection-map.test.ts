import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseJson } from '@/lib/json/parse-json';
import { arbitraryKey, arbitraryText } from '@/testing/arbitrary-json';
import { type ConnectionMap, countMapped, mapByName, parseConnectionMap, printConnectionMap } from './connection-map';
import type { Definition } from './definition';

const readText = (text: string) => {
  const json = parseJson(text);
  if (!json.ok) throw new Error(json.error.message);
  return parseConnectionMap(json.value);
};
const withDefinitions = (definitions: string) =>
  readText(`{"format":"chainwright.connection-map/1","definitions":${definitions}}`);

describe('a connection map as a file', () => {
  it('reads back as it was printed, names of Object.prototype and their order included (property)', () => {
    const notEmpty = (text: string) => text !== '';
    const entries = fc.array(fc.tuple(arbitraryKey.filter(notEmpty), arbitraryText.filter(notEmpty)));
    fc.assert(
      fc.property(entries, fc.option(arbitraryText), (pairs, connection) => {
        const map = new Map(pairs);
        const text = printConnectionMap(map, connection);
        const parsed = readText(text);
        if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
        expect([...parsed.value.map]).toEqual([...map]);
        expect(parsed.value.connection).toBe(connection);
        expect(printConnectionMap(parsed.value.map, parsed.value.connection)).toBe(text);
      }),
    );
  });

  it('is laid out like every document', () => {
    expect(printConnectionMap(new Map([['local:a', 'd-1']]), 'Production')).toBe(
      '{\n  "format": "chainwright.connection-map/1",\n  "connection": "Production",\n  "definitions": {\n    "local:a": "d-1"\n  }\n}\n',
    );
    expect(printConnectionMap(new Map())).not.toContain('"connection":');
  });

  it.each([
    ['[]', '/definitions', 'definitions is a list; expected an object: id in the document → id in the tenant.'],
    ['{"a":null}', '/definitions/a', 'The id in the tenant is null; expected the id of a definition, a text.'],
    [
      '{"a/b":""}',
      '/definitions/a~1b',
      'The id in the tenant is the text ""; expected the id of a definition, a text.',
    ],
    ['{"":"x"}', '/definitions/', 'The id in the document is empty; expected the id of a definition.'],
    ['{},"defintions":{}', '/defintions', 'Unknown key `defintions`; did you mean definitions?'],
    ['{},"connection":5', '/connection', 'connection is 5; expected its name, a text.'],
  ])('is refused with the place: %s', (definitions, path, message) => {
    expect(withDefinitions(definitions)).toEqual({ ok: false, error: [{ code: 'schema', path, message }] });
  });

  it('is refused without definitions or of another format, and takes x- keys', () => {
    expect(readText('{"format":"chainwright.connection-map/1"}')).toMatchObject({ error: [{ path: '/definitions' }] });
    expect(readText('{"definitions":{}}')).toMatchObject({ error: [{ path: '/format' }] });
    expect(withDefinitions('{},"x-by":"me"').ok).toBe(true);
  });
});

const definition = (id: string, name: string): Definition => ({
  id,
  name,
  description: '',
  inputSchema: null,
  outputSchema: null,
  effect: null,
  origin: 'connection',
});

describe('mapByName', () => {
  const known = new Map(
    [
      definition('local:a', 'Get A'),
      definition('t-b', 'Get B - Exported 2024-11-19 @ 14:10'),
      definition('local:c', 'Get C'),
      definition('local:e', ''),
    ].map((each) => [each.id, each] as const),
  );
  const offered = [
    definition('1', 'Get A - Exported 2024-11-19 @ 14:10'),
    definition('2', ' Get B '),
    definition('3', 'Get C'),
    definition('4', 'Get C'),
    definition('5', 'get a'),
    definition('6', ''),
  ];
  const fill = (usedIds: readonly string[], map: ConnectionMap = new Map()) =>
    mapByName({ usedIds, map, known, offered });

  it('maps by equal name, the suffixes of exports and blanks around it apart', () => {
    expect(fill(['local:a', 't-b'])).toEqual({
      map: new Map([
        ['local:a', '1'],
        ['t-b', '2'],
      ]),
      ambiguous: [],
      notFound: [],
    });
  });

  it('leaves to a person what several definitions are called, and tells what none is', () => {
    expect(fill(['local:c', 'nobody', 'local:c', 'local:e', 'constructor'])).toEqual({
      map: new Map(),
      ambiguous: ['local:c'],
      notFound: ['nobody', 'local:e', 'constructor'],
    });
  });

  it('keeps what is mapped, and maps nothing that the connection itself offers', () => {
    const map = new Map([['local:a', 'chosen']]);
    expect(fill(['local:a', '3'], map)).toEqual({ map, ambiguous: [], notFound: [] });
  });
});

describe('countMapped', () => {
  it('counts each used id once, when the map has it or the connection offers it', () => {
    const map = new Map([
      ['a', '1'],
      ['unused', '2'],
    ]);
    const offered = new Map([['b', null]]);
    expect(countMapped(['a', 'a', 'b', 'c', 'constructor'], map, offered)).toEqual({ mapped: 2, total: 4 });
    expect(countMapped([], map, offered)).toEqual({ mapped: 0, total: 0 });
  });
});
