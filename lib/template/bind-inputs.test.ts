import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseJson } from '@/lib/json/parse-json';
import { printCompactJson } from '@/lib/json/print-json';
import { isJsonObject, isSameJson, type JsonValue, Numeral } from '@/lib/json/value';
import { fuzzRuns } from '@/testing/fuzz-runs';
import { type BindFailure, bindInputs, evaluateCondition, type Scope } from './bind-inputs';

function json(text: string): JsonValue {
  const parsed = parseJson(text);
  if (!parsed.ok) throw new Error(parsed.error.message);
  return parsed.value;
}

const scopeValue = json(`{
  "input": { "account_id": "12345", "whole": 2.0, "big": 9007199254740993, "none": null },
  "fetch_customer": {
    "customer_id": "C-1", "score": 7, "items": [1, 2.50, 3], "keys": "k",
    "address": { "city": "London", "zip": null }, "__proto__": "own", "then": "not a promise"
  }
}`);
if (!isJsonObject(scopeValue)) throw new Error('no object');
const scope: Scope = scopeValue;

type Options = { readonly binding?: 'typed' | 'text'; readonly undefinedMode?: 'strict' | 'lenient' };

const bind = (inputs: JsonValue, { binding = 'typed', undefinedMode = 'strict' }: Options = {}) =>
  bindInputs({ inputs, scope, binding, undefinedMode });

function boundOf(inputs: JsonValue, options?: Options): JsonValue {
  const bound = bind(inputs, options);
  if (!bound.ok) throw new Error(bound.error.message);
  return bound.value.value;
}

const textOf = (inputs: JsonValue, options?: Options): string => printCompactJson(boundOf(inputs, options));

function failureOf(inputs: JsonValue, options?: Options): BindFailure {
  const bound = bind(inputs, options);
  if (bound.ok) throw new Error(`It binds to ${printCompactJson(bound.value.value)}`);
  return bound.error;
}

describe('typed binding', () => {
  it.each([
    ['{{ fetch_customer.score }}', '7'],
    [' {{- fetch_customer.score }}\n', '7'],
    ['{{ input.whole }}', '2.0'],
    ['{{ input.big }}', '9007199254740993'],
    ['{{ input.none }}', 'null'],
    ["{{ fetch_customer['items'] }}", '[1,2.50,3]'],
    ['{{ fetch_customer.score > 3 }}', 'true'],
    ['{{ input.big + 1 }}', '9007199254740994'],
    ['{{ 1e16 * 10 }}', '1e+17'],
    ['{{ 6 / 2 }}', '3.0'],
    ['{{ (1, "a") }}', '[1,"a"]'],
    ["{{ fetch_customer['items']|map('int') }}", '[1,2,3]'],
    ['{{ {"id": input.account_id, 1: none, "n": [input.whole]} }}', '{"id":"12345","1":null,"n":[2.0]}'],
    ['{{ "<"|e }}', '"&lt;"'],
    ['Hello {{ fetch_customer.score }}', '"Hello 7"'],
    ['{{ fetch_customer.score }}{{ input.whole }}', '"72.0"'],
    ['{% if true %}{{ 5 }}{% endif %}', '"5"'],
  ])('%s gives %s', (template, expected) => {
    expect(textOf(template)).toBe(expected);
  });

  it('hands on the very object of the scope', () => {
    const customer = scope.get('fetch_customer');
    expect(boundOf('{{ fetch_customer }}')).toBe(customer);
    expect(boundOf('{{ fetch_customer if true else 1 }}')).toBe(customer);
    expect(boundOf('{{ [fetch_customer]|first }}')).toBe(customer);
  });

  it('hands on a value of any size and depth at no cost', () => {
    let deep: JsonValue = null;
    for (let i = 0; i < 500; i++) deep = [deep];
    const wide: JsonValue = Array.from({ length: 500_000 }, () => 'x');
    const big: Scope = new Map<string, JsonValue>([
      ['deep', deep],
      ['wide', wide],
    ]);
    const bound = bindInputs({
      inputs: ['{{ deep }}', '{{ wide }}'],
      scope: big,
      binding: 'typed',
      undefinedMode: 'strict',
    });
    expect(bound.ok && bound.value.value).toEqual([deep, wide]);
  });

  it('never turns text into a number', () => {
    expect(textOf('{{ input.account_id }}')).toBe('"12345"');
    expect(textOf('{{ "5" }}')).toBe('"5"');
  });
});

