import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fuzzRuns } from '@/testing/fuzz-runs';
import { rootExpressions } from './check-callables';
import { parseJinja, tokenize } from './jinja-parser';
import { parseTemplate } from './parse-template';
import { childrenOf, type Expression, type TemplateNode } from './syntax';

function expressionOf(source: string): Expression {
  const [node] = parseJinja(`{{ ${source} }}`);
  if (node?.type !== 'output') throw new Error(`No output in ${source}`);
  return node.expression;
}

/** The tree in prefix form, without places. */
function outline(node: Expression): string {
  const parts = childrenOf(node).map(outline).join(' ');
  switch (node.type) {
    case 'literal':
      return typeof node.value === 'bigint' ? `${node.value}n` : JSON.stringify(node.value);
    case 'name':
      return node.name;
    case 'attribute':
      return `(.${node.name} ${parts})`;
    case 'filter':
      return `(|${node.name} ${parts})`;
    case 'test':
      return `(is${node.isNegated ? ' not' : ''} ${node.name} ${parts})`;
    case 'unary':
    case 'binary':
    case 'logic':
      return `(${node.operator} ${parts})`;
    case 'compare':
      return `(${node.rest.map((pair) => pair.operator).join(' ')} ${parts})`;
    default:
      return `(${node.type} ${parts})`;
  }
}

describe('the grammar', () => {
  it.each([
    ['1 + 2 * 3', '(+ 1n (* 2n 3n))'],
    ['10 - 3 + 2', '(+ (- 10n 3n) 2n)'],
    ['2 * 7 // 2', '(// (* 2n 7n) 2n)'],
    ['2 ** 3 ** 2', '(** (** 2n 3n) 2n)'],
    ['-2 ** 2', '(** (- 2n) 2n)'],
    ['1 + 2 ~ 3', '(+ 1n (concat 2n 3n))'],
    ['a ~ b ~ c', '(concat a b c)'],
    ['-1|abs', '(|abs (- 1n))'],
    ['a.b|upper ~ c', '(concat (|upper (.b a)) c)'],
    ['not a == b', '(not (== a b))'],
    ['a or b and c', '(or a (and b c))'],
    ['1 < a <= 3', '(< <= 1n a 3n)'],
    ['a not in b', '(not in a b)'],
    ['a if b else c if d else e', '(conditional a b (conditional c d e))'],
    ['a if b if c', '(conditional (conditional a b) c)'],
    ['a is not divisibleby 3', '(is not divisibleby a 3n)'],
    ['a is eq b + 1', '(+ (is eq a b) 1n)'],
    ['a|join(",", attribute="b")', '(|join a "," "b")'],
    ['a[0].b["c"].1', '(subscript (subscript (.b (subscript a 0n)) "c") 1n)'],
    ['a.0.1', '(subscript (subscript a 0n) 1n)'],
    ['a[1:2]', '(slice a 1n 2n)'],
    ['a[::-1]', '(slice a (- 1n))'],
    ['(1, 2)', '(tuple 1n 2n)'],
    ['1, 2', '(tuple 1n 2n)'],
    ['(1)', '1n'],
    ['()', '(tuple )'],
    ['{"a": 1, b: [2]}', '(dict "a" 1n b (list 2n))'],
    ['\'a\' "b"', '"ab"'],
    ["'\\n\\x41\\u00e9\\d'", '"\\nAé\\\\d"'],
    ['1_000 + 0x1F', '(+ 1000n 31n)'],
    ['1e3', '1000'],
    ['r/2/s', '(/ (/ r 2n) s)'],
    ['null', 'null'],
    ['a.items()', '(call (.items a))'],
  ])('reads %s', (source, expected) => {
    const tree = expressionOf(source);
    expect(source === 'null' ? tree.type : outline(tree)).toBe(source === 'null' ? 'name' : expected);
  });
});

const spansOf = (text: string): readonly string[] =>
  [...rootExpressions(parseJinja(text))].flatMap(function all(node: Expression): string[] {
    return [text.slice(node.start, node.end), ...childrenOf(node).flatMap(all)];
  });

