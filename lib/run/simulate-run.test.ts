import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ActionId } from '@/lib/chain/ids';
import { FAILURE_KINDS } from '@/lib/failure/action-failure';
import type { JsonText } from '@/lib/json/value';
import { Numeral } from '@/lib/json/value';
import type { Plan } from '@/lib/plan/plan';
import { chainOf, withAction, withSettings } from '@/testing/chain-builder';
import { fuzzRuns } from '@/testing/fuzz-runs';
import { planOf, TEST_RUN_ID } from '@/testing/plan-builder';
import { Crash, failAt } from '@/testing/run-log-contract';
import { failureOf, outputOf } from '@/testing/scripted-calls';
import { createVirtualClock } from '@/testing/virtual-clock';
import type { RunEvent } from './events';
import { executeRun } from './execute-run';
import { createMemoryLog } from './memory-log';
import type { RunPorts } from './ports';
import { emptyRun, type RunState, reduceRun } from './reduce-run';
import { type SimulatedAnswer, simulateRun } from './simulate-run';

/** What differs from one action to the next. */
interface Wish {
  readonly needs: readonly number[];
  readonly onFailure: 'halt' | 'continue' | 'fallback';
  readonly runIf: 'all_completed' | 'all_done';
  readonly effect: 'read' | 'idempotent' | 'write';
  readonly kind: 'call' | 'disabled' | 'pinned';
  readonly when: string | null;
  /** Kind of failure by attempt; none is an output. */
  readonly failures: readonly (string | null)[];
  readonly latencyMs: number;
}

const arbitraryWish: fc.Arbitrary<Wish> = fc.record({
  needs: fc.array(fc.nat(100), { maxLength: 3 }),
  onFailure: fc.constantFrom('continue', 'halt', 'fallback'),
  runIf: fc.constantFrom('all_completed', 'all_done'),
  effect: fc.constantFrom('read', 'idempotent', 'write'),
  kind: fc.oneof(
    { weight: 8, arbitrary: fc.constant('call' as const) },
    { weight: 1, arbitrary: fc.constantFrom('disabled' as const, 'pinned' as const) },
  ),
  when: fc.option(fc.constantFrom('{{ input.yes }}', '{{ input.no }}'), { freq: 6, nil: null }),
  failures: fc.array(fc.option(fc.constantFrom(...FAILURE_KINDS.slice(0, 10)), { freq: 2, nil: null }), {
    maxLength: 3,
  }),
  latencyMs: fc.integer({ min: 1, max: 400 }),
});

const arbitraryCase = fc.record({
  wishes: fc.array(arbitraryWish, { maxLength: 9 }),
  slots: fc.integer({ min: 1, max: 4 }),
  deadlineMs: fc.option(fc.integer({ min: 100, max: 2000 }), { freq: 4, nil: null }),
  cancelAfterMs: fc.option(fc.integer({ min: 0, max: 1500 }), { freq: 4, nil: undefined }),
  chance: fc.double({ min: 0, max: 0.999, noNaN: true }),
});
type Case = typeof arbitraryCase extends fc.Arbitrary<infer T> ? T : never;

const nameOf = (position: number): string => `a${position}`;

function planFor({ wishes, slots, deadlineMs }: Pick<Case, 'wishes' | 'slots' | 'deadlineMs'>): Plan {
  const ids = wishes.map((_, position) => nameOf(position));
  const edges = wishes.flatMap(({ needs }, position) =>
    position === 0 ? [] : needs.map((need) => `${nameOf(need % position)}>${nameOf(position)}`),
  );
  let chain = withSettings(chainOf(ids.join(' '), ...edges), {
    max_concurrency: Numeral.of(slots),
    deadline_sec: deadlineMs === null ? null : Numeral.of(deadlineMs / 1000),
  });
  for (const [position, wish] of wishes.entries()) {
    chain = withAction(chain, nameOf(position), {
      on_failure: wish.onFailure,
      ...(wish.onFailure === 'fallback' ? { fallback: { fell: 'back' } } : {}),
      run_if: wish.runIf,
      effect: wish.effect,
      disabled: wish.kind === 'disabled',
      ...(wish.when === null ? {} : { when: wish.when }),
      retry: { on: ['rate_limited', 'server_error', 'network'], extra: new Map() },
    });
  }
  const pins = new Map(
    wishes.flatMap(({ kind }, position) =>
      kind === 'pinned' ? [[nameOf(position) as ActionId, '{"pinned":1}' as JsonText] as const] : [],
    ),
  );
  return planOf(chain, { pins, input: '{"yes":true,"no":false}' as JsonText });
}

