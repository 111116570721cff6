import { describe, expect, it } from 'vitest';
import type { Call } from '@/lib/plan/call';
import { toActionId } from '@/testing/chain-builder';
import { TEST_RUN_ID } from '@/testing/plan-builder';
import { outputOf } from '@/testing/scripted-calls';
import { createVirtualClock, type VirtualClock } from '@/testing/virtual-clock';
import { type CallOutcome, callOnce } from './call-once';
import type { Invoke } from './ports';

const call: Call = {
  runId: TEST_RUN_ID,
  actionId: toActionId('a'),
  attempt: 1,
  definitionId: 'd',
  inputs: '{}' as Call['inputs'],
  callKey: 'key',
  timeoutMs: 1000,
  effect: 'write',
};
const never = new Promise<never>(() => {});

function start(script: (clock: VirtualClock) => Invoke, stop = new AbortController()) {
  const clock = createVirtualClock();
  const invoke = script(clock);
  const defects: unknown[] = [];
  const ports = { invoke, clock, random: () => 0, reportDefect: (_id: string, error: unknown) => defects.push(error) };
  const outcome: Promise<CallOutcome> = callOnce(call, ports, stop.signal);
  return { clock, outcome, stop, defects };
}

const failureIn = ({ answer }: CallOutcome) => (answer.type === 'failure' ? answer.failure : null);

describe('callOnce', () => {
  it('counts timeout and latency from the moment the request leaves, not from the call', async () => {
    const { clock, outcome } = start((time) => async (_call, signal, sent) => {
      await time.sleep(60_000, signal);
      sent();
      await time.sleep(900, signal);
      return outputOf('1');
    });
    expect(await clock.runUntil(outcome)).toEqual({ answer: outputOf('1'), latencyMs: 900 });
  });

  it('starts both anew when the call is sent again after a token renewal', async () => {
    const { clock, outcome } = start((time) => async (_call, signal, sent) => {
      sent();
      await time.sleep(900, signal);
      sent();
      await time.sleep(900, signal);
      return outputOf('1');
    });
    expect(await clock.runUntil(outcome)).toMatchObject({ answer: { type: 'output' }, latencyMs: 900 });
  });

  it('counts nothing while a new token is asked for, however long that takes', async () => {
    const { clock, outcome } = start((time) => async (_call, signal, sent) => {
      const takeBack = sent();
      await time.sleep(900, signal);
      takeBack();
      await time.sleep(60_000, signal);
      sent();
      await time.sleep(900, signal);
      return outputOf('1');
    });
    expect(await clock.runUntil(outcome)).toEqual({ answer: outputOf('1'), latencyMs: 900 });
  });

  it('is without doubt when it is stopped while a new token is asked for', async () => {
    const { clock, outcome, stop } = start(() => (_call, _signal, sent) => {
      sent()();
      return never;
    });
    await clock.advance(200);
    stop.abort();
    const settled = await outcome;
    expect(failureIn(settled)).toMatchObject({ kind: 'cancelled', mayHaveHappened: false });
    expect(settled.latencyMs).toBe(0);
  });

  it('takes nothing away from a request that has left since', async () => {
    const { clock, outcome } = start(() => (_call, _signal, sent) => {
      const takeBack = sent();
      sent();
      takeBack();
      return never;
    });
    expect(failureIn(await clock.runUntil(outcome))).toMatchObject({ kind: 'timeout', mayHaveHappened: true });
  });

  it('times out an invoke that ignores its signal, aborts it and drops its late answer', async () => {
    let signal: AbortSignal | undefined;
    const { clock, outcome } = start((time) => async (_call, own, sent) => {
      signal = own;
      sent();
      await time.sleep(5000, new AbortController().signal);
      return outputOf('1');
    });
    const settled = await clock.runUntil(outcome);
    expect(failureIn(settled)).toMatchObject({
      kind: 'timeout',
      mayHaveHappened: true,
      message: expect.stringContaining('1 s'),
    });
    expect(settled.latencyMs).toBe(1000);
    expect(signal?.aborted).toBe(true);
    await clock.advance(10_000);
    expect(await outcome).toBe(settled);
  });

  it.each([
    ['before the request left, without doubt', false],
    ['after it left, in doubt', true],
  ])('answers a stop %s', async (_when, wasSent) => {
    const { clock, outcome, stop } = start(() => (_call, _signal, sent) => {
      if (wasSent) sent();
      return never;
    });
    await clock.advance(200);
    stop.abort();
    const settled = await outcome;
    expect(failureIn(settled)).toMatchObject({ kind: 'cancelled', mayHaveHappened: wasSent });
    expect(settled.latencyMs).toBe(wasSent ? 200 : 0);
    await clock.advance(0);
    expect(clock.sleeperCount()).toBe(0);
  });

  it('never calls once it is stopped', async () => {
    const stop = new AbortController();
    stop.abort();
    let isCalled = false;
    const { outcome } = start(
      () => async () => {
        isCalled = true;
        return outputOf('1');
      },
      stop,
    );
    expect(failureIn(await outcome)?.kind).toBe('cancelled');
    expect(isCalled).toBe(false);
  });

  it.each([
    ['rejects', () => Promise.reject(new TypeError('bug'))],
    [
      'throws',
      () => {
        throw new TypeError('bug');
      },
    ],
  ])('takes an invoke that %s as our own defect, with an incident id and no stack', async (_how, invoke) => {
    const { outcome, defects } = start(() => invoke);
    const failure = failureIn(await outcome);
    expect(failure).toMatchObject({ kind: 'internal', mayHaveHappened: false });
    expect(failure?.message).toMatch(/CW-00000000/);
    expect(failure?.message).not.toContain('bug');
    expect(defects).toEqual([new TypeError('bug')]);
  });

  it('leaves neither timer nor listener behind, however it ends', async () => {
    const stop = new AbortController();
    let listeners = 0;
    const { addEventListener, removeEventListener } = stop.signal;
    stop.signal.addEventListener = (...args: Parameters<typeof addEventListener>) => {
      listeners += 1;
      addEventListener.apply(stop.signal, args);
    };
    stop.signal.removeEventListener = (...args: Parameters<typeof removeEventListener>) => {
      listeners -= 1;
      removeEventListener.apply(stop.signal, args);
    };
    const answering: Invoke = async (_call, _signal, sent) => {
      sent();
      return outputOf('1');
    };
    for (const invoke of [answering, (() => Promise.reject(new Error('bug'))) as Invoke]) {
      const { clock, outcome } = start(() => invoke, stop);
      await outcome;
      await clock.advance(0);
      expect(clock.sleeperCount()).toBe(0);
    }
    expect(listeners).toBe(0);
  });
});
