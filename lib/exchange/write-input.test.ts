import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromPlain, isSameJson, type JsonValue, Numeral, type PlainJson, toPlain } from '@/lib/json/value';
import { bindInputs } from '@/lib/template/bind-inputs';
import { parseTemplate } from '@/lib/template/parse-template';
import { fuzzRuns } from '@/testing/fuzz-runs';
import { isSurelyText } from './surely-text';
import { type WriteInputRequest, writeInput } from './write-input';

const INPUT = new Map<string, JsonValue>([
  ['name', 'Ada'],
  ['quote', `it's "so"`],
  ['braces', '{{ fetch.id }} {% if %} {# no #}'],
  ['lines', 'one\r\ntwo\n'],
  ['empty', ''],
  ['half', '\ud800 and \u0000'],
  ['count', new Numeral('5')],
  ['below', new Numeral('-2')],
  ['float', new Numeral('2.50')],
  ['large', new Numeral('9007199254740993')],
  ['endless', new Numeral('1e400')],
  ['flag', true],
  ['off', false],
  ['nothing', null],
  ['list', ['x', new Numeral('-1'), null, '{{']],
  [
    'record',
    new Map<string, JsonValue>([
      ['city', 'Bern'],
      ['items', ['i']],
      ["it's", true],
    ]),
  ],
]);

const OUTPUTS = new Map<string, JsonValue>([
  [
    'fetch',
    fromPlain({ id: 'C-1', text: 'two', two: 2, below: -3, list: ['p', 'q'], key: 'city', record: { city: 'Rome' } }),
  ],
]);

const written = (
  text: string,
  { input = INPUT, binding = 'text', undefinedMode = 'strict' }: Partial<Omit<WriteInputRequest, 'text'>> = {},
): JsonValue => {
  const result = writeInput({ text, input, binding, undefinedMode });
  if (!result.ok) throw new Error(result.error);
  return result.value;
};

const refused = (text: string, input: PlainJson = { name: 'Ada' }): string => {
  const result = writeInput({ text, input: fromPlain(input), binding: 'text', undefinedMode: 'strict' });
  if (result.ok) throw new Error(`Written as ${JSON.stringify(toPlain(result.value))}`);
  return result.error;
};

