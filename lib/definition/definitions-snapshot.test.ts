import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseJson } from '@/lib/json/parse-json';
import { fromPlain, type JsonValue, type PlainJson } from '@/lib/json/value';
import { arbitraryJson, arbitraryJsonObject, arbitraryText } from '@/testing/arbitrary-json';
import { fuzzRuns } from '@/testing/fuzz-runs';
import type { Definition } from './definition';
import { parseDefinitions, printDefinitions } from './definitions-snapshot';

const arbitrarySchema = fc.oneof(fc.constant(null), fc.boolean(), arbitraryJsonObject({ depthMax: 3 }));
const arbitraryDefinition: fc.Arbitrary<Definition> = fc.record({
  id: fc.oneof(
    fc.constantFrom('__proto__', 'local:a', '10', '2'),
    arbitraryText.filter((text) => text !== ''),
  ),
  name: arbitraryText,
  description: arbitraryText,
  inputSchema: arbitrarySchema,
  outputSchema: arbitrarySchema,
  effect: fc.constantFrom('read', 'idempotent', 'write', null),
  origin: fc.constant('imported'),
});

const DEFINITION: Definition = {
  id: 'd',
  name: 'N',
  description: '',
  inputSchema: true,
  outputSchema: null,
  effect: 'read',
  origin: 'imported',
};

const readText = (text: string) => {
  const json = parseJson(text);
  if (!json.ok) throw new Error(json.error.message);
  return parseDefinitions(json.value);
};
const read = (definitions: PlainJson, rest: { readonly [key: string]: PlainJson } = {}) =>
  parseDefinitions(fromPlain({ format: 'chainwright.definitions/1', definitions, ...rest }));
const rejectionsOf = (parsed: ReturnType<typeof parseDefinitions>) => {
  if (parsed.ok) throw new Error('accepted');
  return parsed.error;
};

describe('a snapshot of definitions', () => {
  it('reads back as the definitions it was printed from, and prints the same bytes again (property)', () => {
    const list = fc.uniqueArray(arbitraryDefinition, { selector: ({ id }) => id, maxLength: 5 });
    fc.assert(
      fc.property(list, (definitions) => {
        const text = printDefinitions(definitions);
        const parsed = readText(text);
        if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
        expect(parsed.value).toEqual(definitions);
        expect(printDefinitions(parsed.value)).toBe(text);
      }),
      { numRuns: fuzzRuns(200) },
    );
  });

  it('is laid out like every document', () => {
    expect(printDefinitions([DEFINITION])).toBe(`{
  "format": "chainwright.definitions/1",
  "definitions": [
    {
      "id": "d",
      "name": "N",
      "description": "",
      "input_schema": true,
      "output_schema": null,
      "effect": "read"
    }
  ]
}
`);
  });

  it('writes null for what a connection gave as a schema and is none', () => {
    const parsed = readText(printDefinitions([{ ...DEFINITION, inputSchema: 'no schema', outputSchema: [] }]));
    expect(parsed).toMatchObject({ ok: true, value: [{ inputSchema: null, outputSchema: null }] });
  });

  it('needs only id and name, and passes x- keys over', () => {
    const parsed = read([{ id: 'd', name: '', 'x-owner': 'me' }], { 'x-made': 'today' });
    expect(parsed).toEqual({
      ok: true,
      value: [
        { id: 'd', name: '', description: '', inputSchema: null, outputSchema: null, effect: null, origin: 'imported' },
      ],
    });
    expect(
      parseDefinitions(
        fromPlain({ format: 'chainwright.definitions/1', definitions: [{ id: 'd', name: '' }] }),
        'connection',
      ),
    ).toMatchObject({
      value: [{ origin: 'connection' }],
    });
  });

  it.each([
    [read([{ id: 'd', name: 'N', inputschema: {} }]), '/definitions/0/inputschema', /did you mean input_schema\?/],
    [read([], { definition: [] }), '/definition', /did you mean definitions\?/],
    [read(null), '/definitions', /^definitions is null; expected a list\.$/],
    [parseDefinitions(fromPlain({ format: 'chainwright.definitions/1' })), '/definitions', /^definitions is missing/],
    [parseDefinitions(fromPlain({ format: 'other' })), '/format', /^Expected an object with "format"/],
    [parseDefinitions(fromPlain([])), '/format', /^Expected an object with "format"/],
    [read(['d']), '/definitions/0', /^The definition is the text "d"; expected an object/],
    [read([{ name: 'N' }]), '/definitions/0/id', /^id is missing; expected the id/],
    [read([{ id: '', name: 'N' }]), '/definitions/0/id', /^id is the text ""; expected the id/],
    [read([{ id: 'd' }]), '/definitions/0/name', /^name is missing; expected a text\.$/],
    [read([{ id: 'd', name: 'N', description: 5 }]), '/definitions/0/description', /^description is 5/],
    [
      read([{ id: 'd', name: 'N', input_schema: 'x' }]),
      '/definitions/0/input_schema',
      /^input_schema is the text "x"; expected a JSON Schema/,
    ],
    [
      read([{ id: 'd', name: 'N', effect: 'reads' }]),
      '/definitions/0/effect',
      /^effect is the text "reads"; expected "read"/,
    ],
  ])('is refused with the place: %#', (parsed, path, message) => {
    expect(rejectionsOf(parsed)).toMatchObject([{ code: 'schema', path, message: expect.stringMatching(message) }]);
  });

  it('is refused when two definitions have one id', () => {
    expect(
      rejectionsOf(
        read([
          { id: 'd', name: 'A' },
          { id: 'e', name: 'B' },
          { id: 'd', name: 'C' },
        ]),
      ),
    ).toMatchObject([
      { code: 'duplicate_key', path: '/definitions/2/id', message: expect.stringContaining('/definitions/0') },
    ]);
  });

  it('never throws on any value (property)', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.oneof(
            arbitraryJson(),
            arbitraryJsonObject().map((extra) => new Map([...extra, ['id', 'd'], ['name', 'N']] as const)),
          ),
        ),
        (definitions) => {
          const parsed = parseDefinitions(
            new Map<string, JsonValue>([
              ['format', 'chainwright.definitions/1'],
              ['definitions', definitions],
            ]),
          );
          if (!parsed.ok) expect(parsed.error.length).toBeGreaterThan(0);
        },
      ),
      { numRuns: fuzzRuns(200) },
    );
  });
});