describe('places', () => {
  it.each([
    ['{{ a.b }}', ['a.b', 'a']],
    ['é😀 {{ a [ "b" ] . c }}', ['a [ "b" ] . c', 'a [ "b" ]', 'a', '"b"']],
    ['{{ (1) + ( 2 , 3 ) }}', ['1) + ( 2 , 3 )', '1', '( 2 , 3 )', '2', '3']],
    ['{%- if a|d(b) is not none -%}{{ c }}{% endif %}', ['a|d(b) is not none', 'a|d(b)', 'a', 'b', 'c']],
    ['{{ x if y else z }}', ['x if y else z', 'x', 'y', 'z']],
    ['{{\n  a\r\n  .b }}', ['a\r\n  .b', 'a']],
    ['{% raw %}{{ q }}{% endraw %}{{ {"a": {}} }}', ['{"a": {}}', '"a"', '{}']],
    ['{# {{ q }} #}{{- a -}}', ['a']],
  ])('of every expression in %j are exact', (text, expected) => {
    expect(spansOf(text)).toEqual(expected);
  });

  it('cover the whole tag of an output and of an if', () => {
    const text = 'a{{- b -}}c{% if d %}e{% elif f %}{% else %}g{% endif %}h';
    const nodes = parseJinja(text);
    expect(nodes.map((node: TemplateNode) => [node.type, text.slice(node.start, node.end)])).toEqual([
      ['text', 'a'],
      ['output', '{{- b -}}'],
      ['text', 'c'],
      ['if', '{% if d %}e{% elif f %}{% else %}g{% endif %}'],
      ['text', 'h'],
    ]);
  });
});

describe('problems', () => {
  it.each([
    ['{{ }}', 'template_syntax', 1, 4, 'Expected an expression'],
    ['{{ a', 'template_syntax', 1, 5, 'Expected }}'],
    ['x\n{{ a b }}', 'template_syntax', 2, 6, 'Expected }} after the expression, found “b”'],
    ["{{ 'abc }}", 'template_syntax', 1, 4, 'never closed'],
    ['{# abc', 'template_syntax', 1, 1, 'comment is never closed'],
    ['{% raw %} abc', 'template_syntax', 1, 1, '{% endraw %} is missing'],
    ['{% if a %}b', 'template_syntax', 1, 4, '{% endif %} is missing'],
    ['{% endif %}', 'template_syntax', 1, 4, 'has no {% if %} before it'],
    ['{% if a %}{% else %}{% elif b %}{% endif %}', 'template_syntax', 1, 24, 'stands after {% else %}'],
    ['{% fi %}', 'template_syntax', 1, 4, 'Did you mean if?'],
    ['{% for x in y %}{% endfor %}', 'template_unsupported', 1, 4, '{% for %} is not available'],
    ['{% set x = 1 %}', 'template_unsupported', 1, 4, '{% set %} is not available'],
    ['{% include "x" %}', 'template_unsupported', 1, 4, '{% include %} is not available'],
    ['{{ a|uper }}', 'template_syntax', 1, 6, 'There is no filter uper. Did you mean upper?'],
    ['{{ a|random }}', 'template_unsupported', 1, 6, 'The filter random is not available'],
    ['{{ a is strng }}', 'template_syntax', 1, 9, 'There is no test strng. Did you mean string?'],
    ['{{ a|upper(1) }}', 'template_syntax', 1, 6, 'takes no argument, 1 are given'],
    ['{{ a|replace("x") }}', 'template_syntax', 1, 6, 'needs the argument new'],
    ['{{ a|round(places=2) }}', 'template_syntax', 1, 6, 'has no argument places; it takes precision, method'],
    ['{{ a && b }}', 'template_unsupported', 1, 6, 'templates write “and”'],
    ['{{ a || b }}', 'template_unsupported', 1, 7, 'templates write “or”'],
    ['{{ a === b }}', 'template_unsupported', 1, 6, 'templates write “==”'],
    ['{{ !a }}', 'template_unsupported', 1, 4, 'templates write “not”'],
    ['{{ a ? b : c }}', 'template_unsupported', 1, 6, 'JavaScript'],
    ['{{ range(3) }}', 'template_unsupported', 1, 4, 'range() is not available'],
    ['{{ f(*a) }}', 'template_unsupported', 1, 6, 'not available'],
    ['{{ a is defined if b else c }}', 'template_syntax', 1, 17, 'Put the test in brackets'],
  ])('%s', (text, code, line, column, message) => {
    const parsed = parseTemplate(text);
    if (parsed.ok) throw new Error('It parses');
    expect(parsed.error).toMatchObject({ code, line, column, message: expect.stringContaining(message) });
  });

  it('a text of more than 64 KB is refused by name', () => {
    const parsed = parseTemplate(`{{ a }}${'x'.repeat(64 * 1024)}`);
    expect(parsed).toMatchObject({ ok: false, error: { message: expect.stringContaining('at most 65536') } });
  });

  it.each([
    ['brackets', `{{ ${'('.repeat(61)}1${')'.repeat(61)} }}`],
    ['lists', `{{ ${'['.repeat(30_000)} }}`],
    ['signs', `{{ ${'-'.repeat(60_000)}1 }}`],
    ['not', `{{ ${'not '.repeat(15_000)}1 }}`],
    ['else', `{{ ${'1 if 0 else '.repeat(5000)}1 }}`],
    ['tags', '{% if 1 %}'.repeat(6000)],
    ['subscripts', `{{ ${'a['.repeat(20_000)} }}`],
    ['calls', `{{ ${'a('.repeat(20_000)} }}`],
  ])('%s nested deeper than 60 levels are refused, whatever their number', (_, text) => {
    expect(parseTemplate(text)).toMatchObject({ ok: false, error: { message: 'Nested deeper than 60 levels.' } });
  });

  it.each([
    ['fields', `{{ a${'.b'.repeat(30_000)} }}`],
    ['sums', `{{ 1${'+1'.repeat(30_000)} }}`],
    ['filters', `{{ 1${'|d'.repeat(30_000)} }}`],
    ['conjunctions', `{{ 1${' or 1'.repeat(12_000)} }}`],
  ])('more than 400 %s in a row are refused', (_, text) => {
    expect(parseTemplate(text)).toMatchObject({ ok: false, error: { message: 'More than 400 operators in a row.' } });
  });

  it('sixty brackets and four hundred operators still parse', () => {
    expect(parseTemplate(`{{ ${'('.repeat(60)}1${')'.repeat(60)} }}`).ok).toBe(true);
    expect(parseTemplate(`{{ 1${'+1'.repeat(399)} }}`).ok).toBe(true);
    expect(parseTemplate(`{{ 'a'${" ~ 'a'".repeat(5000)} }}`).ok).toBe(true);
  });
});

