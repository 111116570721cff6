import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Chain } from '@/lib/chain/chain';
import { hashChain, printChain } from '@/lib/chain/print-chain';
import { graphOf } from '@/lib/graph/chain-graph';
import { planOrder } from '@/lib/graph/plan-order';
import { type JsonText, Numeral } from '@/lib/json/value';
import { chainFrom, chainOf, toActionId, withAction, withSettings } from '@/testing/chain-builder';
import { arbitraryDag, chainOfEdges, edgesOf } from '@/testing/graph-builder';
import { planOf, TEST_RUN_ID } from '@/testing/plan-builder';
import { buildPlan, type PlanRequest } from './build-plan';

const ask = (chain: Chain, wish: Partial<PlanRequest> = {}) =>
  buildPlan({
    chain,
    runId: TEST_RUN_ID,
    input: '{}' as JsonText,
    connection: { id: 'test', name: 'Test tenant', purpose: 'test' },
    idMap: null,
    request: { type: 'all' },
    pins: new Map(),
    onDoubt: 'interrupt',
    newCallKey: () => 'key',
    ...wish,
  });

const problemsOf = (result: ReturnType<typeof ask>) => {
  if (result.ok) throw new Error('The plan was made');
  return result.error.map(({ code, path }) => `${code} ${path}`);
};
const stepsOf = (result: ReturnType<typeof ask>) => {
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result.value.steps.map(
    ({ actionId, needs }) => `${actionId}(${needs.map((need) => result.value.steps[need]!.actionId)})`,
  );
};
const upTo = (id: string) => ({ request: { type: 'up-to' as const, actionId: toActionId(id) } });
const pin = (...ids: readonly string[]) => ({
  pins: new Map(ids.map((id) => [toActionId(id), `{"pinned":"${id}"}` as JsonText])),
});

describe('the order of steps', () => {
  it('is the chain’s plan order, each step after all that it needs', () => {
    expect(stepsOf(ask(chainOf('A D B C', 'A>D', 'A>B>C>D')))).toEqual(['A()', 'B(A)', 'C(B)', 'D(A,C)']);
  });

  it('keeps every edge pointing to a later step (property)', () => {
    fc.assert(
      fc.property(arbitraryDag, (graph) => {
        const chain = chainOfEdges(graph.actionIds, ...edgesOf(graph));
        const order = planOrder(graphOf(chain));
        const plan = ask(chain);
        expect(plan.ok && plan.value.steps.map(({ actionId }) => actionId)).toEqual(order.ok && order.value.flat());
        if (!plan.ok) return;
        for (const [position, { needs }] of plan.value.steps.entries()) {
          for (const need of needs) expect(need).toBeLessThan(position);
        }
      }),
    );
  });
});

describe('a run up to one action', () => {
  const chain = chainOf('a b c d', 'a>b>c', 'a>d');

  it('plans the action and its ancestors only', () => {
    expect(stepsOf(ask(chain, upTo('b')))).toEqual(['a()', 'b(a)']);
  });

  it('runs a sound part of a broken chain', () => {
    const broken = withAction(chainOf('a b c d x y', 'a>b', 'b>c', 'x>y', 'y>x', 'missing>d'), 'c', {
      inputs: { x: '{{ nobody.knows }}' },
    });
    expect(stepsOf(ask(broken, upTo('b')))).toEqual(['a()', 'b(a)']);
    expect(problemsOf(ask(broken, upTo('c')))).toEqual(['reference_unknown /actions/c/inputs/x']);
    expect(problemsOf(ask(broken, upTo('y')))).toEqual([expect.stringMatching(/^cycle /)]);
    expect(problemsOf(ask(broken, upTo('d')))).toEqual([expect.stringMatching(/^dependency_missing /)]);
  });

  it('leaves out ancestors that serve only pinned actions', () => {
    expect(stepsOf(ask(chain, { ...upTo('c'), ...pin('b') }))).toEqual(['b()', 'c(b)']);
  });

  it('keeps an ancestor behind a pin that a template further down still reads', () => {
    const reading = withAction(chain, 'c', { inputs: { deep: ['{{ a.id }}'] } });
    expect(stepsOf(ask(reading, { ...upTo('c'), ...pin('b') }))).toEqual(['a()', 'b()', 'c(b,a)']);
  });

  it('refuses an action that the chain does not have', () => {
    expect(problemsOf(ask(chain, upTo('nobody')))).toEqual(['dependency_missing /actions']);
  });
});