const answerFor =
  (wishes: readonly Wish[]) =>
  (call: { readonly actionId: ActionId; readonly attempt: number }): SimulatedAnswer => {
    const wish = wishes[Number(call.actionId.slice(1))]!;
    const kind = wish.failures[call.attempt - 1] ?? null;
    const answer = kind === null ? outputOf(`{"from":"${call.actionId}"}`) : failureOf(kind as never);
    return { answer, latencyMs: wish.latencyMs };
  };

const simulate = (one: Case): { readonly plan: Plan; readonly events: readonly RunEvent[] } => {
  const plan = planFor(one);
  const options = one.cancelAfterMs === undefined ? {} : { cancelAfterMs: one.cancelAfterMs };
  return { plan, events: simulateRun(plan, answerFor(one.wishes), () => one.chance, options) };
};

const stateOf = (events: readonly RunEvent[]): RunState => reduceRun(emptyRun(TEST_RUN_ID), events);
const ENDS = new Set(['action.completed', 'action.failed', 'action.skipped']);

describe('any run (property)', () => {
  it('has a log that replays from wherever it is cut', () => {
    fc.assert(
      fc.property(arbitraryCase, fc.array(fc.nat(200), { maxLength: 4 }), (one, cuts) => {
        const { events } = simulate(one);
        const whole = stateOf(events);
        for (let cut = 0; cut <= events.length; cut++) {
          expect(reduceRun(stateOf(events.slice(0, cut)), events.slice(cut))).toEqual(whole);
        }
        let state = emptyRun(TEST_RUN_ID);
        for (const cut of cuts.map((at) => at % (events.length + 1)).sort((a, b) => a - b)) {
          state = reduceRun(state, events.slice(0, cut));
        }
        expect(reduceRun(state, events)).toEqual(whole);
      }),
      { numRuns: fuzzRuns(150) },
    );
  });

  it('ends every action in exactly one state, and the run last', () => {
    fc.assert(
      fc.property(arbitraryCase, (one) => {
        const { plan, events } = simulate(one);
        for (const { actionId } of plan.steps) {
          const own = events.filter((event) => 'actionId' in event && event.actionId === actionId);
          expect(own.filter(({ type }) => ENDS.has(type)).length).toBe(1);
          expect(ENDS.has(own.at(-1)!.type)).toBe(true);
        }
        expect(events.map(({ seq }) => seq)).toEqual(events.map((_, i) => i + 1));
        expect(events.filter(({ type }) => type === 'run.finished')).toEqual([events.at(-1)]);
      }),
      { numRuns: fuzzRuns(300) },
    );
  });

  it('starts an action only after all that it needs have ended', () => {
    fc.assert(
      fc.property(arbitraryCase, (one) => {
        const { plan, events } = simulate(one);
        const ended = new Set<ActionId>();
        for (const event of events) {
          if (!('actionId' in event)) continue;
          if (event.type === 'action.started') {
            const step = plan.steps.find(({ actionId }) => actionId === event.actionId)!;
            for (const need of step.needs) expect(ended).toContain(plan.steps[need]!.actionId);
          }
          if (ENDS.has(event.type)) ended.add(event.actionId);
        }
      }),
      { numRuns: fuzzRuns(200) },
    );
  });

  it('never holds more slots than max_concurrency, waiting retries counted', () => {
    fc.assert(
      fc.property(arbitraryCase, (one) => {
        const holding = new Set<ActionId>();
        for (const event of simulate(one).events) {
          if (event.type === 'action.started') holding.add(event.actionId);
          else if (ENDS.has(event.type) && 'actionId' in event) holding.delete(event.actionId);
          expect(holding.size).toBeLessThanOrEqual(one.slots);
        }
      }),
      { numRuns: fuzzRuns(200) },
    );
  });

  it('runs in plan order with one slot', () => {
    fc.assert(
      fc.property(arbitraryCase, (one) => {
        const { plan, events } = simulate({ ...one, slots: 1 });
        const positions = events
          .filter((event) => event.type === 'action.started' && event.attempt === 1)
          .map((event) => plan.steps.findIndex((step) => 'actionId' in event && step.actionId === event.actionId));
        expect(positions).toEqual([...positions].sort((a, b) => a - b));
      }),
      { numRuns: fuzzRuns(200) },
    );
  });

  it('says of a skipped action because of whom, and that one stands in its way', () => {
    fc.assert(
      fc.property(arbitraryCase, (one) => {
        const { plan, events } = simulate(one);
        const { actionById } = stateOf(events);
        for (const event of events) {
          if (event.type !== 'action.skipped' || !('by' in event.because)) continue;
          const { type, by } = event.because;
          const blamed = actionById.get(by)!;
          if (type === 'halted') expect(blamed.status).toBe('failed');
          else {
            expect(['failed', 'skipped']).toContain(blamed.status);
            const step = plan.steps.find(({ actionId }) => actionId === event.actionId)!;
            expect(step.needs.map((need) => plan.steps[need]!.actionId)).toContain(by);
          }
        }
      }),
      { numRuns: fuzzRuns(200) },
    );
  });

  it('keeps to the retry policy: attempts count up, start when they are due, and never too many', () => {
    fc.assert(
      fc.property(arbitraryCase, (one) => {
        const { plan, events } = simulate(one);
        for (const step of plan.steps) {
          const own = events.filter((event) => 'actionId' in event && event.actionId === step.actionId);
          const starts = own.filter((event) => event.type === 'action.started');
          expect(starts.map(({ attempt }) => attempt)).toEqual(starts.map((_, i) => i + 1));
          expect(starts.length).toBeLessThanOrEqual(step.retry.maxAttempts);
          const retries = own.filter((event) => event.type === 'action.retry-scheduled');
          for (const { attempt, retryAtMs } of retries) {
            const next = starts[attempt];
            if (next !== undefined) expect(next.atMs).toBe(retryAtMs);
          }
          if (plan.deadlineMs !== null) for (const { atMs } of starts) expect(atMs).toBeLessThan(plan.deadlineMs);
        }
      }),
      { numRuns: fuzzRuns(200) },
    );
  });
});