describe('writeInput', () => {
  it.each([
    ['{{ input.name }}', 'Ada'],
    ['{{ input.count }}', '5'],
    ['{{ input.float }}', '2.5'],
    ['{{ input.flag }}', 'True'],
    ['{{ input.nothing }}', 'None'],
    ['{{ input.list[0] }}', 'x'],
    ['{{ input.list[-2] }}', 'None'],
    ["{{ input['record']['items'] }}", "['i']"],
    ['Dear {{ input.name }},\r\nyours', 'Dear Ada,\nyours'],
    ['{{- input.name -}} !', 'Ada!'],
    ['Dear {{ input.name }}: {{ fetch.id }}', 'Dear Ada: {{ fetch.id }}'],
    ['{{ input.name }}{{ input.empty }}{{ fetch.id }}', "Ada{{ '' }}{{ fetch.id }}"],
    ['{ {{ input.name }} }{{ fetch.id }}', '{ Ada }{{ fetch.id }}'],
    ['{{ input.record }}{{ fetch.id }}', "{{ ({'city': 'Bern', 'items': ['i'], \"it's\": true}) }}{{ fetch.id }}"],
    ['x {{- input.name -}} y {{ fetch.id }}', "x {{- 'Ada' -}} y {{ fetch.id }}"],
    ['{{ input.name | upper }}', "{{ 'Ada' | upper }}"],
    ['{{ input.name ~ fetch.id }}', "{{ 'Ada' ~ fetch.id }}"],
    ['{{input.name~input.below~fetch.id}}', "{{'Ada'~(-2)~fetch.id}}"],
    ['{{ fetch.two + input.count }}', '{{ fetch.two + 5 }}'],
    ['{{ fetch.two ** input.below }}', '{{ fetch.two ** (-2) }}'],
    ['{{ input.below ** fetch.two }}', "{{ ('-2'.strip()|int) ** fetch.two }}"],
    ['{{ input.endless > fetch.two }}', "{{ ('1e400'.strip()|float) > fetch.two }}"],
    ['{{ fetch.record[input.record.city] }}', "{{ fetch.record['Bern'] }}"],
    ['{{ input.record[fetch.key] }}', "{{ ({'city': 'Bern', 'items': ['i'], \"it's\": true})[fetch.key] }}"],
    [
      '{{ (input.record).city ~ fetch.id }}',
      "{{ (({'city': 'Bern', 'items': ['i'], \"it's\": true})).city ~ fetch.id }}",
    ],
    ['{{ input.list[fetch.two - 1:] }}', "{{ ['x', (-1), none, '{{'][fetch.two - 1:] }}"],
    [
      '{% if input.flag %}{{ fetch.id }}{% elif input.off %}{{ input.name }}{% endif %}',
      '{% if true %}{{ fetch.id }}{% elif false %}Ada{% endif %}',
    ],
    ["{{ input.nick | default('none') ~ fetch.id }}", "{{ ({}).nick | default('none') ~ fetch.id }}"],
    ['{{ input.name.nick | default(fetch.id) }}', "{{ ('Ada').nick | default(fetch.id) }}"],
    ['{{ fetch.id if input.nick is defined else input.name }}', "{{ fetch.id if ({}).nick is defined else 'Ada' }}"],
    ['{{ fetch.id is eq input.count }}', '{{ fetch.id is eq 5 }}'],
    ['no template, input.name', 'no template, input.name'],
    ['{{ fetch.id }} \r\n {{ "input.name" }}', '{{ fetch.id }} \r\n {{ "input.name" }}'],
  ])('writes %j as %j where everything becomes text', (text, expected) => {
    expect(toPlain(written(text))).toBe(expected);
  });

  it.each([
    ['{{ input.count }}', new Numeral('5')],
    ['{{ input.large }}', new Numeral('9007199254740993')],
    [' {{ input.float }}\n', new Numeral('2.50')],
    ['{{ input.flag }}', true],
    ['{{ input.nothing }}', null],
    ['{{ input.count + 1 }}', new Numeral('6')],
    ['{{ 1 == 1 }}', true],
    ['{{ input.list }}', ['x', new Numeral('-1'), null, "{{ '{{' }}"]],
    [' {{ fetch.id }} ', '{{ fetch.id }}'],
    ['{{ input.count }} pieces', '5 pieces'],
    ['{{ input.name | upper }}', "{{ 'Ada' | upper }}"],
  ] as const)('keeps the type of %j where types are kept', (text, expected) => {
    expect(written(text, { binding: 'typed' })).toEqual(expected);
  });

  it('writes a text that Jinja2 would read or change so that it prints itself', () => {
    expect(written('{{ input.braces }}')).toBe("{{ '{{' }} fetch.id }} {{ '{%' }} if %} {{ '{#' }} no #}");
    expect(written('{{ input.lines }}')).toBe("one{{ '\\r\\n' }}two{{ '\\n' }}");
    expect(written('{{ input.half ~ fetch.id }}')).toBe("{{ '\\ud800 and \\x00' ~ fetch.id }}");
  });

  it('writes what a lenient chain prints for what is not there, because a strict runner would refuse it', () => {
    const lenient = { undefinedMode: 'lenient' } as const;
    expect(written('<{{ input.nick }}>', lenient)).toBe('<>');
    expect(written('{{ input.nick ~ fetch.id }}', lenient)).toBe('{{ (none if false) ~ fetch.id }}');
  });

  it.each([
    ['{{ input.nick }}', 'reads input.nick, which the input does not have'],
    ['{{ fetch.id ~ input.a.b }}', 'reads input.a, which the input does not have'],
    ['{{ input.name + 1 }}', 'cannot be rendered with this input'],
    ['{% if input.nick %}{% endif %}{{ fetch.id }}', 'reads input.nick'],
  ])('refuses %j with the reason', (text, reason) => {
    expect(refused(text)).toContain(reason);
  });

  it('refuses to guess an input that was not given', () => {
    const request = { text: '{{ input.name }}', input: undefined, binding: 'text', undefinedMode: 'strict' } as const;
    expect(writeInput(request)).toEqual({ ok: false, error: 'reads input.name, and no input is given' });
    expect(writeInput({ ...request, text: '{{ fetch.id }}' }).ok).toBe(true);
  });

  it('refuses a template that the input makes too long for any template', () => {
    expect(refused('{{ input.name ~ fetch.id }}', { name: 'x'.repeat(70_000) })).toContain('at most 65536 characters');
  });

  it('gives a runner that knows no input what the chain itself gives (property)', () => {
    fc.assert(
      fc.property(arbitraryTemplate, fc.constantFrom('typed', 'text'), (text, binding) => {
        const template = parseTemplate(text);
        fc.pre(template.ok);
        const result = writeInput({ text, input: INPUT, binding, undefinedMode: 'strict' });
        const here = bindInputs({
          inputs: text,
          scope: new Map<string, JsonValue>([...OUTPUTS, ['input', INPUT]]),
          binding,
          undefinedMode: 'strict',
        });
        if (!result.ok) return;
        const { single } = template.ok ? template.value : { single: null };
        // That such a value arrives as text is a loss, and named.
        fc.pre(
          binding === 'text' ||
            single === null ||
            isSurelyText(single.expression, () => false) ||
            !text.includes('fetch'),
        );
        const there = bindInputs({ inputs: result.value, scope: OUTPUTS, binding: 'text', undefinedMode: 'strict' });
        expect(there.ok).toBe(here.ok);
        if (!there.ok || !here.ok || isSameJson(there.value.value, here.value.value)) return;
        expect(toPlain(there.value.value)).toEqual(toPlain(here.value.value));
        expect(there.value.value).toEqual(here.value.value);
      }),
      { numRuns: fuzzRuns(500) },
    );
  });
});

