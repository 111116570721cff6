import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Action, Chain } from '@/lib/chain/chain';
import { Numeral, type PlainJson } from '@/lib/json/value';
import type { Plan } from '@/lib/plan/plan';
import { arbitraryAction, arbitraryAcyclicChain } from '@/testing/arbitrary-chain';
import { chainFrom, chainOf, withAction, withSettings } from '@/testing/chain-builder';
import { fuzzRuns } from '@/testing/fuzz-runs';
import { planOf } from '@/testing/plan-builder';
import { isSameBehaviour } from './same-behaviour';

const with_ = (
  keys: { readonly [key: string]: PlainJson },
  actionKeys: { readonly [key: string]: PlainJson } = {},
): Chain =>
  chainFrom({
    ...keys,
    actions: {
      a: { definition_id: 'd', inputs: { x: 1 }, ...actionKeys },
      b: { definition_id: 'd', depends_on: ['a'] },
    },
  });

const BASE = with_({});

describe('a run does the same', () => {
  it.each<[string, Chain]>([
    ['name, description and keys of one’s own', with_({ name: 'n', description: 'd', 'x-team': 1, $schema: 's' })],
    ['label, notes and keys of an action’s own', with_({}, { label: 'l', notes: 'n', 'x-owner': 'me' })],
    ['settings that say the default', with_({ settings: { max_concurrency: 5, deadline_sec: null, retry: {} } })],
    ['keys of an action that say the default', with_({}, { effect: 'write', disabled: false, timeout_sec: 30 })],
    ['another spelling of a limit', withSettings(BASE, { timeout_sec: new Numeral('30.0') })],
    ['an empty list of dependencies', with_({}, { depends_on: [] })],
    ['empty inputs', withAction(BASE, 'b', { inputs: {} })],
  ])('after a change of %s', (_, after) => {
    expect(isSameBehaviour(BASE, after)).toBe(true);
    expect(isSameBehaviour(after, BASE)).toBe(true);
  });

  it('after another order of actions or dependencies that leads to the same plan', () => {
    const before = chainOf('a b c', 'a>b', 'a>c', 'b>c');
    expect(isSameBehaviour(before, chainOf('c b a', 'a>b', 'b>c', 'a>c'))).toBe(true);
  });
});

describe('a run does something else', () => {
  it.each<[string, Chain]>([
    ['settings', with_({ settings: { binding: 'text' } })],
    ['settings of the retry', with_({ settings: { retry: { max_attempts: 1 } } })],
    ['the schema of the inputs', with_({ inputs: { type: 'object' } })],
    ['a definition', with_({}, { definition_id: 'e' })],
    ['an input', with_({}, { inputs: { x: 2 } })],
    ['the type of an input', with_({}, { inputs: { x: '1' } })],
    ['a key in the inputs that looks like one’s own', with_({}, { inputs: { x: 1, 'x-y': 1 } })],
    ['a condition', with_({}, { when: '{{ true }}' })],
    ['an action switched off', with_({}, { disabled: true })],
    ['a policy', with_({}, { on_failure: 'continue' })],
    ['a fallback', with_({}, { on_failure: 'fallback', fallback: null })],
    ['an effect', with_({}, { effect: 'read' })],
    [
      'a dependency',
      chainFrom({ actions: { a: { definition_id: 'd', inputs: { x: 1 } }, b: { definition_id: 'd' } } }),
    ],
    [
      'an id, by which the result is read',
      chainFrom({
        actions: { a2: { definition_id: 'd', inputs: { x: 1 } }, b: { definition_id: 'd', depends_on: ['a2'] } },
      }),
    ],
    ['the number of actions', chainFrom({ actions: { a: { definition_id: 'd', inputs: { x: 1 } } } })],
  ])('after a change of %s', (_, after) => {
    expect(isSameBehaviour(BASE, after)).toBe(false);
    expect(isSameBehaviour(after, BASE)).toBe(false);
  });

  it('after another spelling of a number that CXone gets', () => {
    const spelled = withAction(BASE, 'a', {});
    const inputs = new Map([['x', new Numeral('1.0')]]);
    const actions = new Map(
      [...spelled.actions].map(([id, action]) => [id, id === 'a' ? { ...action, inputs } : action]),
    );
    expect(isSameBehaviour(BASE, { ...spelled, actions })).toBe(false);
  });

  it('after another order of actions that makes another plan', () => {
    expect(isSameBehaviour(chainOf('a b'), chainOf('b a'))).toBe(false);
  });

  it('perhaps, where a cycle leaves no plan and the sound parts are written in another order', () => {
    const cyclic = chainOf('a b c', 'a>b', 'b>a');
    expect(isSameBehaviour(cyclic, cyclic)).toBe(true);
    expect(isSameBehaviour(cyclic, chainOf('c a b', 'a>b', 'b>a'))).toBe(false);
  });
});

it('is said only of chains with the same plan (property)', () => {
  const keys = [
    'label',
    'notes',
    'disabled',
    'effect',
    'timeout_sec',
    'retry',
    'run_if',
    'on_failure',
    'extra',
  ] as const;
  const arbitraryChange = fc.record({
    n: fc.nat(20),
    key: fc.constantFrom(...keys),
    action: arbitraryAction,
    isTurned: fc.boolean(),
  });
  let sames = 0;
  fc.assert(
    fc.property(arbitraryAcyclicChain(), fc.array(arbitraryChange, { maxLength: 2 }), (random, changes) => {
      const before = withoutProblems(random);
      let after = before;
      for (const { n, key, action, isTurned } of changes) {
        const entries = [...after.actions];
        const [id, old] = entries[n % Math.max(1, entries.length)] ?? [];
        if (id === undefined || old === undefined) continue;
        const { [key]: _old, ...rest } = old;
        const changed = { ...rest, ...(action[key] === undefined ? {} : { [key]: action[key] }) } as Action;
        const next = entries.map((entry) => (entry[0] === id ? ([id, changed] as const) : entry));
        after = withoutProblems({ ...after, actions: new Map(isTurned ? [...next.slice(1), next[0]!] : next) });
      }
      if (!isSameBehaviour(before, after)) return;
      if (before !== after) sames += 1;
      expect(whatRuns(planOf(after))).toEqual(whatRuns(planOf(before)));
    }),
    { numRuns: fuzzRuns(400) },
  );
  expect(sames).toBeGreaterThan(20);
});

/** What any plan can be made of: no template that leads nowhere, no fallback that nobody uses, any input. */
const withoutProblems = ({ inputs: _inputs, ...chain }: Chain): Chain => ({
  ...chain,
  actions: new Map(
    [...chain.actions].map(([id, { inputs: _inputs, when: _when, fallback: _fallback, ...action }]) => [
      id,
      action.on_failure === 'fallback' ? { ...action, fallback: null } : action,
    ]),
  ),
});

/** A plan but for the text that it was made from; what a step needs is a set. */
const whatRuns = ({ chainHash: _hash, documentText: _text, steps, ...plan }: Plan) => ({
  ...plan,
  steps: steps.map(({ needs, ...step }) => ({ ...step, needs: [...needs].sort((a, b) => a - b) })),
});