describe('a process killed at any append, and taken over', () => {
  it('calls no finished action again, calls no write twice, and always ends (property)', async () => {
    await fc.assert(
      fc.asyncProperty(
        arbitraryCase,
        fc.integer({ min: 1, max: 20 }),
        fc.constantFrom('before' as const, 'after' as const),
        async (one, at, when) => {
          const plan = planFor(one);
          const clock = createVirtualClock();
          const log = createMemoryLog(plan.runId, clock.nowMs);
          const calls: { readonly actionId: ActionId; readonly attempt: number; readonly isSecond: boolean }[] = [];
          const answer = answerFor(one.wishes);
          const portsFor = (isSecond: boolean): RunPorts => ({
            log: isSecond ? log : failAt(log, at, when).log,
            invoke: async (call, signal, sent) => {
              calls.push({ actionId: call.actionId, attempt: call.attempt, isSecond });
              sent();
              const reaction = answer(call);
              await clock.sleep(reaction.latencyMs, signal);
              return reaction.answer;
            },
            clock,
            random: () => one.chance,
            cancelled: new AbortController().signal,
            released: new AbortController().signal,
          });
          const first = executeRun(plan, portsFor(false)).then(
            () => null,
            (error: unknown) => error,
          );
          const crashed = await clock.runUntil(first);
          if (crashed !== null) expect(crashed).toBeInstanceOf(Crash);
          const left = stateOf(await log.read());
          const state = await clock.runUntil(executeRun(plan, portsFor(true)));
          const events = await log.read();

          expect(stateOf(events)).toEqual(state);
          expect(state.finishedAtMs).not.toBeNull();
          for (const call of calls.filter(({ isSecond }) => isSecond)) {
            const before = left.actionById.get(call.actionId)?.status ?? 'idle';
            expect(['idle', 'queued', 'running', 'waiting']).toContain(before);
          }
          for (const step of plan.steps) {
            const own = calls.filter(({ actionId }) => actionId === step.actionId);
            // Each attempt of a write leaves at most once: its record comes first.
            const attempts = own.map(({ attempt }) => attempt);
            if (step.effect === 'write') expect(new Set(attempts).size).toBe(attempts.length);
          }
          const inDoubt = plan.steps.filter(
            ({ actionId, effect, source }) =>
              effect === 'write' && source.type === 'call' && left.actionById.get(actionId)?.status === 'running',
          );
          expect(state.status === 'interrupted').toBe(inDoubt.length > 0);
          for (const { actionId } of inDoubt) {
            expect(state.actionById.get(actionId)).toMatchObject({ status: 'failed', retriesEnded: 'in-doubt' });
          }
        },
      ),
      { numRuns: fuzzRuns(150) },
    );
  });
});