const arbitraryRead = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...[...INPUT.keys()].map((key) => `input.${key}`)) },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      'input',
      'input.nick',
      'input.nick.deep',
      "input['name']",
      'input.list[0]',
      'input.list[-1]',
      'input.list[9]',
      'input.list[fetch.two]',
      'input.list[input.below]',
      "input['record']['items']",
      'input.record.items()',
      'input.record[fetch.key]',
      'input.record.city',
      '(input.record).city',
      'input.name[0]',
      'input.name[1:]',
      'input.name.upper()',
    ),
  },
  { weight: 3, arbitrary: fc.constantFrom('fetch.id', 'fetch.two', 'fetch.below', 'fetch.list', 'fetch.none') },
  { weight: 1, arbitrary: fc.constantFrom("'it'", '1', 'true', "'{{'") },
);

const arbitraryExpression: fc.Arbitrary<string> = fc.letrec<{ e: string }>((tie) => ({
  e: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    arbitraryRead,
    tie('e').map((e) => `(${e})`),
    tie('e').map((e) => `${e} | default('d')`),
    tie('e').map((e) => `${e} | string`),
    tie('e').map((e) => `${e}|int`),
    tie('e').map((e) => `${e} is defined`),
    tie('e').map((e) => `not ${e}`),
    tie('e').map((e) => `-${e}`),
    tie('e').map((e) => `[${e}, fetch.id]`),
    tie('e').map((e) => `{'k': ${e}}`),
    fc
      .tuple(tie('e'), fc.constantFrom('~', '+', '*', '**', '==', '<', 'in', 'and', 'or', '%'), tie('e'))
      .map(([a, operator, b]) => `${a} ${operator} ${b}`),
    fc.tuple(tie('e'), tie('e'), tie('e')).map(([a, b, c]) => `${a} if ${b} else ${c}`),
    fc.tuple(tie('e'), tie('e')).map(([a, b]) => `${a} if ${b}`),
  ),
})).e;

const arbitraryPiece = fc.oneof(
  { weight: 3, arbitrary: arbitraryExpression.map((e) => `{{ ${e} }}`) },
  { weight: 1, arbitrary: arbitraryRead.map((e) => `{{${e}}}`) },
  { weight: 1, arbitrary: arbitraryRead.map((e) => `{{- ${e} -}}`) },
  {
    weight: 1,
    arbitrary: fc.tuple(arbitraryExpression, arbitraryRead).map(([c, e]) => `{% if ${c} %}${e}{{ ${e} }}{%- endif %}`),
  },
  { weight: 3, arbitrary: fc.constantFrom(' ', '\n', '\r\n', '{', '}', '%', '#', 'a', '-', '{# input.name #}') },
);

const arbitraryTemplate = fc.array(arbitraryPiece, { minLength: 1, maxLength: 4 }).map((pieces) => pieces.join(''));
