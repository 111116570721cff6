import { describe, expect, it, onTestFinished } from 'vitest';
import { INLINE_BYTES_MAX } from '@/lib/json/body';
import { Numeral } from '@/lib/json/value';
import type { Plan } from '@/lib/plan/plan';
import { chainFrom, chainOf, toActionId, withAction, withSettings } from '@/testing/chain-builder';
import { planOf } from '@/testing/plan-builder';
import { Crash, failAt } from '@/testing/run-log-contract';
import { outlineOf } from '@/testing/run-trace';
import { failureOf, outputOf, type ScriptedCalls, scriptCalls } from '@/testing/scripted-calls';
import { createVirtualClock, type VirtualClock } from '@/testing/virtual-clock';
import type { RunEvent } from './events';
import { executeRun } from './execute-run';
import { createMemoryLog } from './memory-log';
import { type RunLog, RunLost, type RunPorts } from './ports';
import type { RunState } from './reduce-run';

interface Drive {
  readonly clock: VirtualClock;
  readonly calls: ScriptedCalls;
  readonly log: RunLog;
  readonly ports: RunPorts;
  readonly cancel: () => void;
  readonly release: () => void;
}

function prepare(plan: Plan, script?: Parameters<typeof scriptCalls>[1], keys: Partial<RunPorts> = {}): Drive {
  const clock = createVirtualClock();
  const calls = scriptCalls(clock, script);
  const cancel = new AbortController();
  const release = new AbortController();
  const log = keys.log ?? createMemoryLog(plan.runId, clock.nowMs);
  const ports: RunPorts = {
    log,
    invoke: calls.invoke,
    clock,
    random: () => 0.5,
    cancelled: cancel.signal,
    released: release.signal,
    ...keys,
  };
  return { clock, calls, log, ports, cancel: () => cancel.abort(), release: () => release.abort() };
}

const tutorial = chainFrom({
  inputs: { type: 'object', properties: { account_id: { type: 'string' } }, required: ['account_id'] },
  actions: {
    fetch_customer: { definition_id: 'd1', inputs: { account_id: '{{ input.account_id }}' } },
    enrich_data: {
      definition_id: 'd2',
      depends_on: ['fetch_customer'],
      inputs: { customer_id: '{{ fetch_customer.customer_id }}' },
    },
    update_crm: {
      definition_id: 'd3',
      depends_on: ['enrich_data'],
      inputs: { record_id: '{{ enrich_data.record_id }}', status: 'processed' },
    },
  },
});

describe('a straight run', () => {
  it('hands each output on to the next action and records every step', async () => {
    const plan = planOf(tutorial, { input: '{"account_id":"12345"}' as never });
    const { clock, calls, log, ports } = prepare(plan, {
      fetch_customer: {
        answer: {
          type: 'output',
          output: '{"customer_id":9007199254740993}' as never,
          envelope: null,
          provenance: 'live',
        },
      },
      enrich_data: {
        answer: { type: 'output', output: '{"record_id":"r-1"}' as never, envelope: null, provenance: 'live' },
      },
    });
    const state: RunState = await clock.runUntil(executeRun(plan, ports));
    expect(state.status).toBe('completed');
    expect(calls.calls.map(({ inputs }) => inputs)).toEqual([
      '{"account_id":"12345"}',
      '{"customer_id":9007199254740993}',
      '{"record_id":"r-1","status":"processed"}',
    ]);
    const events: readonly RunEvent[] = await log.read();
    expect(events.map(({ type }) => type)).toEqual([
      'run.started',
      'action.queued',
      'action.started',
      'action.completed',
      'action.queued',
      'action.started',
      'action.completed',
      'action.queued',
      'action.started',
      'action.completed',
      'run.finished',
    ]);
  });
});

