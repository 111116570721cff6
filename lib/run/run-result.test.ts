import { describe, expect, it } from 'vitest';
import { parseJson } from '@/lib/json/parse-json';
import { isJsonObject, type JsonText } from '@/lib/json/value';
import { chainOf, toActionId, withAction, withSettings } from '@/testing/chain-builder';
import { planOf, TEST_RUN_ID } from '@/testing/plan-builder';
import { failureOf, outputOf } from '@/testing/scripted-calls';
import { emptyRun, reduceRun } from './reduce-run';
import { buildRunResult, loadOutputs, printRunResult } from './run-result';
import { simulateRun } from './simulate-run';

//  ok ──► limited ──► skipped (condition)
//  bad ──► after
//  pinned   fallen
const chain = [
  ['skipped', { when: '{{ limited.go }}' }],
  ['fallen', { on_failure: 'fallback', fallback: [1, 2] }],
  ['broken', { inputs: { x: '{{ ok.nothing.here }}' } }],
].reduce(
  (before, [id, keys]) => withAction(before, id as string, keys as object),
  withSettings(
    chainOf('ok limited skipped bad after pinned fallen broken', 'ok>limited>skipped', 'bad>after', 'ok>broken'),
    {
      on_failure: 'continue',
    },
  ),
);

function runOnce(purpose: 'test' | 'simulator' = 'test') {
  const plan = planOf(chain, {
    pins: new Map([[toActionId('pinned'), '{"is":"pinned"}' as JsonText]]),
    connection: { id: 'c', name: 'C', purpose },
  });
  const events = simulateRun(
    plan,
    ({ actionId, attempt }) => ({
      answer:
        actionId === 'bad' || actionId === 'fallen'
          ? failureOf('server_error', { httpStatus: 503 })
          : actionId === 'limited' && attempt === 1
            ? failureOf('rate_limited', { retryAfterMs: 2000 })
            : outputOf('{"id":9007199254740993,"share":2.0,"go":false,"10":1,"2":1}'),
      latencyMs: 120,
    }),
    () => 0.5,
  );
  return reduceRun(emptyRun(TEST_RUN_ID), events);
}

async function resultOf(state = runOnce()) {
  const outputs = await loadOutputs(state, async () => {
    throw new Error('Everything is inline here');
  });
  return buildRunResult(state, outputs);
}

const plain = async () => JSON.parse(printRunResult(await resultOf()));

describe('the result document', () => {
  it('starts with the tutorial’s keys', async () => {
    expect([...(await resultOf()).keys()]).toEqual([
      'trace_id',
      'results',
      'latency',
      'failures',
      'status',
      'chain_hash',
      'simulated',
      'durations',
      'failure_distribution',
      'skipped',
      'provenance',
    ]);
  });

  it('keeps numbers and key order of outputs as they came, and ends with one newline', async () => {
    const text = printRunResult(await resultOf());
    expect(text.endsWith('}\n')).toBe(true);
    expect(text).toContain('"id": 9007199254740993');
    expect(text).toContain('"share": 2.0');
    expect(text.indexOf('"10": 1')).toBeLessThan(text.indexOf('"2": 1'));
    const parsed = parseJson(text);
    expect(parsed.ok && isJsonObject(parsed.value)).toBe(true);
  });

  it('names every action once: in results, failures or skipped', async () => {
    const { results, failures, skipped } = await plain();
    expect([...Object.keys(results), ...Object.keys(failures), ...Object.keys(skipped)].sort()).toEqual(
      [...chain.actions.keys()].sort(),
    );
    expect(skipped).toEqual({ skipped: { because: 'condition' }, after: { because: 'upstream', by: 'bad' } });
  });

  it('gives failures with kind, message, status, attempts, time and doubt', async () => {
    const { failures, failure_distribution } = await plain();
    expect(failures.bad).toEqual({
      kind: 'server_error',
      message: 'It was server_error.',
      http_status: 503,
      attempts: 1,
      elapsed_sec: 0.12,
      may_have_happened: true,
    });
    expect(failures.broken).toMatchObject({ kind: 'template_error', attempts: 0, elapsed_sec: 0 });
    expect(failures.broken).not.toHaveProperty('http_status');
    expect(failure_distribution).toEqual({ server_error: 1, template_error: 1 });
  });

  it('gives the last call’s latency and the whole duration, in seconds, of actions that made calls', async () => {
    const { latency, durations } = await plain();
    expect(latency.limited).toBe(0.12);
    expect(durations.limited).toBe(2.24);
    expect(Object.keys(latency).sort()).toEqual(['bad', 'fallen', 'limited', 'ok']);
  });

  it('says where each output came from', async () => {
    const { provenance, results, status } = await plain();
    expect(provenance).toEqual({ ok: 'live', limited: 'live', pinned: 'pinned', fallen: 'fallback' });
    expect(results.fallen).toEqual([1, 2]);
    expect(status).toBe('completed_with_failures');
  });

  it('says that a run on the simulator is simulated', async () => {
    expect((await resultOf()).get('simulated')).toBe(false);
    expect((await resultOf(runOnce('simulator'))).get('simulated')).toBe(true);
  });

  it('fetches outputs that do not stand in the events', async () => {
    const plan = planOf(chainOf('a'));
    const large = JSON.stringify('x'.repeat(20_000));
    const events = simulateRun(
      plan,
      () => ({ answer: outputOf(large), latencyMs: 1 }),
      () => 0,
    );
    const state = reduceRun(emptyRun(TEST_RUN_ID), events);
    const asked: string[] = [];
    const outputs = await loadOutputs(state, async (body) => {
      asked.push(body.type);
      return large as JsonText;
    });
    expect(asked).toEqual(['stored']);
    expect(printRunResult(buildRunResult(state, outputs))).toContain(large);
  });

  it('holds actions that are names of Object.prototype', async () => {
    const plan = planOf(chainOf('__proto__ constructor'));
    const events = simulateRun(
      plan,
      () => ({ answer: outputOf('1'), latencyMs: 1 }),
      () => 0,
    );
    const text = printRunResult(await resultOf(reduceRun(emptyRun(TEST_RUN_ID), events)));
    expect(text).toContain('"__proto__": 1');
  });
});