describe('text binding', () => {
  it.each([
    ['{{ fetch_customer.score }}', '"7"'],
    [' {{ input.whole }} ', '" 2.0 "'],
    ['{{ input.none }}', '"None"'],
    ["{{ fetch_customer['items'] }}", '"[1, 2.5, 3]"'],
    ['{{ fetch_customer.address }}', `"{'city': 'London', 'zip': None}"`],
  ])('%s gives the text %s', (template, expected) => {
    expect(textOf(template, { binding: 'text' })).toBe(expected);
  });

  it('leaves what is no string as it is', () => {
    expect(textOf(json('{"a":[1.50,true,null,{"b":"{{ 1 }}"}]}'), { binding: 'text' })).toBe(
      '{"a":[1.50,true,null,{"b":"1"}]}',
    );
  });
});

describe('inputs', () => {
  it('resolves templates at any depth, keys never', () => {
    const inputs = json(
      '{"{{ k }}": [{"a": ["{{ fetch_customer.customer_id }}", "{{ input.whole }}"]}], "__proto__": "{{ 1 }}"}',
    );
    expect(textOf(inputs)).toBe('{"{{ k }}":[{"a":["C-1",2.0]}],"__proto__":1}');
  });

  it('shares what holds no template', () => {
    const still = json('{"a":[1,{"b":"c"}]}');
    const inputs = new Map<string, JsonValue>([
      ['still', still],
      ['moved', '{{ 1 }}'],
    ]);
    const bound = boundOf(inputs);
    expect(isJsonObject(bound) && bound.get('still')).toBe(still);
    expect(boundOf(still)).toBe(still);
  });

  it('passes text without {{, {% or {# through untouched (property)', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        fc.pre(!/\{[{%#]/.test(text));
        expect(boundOf(text)).toBe(text);
        expect(boundOf(text, { binding: 'text', undefinedMode: 'lenient' })).toBe(text);
      }),
    );
    expect(boundOf('line\r\nend } }} %}\n')).toBe('line\r\nend } }} %}\n');
  });

  it('stops at the first field that fails, with its pointer', () => {
    const inputs = json('{"a":"{{ 1 }}","b/c":[0,{"~":"x\\n y {{ fetch_customer.customer_idd }}"}],"d":"{{ zzz }}"}');
    expect(failureOf(inputs)).toEqual({
      path: '/b~1c/1/~0',
      message: 'customer_idd is not in the output of fetch_customer. Did you mean customer_id?',
      line: 2,
      column: 22,
      length: 12,
      expression: 'customer_idd',
    });
  });

  it('of one action share a budget, however many templates there are', () => {
    const costly = "{{ fetch_customer['items']|map('string')|join(',') ~ ('x' * 3000000)|length }}";
    expect(failureOf(Array.from({ length: 40 }, () => costly)).message).toMatch(/together/);
    expect(bind(Array.from({ length: 5 }, () => costly)).ok).toBe(true);
  });

  it('cannot hand on one large value so often that printing it breaks', () => {
    const large: Scope = new Map([['big', 'x'.repeat(1_000_000)]]);
    const request = { scope: large, binding: 'typed', undefinedMode: 'strict' } as const;
    expect(bindInputs({ ...request, inputs: Array.from({ length: 60 }, () => '{{ big }}') })).toMatchObject({
      ok: false,
      error: { message: expect.stringMatching(/together/) },
    });
    expect(bindInputs({ ...request, inputs: '{{ [big] * 50000 }}' })).toMatchObject({
      ok: false,
      error: { message: expect.stringMatching(/4,000,000/) },
    });
  });
});