describe('slots', () => {
  it('never has more calls in flight than max_concurrency, and uses all of it', async () => {
    const chain = withSettings(chainOf('a b c d e f g'), { max_concurrency: new Numeral('3') });
    const { clock, calls, ports } = prepare(planOf(chain));
    await clock.runUntil(executeRun(planOf(chain), ports));
    expect(calls.inFlightMax()).toBe(3);
    expect(calls.calls).toHaveLength(7);
  });

  it('keeps the partial results of a run that fails half-way', async () => {
    const plan = planOf(chainOf('a b c', 'a>b>c'));
    const { clock, ports } = prepare(plan, { b: { answer: failureOf('gateway_timeout') } });
    const state = await clock.runUntil(executeRun(plan, ports));
    expect(state.status).toBe('failed');
    expect(state.actionById.get(toActionId('a'))).toMatchObject({
      status: 'completed',
      output: { text: '{"from":"a"}' },
    });
    expect(state.actionById.get(toActionId('c'))).toMatchObject({
      status: 'skipped',
      because: { type: 'halted', by: 'b' },
    });
  });
});

describe('timeouts and cancel', () => {
  it('aborts a call on the wire when its time is up', async () => {
    const plan = planOf(withAction(chainOf('a'), 'a', { timeout_sec: new Numeral('0.5') }));
    const { clock, calls, ports } = prepare(plan, { a: { answer: outputOf('1'), afterMs: 60_000 } });
    const state = await clock.runUntil(executeRun(plan, ports));
    expect(calls.aborted).toEqual(['a']);
    expect(state.actionById.get(toActionId('a'))).toMatchObject({
      status: 'failed',
      failure: { kind: 'timeout', mayHaveHappened: true },
      latencyMs: 500,
    });
  });

  it('aborts every call within one turn of a cancel, without time passing', async () => {
    const plan = planOf(chainOf('a b c', 'a>c'));
    const { clock, calls, log, ports, cancel } = prepare(plan, { b: { answer: outputOf('1'), afterMs: 5000 } });
    const drive = executeRun(plan, ports);
    await clock.advance(50);
    cancel();
    await clock.advance(0);
    expect(calls.aborted).toEqual(['a', 'b']);
    expect((await drive).status).toBe('cancelled');
    expect(outlineOf(await log.read())).toContain('skipped c (cancelled)');
  });

  it('leaves no timer and no listener behind', async () => {
    const plan = planOf(withSettings(chainOf('a b', 'a>b'), { deadline_sec: new Numeral('100') }));
    const { clock, ports } = prepare(plan);
    await clock.runUntil(executeRun(plan, ports));
    await clock.advance(0);
    expect(clock.sleeperCount()).toBe(0);
  });

  it('passes the deadline by the clock although nothing answers', async () => {
    const plan = planOf(withSettings(chainOf('a b', 'a>b'), { deadline_sec: new Numeral('1') }));
    const { clock, log, ports } = prepare(plan, { a: { answer: outputOf('1'), afterMs: 5000 } });
    const drive = executeRun(plan, ports);
    await clock.advance(1000);
    expect(outlineOf(await log.read())).toEqual(['run started', 'started a', 'skipped b (deadline)']);
    expect((await clock.runUntil(drive)).status).toBe('timed_out');
  });
});

