import { describe, expect, it } from 'vitest';
import { printCompactJson } from '@/lib/json/print-json';
import { type JsonValue, Numeral } from '@/lib/json/value';
import { type BindFailure, bindInputs } from './bind-inputs';

const hostileText = '😀'.repeat(200_000);
const scope: ReadonlyMap<string, JsonValue> = new Map<string, JsonValue>([
  ['input', new Map<string, JsonValue>([['x', 'y']])],
  ['s', 'text'],
  ['n', new Numeral('5')],
  ['l', [new Numeral('1'), 'a']],
  ['then', new Map<string, JsonValue>([['then', 'not a function']])],
  ['emoji', hostileText],
  ['a', 'a'.repeat(2_000_000)],
  ['longNumeral', new Numeral('9'.repeat(1_000_000))],
  ['long', Array.from({ length: 150_000 }, (_, i) => `item ${i}`)],
]);

function run(template: string): { readonly text: string } | { readonly failure: BindFailure } {
  const bound = bindInputs({ inputs: `-${template}`, scope, binding: 'typed', undefinedMode: 'lenient' });
  return bound.ok ? { text: printCompactJson(bound.value.value) } : { failure: bound.error };
}

const messageOf = (template: string): string => {
  const result = run(template);
  if ('text' in result) throw new Error(`It renders ${result.text.slice(0, 80)}`);
  return result.failure.message;
};

describe('nothing of JavaScript can be reached', () => {
  const OWNERS = [
    's',
    "'x'",
    'n',
    '1',
    '1.5',
    'true',
    'none',
    'l',
    '[1]',
    '(1,)',
    'input',
    '{}',
    'l|map("upper")',
    's|e',
    'zz',
    's.upper',
  ];
  const NAMES = [
    ...[
      'constructor',
      '__proto__',
      'prototype',
      '__defineGetter__',
      '__lookupGetter__',
      'hasOwnProperty',
      'isPrototypeOf',
    ],
    ...[
      'toString',
      'toLocaleString',
      'valueOf',
      'toJSON',
      'length',
      'size',
      'call',
      'apply',
      'bind',
      'arguments',
      'caller',
    ],
    ...[
      'at',
      'concat',
      'forEach',
      'entries',
      'charAt',
      'normalize',
      'matchAll',
      'text',
      'items_',
      'walk',
      'owner',
      'kind',
    ],
    ...[
      'mode',
      'fault',
      'describe',
      '#describe',
      'toNumber',
      'isInteger',
      'set',
      'delete',
      'has',
      'then',
      'catch',
      'next',
    ],
    ...['__class__', '__mro__', '__subclasses__', '__globals__', '__init__', '__builtins__', '__dict__', 'real', 'mro'],
  ];

  it.each(OWNERS)('from %s by a field, a key, |attr, map or sort', (owner) => {
    for (const name of NAMES) {
      const reads = [`(${owner})['${name}']`, `[${owner}]|map(attribute='${name}')|list`, `(${owner})|attr('${name}')`];
      if (/^\w+$/.test(name)) reads.push(`(${owner}).${name}`);
      for (const read of reads) {
        const result = run(`{{ ${read} }}`);
        // Nothing, an undefined value, or a refusal; never a function's text or an object's.
        if ('text' in result)
          expect([read, result.text]).toEqual([read, expect.stringMatching(/^"-(?:\[Undefined\])?"$/)]);
      }
      expect(run(`{{ (${owner})['${name}']() }}`)).toHaveProperty('failure');
      expect(run(`{{ (${owner})['${name}']['constructor']('return process')() }}`)).toHaveProperty('failure');
    }
  });

  it.each([
    '{{ range.constructor("return process")() }}',
    '{{ ({}).__class__.__mro__[1].__subclasses__() }}',
    '{{ s.constructor.constructor("return globalThis")() }}',
    "{{ s|attr('constructor')|attr('constructor') }}",
    '{{ self.__init__.__globals__ }}',
    '{{ cycler.__init__.__globals__.os }}',
    "{{ ''['__cl' ~ 'ass__']['__mro__'] }}",
    "{{ '%c%c'|format(1, 2)|attr('format') }}",
    '{{ s.format(s) }}',
    "{{ '{0.__class__}'.format(s) }}",
    "{{ '{}'.format_map(input) }}",
    '{{ l.append(1) }}',
    '{{ l.pop() }}',
    '{{ input.update({}) }}',
    '{{ input.clear() }}',
    '{{ process.env }}',
    '{{ globalThis.process }}',
    '{{ this.constructor.x }}',
    '{{ window.document }}',
    '{{ require("fs") }}',
    '{{ eval("1") }}',
    '{{ import("fs") }}',
  ])('%s', (template) => {
    const before = printCompactJson(scope.get('l')!);
    expect(run(template)).toHaveProperty('failure');
    expect(printCompactJson(scope.get('l')!)).toBe(before);
  });

  it('the names of Object.prototype are ordinary names', () => {
    for (const name of ['constructor', '__proto__', 'toString', 'hasOwnProperty']) {
      expect(run(`{{ ${name} }}`)).toEqual({ text: '"-"' });
      const own = new Map([[name, 'own']]);
      const request = { binding: 'typed', undefinedMode: 'strict' } as const;
      expect(bindInputs({ ...request, inputs: `{{ ${name} }}`, scope: own })).toMatchObject({
        value: { value: 'own' },
      });
      expect(bindInputs({ ...request, inputs: `{{ d.${name} }}`, scope: new Map([['d', own]]) })).toMatchObject({
        value: { value: 'own' },
      });
    }
    expect(run("{{ {'__proto__': 1, 'constructor': 2} }}")).toEqual({ text: `"-{'__proto__': 1, 'constructor': 2}"` });
  });

  it('what looks like a promise is data', async () => {
    const bound = bindInputs({ inputs: '{{ then }}', scope, binding: 'typed', undefinedMode: 'strict' });
    expect(await bound).toEqual({ ok: true, value: { value: scope.get('then'), warnings: [] } });
  });
});

