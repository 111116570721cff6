import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ActionId } from '@/lib/chain/ids';
import { fromPlain, type PlainJson } from '@/lib/json/value';
import { fuzzRuns } from '@/testing/fuzz-runs';
import { type CompletionOption, type CompletionScope, complete } from './complete';
import { parseTemplate } from './parse-template';

const action = (id: string, schema: PlainJson, sample: PlainJson = null) =>
  [id as ActionId, { schema: schema === null ? null : fromPlain(schema), sample: fromPlain(sample) }] as const;

const scope: CompletionScope = {
  input: fromPlain({ type: 'object', properties: { account_id: { type: 'string', description: 'Account to fetch' } } }),
  actions: new Map([
    action(
      'fetch_customer',
      {
        type: 'object',
        properties: {
          customer_id: { type: 'string' },
          address: {
            type: 'object',
            properties: { city: { type: ['string', 'null'] }, 'zip code': { type: 'string' } },
          },
          items: { type: 'array', items: { type: 'object', properties: { sku: { type: 'string' } } } },
        },
      },
      { customer_id: 'C-1', address: { city: 'London' }, items: [{ sku: 's' }, { sku: 't' }], extra: 5 },
    ),
    action('no_schema', null, { seen: { deep: true } }),
    action('nothing_known', null),
    action('not a name', { type: 'object', properties: { x: {} } }),
  ]),
};

/** Completes where the `^` stands; gives the text with each option applied, `^` behind what was put in. */
function at(marked: string, shown: CompletionScope = scope) {
  const offset = marked.indexOf('^');
  const text = marked.slice(0, offset) + marked.slice(offset + 1);
  const completions = complete(text, offset, shown);
  const applied = (option: CompletionOption): string =>
    text.slice(0, option.from ?? completions.from) + option.apply + text.slice(completions.to);
  return {
    ...completions,
    labels: completions.options.map((option) => option.label),
    find: (label: string) => completions.options.find((option) => option.label === label),
    applied: (label: string) => applied(completions.options.find((option) => option.label === label)!),
  };
}

const ROOTS = [
  'fetch_customer',
  'no_schema',
  'nothing_known',
  'input',
  'fetch_customer.customer_id',
  'fetch_customer.address',
  "fetch_customer['items']",
  'fetch_customer.extra',
  'no_schema.seen',
  'input.account_id',
  'fetch_customer.address.city',
  "fetch_customer.address['zip code']",
  'no_schema.seen.deep',
];

describe('at the beginning of an expression', () => {
  it.each([
    '{{ ^',
    '{{^',
    '{{- ^ }}',
    '{{ 1 + ^ }}',
    '{{ not ^',
    '{{ "a" ~ ^',
    '{{ x|default(^',
    '{{ [1, ^',
    '{% if ^',
    '{% elif a and ^ %}',
    'text {{ done }} more {{ ^',
    '{{ a if ^',
  ])('%s offers the input, the actions upstream and all their fields', (text) => {
    expect(at(text).labels).toEqual(ROOTS);
  });

  it('what is typed already is replaced, before and behind the caret', () => {
    expect(at('{{ fet^ch }} b').applied('fetch_customer.address.city')).toBe('{{ fetch_customer.address.city }} b');
    expect(at('{{ ^').applied('input')).toBe('{{ input');
  });

  it('an option tells type, sample and description', () => {
    const { find } = at('{{ ^');
    expect(find('fetch_customer.customer_id')).toEqual({
      label: 'fetch_customer.customer_id',
      apply: 'fetch_customer.customer_id',
      detail: 'string · "C-1"',
      kind: 'field',
    });
    expect(find("fetch_customer['items']")?.detail).toBe('list of object · 2 items');
    expect(find('fetch_customer.extra')?.detail).toBe('number · 5');
    expect(find('input.account_id')).toMatchObject({ detail: 'string', info: 'Account to fetch' });
    expect(find('fetch_customer')?.kind).toBe('action');
    expect(find('input')?.kind).toBe('input');
  });
});

describe('behind a dot', () => {
  it.each([
    ['{{ fetch_customer.^', ['customer_id', 'address', 'items', 'extra']],
    ['{{ fetch_customer.cu^', ['customer_id', 'address', 'items', 'extra']],
    ['{{ 1 + fetch_customer.address.^ }}', ['city', 'zip code']],
    ["{{ fetch_customer['address'].^", ['city', 'zip code']],
    ["{{ fetch_customer['items'][0].^", ['sku']],
    ["{{ fetch_customer['items'].1.^", ['sku']],
    ['{{ no_schema.seen.^', ['deep']],
    ['{{ input.^|upper }}', ['account_id']],
    ['{{ nothing_known.^', []],
    ['{{ unknown.^', []],
    ['{{ fetch_customer.customer_id.^', []],
    ['{{ (fetch_customer).^', []],
    ['{{ "a".^', []],
  ])('%s offers %j', (text, labels) => {
    expect(at(text).labels).toEqual(labels);
  });

  it('a name is put in behind it', () => {
    expect(at('{{ fetch_customer.cu^st }}').applied('customer_id')).toBe('{{ fetch_customer.customer_id }}');
  });

  it('a method’s name, or what is no name, takes brackets in place of the dot', () => {
    expect(at('{{ fetch_customer.it^ }}').applied('items')).toBe("{{ fetch_customer['items'] }}");
    expect(at('{{ fetch_customer.address.^ }}').applied('zip code')).toBe("{{ fetch_customer.address['zip code'] }}");
  });
});