describe('the journal', () => {
  it('lets a write leave only once its start is durable, a read while it is being written', async () => {
    const chain = withAction(chainOf('reader writer'), 'reader', { effect: 'read' });
    const plan = planOf(chain);
    const held = holdAppends(createMemoryLog(plan.runId, () => 0));
    const { clock, calls, ports } = prepare(plan, {}, { log: held.log });
    const drive = executeRun(plan, ports);
    await clock.advance(0);
    expect(calls.calls.map(({ actionId }) => actionId)).toEqual(['reader']);
    held.open();
    await clock.advance(0);
    expect(calls.calls.map(({ actionId }) => actionId)).toEqual(['reader', 'writer']);
    await clock.runUntil(drive);
  });

  it('decides together what comes back while an append is under way', async () => {
    const plan = planOf(chainOf('a b c d', 'a>d', 'b>d', 'c>d'));
    const held = holdAppends(createMemoryLog(plan.runId, () => 0));
    held.open();
    const { clock, ports } = prepare(
      plan,
      { b: { answer: outputOf('1'), afterMs: 110 }, c: { answer: outputOf('1'), afterMs: 120 } },
      { log: held.log },
    );
    const drive = executeRun(plan, ports);
    await clock.advance(0);
    held.hold();
    await clock.advance(150);
    expect(held.batches.at(-1)).toEqual(['action.completed']);
    held.open();
    await clock.advance(0);
    expect(held.batches.at(-1)).toEqual(['action.completed', 'action.completed', 'action.queued', 'action.started']);
    await clock.runUntil(drive);
  });

  it('stops when the run is lost: calls are aborted and nothing more is recorded', async () => {
    const plan = planOf(chainOf('a b c', 'a>c'));
    const log = createMemoryLog(plan.runId, () => 0);
    let appends = 0;
    const append: RunLog['append'] = async (facts) => {
      appends += 1;
      if (appends > 1) throw new RunLost('another owner holds the run');
      return log.append(facts);
    };
    const { clock, calls, ports } = prepare(
      plan,
      { b: { answer: outputOf('1'), afterMs: 5000 } },
      {
        log: { ...log, append },
      },
    );
    await expect(clock.runUntil(executeRun(plan, ports))).rejects.toBeInstanceOf(RunLost);
    await clock.advance(10_000);
    expect(calls.aborted).toEqual(['b']);
    expect(appends).toBe(2);
    expect(outlineOf(await log.read())).toEqual(['run started', 'started a', 'started b']);
  });

  it('gives back the state of a log that is finished and calls nothing', async () => {
    const plan = planOf(chainOf('a'));
    const { clock, calls, log, ports } = prepare(plan);
    const first = await clock.runUntil(executeRun(plan, ports));
    const events = await log.read();
    expect(await clock.runUntil(executeRun(plan, ports))).toEqual(first);
    expect(await log.read()).toEqual(events);
    expect(calls.calls).toHaveLength(1);
  });

  it('reports a defect of the port with the incident id that the failure names', async () => {
    const plan = planOf(chainOf('a b'));
    const defects: string[] = [];
    const { clock, ports } = prepare(plan, {}, { reportDefect: (id, error) => defects.push(`${id} ${error}`) });
    const broken: RunPorts = {
      ...ports,
      invoke: (call, signal, sent) =>
        call.actionId === 'a' ? Promise.reject(new TypeError('bug')) : ports.invoke(call, signal, sent),
    };
    const state = await clock.runUntil(executeRun(plan, broken));
    expect(defects).toEqual(['CW-80000000 TypeError: bug']);
    expect(state.actionById.get(toActionId('a'))).toMatchObject({
      failure: { kind: 'internal', message: expect.stringContaining('CW-80000000') },
    });
    expect(state.actionById.get(toActionId('b'))?.status).toBe('completed');
  });
});

describe('many actions at once', () => {
  const ids = Array.from({ length: 64 }, (_, i) => `a${i}`);
  const plan = planOf(withSettings(chainOf(ids.join(' ')), { max_concurrency: Numeral.of(64) }));

  it.each([
    ['under way', {}],
    [
      'waiting for their retry',
      Object.fromEntries(
        ids.map((id) => [
          id,
          [{ answer: failureOf('rate_limited', { retryAfterMs: 500 }) }, { answer: outputOf('1') }],
        ]),
      ),
    ],
  ])('gather no listeners on one signal while they are %s: Node has nothing to warn of', async (_when, script) => {
    const warnings: Error[] = [];
    const onWarning = (warning: Error): void => void warnings.push(warning);
    process.on('warning', onWarning);
    onTestFinished(() => void process.off('warning', onWarning));
    const { clock, calls, ports } = prepare(plan, script);
    const state = await clock.runUntil(executeRun(plan, ports));
    // Warnings are told on a later turn.
    await new Promise((resolve) => setImmediate(resolve));
    expect(state.status).toBe('completed');
    expect(calls.inFlightMax()).toBe(64);
    expect(warnings).toEqual([]);
  });
});

