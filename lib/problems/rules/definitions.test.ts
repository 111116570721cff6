import { describe, expect, it } from 'vitest';
import type { Definition } from '@/lib/definition/definition';
import type { PlainJson } from '@/lib/json/value';
import { definition, documentOf, knownWith } from '@/testing/problem-cases';
import { findChainProblems, type Known } from '../find-problems';

const wanting = (id: string, input: PlainJson, more: Partial<Definition> = {}): Definition => ({
  ...definition(id, { input }),
  ...more,
});
const NEEDS = { type: 'object', properties: { need: { type: 'string' } }, required: ['need'] };
const imported = wanting('local:lookup', NEEDS, { name: 'Lookup', origin: 'imported' });
const chain = documentOf({ a: { definition_id: 'local:lookup' } });

const found = (known: Known, of = chain): readonly (readonly [string, string])[] =>
  findChainProblems(of, known)
    .filter(({ severity }) => severity === 'warning')
    .map(({ code, path }) => [code, path]);

const mapped = (map: readonly (readonly [string, string])[], ...definitions: readonly Definition[]): Known => ({
  ...knownWith(...definitions),
  idMap: new Map(map),
});

describe('findDefinitionProblems', () => {
  it('knows an imported definition without a map, and checks against it', () => {
    expect(found(knownWith(imported))).toEqual([['input_required_missing', '/actions/a/inputs/need']]);
  });

  it('reports an imported definition that is nowhere, and one that no connection has, each once', () => {
    expect(found(knownWith())).toEqual([['definition_unknown', '/actions/a/definition_id']]);
    expect(found(mapped([]))).toEqual([['definition_unmapped', '/actions/a/definition_id']]);
    expect(found({ ...mapped([]), definitions: null })).toEqual([['definition_unmapped', '/actions/a/definition_id']]);
    expect(found(mapped([], imported))).toEqual([
      ['definition_unmapped', '/actions/a/definition_id'],
      ['input_required_missing', '/actions/a/inputs/need'],
    ]);
  });

  it('checks under the id that a connection has for it, whatever the file said', () => {
    const own = wanting('77', { type: 'object', properties: { other: {} }, required: ['other'] });
    expect(found(mapped([['local:lookup', '77']], imported, own))).toEqual([
      ['input_required_missing', '/actions/a/inputs/other'],
    ]);
  });

  it('reports an id that is mapped to none, naming both', () => {
    const known = mapped([['local:lookup', '77']], imported);
    expect(found(known)).toEqual([['definition_unknown', '/actions/a/definition_id']]);
    expect(findChainProblems(chain, known)[0]!.message).toBe(
      'a calls the definition “local:lookup”, which is “77” there, which the connection does not offer.',
    );
  });

  it('follows the map for ids of another tenant, and for what their outputs hold', () => {
    const output = definition('77', { output: { type: 'object', properties: { name: {} } } });
    const moved = documentOf({
      a: { definition_id: '12' },
      b: { definition_id: '77', depends_on: ['a'], inputs: { x: '{{ a.nam }}' } },
    });
    expect(found(mapped([['12', '77']], output), moved)).toEqual([['reference_field_unknown', '/actions/b/inputs/x']]);
  });

  it.each<[string, readonly Definition[]]>([
    ['none', [imported]],
    ['an imported one only', [imported, { ...imported, id: 'local:lookup-2' }]],
    ['two', [imported, definition('1'), definition('2')].map((each) => ({ ...each, name: 'Lookup' }))],
  ])('offers no definition of equal name where there is %s', (_how, definitions) => {
    const [problem] = findChainProblems(chain, mapped([], ...definitions));
    expect(problem!.code).toBe('definition_unmapped');
    expect(problem!.fix).toBeUndefined();
  });

  it('says once for each definition what of its schemas is not checked', () => {
    const input = { properties: { a: { pattern: 'x' }, b: { patternProperties: { x: {} } } } };
    const known = knownWith({ ...wanting('odd', input), outputSchema: new Map([['format', 'uri']]) });
    const many = documentOf({ a: { definition_id: 'odd' }, b: { definition_id: 'odd' } });
    expect(findChainProblems(many, known).filter(({ code }) => code === 'schema_unchecked')).toEqual([
      expect.objectContaining({
        path: '/actions/a/definition_id',
        message:
          'a: values of ODD are not checked against pattern, patternProperties, format: uri (3 places of the schema).',
      }),
    ]);
  });
});
