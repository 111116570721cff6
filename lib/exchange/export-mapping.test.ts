import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Chain, effectiveSettings, inputsOf, type Settings } from '@/lib/chain/chain';
import type { ActionId } from '@/lib/chain/ids';
import { printChain } from '@/lib/chain/print-chain';
import type { Definition } from '@/lib/definition/definition';
import { printJson } from '@/lib/json/print-json';
import { fromPlain, type JsonValue, Numeral, type PlainJson, toPlain } from '@/lib/json/value';
import { findChainProblems, NOTHING_KNOWN } from '@/lib/problems/find-problems';
import { bindInputs } from '@/lib/template/bind-inputs';
import { isTemplate } from '@/lib/template/parse-template';
import { arbitraryActionId } from '@/testing/arbitrary-chain';
import { arbitraryText } from '@/testing/arbitrary-json';
import { chainFrom, chainOf, type PlainAction, toActionId, withAction, withSettings } from '@/testing/chain-builder';
import { fuzzRuns } from '@/testing/fuzz-runs';
import { buildMapping, type Mapping, mappingToJson } from './export-mapping';
import { importText } from './import-chain';
import { escapeForJinja } from './jinja-literal';

const mappingOf = (
  chain: Chain,
  input?: JsonValue,
  definitions: ReadonlyMap<string, Definition> | null = null,
): Mapping => {
  const mapping = buildMapping({ chain, input, known: { ...NOTHING_KNOWN, definitions } });
  if (!mapping.ok) throw new Error(mapping.error.map(({ message }) => message).join(' '));
  return mapping.value;
};

const lossesOf = (chain: Chain, definitions: ReadonlyMap<string, Definition> | null = null): readonly string[] =>
  mappingOf(chain, undefined, definitions).losses.map(({ path }) => path);

const withB = (keys: PlainAction): Chain => withAction(chainOf('A B', 'A>B'), 'B', keys);

const knownOutputs = (schema: PlainJson): ReadonlyMap<string, Definition> =>
  new Map([
    [
      'definition-of-A',
      {
        id: 'definition-of-A',
        name: 'A',
        description: '',
        inputSchema: null,
        outputSchema: fromPlain(schema),
        effect: null,
        origin: 'connection',
      },
    ],
  ]);

describe('buildMapping', () => {
  it('names an imported definition that no tenant has', () => {
    expect(lossesOf(withB({ definition_id: 'local:get-case' }))).toEqual(['/actions/B/definition_id']);
  });

  it('writes the three keys of each action and nothing else, and adds none that is not there', () => {
    const chain = withB({ label: 'Second', notes: 'n', effect: 'read', inputs: { a: 1 } });
    expect(toPlain(mappingToJson(mappingOf(chain)))).toEqual({
      A: { definition_id: 'definition-of-A', depends_on: [] },
      B: { definition_id: 'definition-of-B', depends_on: ['A'], inputs: { a: 1 } },
    });
    expect(mappingOf(chain).losses).toEqual([]);
  });

  it('leaves out a disabled action and all that waits for it, as a run does', () => {
    //  A → off → B → C      D waits for off and A, whatever became of them
    const chain = [
      { id: 'off', keys: { disabled: true } },
      { id: 'D', keys: { run_if: 'all_done', inputs: { x: "{{ off.x if off is defined else 'none' }}" } } },
    ].reduce(
      (before, { id, keys }) => withAction(before, id, keys as PlainAction),
      chainOf('A off B C D', 'A>off>B>C', 'off>D', 'A>D'),
    );
    const { actions, losses } = mappingOf(withSettings(chain, { binding: 'text' }));
    expect([...actions].map(([id, { depends_on }]) => [id, depends_on])).toEqual([
      ['A', []],
      ['D', ['A']],
    ]);
    expect(losses.map(({ path, message, related }) => ({ path, message, related }))).toEqual([
      {
        path: '/actions/off/disabled',
        message: 'off is disabled, which a mapping cannot say: it is left out, and so is what waits for it: B, C.',
        related: ['B', 'C'],
      },
      expect.objectContaining({ path: '/actions/D/run_if' }),
    ]);
  });

  it.each(['typed', 'text'] as const)(
    'writes the texts of a %s chain so that Jinja2 prints what is sent here',
    (binding) => {
      const chain = withSettings(withB({ inputs: { text: 'a\r\nb\n', list: ['}} {'] } }), { binding });
      const { actions, losses } = mappingOf(chain);
      expect(toPlain(inputsOf(actions.get(toActionId('B'))!))).toEqual({
        text: "a{{ '\\r\\n' }}b{{ '\\n' }}",
        list: ['}} {'],
      });
      expect(losses).toEqual([]);
    },
  );

  it('asks for no input for the sake of an action that it leaves out, or of a condition', () => {
    const chain = withB({ disabled: true, inputs: { x: '{{ input.x }}' } });
    expect(buildMapping({ chain, input: undefined, known: NOTHING_KNOWN }).ok).toBe(true);
    const conditional = withB({ when: '{{ input.x }}' });
    expect(buildMapping({ chain: conditional, input: undefined, known: NOTHING_KNOWN }).ok).toBe(true);
  });

  it('names every place that the input does not serve', () => {
    const chain = withB({ inputs: { 'a/b': ['{{ input.x }}'], c: '{{ input.y }}', d: '{{ input.z }}' } });
    const mapping = buildMapping({ chain, input: fromPlain({ z: 1 }), known: NOTHING_KNOWN });
    expect(mapping.ok ? [] : mapping.error.map(({ path }) => path)).toEqual([
      '/actions/B/inputs/a~1b/0',
      '/actions/B/inputs/c',
    ]);
  });

  it('says so in at most 4 KB, however long the names', () => {
    const chain = withB({ inputs: { ['名'.repeat(9000)]: `{{ input.${'名'.repeat(9000)} }}` } });
    const isShort = (message: string): boolean => new TextEncoder().encode(message).length <= 4096;
    for (const input of [undefined, fromPlain({})]) {
      const mapping = buildMapping({ chain, input, known: NOTHING_KNOWN });
      expect(mapping.ok ? [] : mapping.error.map(({ message }) => isShort(message))).toEqual([true]);
    }
  });
});