describe('letting go', () => {
  it('starts nothing after release, records what comes back, and leaves the rest open', async () => {
    const plan = planOf(chainOf('a b', 'a>b'));
    const { clock, log, ports, release } = prepare(plan);
    const drive = executeRun(plan, ports);
    await clock.advance(50);
    release();
    const state = await clock.runUntil(drive);
    expect(state.finishedAtMs).toBeNull();
    expect(outlineOf(await log.read())).toEqual(['run started', 'started a', 'completed a']);
  });

  it('leaves at once when nothing is in flight, a waiting retry to the next owner', async () => {
    const plan = planOf(chainOf('a'));
    const { clock, log, ports, release } = prepare(plan, {
      a: { answer: failureOf('rate_limited', { retryAfterMs: 10_000 }) },
    });
    const drive = executeRun(plan, ports);
    await clock.advance(150);
    release();
    await clock.advance(0);
    expect((await drive).finishedAtMs).toBeNull();
    expect(outlineOf(await log.read()).at(-1)).toBe('retry a in 10000');
  });

  it('leaves a retry that falls due while another call is still coming back', async () => {
    const plan = planOf(chainOf('a b'));
    const { clock, calls, ports, release } = prepare(plan, {
      a: { answer: failureOf('rate_limited', { retryAfterMs: 200 }) },
      b: { answer: outputOf('1'), afterMs: 1000 },
    });
    const drive = executeRun(plan, ports);
    await clock.advance(150);
    release();
    const state = await clock.runUntil(drive);
    expect(calls.calls.map(({ actionId }) => actionId)).toEqual(['a', 'b']);
    expect(state.actionById.get(toActionId('a'))?.status).toBe('waiting');
    expect(state.actionById.get(toActionId('b'))?.status).toBe('completed');
  });

  it('records nothing in a process that is on its way out already', async () => {
    const plan = planOf(chainOf('a'));
    const { clock, log, ports, release } = prepare(plan);
    release();
    expect((await clock.runUntil(executeRun(plan, ports))).status).toBe('queued');
    expect(await log.read()).toEqual([]);
  });

  it('goes on in the next process where the first let go', async () => {
    const plan = planOf(chainOf('a b', 'a>b'));
    const { clock, log, ports, release } = prepare(plan);
    const drive = executeRun(plan, ports);
    await clock.advance(50);
    release();
    await clock.runUntil(drive);
    const next = await clock.runUntil(executeRun(plan, { ...ports, released: new AbortController().signal }));
    expect(next.status).toBe('completed');
    expect(outlineOf(await log.read()).slice(3)).toEqual([
      'taken over',
      'started b',
      'completed b',
      'finished completed',
    ]);
  });
});

