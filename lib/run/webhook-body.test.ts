import { describe, expect, it } from 'vitest';
import type { JsonText } from '@/lib/json/value';
import type { Plan } from '@/lib/plan/plan';
import { chainOf, toActionId, withAction, withSettings } from '@/testing/chain-builder';
import { planOf, TEST_RUN_ID } from '@/testing/plan-builder';
import { failureOf, outputOf } from '@/testing/scripted-calls';
import { emptyRun, reduceRun } from './reduce-run';
import { simulateRun } from './simulate-run';
import { buildWebhookBody } from './webhook-body';

const chain = [
  ['disabled', { disabled: true }],
  ['fallen', { on_failure: 'fallback', fallback: 0 }],
].reduce(
  (before, [id, keys]) => withAction(before, id as string, keys as object),
  withSettings(chainOf('good limited bad disabled pinned mocked fallen'), { on_failure: 'continue' }),
);

function bodies(
  events: NonNullable<Plan['webhook']>['events'],
  purpose: 'test' | 'simulator' = 'test',
): { readonly [key: string]: unknown }[] {
  const plan: Plan = {
    ...planOf(chain, {
      connection: { id: 'c', name: 'C', purpose },
      pins: new Map([[toActionId('pinned'), '1' as JsonText]]),
      mocks: new Map([[toActionId('mocked'), [failureOf('timeout')]]]),
    }),
    webhook: { url: 'https://example.org/status', secretRef: null, events },
  };
  const log = simulateRun(
    plan,
    ({ actionId, attempt }) => ({
      answer:
        actionId === 'bad' || actionId === 'fallen'
          ? failureOf('timeout')
          : actionId === 'limited' && attempt === 1
            ? failureOf('rate_limited')
            : outputOf('{"id":9007199254740993}'),
      latencyMs: 10,
    }),
    () => 0.5,
    { startAtMs: 1_698_765_432_100 },
  );
  let state = emptyRun(TEST_RUN_ID);
  return log.flatMap((event) => {
    state = reduceRun(state, [event]);
    const text = buildWebhookBody(event, {
      plan,
      state,
      textOf: (output) => (output.type === 'inline' ? output.text : ('null' as JsonText)),
    });
    if (text?.includes('9007199254740992')) throw new Error('A number lost its spelling');
    return text === null ? [] : [JSON.parse(text)];
  });
}

const said = (list: ReturnType<typeof bodies>) => list.map(({ action_id, status }) => `${action_id} ${status}`).sort();

describe('webhook bodies', () => {
  it('hold the keys of both bodies of the tutorial', () => {
    const completed = bodies('actions').find(({ status }) => status === 'completed');
    expect(completed).toEqual({
      orchestrator: 'cxone-data-action-chain',
      trace_id: TEST_RUN_ID,
      action_id: 'good',
      status: 'completed',
      timestamp: expect.closeTo(1_698_765_432.11, 2),
      payload: { output: { id: Number('9007199254740993') } },
    });
  });

  it('say started once per action, and nothing of skipped, pinned and mocked ones', () => {
    expect(said(bodies('actions'))).toEqual([
      'bad failed',
      'bad started',
      'fallen failed',
      'fallen started',
      'good completed',
      'good started',
      'limited completed',
      'limited started',
    ]);
  });

  it('say failed, with message and kind, where a fallback took the place of a failure', () => {
    expect(bodies('actions').find((body) => body.action_id === 'fallen' && body.status === 'failed')).toMatchObject({
      payload: { error: 'It was timeout.', kind: 'timeout' },
    });
  });

  it('say only how the run ended when asked for the run alone', () => {
    expect(bodies('run')).toMatchObject([
      {
        action_id: null,
        status: 'run_completed',
        payload: { status: 'completed_with_failures', failures: { bad: { kind: 'timeout', attempts: 1 } } },
      },
    ]);
  });

  it('say both when asked for all', () => {
    expect(said(bodies('all'))).toEqual([...said(bodies('actions')), 'null run_completed'].sort());
  });

  it('mark what comes from a simulator, and nothing else', () => {
    expect(bodies('all', 'simulator').every(({ simulated }) => simulated === true)).toBe(true);
    expect(bodies('all').some((body) => 'simulated' in body)).toBe(false);
  });
});