describe('tokens', () => {
  it('stop at an open string and say where its quote stands', () => {
    const { tokens, fault, openStringAt } = tokenize("{{ a['cus");
    expect(tokens.map((token) => token.text)).toEqual(['{{', 'a', '[']);
    expect(openStringAt).toBe(5);
    expect(fault?.message).toBe('This string is never closed.');
  });

  it('have offsets in order and inside the text, and never throw (property)', () => {
    fc.assert(
      fc.property(anyTemplate, (text) => {
        let last = 0;
        for (const token of tokenize(text).tokens) {
          expect(token.start).toBeGreaterThanOrEqual(last);
          expect(token.end).toBeGreaterThan(token.start);
          expect(token.end).toBeLessThanOrEqual(text.length);
          last = token.end;
        }
      }),
      { numRuns: fuzzRuns(2000) },
    );
  });
});

const PIECES = [
  ...['{{', '}}', '{%', '%}', '{#', '#}', '-', '+', '~', '*', '**', '/', '//', '%', '|', '.', ',', ':', '=', '=='],
  ...['(', ')', '[', ']', '{', '}', '<', '<=', '!', '!=', '"', "'", '\\', '$', '?', '@', '\n', '\r\n', ' ', '\u00a0'],
  ...[
    'a',
    'if',
    'else',
    'elif',
    'endif',
    'raw',
    'endraw',
    'is',
    'not',
    'in',
    'and',
    'or',
    'defined',
    'upper',
    'd',
    '1',
  ],
  ...['2.5', '1e9', "'s'", 'items', 'é', '😀', '\ud800', 'none', '{{ a }}', '{% if a %}', '{% endif %}', '{% raw %}'],
];
const anyTemplate = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.array(fc.constantFrom(...PIECES), { maxLength: 25 }).map((parts) => parts.join('')),
  fc.array(fc.constantFrom(...PIECES), { maxLength: 15 }).map((parts) => `{{ ${parts.join(' ')} }}`),
);

describe('parseTemplate', () => {
  it('gives a value for any text and never throws (property)', () => {
    fc.assert(
      fc.property(anyTemplate, (text) => {
        const parsed = parseTemplate(text);
        if (parsed.ok) return;
        expect(parsed.error.message).not.toBe('');
        expect(parsed.error.line).toBeGreaterThan(0);
        expect(parsed.error.column).toBeGreaterThan(0);
      }),
      { numRuns: fuzzRuns(3000) },
    );
  });

  it('gives the same tree for the same text', () => {
    expect(parseTemplate('{{ same }}')).toBe(parseTemplate('{{ same }}'));
  });

  it.each([
    ['{{ a }}', true],
    [' \n{{- a -}}\t', true],
    ['{{ a }}{{ b }}', false],
    ['x{{ a }}', false],
    ['{{ a }}x', false],
    ['{{ a }}{# c #}', false],
    ['{# c #}{{ a }}', false],
    ['{% raw %} {% endraw %}{{ a }}', false],
    ['{% if a %}{{ b }}{% endif %}', false],
    ['text', false],
  ])('finds whether %j is one expression alone', (text, isSingle) => {
    const parsed = parseTemplate(text);
    expect(parsed.ok && parsed.value.single !== null).toBe(isSingle);
  });
});