describe('take-over after a crash', () => {
  /** The process dies as it is about to record the answer of `a`, or at another append. */
  async function crash(
    plan: Plan,
    at = 2,
    script?: Parameters<typeof scriptCalls>[1],
    when: 'before' | 'after' = 'before',
  ) {
    const setup = prepare(plan, script);
    const dying = { ...setup.ports, log: failAt(setup.log, at, when).log };
    await expect(setup.clock.runUntil(executeRun(plan, dying))).rejects.toBeInstanceOf(Crash);
    return setup;
  }

  it.each(['read', 'idempotent'] as const)('calls again what was in flight when its effect is %s', async (effect) => {
    const plan = planOf(withAction(chainOf('a b', 'a>b'), 'a', { effect }));
    const { clock, calls, log, ports } = await crash(plan);
    const state = await clock.runUntil(executeRun(plan, ports));
    expect(state.status).toBe('completed');
    expect(calls.calls.map(({ actionId, attempt, callKey }) => [actionId, attempt, callKey])).toEqual([
      ['a', 1, 'key-1'],
      ['a', 2, 'key-1'],
      ['b', 1, 'key-2'],
    ]);
    expect(outlineOf(await log.read()).slice(0, 5)).toEqual([
      'run started',
      'started a',
      'taken over',
      'started a #2',
      'completed a',
    ]);
  });

  it('ends the run as interrupted when a write is in doubt, names it, and starts nothing', async () => {
    const plan = planOf(withAction(chainOf('a r b', 'a>b'), 'r', { effect: 'read' }));
    const { clock, calls, log, ports } = await crash(plan);
    const state = await clock.runUntil(executeRun(plan, ports));
    expect(outlineOf(await log.read()).slice(3)).toEqual([
      'taken over',
      'failed a (interrupted, in-doubt)',
      'failed r (interrupted, halted)',
      'skipped b (interrupted)',
      'finished interrupted',
    ]);
    expect(state.actionById.get(toActionId('a'))).toMatchObject({ failure: { mayHaveHappened: true } });
    expect(calls.calls).toHaveLength(2);
  });

  it('calls a doubtful write again with the key first sent when the plan says so', async () => {
    const plan = planOf(chainOf('a'), { onDoubt: 'call-again' });
    const { clock, calls, ports } = await crash(plan);
    expect((await clock.runUntil(executeRun(plan, ports))).status).toBe('completed');
    expect(calls.calls.map(({ callKey }) => callKey)).toEqual(['key-1', 'key-1']);
  });

  it('makes no doubtful write again in a run that was cancelled before the crash, whatever the plan says', async () => {
    const plan = planOf(chainOf('a'), { onDoubt: 'call-again' });
    const { clock, calls, ports, cancel } = await crash(plan);
    cancel();
    await ports.log.append([{ type: 'run.cancel-requested' }]);
    expect((await clock.runUntil(executeRun(plan, ports))).status).toBe('interrupted');
    expect(calls.calls).toHaveLength(1);
  });

  it('gives a call that was cut off a number but no try', async () => {
    const chain = withAction(chainOf('a'), 'a', {
      effect: 'read',
      retry: { max_attempts: new Numeral('2'), extra: new Map() },
    });
    const plan = planOf(chain);
    const limited = { answer: failureOf('rate_limited') };
    const { clock, log, ports } = await crash(plan, 2, { a: [limited, limited, limited] });
    await clock.runUntil(executeRun(plan, ports));
    expect(outlineOf(await log.read()).slice(3)).toEqual([
      'started a #2',
      'retry a in 500',
      'started a #3',
      'failed a (rate_limited, attempts)',
      'finished failed',
    ]);
  });

  it('waits out the rest of a back-off, and sends what was sent before, large inputs included', async () => {
    const chain = withAction(chainOf('a b', 'a>b'), 'b', { effect: 'read', inputs: { all: '{{ a.text }}' } });
    const plan = planOf(chain);
    const large = JSON.stringify({ text: 'x'.repeat(2 * INLINE_BYTES_MAX) });
    const limited = { answer: failureOf('rate_limited', { retryAfterMs: 10_000 }) };
    const { clock, calls, log, ports } = await crash(
      plan,
      3,
      { a: { answer: outputOf(large) }, b: [limited, { answer: outputOf('1') }] },
      'after',
    );
    const dueAtMs = retryAtMs(await log.read());
    await clock.advance(4000);
    expect((await clock.runUntil(executeRun(plan, ports))).status).toBe('completed');
    const restarted = (await log.read()).find((event) => event.type === 'action.started' && event.attempt === 2);
    expect(restarted?.atMs).toBe(dueAtMs);
    expect(calls.calls.at(-1)?.inputs).toBe(calls.calls.at(-2)?.inputs);
    expect(calls.calls.at(-1)?.inputs.length).toBeGreaterThan(2 * INLINE_BYTES_MAX);
  });

  it('cancels at once a run whose cancel was recorded before the crash', async () => {
    const plan = planOf(withAction(chainOf('a b', 'a>b'), 'a', { effect: 'read' }));
    const setup = prepare(plan);
    const first = await setup.log.append([]);
    expect(first).toEqual([]);
    const dying = executeRun(plan, { ...setup.ports, log: failAt(setup.log, 3, 'before').log });
    await setup.clock.advance(50);
    setup.cancel();
    await expect(setup.clock.runUntil(dying)).rejects.toBeInstanceOf(Crash);
    const state = await setup.clock.runUntil(executeRun(plan, setup.ports));
    expect(state.status).toBe('cancelled');
    expect(setup.calls.calls).toHaveLength(1);
    expect((await setup.log.read()).filter(({ type }) => type === 'run.cancel-requested')).toHaveLength(1);
  });
});

const retryAtMs = (events: readonly RunEvent[]): number => {
  const retry = events.find((event) => event.type === 'action.retry-scheduled');
  if (retry === undefined) throw new Error('No retry was recorded');
  return retry.retryAtMs;
};

/** A log whose appends wait at a gate. */
function holdAppends(log: RunLog) {
  let gate = createGate();
  const batches: (readonly string[])[] = [];
  const append: RunLog['append'] = async (facts) => {
    batches.push(facts.map(({ type }) => type));
    await gate.promise;
    return log.append(facts);
  };
  return {
    log: { ...log, append },
    batches,
    open: () => gate.resolve(),
    hold: () => {
      gate = createGate();
    },
  };
}

function createGate(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let open = (): void => {};
  const promise = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { promise, resolve: () => open() };
}