const SETTINGS_CASES: readonly (readonly [string, Omit<Settings, 'extra'>, string | null])[] = [
  ['typed values', { binding: 'typed' }, '/actions/B/inputs/x'],
  ['text values', { binding: 'text' }, null],
  ['lenient reads', { binding: 'text', undefined: 'lenient' }, '/settings/undefined'],
  ['going on after a failure', { binding: 'text', on_failure: 'continue' }, '/settings/on_failure'],
  ['a deadline', { binding: 'text', deadline_sec: new Numeral('60') }, '/settings/deadline_sec'],
  ['no deadline', { binding: 'text', deadline_sec: null }, null],
  [
    'retries beyond 429',
    { binding: 'text', retry: { on: ['rate_limited', 'timeout'], extra: new Map() } },
    '/settings/retry/on',
  ],
  ['retries of 429', { binding: 'text', retry: { max_attempts: new Numeral('9'), extra: new Map() } }, null],
  [
    'retries that are off',
    { binding: 'text', retry: { on: ['timeout'], max_attempts: new Numeral('1'), extra: new Map() } },
    null,
  ],
  ['a webhook', { binding: 'text', webhook: { url: 'https://example.org', extra: new Map() } }, '/settings/webhook'],
  ['many calls at once', { binding: 'text', max_concurrency: new Numeral('64') }, null],
  ['a timeout of all calls', { binding: 'text', timeout_sec: new Numeral('90') }, null],
];

const ACTION_CASES: readonly (readonly [string, PlainAction, string | null])[] = [
  ['a condition', { when: '{{ A.ok }}' }, '/actions/B/when'],
  ['a start after failures', { run_if: 'all_done' }, '/actions/B/run_if'],
  ['the usual start', { run_if: 'all_completed' }, null],
  ['going on after its failure', { on_failure: 'continue' }, '/actions/B/on_failure'],
  ['a fallback', { on_failure: 'fallback', fallback: 1 }, '/actions/B/fallback'],
  ['halting', { on_failure: 'halt' }, null],
  ['being disabled', { disabled: true }, '/actions/B/disabled'],
  ['being enabled', { disabled: false }, null],
  ['a timeout of its own', { timeout_sec: new Numeral('10') }, '/actions/B/timeout_sec'],
  ['the timeout of all', { timeout_sec: new Numeral('30.0') }, null],
  ['retries of its own', { retry: { on: ['network'], extra: new Map() } }, '/actions/B/retry/on'],
  ['no retries', { retry: { max_attempts: new Numeral('1'), extra: new Map() } }, null],
  ['inputs that are no object', { inputs: ['x'] }, '/actions/B/inputs'],
  ['a label and notes', { label: 'L', notes: 'N', effect: 'read' }, null],
];