describe('what is not there', () => {
  it.each([
    [
      '{{ fetch_custmer.x }}',
      'fetch_custmer is neither input nor an action upstream. Did you mean fetch_customer?',
      'fetch_custmer',
    ],
    ['{{ zzz }}', 'zzz is neither input nor an action upstream.', 'zzz'],
    ['{{ input.acount_id }}', 'acount_id is not in the chain’s input. Did you mean account_id?', 'acount_id'],
    ['{{ fetch_customer.address.cty }}', 'cty is not in fetch_customer.address. Did you mean city?', 'cty'],
    [
      "{{ fetch_customer['customer id'] }}",
      'customer id is not in the output of fetch_customer. Did you mean customer_id?',
      "'customer id'",
    ],
    ["{{ fetch_customer['items'][5] }}", "fetch_customer['items'] has no item 5; it has 3 items.", '5'],
    ['{{ fetch_customer.address.zip.code }}', 'fetch_customer.address.zip is None, so it has no code.', 'code'],
    ['{{ fetch_customer.score.x }}', 'fetch_customer.score is an integer, so it has no x.', 'x'],
    ['{{ fetch_customer.constructor }}', 'constructor is not in the output of fetch_customer.', 'constructor'],
    ['{{ [fetch_customer.zz] }}', 'zz is not in the output of fetch_customer.', 'zz'],
  ])('%s: %s', (template, message, expression) => {
    expect(failureOf(template)).toMatchObject({ message, expression });
  });

  it('is no use of it to ask whether it is defined or to give a default', () => {
    expect(textOf('{{ zzz is defined }}')).toBe('false');
    expect(textOf("{{ fetch_customer.zz|default('d') }}")).toBe('"d"');
  });

  it('gives empty text when lenient, with a warning, and fails one level deeper', () => {
    expect(bind('{{ fetch_customer.zz }}', { undefinedMode: 'lenient' })).toEqual({
      ok: true,
      value: { value: '', warnings: [{ code: 'undefined_as_empty', path: '' }] },
    });
    expect(bind(['a{{ zz }}'], { undefinedMode: 'lenient' })).toEqual({
      ok: true,
      value: { value: ['a'], warnings: [{ code: 'undefined_as_empty', path: '/0' }] },
    });
    expect(failureOf('{{ fetch_customer.zz.y }}', { undefinedMode: 'lenient' }).message).toMatch(/^zz is not in/);
  });

  it('is not null: null has a value, and a warning where it becomes text', () => {
    expect(bind('{{ input.none }}')).toEqual({ ok: true, value: { value: null, warnings: [] } });
    expect(bind('x{{ input.none }}')).toEqual({
      ok: true,
      value: { value: 'xNone', warnings: [{ code: 'null_as_text', path: '' }] },
    });
    expect(textOf("{{ input.none|default('d') }}")).toBe('null');
  });

  it('a dict’s method is no field, and the message says how to read the field', () => {
    const message = ".items is a method here, not a field. Write ['items'] for the field.";
    expect(failureOf('{{ fetch_customer.items }}')).toMatchObject({ message, expression: 'fetch_customer.items' });
    expect(failureOf('x{{ fetch_customer.items }}')).toMatchObject({ message });
    expect(textOf('{{ fetch_customer.items()|length }}')).toBe('7');
  });
});

describe('failures', () => {
  it.each([
    ["{{ 1 + 'a' }}", "1 + 'a'"],
    ['{{ 5 ~ (1 / 0) }}', '1 / 0'],
    ["{{ ['a', 1]|sort|first }}", "['a', 1]|sort"],
    ['{% if [1] < 2 %}{% endif %}', '[1] < 2'],
    ['{{ fetch_customer.score() }}', 'fetch_customer.score()'],
    ['{{ 5|map("upper")|list }}', '5|map("upper")|list'],
    ['{{ 1e308 * 10 }}', '1e308 * 10'],
  ])('of %s point at %s', (template, expression) => {
    const failure = failureOf(template);
    expect(failure.expression).toBe(expression);
    expect(template.slice(failure.column - 1, failure.column - 1 + failure.length)).toBe(expression);
  });

  it('show at most 80 characters of an expression, and nothing of a value', () => {
    const secret = 'hunter2'.repeat(30);
    const failure = bindInputs({
      inputs: `{{ secret + ${'1 + '.repeat(50)} 2 }}`,
      scope: new Map([['secret', secret]]),
      binding: 'typed',
      undefinedMode: 'strict',
    });
    expect(failure.ok).toBe(false);
    expect(JSON.stringify(failure)).not.toContain('hunter2');
    expect(failure.ok ? '' : failure.error.expression).toBe('secret + 1');
    expect(failureOf(`{{ '${'y'.repeat(200)}' + 1 }}`).expression).toHaveLength(80);
  });

  it('of text that does not parse come with their place', () => {
    expect(failureOf(['a {{ b'])).toEqual({
      path: '/0',
      message: 'Expected }} after the expression, found the end of the text.',
      line: 1,
      column: 7,
      length: 0,
      expression: '',
    });
  });
});

