import { describe, expect, it } from 'vitest';
import { formatPointer } from '@/lib/json/pointer';
import { fromPlain, type PlainJson } from '@/lib/json/value';
import { findUncheckedParts } from './checkable-schema';

const found = (plain: PlainJson): readonly string[] =>
  findUncheckedParts(fromPlain(plain)).map(({ path, what }) => `${formatPointer(path)} ${what}`);

describe('findUncheckedParts', () => {
  it('finds keywords that would refuse values and are left out, wherever schemas stand', () => {
    expect(
      found({
        pattern: 'a',
        properties: { a: { format: 'uri' }, b: { items: [{ pattern: 'b' }] } },
        patternProperties: { '^x': { format: 'hostname' } },
        anyOf: [true, { not: { contains: { minContains: 2 } } }],
        dependencies: { a: ['b'] },
        $defs: { c: { unevaluatedItems: false } },
      }),
    ).toEqual([
      '/pattern pattern',
      '/properties/a/format format: uri',
      '/properties/b/items/0/pattern pattern',
      '/patternProperties patternProperties',
      '/patternProperties/^x/format format: hostname',
      '/anyOf/1/not/contains/minContains minContains',
      '/dependencies dependencies',
      '/$defs/c/unevaluatedItems unevaluatedItems',
    ]);
  });

  it('finds references that lead out of the document or nowhere', () => {
    expect(
      found({ properties: { a: { $ref: 'https://example.org/x' }, b: { $ref: '#/no' }, c: { $ref: '#' } } }),
    ).toEqual(['/properties/a/$ref $ref', '/properties/b/$ref $ref']);
  });

  it('passes over names, values and annotations that only look like keywords', () => {
    expect(
      found({
        properties: { pattern: { type: 'string' }, format: { enum: ['uri'] }, $ref: {} },
        required: ['pattern'],
        default: { pattern: 'a', format: 'uri' },
        examples: [{ patternProperties: {} }],
        const: { $ref: 'x' },
        'x-note': { pattern: 'a' },
        format: 'date',
        title: 'pattern',
      }),
    ).toEqual([]);
    expect(found({ format: 'int64' })).toEqual([]);
    expect(found(true)).toEqual([]);
    expect(found('pattern')).toEqual([]);
  });

  it('looks at 10,000 schemas at most', () => {
    const properties = Object.fromEntries(Array.from({ length: 20_000 }, (_, i) => [`a${i}`, { pattern: 'x' }]));
    expect(found({ properties })).toHaveLength(9_999);
  });
});