describe('between brackets', () => {
  it.each([
    ["{{ fetch_customer['^", "{{ fetch_customer['items']"],
    ["{{ fetch_customer['it^", "{{ fetch_customer['items']"],
    ["{{ fetch_customer['it^'] }}", "{{ fetch_customer['items'] }}"],
    ["{{ fetch_customer['^' }}", "{{ fetch_customer['items'] }}"],
    ['{{ fetch_customer["^ }}', '{{ fetch_customer["items"] }}'],
  ])('%s becomes %s', (text, expected) => {
    expect(at(text).applied('items')).toBe(expected);
  });

  it('a field with quotes is escaped', () => {
    const shown: CompletionScope = {
      input: null,
      actions: new Map([action('a', null, { 'it\'s "x"\\': 1 })]),
    };
    for (const text of ["{{ a['^", '{{ a["^', '{{ a.^ }}', '{{ a[^']) {
      const { labels, applied } = at(text, shown);
      const completed = applied(labels[0]!).replace(/(?:\]?(?: }})?)$/, '] }}');
      const parsed = parseTemplate(completed);
      expect(parsed.ok && parsed.value.single?.expression).toMatchObject({ index: { value: 'it\'s "x"\\' } });
    }
  });

  it('without a quote fields are offered quoted, and whatever an expression may be', () => {
    const { labels } = at('{{ fetch_customer[^');
    expect(labels.slice(0, 4)).toEqual(["'customer_id'", "'address'", "'items'", "'extra'"]);
    expect(labels).toContain('input.account_id');
  });

  it('an open string elsewhere offers nothing', () => {
    expect(at("{{ 'fet^").options).toEqual([]);
    expect(at("{{ fetch_customer|default('^").options).toEqual([]);
  });
});

describe('filters and tests', () => {
  it('stand behind | and is', () => {
    const filters = at('{{ input.account_id|^');
    expect(filters.labels).toEqual(expect.arrayContaining(['default', 'upper', 'tojson', 'selectattr']));
    expect(filters.find('round')).toEqual({
      label: 'round',
      apply: 'round',
      detail: expect.stringContaining('rounded'),
      kind: 'filter',
      info: "round(precision=0, method='common')",
    });
    expect(filters.find('replace')?.apply).toBe('replace(');
    expect(at('{{ a|up^ }}').applied('upper')).toBe('{{ a|upper }}');
    expect(at('{{ a is ^').labels).toEqual(expect.arrayContaining(['defined', 'none', 'divisibleby']));
    expect(at('{{ a is not de^').applied('defined')).toBe('{{ a is not defined');
    expect(at('{{ a is ^').labels).not.toContain('==');
  });
});

describe('nothing is offered', () => {
  it.each([
    '^',
    'text^',
    '{{ a }}^',
    '{{ a ^',
    '{{ a b^',
    '{{ 1^',
    '{{ a)^',
    '{% ^',
    '{% i^',
    '{% else ^',
    '{# ^',
    '{% raw %}{{ ^',
    '{{ a ? ^',
  ])('at %s', (text) => {
    expect(at(text).options).toEqual([]);
  });
});

describe('any text', () => {
  const TEMPLATES = [
    '{{ fetch_customer.address.city|default("x")|upper }}',
    "{% if fetch_customer['items'][0].sku is defined and not input.account_id %}{{ a ~ 'b' }}{% elif x %}{# c #}{% endif %}",
    '{% raw %}{{ x }}{% endraw %}{{- fetch_customer["zip code"] -}}\r\n{{ {"a": {"b": [1, 2]}}.a.b[-1:] }}',
    '{{ "it\\"s" ~ \'😀\' }}{{ 1 if 2 else 3 }}',
  ];

  it.each(TEMPLATES)('%s completes at every offset, and cut there too', (text) => {
    for (let offset = 0; offset <= text.length; offset++) {
      for (const shown of [text, text.slice(0, offset)]) {
        const { from, to, options } = complete(shown, offset, scope);
        expect(from).toBeLessThanOrEqual(offset);
        expect(to).toBeGreaterThanOrEqual(offset);
        expect(to).toBeLessThanOrEqual(shown.length);
        for (const option of options) expect(option.from ?? from).toBeLessThanOrEqual(from);
      }
    }
  });

  it('never throws (property)', () => {
    const piece = fc.constantFrom(
      '{{',
      '}}',
      '{%',
      'if',
      'a',
      '.',
      '[',
      ']',
      "'",
      '"',
      '|',
      'is',
      ' ',
      '\\',
      '0',
      '(',
      'fetch_customer',
      'items',
    );
    fc.assert(
      fc.property(
        fc.array(fc.oneof(piece, fc.string({ unit: 'binary', maxLength: 3 })), { maxLength: 20 }),
        fc.nat(60),
        (parts, offset) => {
          const text = parts.join('');
          complete(text, Math.min(offset, text.length), scope);
        },
      ),
      { numRuns: fuzzRuns(2000) },
    );
  });

  it('every path offered at the beginning of an expression reads a field', () => {
    for (const { apply } of at('{{ ^').options) expect(parseTemplate(`{{ ${apply} }}`).ok).toBe(true);
  });

  it('a wide and deep schema gives at most 500 options', () => {
    const leaf = Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`f${i}`, { type: 'string' }]));
    const middle = Object.fromEntries(
      Array.from({ length: 30 }, (_, i) => [`m${i}`, { type: 'object', properties: leaf }]),
    );
    const wide: CompletionScope = { input: fromPlain({ type: 'object', properties: middle }), actions: new Map() };
    expect(at('{{ ^', wide).options).toHaveLength(500);
  });

  it('a schema that holds itself ends', () => {
    const self = fromPlain({ type: 'object', properties: { next: { $ref: '#' } } });
    const labels = at('{{ ^', { input: self, actions: new Map() }).labels;
    expect(labels).toContain('input.next.next');
    expect(labels.length).toBeLessThan(10);
  });
});
