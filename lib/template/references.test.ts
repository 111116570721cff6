import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fuzzRuns } from '@/testing/fuzz-runs';
import { findReferences } from './references';
import { renameReference } from './rename-reference';

/** Paths with a `?` where they are guarded. */
const pathsOf = (text: string): readonly string[] =>
  findReferences(text).map(({ path, isGuarded }) => path.join('/') + (isGuarded ? '?' : ''));

describe('findReferences', () => {
  it.each([
    ['{{ a.b.c }}', ['a/b/c']],
    ["{{ a['b'][0].c }}", ['a/b/0/c']],
    ['{{ a[-1].b }}', ['a/-1/b']],
    ['{{ a.0.b }}', ['a/0/b']],
    ['{{ a[b.c].d }}', ['a', 'b/c']],
    ['{{ a[1:b].c }}', ['a', 'b']],
    ['{{ a.b ~ c|upper + d }}', ['a/b', 'c', 'd']],
    ['{{ [a, {b: c}] }}', ['a', 'b', 'c']],
    ['{{ x|replace(a, new=b) }}', ['x', 'a', 'b']],
    ['{{ "a.b" ~ 1 }}', []],
    ['a.b {# {{ c }} #}{% raw %}{{ d }}{% endraw %}', []],
    ['{{ a.items }} {{ a["items"] }}', ['a', 'a/items']],
    ['{{ a.items()|list }} {{ a.name.upper(b) }}', ['a', 'a/name', 'b']],
    ['{{ a.get("b").c }}', ['a']],
    ['{{ range is defined }}', []],
    ['{{ (a.b).c }}', ['a/b/c']],
    ['{{ a. }}', []],
    ['{{ __proto__.constructor }}', ['__proto__/constructor']],
  ])('reads %s', (text, expected) => {
    expect(pathsOf(text)).toEqual(expected);
  });

  it.each([
    ['{{ a.b|default("x") }}', ['a/b?']],
    ['{{ a.b|d(c) }}', ['a/b?', 'c']],
    ['{{ a.b is defined }} {{ a.b is not undefined }}', ['a/b?', 'a/b?']],
    ['{{ a.b if a.b is defined else c }}', ['a/b?', 'a/b?', 'c']],
    ['{{ c if a is not defined else a.b }}', ['c', 'a?', 'a/b?']],
    ['{% if a.b %}{{ a.b.c }}{{ d }}{% else %}{{ a.b }}{% endif %}', ['a/b', 'a/b/c?', 'd', 'a/b']],
    [
      '{% if a is undefined %}{{ a }}{% elif b %}{{ a.x }}{% else %}{{ a.y }}{% endif %}',
      ['a?', 'a', 'b', 'a/x?', 'a/y?'],
    ],
    ['{{ a is defined and a.b }}', ['a?', 'a/b?']],
    ['{{ a is not defined or a.b }}', ['a?', 'a/b?']],
    ['{{ a is defined or a.b }}', ['a?', 'a/b']],
    ['{% if a is defined and b is defined %}{{ a ~ b ~ c }}{% endif %}', ['a?', 'b?', 'a?', 'b?', 'c']],
    ['{% if not (a is undefined or b is undefined) %}{{ a ~ b }}{% endif %}', ['a?', 'b?', 'a?', 'b?']],
    ['{% if a == 1 %}{{ a }}{% endif %}', ['a', 'a']],
  ])('knows what is guarded in %s', (text, expected) => {
    expect(pathsOf(text)).toEqual(expected);
  });

  it('gives the place of every segment', () => {
    const text = 'x\r\n{{ a . b["c d"] [0] }}';
    const [reference] = findReferences(text);
    expect(reference!.segments.map(({ start, end }) => text.slice(start, end))).toEqual(['a', 'b', '"c d"', '0']);
    expect(reference!.segments.map(({ line, column }) => [line, column])).toEqual([
      [2, 4],
      [2, 8],
      [2, 10],
      [2, 18],
    ]);
  });

  it('takes linear time for a long text', () => {
    const text = `${'{{ a.b }}\n'.repeat(6000)}`;
    const references = findReferences(text);
    expect(references).toHaveLength(6000);
    expect(references.at(-1)!.segments[1]).toMatchObject({ line: 6000, column: 6 });
  });
});

describe('renameReference', () => {
  it.each([
    ['{{ a.b }}', '{{ z.b }}'],
    ['{{a}}{{- a["a"].a -}}', '{{z}}{{- z["a"].a -}}'],
    ['a {{ a|default(a) }} a', 'a {{ z|default(z) }} a'],
    ['{{ "a" ~ x.a ~ ab ~ a }}', '{{ "a" ~ x.a ~ ab ~ z }}'],
    ['{% if a is defined and x[a.b] %}{{ a[a] }}{% endif %}', '{% if z is defined and x[z.b] %}{{ z[z] }}{% endif %}'],
    [
      '{# {{ a }} #}{% raw %}{{ a }}{% endraw %}\r\n{{ a\t.b }}',
      '{# {{ a }} #}{% raw %}{{ a }}{% endraw %}\r\n{{ z\t.b }}',
    ],
    ['{{ x|join(a=1, d=a) }}', '{{ x|join(a=1, d=a) }}'],
    ['{{ a.items() }}', '{{ z.items() }}'],
    ['{{ a. }}', '{{ a. }}'],
    ['a', 'a'],
  ])('turns %j into %j', (text, expected) => {
    expect(renameReference(text, 'a', 'z')).toBe(expected);
  });

  it('leaves the text alone when no template can name the new id', () => {
    expect(renameReference('{{ a }}', 'a', 'not a name')).toBe('{{ a }}');
    expect(renameReference('{{ a }}', 'a', 'if')).toBe('{{ a }}');
  });

  it('there and back gives the same bytes (property)', () => {
    const pieces = [
      'a',
      'a.b',
      "b['a']",
      'b',
      '"a"',
      ' ~ ',
      ' + ',
      '|default(a)',
      '|upper',
      ' if a else b',
      '\n',
      '😀',
    ];
    const anyText = fc
      .array(
        fc.oneof(
          fc.constantFrom(' a ', '{# a #}', '\r\n', '{% raw %}{{ a }}{% endraw %}'),
          fc
            .array(fc.constantFrom(...pieces), { minLength: 1, maxLength: 6 })
            .map((parts) => `{{ ${parts.join('')} }}`),
        ),
        { maxLength: 6 },
      )
      .map((parts) => parts.join(''));
    let renamedTexts = 0;
    fc.assert(
      fc.property(anyText, (text) => {
        const renamed = renameReference(text, 'a', 'fresh_name');
        if (renamed !== text) renamedTexts++;
        expect(renameReference(renamed, 'fresh_name', 'a')).toBe(text);
        expect(findReferences(renamed).some(({ path }) => path[0] === 'a')).toBe(false);
      }),
      { numRuns: fuzzRuns(1000) },
    );
    expect(renamedTexts).toBeGreaterThan(20);
  });
});