describe('what stands against a run', () => {
  it('is every error of what would be called, all at once', () => {
    const chain = withAction(withAction(chainOf('a b'), 'a', { inputs: { x: '{{ oops' } }), 'b', {
      inputs: { x: '{{ nobody.x }}' },
    });
    expect(problemsOf(ask(chain))).toEqual([
      'template_syntax /actions/a/inputs/x',
      'reference_unknown /actions/b/inputs/x',
    ]);
  });

  it('is no error of an action that is pinned or disabled', () => {
    const broken = withAction(chainOf('a b', 'a>b'), 'a', { inputs: { x: '{{ oops' } });
    expect(stepsOf(ask(broken, pin('a')))).toEqual(['a()', 'b(a)']);
    const leaf = withAction(chainOf('a b', 'a>b'), 'b', { inputs: { x: '{{ oops' }, disabled: true });
    expect(stepsOf(ask(leaf))).toEqual(['a()', 'b(a)']);
  });

  it('is a cycle, but not one that a pin breaks', () => {
    const cyclic = chainOf('a b c', 'a>b>c', 'c>a');
    expect(problemsOf(ask(cyclic))).toEqual([expect.stringMatching(/^cycle /)]);
    expect(stepsOf(ask(cyclic, pin('c')))).toEqual(['c()', 'a(c)', 'b(a)']);
  });

  it('is an input that the schema refuses, with path and field', () => {
    const chain = chainFrom({
      inputs: {
        type: 'object',
        properties: { account_id: { type: 'string' }, limit: { type: 'integer', default: 10 } },
        required: ['account_id'],
      },
      actions: { a: { definition_id: 'd' } },
    });
    const wrong = ask(chain, { input: '{"account_id":12345}' as JsonText });
    expect(problemsOf(wrong)).toContain('schema /input/account_id');
    expect(problemsOf(ask(chain)).every((line) => line.startsWith('schema /input'))).toBe(true);
    expect(problemsOf(ask(chain, { input: '{"account_id":' as JsonText }))).toEqual([
      expect.stringMatching(/^json_syntax \/input/),
    ]);
    const right = ask(chain, { input: '{"account_id":"12345"}' as JsonText });
    expect(right.ok && right.value.input).toEqual({ type: 'inline', text: '{"account_id":"12345","limit":10}' });
  });
});

describe('a connection map', () => {
  const chain = chainFrom({
    actions: {
      find: { definition_id: 'local:find' },
      store: { definition_id: 'T-7', depends_on: ['find'] },
    },
  });
  const calledBy = (result: ReturnType<typeof ask>) => result.ok && result.value.steps.map((step) => step.definitionId);

  it('names what is called; document and hash stay the chain’s', () => {
    const idMap = new Map([
      ['local:find', 'T-1'],
      ['T-7', 'P-7'],
      ['unused', 'X'],
    ]);
    const plan = ask(chain, { idMap });
    expect(calledBy(plan)).toEqual(['T-1', 'P-7']);
    expect(plan).toMatchObject({ value: { chainHash: hashChain(chain), documentText: printChain(chain) } });
  });

  it('must know every local id that would be called, and other ids pass without it', () => {
    expect(problemsOf(ask(chain, { idMap: new Map() }))).toEqual(['definition_unmapped /actions/find/definition_id']);
    expect(calledBy(ask(chain, { idMap: new Map([['local:find', 'T-1']]) }))).toEqual(['T-1', 'T-7']);
  });

  it('need not know what is pinned, disabled or not part of the run', () => {
    const idMap = new Map();
    expect(ask(chain, { idMap, ...pin('find') }).ok).toBe(true);
    expect(ask(withAction(chain, 'find', { disabled: true }), { idMap }).ok).toBe(true);
    const beside = withAction(chainOf('a b'), 'b', { definition_id: 'local:b' });
    expect(ask(beside, { idMap, ...upTo('a') }).ok).toBe(true);
    expect(problemsOf(ask(beside, { idMap, ...upTo('b') }))).toHaveLength(1);
  });

  it('is not asked on a connection that takes every id as it stands', () => {
    expect(calledBy(ask(chain, { idMap: null }))).toEqual(['local:find', 'T-7']);
  });
});