describe('what a mapping loses', () => {
  it.each(SETTINGS_CASES)('%s %#: the settings of a chain', (_name, settings, path) => {
    const chain = withB({ inputs: { x: '{{ A.x }}' } });
    expect(lossesOf(withSettings(chain, settings))).toEqual(path === null ? [] : [path]);
  });

  it.each(ACTION_CASES)('%s %#: the keys of an action', (_name, keys, path) => {
    expect(lossesOf(withB(keys))).toEqual(path === null ? [] : [path]);
  });

  it('is nothing where no action is left to lose it', () => {
    const settings = { undefined: 'lenient', on_failure: 'continue' } as const;
    expect(lossesOf(withSettings(withB({ on_failure: 'halt' }), settings))).toEqual(['/settings/on_failure']);
    const halting = withAction(withB({ on_failure: 'halt' }), 'A', { on_failure: 'halt' });
    expect(lossesOf(withSettings(halting, settings))).toEqual([]);
    expect(lossesOf(withAction(chainOf('A'), 'A', { run_if: 'all_done' }))).toEqual([]);
  });

  it.each([
    ['{{ A.id }}', true],
    ['{{ A.id[0] }}', true],
    ['{{ A.count }}', false],
    ['{{ A.maybe }}', false],
    ['{{ A.unknown }}', false],
    ['{{ A }}', false],
    ['{{ A.count }} pieces', true],
    ['{{ A.count ~ "" }}', true],
    ['{{ A.count | string }}', true],
    ['{{ A.list | join(", ") }}', true],
    ['{{ A.list }}', false],
    ['{{ A.count | default(0) }}', false],
    ['{{ A.id | default("none") }}', true],
    ['{{ A.id | default(0) }}', false],
    ['{{ A.id if A.count else "none" }}', true],
    ['{{ A.id if A.count else 0 }}', false],
    ['{{ A.id == "x" }}', false],
    ['{{ A.id + "x" }}', true],
    ['{{ A.id | length }}', false],
    ['{{ A.id.upper() }}', true],
    ['{{ A.id.split() }}', false],
    ['{{ A.id[1:] }}', true],
    ['{{ A.kind or A.id }}', true],
  ])('is nothing of %j where its value is a text anyway: %j', (text, isText) => {
    const definitions = knownOutputs({
      type: 'object',
      properties: {
        id: { type: 'string' },
        kind: { enum: ['a', 'b'], type: 'string' },
        count: { type: 'integer' },
        maybe: { type: ['string', 'null'] },
        list: { type: 'array', items: { type: 'string' } },
      },
    });
    expect(lossesOf(withB({ inputs: { x: text } }), definitions)).toEqual(isText ? [] : ['/actions/B/inputs/x']);
  });
});

describe('a mapping and the chain it was made of', () => {
  it('is the same chain again after a way through a mapping, but for texts that Jinja2 would change (property)', () => {
    fc.assert(
      fc.property(arbitraryMapping, (text) => {
        const first = chainIn(text);
        if (hasErrors(first)) return;
        const { losses, ...mapping } = mappingOf(first);
        expect(losses).toEqual([]);
        const again = chainIn(printJson(mappingToJson({ ...mapping, losses })));
        expect(printChain(again)).toBe(printChain(withTextsEscaped(first)));
        // From then on nothing changes.
        expect(mappingToJson(mappingOf(again))).toEqual(mappingToJson({ ...mapping, losses }));
      }),
      { numRuns: fuzzRuns(200) },
    );
  });

  it('sends the same inputs, wherever no loss is named (property)', () => {
    const seen = { same: 0 };
    fc.assert(
      fc.property(arbitraryTemplated, ({ chain, input, outputs }) => {
        if (hasErrors(chain)) return;
        const built = buildMapping({ chain, input, known: NOTHING_KNOWN });
        if (!built.ok) return;
        const { binding, undefinedMode } = effectiveSettings(chain);
        const isLost = (id: ActionId): boolean =>
          built.value.losses.some(({ action, path }) => action === id || path === '/settings/undefined');
        for (const [id, mapped] of built.value.actions) {
          if (isLost(id)) continue;
          const inputs = inputsOf(chain.actions.get(id)!);
          const scope = new Map<string, JsonValue>([...outputs, ['input', input]]);
          const here = bindInputs({ inputs, scope, binding, undefinedMode });
          const there = bindInputs({
            inputs: inputsOf(mapped),
            scope: outputs,
            binding: 'text',
            undefinedMode: 'strict',
          });
          expect(there.ok).toBe(here.ok);
          if (!there.ok || !here.ok) continue;
          expect(there.value.value).toEqual(here.value.value);
          seen.same++;
        }
      }),
      { numRuns: fuzzRuns(300) },
    );
    expect(seen.same).toBeGreaterThan(50);
  });
});