describe('conditions', () => {
  const holds = (when: string, undefinedMode: 'strict' | 'lenient' = 'strict') =>
    evaluateCondition({ when, scope, undefinedMode });

  it.each([
    ['{{ fetch_customer.score > 3 }}', true],
    ['{{ fetch_customer.score }}', true],
    ['{{ input.none }}', false],
    ["{{ '' }}", false],
    ['{{ [] or 0.0 }}', false],
    ["{{ 'False' }}", true],
    ['{{ zzz is defined }}', false],
  ])('%s is %s', (when, expected) => {
    expect(holds(when)).toEqual({ ok: true, value: expected });
  });

  it('fail on what is not there, unless lenient', () => {
    expect(holds('{{ zzz }}')).toMatchObject({ ok: false, error: { path: '/when', expression: 'zzz' } });
    expect(holds('{{ zzz }}', 'lenient')).toEqual({ ok: true, value: false });
  });

  it.each(['true', 'x {{ 1 }}', '{{ 1 }}{{ 2 }}', '{% if 1 %}{{ 1 }}{% endif %}', ''])('%j is no condition', (when) => {
    expect(holds(when)).toMatchObject({
      ok: false,
      error: { path: '/when', message: 'A condition is exactly one {{ expression }}.' },
    });
  });
});

describe('any expression', () => {
  const anyJson: fc.Arbitrary<JsonValue> = fc.letrec<{ value: JsonValue }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 3 },
      fc.constantFrom(null, true, false, '', 'a', '😀', '\ud800', '12'),
      fc.constantFrom('0', '-0', '1', '2.0', '1e400', '9007199254740993', '-1.5e-7').map((text) => new Numeral(text)),
      fc.array(tie('value'), { maxLength: 3 }),
      fc
        .array(fc.tuple(fc.constantFrom('a', 'items', '__proto__', 'then', 'constructor', ''), tie('value')), {
          maxLength: 3,
        })
        .map((entries) => new Map(entries)),
    ),
  })).value;

  const FILTERS =
    'upper length first last join int float round abs sort reverse|list unique|list min max sum list tojson default(1) string title trim e urlencode wordcount indent truncate(3,leeway=0) batch(2)|list map("upper")|list select|list items|list dictsort center(3) format(1) replace("a","b")'.split(
      ' ',
    );
  const anyExpression: fc.Arbitrary<string> = fc.letrec<{ e: string }>((tie) => ({
    e: fc.oneof(
      { maxDepth: 4 },
      fc.constantFrom(
        'a',
        'b',
        'a.b',
        "a['items']",
        'a[0]',
        'a[-1]',
        '1',
        '2.5',
        '0',
        "'x'",
        'none',
        'true',
        '[]',
        '{}',
        '10**30',
        'zz',
      ),
      fc.tuple(tie('e'), fc.constantFrom(...FILTERS)).map(([e, filter]) => `(${e})|${filter}`),
      fc
        .tuple(
          tie('e'),
          fc.constantFrom('+', '-', '*', '/', '//', '%', '**', '~', '==', '<', '>=', 'in', 'not in', 'and', 'or'),
          tie('e'),
        )
        .map((parts) => `(${parts.join(' ')})`),
      fc.tuple(tie('e'), tie('e')).map(([x, y]) => `[${x}, ${y}]`),
      fc.tuple(tie('e'), tie('e')).map(([x, y]) => `{${x}: ${y}}`),
      fc.tuple(tie('e'), tie('e'), tie('e')).map(([x, y, z]) => `(${x} if ${y} else ${z})`),
      fc
        .tuple(tie('e'), fc.constantFrom('odd', 'defined', 'string', 'eq 1', 'iterable', 'lower'))
        .map(([e, test]) => `(${e} is ${test})`),
      fc
        .tuple(tie('e'), fc.constantFrom('[1:]', '[::-1]', '.a', '[0]', '.upper()', '.get("a")'))
        .map((parts) => parts.join('')),
    ),
  })).e;

  it('gives a value or a failure, never a native error, and never the same twice otherwise (property)', () => {
    fc.assert(
      fc.property(
        anyExpression,
        anyJson,
        anyJson,
        fc.constantFrom('strict', 'lenient'),
        (expression, a, b, undefinedMode) => {
          const request = {
            inputs: [`{{ ${expression} }}`, `x{{ ${expression} }}`],
            scope: new Map([
              ['a', a],
              ['b', b],
            ]),
            binding: 'typed',
            undefinedMode,
          } as const;
          const before = printCompactJson([a, b]);
          const first = bindInputs(request);
          const second = bindInputs(request);
          if (first.ok && second.ok) expect(isSameJson(first.value.value, second.value.value)).toBe(true);
          else expect(first).toEqual(second);
          expect(printCompactJson([a, b])).toBe(before);
        },
      ),
      { numRuns: fuzzRuns(1500) },
    );
  });
});