describe('a literal in the form of a credential', () => {
  const token = `ghp_${'aB3dE5gH7jK9'.repeat(3)}`;
  const chain = withAction(chainOf('a b', 'a>b'), 'b', { inputs: { note: token } });

  it('stands against a run that would send it, and is not repeated', () => {
    const refused = ask(chain);
    expect(problemsOf(refused)).toEqual(['secret_literal /actions/b/inputs/note']);
    expect(JSON.stringify(refused)).not.toContain(token);
    expect(ask(chain, upTo('a')).ok).toBe(true);
  });

  it('does not, once a person said that it is none; another place stays refused', () => {
    expect(ask(chain, { allowedLiterals: ['/actions/b/inputs/note'] }).ok).toBe(true);
    expect(ask(chain, { allowedLiterals: ['/actions/a/inputs/note', '/actions/b/inputs'] }).ok).toBe(false);
  });
});

describe('a step', () => {
  it('has the policy in force, key by key', () => {
    const chain = withAction(
      withSettings(chainOf('a b'), { timeout_sec: new Numeral('7'), on_failure: 'continue' }),
      'b',
      {
        timeout_sec: new Numeral('1.5'),
        retry: { max_attempts: new Numeral('2'), extra: new Map() },
        effect: 'read',
        run_if: 'all_done',
        when: '{{ true }}',
        on_failure: 'fallback',
        fallback: { n: 2 },
        inputs: { k: [1, 'x'] },
      },
    );
    const plan = planOf(chain);
    expect(plan.steps[0]).toMatchObject({
      timeoutMs: 7000,
      effect: 'write',
      runIf: 'all_completed',
      when: null,
      inputs: '{}',
      onFailure: { type: 'continue' },
      retry: { maxAttempts: 4, on: ['rate_limited'] },
      source: { type: 'call' },
    });
    expect(plan.steps[1]).toMatchObject({
      timeoutMs: 1500,
      effect: 'read',
      runIf: 'all_done',
      when: '{{ true }}',
      inputs: '{"k":[1,"x"]}',
      onFailure: { type: 'fallback', output: { type: 'inline', text: '{"n":2}' } },
      retry: { maxAttempts: 2, initialDelayMs: 1000 },
    });
  });

  it('is pinned even when it is disabled, and has a call key of its own', () => {
    const plan = planOf(withAction(chainOf('a b'), 'a', { disabled: true }), pin('a'));
    expect(plan.steps[0]?.source.type).toBe('pinned');
    expect(plan.steps.map(({ callKey }) => callKey)).toEqual(['key-1', 'key-2']);
  });
});

describe('a plan', () => {
  it('is plain data that JSON keeps whole', () => {
    const plan = planOf(withAction(chainOf('__proto__ b'), 'b', { on_failure: 'fallback', fallback: null }));
    expect(JSON.parse(JSON.stringify(plan))).toEqual(plan);
  });

  it('holds the document, its hash, and in words what flags changed', () => {
    const chain = chainOf('a');
    const plan = planOf(chain, { overrides: { maxConcurrency: 1, deadlineMs: 90_000, timeoutMs: 30_000 } });
    expect(plan.chainHash).toBe(hashChain(chain));
    expect(plan.documentText).toContain('"definition-of-a"');
    expect(plan).toMatchObject({ maxConcurrency: 1, deadlineMs: 90_000 });
    expect(plan.overrides).toEqual(['max_concurrency: 1 (was 5)', 'deadline_sec: 90 (was none)']);
  });

  it('sends webhooks from a simulator only when asked', () => {
    const chain = withSettings(chainOf('a'), { webhook: { url: 'https://example.org/x', extra: new Map() } });
    const simulator = { connection: { id: 's', name: 'Simulator', purpose: 'simulator' as const } };
    expect(planOf(chain).webhook?.url).toBe('https://example.org/x');
    expect(planOf(chain, simulator).webhook).toBeNull();
    expect(planOf(chain, { ...simulator, isWebhookAskedFor: true }).webhook?.events).toBe('actions');
  });
});