describe('nothing grows without a limit', () => {
  it.each([
    ["{{ 'a' * 10**9 }}", /4,000,000/],
    ["{{ 'a' * 10**4000 }}", /4,000,000/],
    ['{{ [1] * 10**9 }}', /4,000,000/],
    ['{{ (1,) * 10**4000 }}', /4,000,000/],
    ["{{ ('a' * 3000000) ~ ('b' * 3000000) }}", /4,000,000/],
    [`{{ ${'a ~ '.repeat(3)}a }}`, /4,000,000/],
    ["{{ ('ab' * 1500000)|replace('', 'xxxxxxxxxx') }}", /4,000,000/],
    ["{{ a|replace('a', a) }}", /4,000,000/],
    ['{{ [a] * 1000|join }}', /.+/],
    ['{{ ([a] * 1000)|join }}', /4,000,000/],
    [`{{ '${'%s'.repeat(1000)}' % ((a,) * 1000) }}`, /4,000,000/],
    ['{{ ([a] * 1000)|tojson }}', /4,000,000/],
    ['{{ [a] * 1000 }}', /4,000,000/],
    ['{{ ([a] * 100)|sort }}', /4,000,000/],
    ['{{ ([a] * 100)|unique|list }}', /4,000,000/],
    ['{{ ([a] * 100)|map("upper")|join }}', /4,000,000/],
    ["{{ 'x'|center(10**9) }}", /4,000,000/],
    ["{{ '%999999999999d' % 1 }}", /at most 1000000 wide/],
    ["{{ '%.999999999f' % 1 }}", /at most/],
    ["{{ 'a\\nb'|indent(10**9) }}", /4,000,000/],
    ['{{ [1]|batch(10**9, 0)|list }}', /4,000,000/],
    ['{{ [1]|slice(10**9)|list }}', /200,000 steps/],
    ["{{ {'a': 1}|tojson(10**9) }}{{ l|tojson(10**9) }}", /4,000,000/],
    ['{{ long|tojson|length }}{{ long|tojson|length }}', /4,000,000/],
    ['{{ long|list|length }}{{ long|list|length }}', /200,000 steps/],
    ['{{ long|sort|first }}', /200,000 steps/],
    ['{{ long }}', /prints more than 1,000,000/],
    [`{{ 'y' * 600000 }}{{ 'y' * 600000 }}`, /prints more than 1,000,000/],
    ['{{ 10**(10**10) }}', /65536 bits/],
    ['{{ 2**65000 * 2**65000 }}', /65536 bits/],
    ['{{ 2**60000 }}', /more than 4300 digits/],
    ['{{ longNumeral + 1 }}', /more than 4300 digits/],
    ['{{ longNumeral }}', /more than 4300 digits/],
    [`{{ ${'9'.repeat(5000)} }}`, /more than 4300 digits/],
  ])('%s', (template, message) => {
    expect(messageOf(template)).toMatch(message);
  });

  it('a limit cannot be switched off by nothing times infinity', () => {
    expect(run("{{ '' * 10**4000 }}{{ [] * 10**4000 }}")).toEqual({ text: '"-[]"' });
    expect(messageOf("{{ '' * 10**4000 }}{{ [] * 10**4000 }}{{ 'a' * 10**9 }}")).toMatch(/4,000,000/);
    expect(messageOf('{{ [0 * 1, 0 ** 5, 1 * 0, long|list|length, long|list|length] }}')).toMatch(/200,000 steps/);
  });

  it.each([
    [
      'an index into text outside the first plane',
      `{{ ${Array.from({ length: 4000 }, (_, i) => `emoji[${i}]`).join(' ~ ')} }}`,
    ],
    ['the length of it', `{{ ${Array.from({ length: 3000 }, () => 'emoji|length').join(' + ')} }}`],
    ['a search whose native cost is a product', `{{ (('b' ~ a[:1000000]) in (a ~ a)) or (a[:500000] ~ 'b') in a }}`],
    ['a comparison of long equal beginnings', `{{ ${Array.from({ length: 3000 }, () => 'a < a ~ 1').join(' or ')} }}`],
    ['numbers in long text', `{{ ${Array.from({ length: 3000 }, () => 'a|float').join(' + ')} }}`],
    ['a number that is almost one', `{{ ('1' * 1000000 ~ 'x')|float }}{{ ('1_' * 500000)|int }}`],
    ['an open name in a format', `{{ ('%(' * 1000000) % {} }}`],
    ['digits in a format', `{{ ('%' ~ '1' * 1000000) % 1 }}`],
    ['braces', `{{ '${'{ '.repeat(30_000)}'|length }}`],
    ['text of braces', '{ '.repeat(32_000)],
    ['comments', '{# '.repeat(20_000)],
    ['raw without end', `${'{% raw %}'.repeat(7000)}`],
    ['raw with many almost ends', `{% raw %}${'{%   '.repeat(13_000)}`],
    ['spaces in a tag', `{% ${' '.repeat(60_000)}`],
    ['an endless elif', `{% if 0 %}${'{% elif 0 %}'.repeat(5000)}{% endif %}`],
    ['a word in front of a string', `{{ '${'\\'.repeat(60_001)} }}`],
    ['maps of maps', `{{ [1]|map(${Array.from({ length: 5000 }, () => "'map'").join(',')})|list }}`],
    ['filters on filters', `{{ long${'|select'.repeat(390)}|first }}`],
    ['dicts in dicts', `{{ ${'{"a": '.repeat(59)}1${'}'.repeat(59)} }}`],
  ])('%s ends soon', (_, template) => {
    const started = performance.now();
    run(template);
    // Each would take minutes to years; a busy machine is no reason to fail.
    expect(performance.now() - started).toBeLessThan(10_000);
  });

  it('values nested deeper than 60 levels are refused where they are walked through', () => {
    let deep: JsonValue = 'x';
    for (let i = 0; i < 400; i++) deep = i % 2 === 0 ? [deep] : new Map([['k', deep]]);
    const request = { scope: new Map([['deep', deep]]), binding: 'typed', undefinedMode: 'strict' } as const;
    for (const template of [
      '-{{ deep }}',
      '{{ deep|tojson }}',
      '{{ deep == [deep] }}',
      '{{ [[deep]] < [[deep, 1]] }}',
    ]) {
      const bound = bindInputs({ ...request, inputs: template });
      if (bound.ok) expect(template).toMatch(/==|</);
      else expect(bound.error.message).toMatch(/nested deeper than 60 levels/);
    }
  });
});