const chainIn = (text: string): Chain => {
  const read = importText(text);
  if (!read.ok || (read.value.kind !== 'mapping' && read.value.kind !== 'chain')) throw new Error('No mapping');
  return read.value.workbench.chain;
};

/** As the mapping spells it: a literal that ends in a newline or has a CR is a template that prints it. */
const withTextsEscaped = (chain: Chain): Chain => ({
  ...chain,
  actions: new Map(
    [...chain.actions].map(([id, action]) => {
      if (!(action.inputs instanceof Map)) return [id, action];
      const inputs = new Map<string, JsonValue>(
        [...action.inputs].map(([key, item]) => [
          key,
          typeof item === 'string' && !isTemplate(item) ? escapeForJinja(item) : item,
        ]),
      );
      return [id, { ...action, inputs }];
    }),
  ),
});

const hasErrors = (chain: Chain): boolean =>
  findChainProblems(chain, NOTHING_KNOWN).some(({ severity }) => severity === 'error');

const arbitraryMapping: fc.Arbitrary<string> = fc
  .uniqueArray(
    fc.record({
      id: arbitraryActionId,
      keys: fc.record(
        {
          depends_on: fc.array(fc.nat(20), { maxLength: 3 }),
          inputs: fc.dictionary(
            arbitraryText,
            fc.oneof(arbitraryText, fc.constantFrom('{{ 1 + 1 }}', ' {{ "a" }}\n', '{{', '{# #}')),
          ),
        },
        { requiredKeys: [] },
      ),
    }),
    { selector: ({ id }) => id, maxLength: 6 },
  )
  .map((listed) => {
    const mapping = new Map<string, JsonValue>(
      listed.map(({ id, keys }, index) => {
        const action = new Map<string, JsonValue>([['definition_id', `definition of ${id}`]]);
        if (keys.depends_on !== undefined) {
          const picked = keys.depends_on.map((pick) => listed[pick % listed.length]!.id);
          const earlier = listed.slice(0, index).map((other) => other.id);
          action.set(
            'depends_on',
            picked.filter((other, at) => earlier.includes(other) && picked.indexOf(other) === at),
          );
        }
        if (keys.inputs !== undefined) action.set('inputs', new Map(Object.entries(keys.inputs)));
        return [id, action];
      }),
    );
    return printJson(mapping);
  });

const INPUT = fromPlain({ name: "O'Neil {{", count: 5, list: [1, 'two'], record: { city: 'Bern' }, off: false });

const arbitraryField = fc.constantFrom<PlainJson>(
  '{{ input.name }}',
  '{{ input.count }}',
  '{{ input.list }}',
  ' {{ input.record }} ',
  'Dear {{ input.name }}, {{ input.count }}',
  '{{ input.count * 2 }}',
  '{{ input.nick }}',
  "{{ input.nick | default('you') }}",
  '{{ A.id }}',
  'to {{ A.id }} from {{ input.name }}',
  '{{ A.id ~ input.name }}',
  '{{ A.none | default(input.record.city) ~ "" }}',
  '{% if input.off %}{{ A.id }}{% else %}{{ input.list[1] }}{% endif %}',
  'plain\r\n',
  '{ {{- input.count }}',
  ['{{ input.name }}', { deep: '{{ input.list[0] }}' }],
  7,
);

const arbitraryTemplated = fc
  .record({
    binding: fc.constantFrom('typed', 'text'),
    mode: fc.constantFrom('strict', 'lenient'),
    a: fc.dictionary(
      fc.constantFrom('p', 'q'),
      arbitraryField.filter((field) => !JSON.stringify(field).includes('A.')),
    ),
    b: fc.dictionary(fc.constantFrom('p', 'q', 'r'), arbitraryField),
  })
  .map(({ binding, mode, a, b }) => ({
    chain: chainFrom({
      settings: { binding, undefined: mode },
      actions: {
        A: { definition_id: 'd', inputs: a },
        B: { definition_id: 'd', depends_on: ['A'], inputs: b },
      },
    }),
    input: INPUT,
    outputs: new Map<string, JsonValue>([['A', fromPlain({ id: 'C-1' })]]),
  }));
