import { describe, expect, it } from 'vitest';
import { INLINE_BYTES_MAX } from '@/lib/json/body';
import type { JsonText } from '@/lib/json/value';
import type { Plan } from '@/lib/plan/plan';
import type { RunEvent, RunFact } from '@/lib/run/events';
import { executeRun } from '@/lib/run/execute-run';
import { type RunLog, RunLost, type RunPorts } from '@/lib/run/ports';
import { emptyRun, type RunState, reduceRun } from '@/lib/run/reduce-run';
import { chainFrom } from './chain-builder';
import { planOf } from './plan-builder';
import { outputOf, scriptCalls } from './scripted-calls';
import { createVirtualClock } from './virtual-clock';

/** Makes a log, empty, for the run of the plan; the plan is what a store would keep in the run's row. */
type MakeLog = (plan: Plan) => RunLog | Promise<RunLog>;

/**
 * What every {@link RunLog} owes, whatever it writes to.
 *
 * @param claimAgain opens the log that `makeLog` made last once more, as the next owner does after a crash. The owner before
 *   it must be refused from then on. Without it, the log is taken to outlive its owner, as one in memory does.
 */
export function describeRunLog(name: string, makeLog: MakeLog, claimAgain?: MakeLog): void {
  describe(`${name} as a run log`, () => {
    it('numbers facts from 1 without gaps, over appends', async () => {
      const { plan, log } = await open();
      await log.append(started(plan));
      await log.append([queued('a'), queued('b')]);
      const last = await log.append([finished]);
      expect(last.map(({ seq }) => seq)).toEqual([4]);
      expect((await log.read()).map(({ seq, type }) => [seq, type])).toEqual([
        [1, 'run.started'],
        [2, 'action.queued'],
        [3, 'action.queued'],
        [4, 'run.finished'],
      ]);
    });

    it('reads back exactly the events that append gave', async () => {
      const { plan, log } = await open();
      const appended = [...(await log.append(started(plan))), ...(await log.append([queued('a'), skipped('a')]))];
      expect(await log.read()).toEqual(appended);
      expect(appended.every(({ runId, atMs }) => runId === plan.runId && Number.isFinite(atMs))).toBe(true);
    });

    it('is empty before the first append', async () => {
      const { log } = await open();
      expect(await log.read()).toEqual([]);
    });

    it('hands out events that a caller cannot change in the log', async () => {
      const { plan, log } = await open();
      await log.append(started(plan));
      ((await log.read()) as RunEvent[]).pop();
      expect(await log.read()).toHaveLength(1);
    });

    it('keeps the order of appends that are made without waiting', async () => {
      const { plan, log } = await open();
      const first = log.append(started(plan));
      const second = log.append([queued('a')]);
      const third = log.append([queued('b'), finished]);
      expect((await Promise.all([first, second, third])).flat().map(({ seq }) => seq)).toEqual([1, 2, 3, 4]);
    });

    it.each([
      ['at', INLINE_BYTES_MAX - 2, 'inline'],
      ['over', INLINE_BYTES_MAX - 1, 'stored'],
    ] as const)('gives back a value %s 8 KB, numbers spelled as they were', async (_size, letters, type) => {
      const { plan, log } = await open();
      const text = `"${'x'.repeat(letters)}"` as JsonText;
      const number = '9007199254740993.0' as JsonText;
      const bodies = [log.keep(text), log.keep(number)];
      await log.append([...started(plan), completed('a', bodies[0]!), completed('b', bodies[1]!)]);
      expect(bodies.map((body) => body.type)).toEqual([type, 'inline']);
      expect(await Promise.all(bodies.map((body) => log.load(body)))).toEqual([text, number]);
    });

    it('keeps a large value once and finds it under each of its bodies', async () => {
      const { plan, log } = await open();
      const text = `"${'é'.repeat(INLINE_BYTES_MAX)}"` as JsonText;
      const [first, second] = [log.keep(text), log.keep(text)];
      await log.append([...started(plan), completed('a', first), completed('b', second)]);
      expect(second).toEqual(first);
      expect(await log.load(second)).toBe(text);
    });

    it('keeps action ids that are names of Object.prototype', async () => {
      const { plan, log } = await open();
      await log.append([...started(plan), queued('__proto__'), queued('constructor')]);
      const events = await log.read();
      expect(events.slice(1).map((event) => 'actionId' in event && event.actionId)).toEqual([
        '__proto__',
        'constructor',
      ]);
    });

    it('survives a crash before and after every append without calling a finished action again', async () => {
      const appendCount = await crashAt(Number.POSITIVE_INFINITY, 'after').then(({ appends }) => appends);
      expect(appendCount).toBeGreaterThan(4);
      for (let at = 1; at <= appendCount; at++) {
        for (const when of ['before', 'after'] as const) {
          const { state, events, calls, completedAtCrash } = await crashAt(at, when);
          const label = `crash ${when} append ${at}`;
          expect(
            events.map(({ seq }) => seq),
            label,
          ).toEqual(events.map((_, i) => i + 1));
          expect(reduceRun(emptyRun(state.runId), events), label).toEqual(state);
          expect(
            calls.second.filter((id) => completedAtCrash.has(id)),
            label,
          ).toEqual([]);
          expect(['completed', 'interrupted'], label).toContain(state.status);
          // A write leaves only after its record: never twice, whatever happened.
          const writes = [...calls.first, ...calls.second].filter((id) => id === 'save');
          expect(writes.length, label).toBeLessThanOrEqual(1);
        }
      }
    });

    if (claimAgain !== undefined) {
      it('refuses an owner whose claim another has taken, and records nothing of it', async () => {
        const { plan, log } = await open();
        await log.append(started(plan));
        const next = await claimAgain(plan);
        await expect(log.append([queued('a')])).rejects.toBeInstanceOf(RunLost);
        const appended = await next.append([{ type: 'run.taken-over' }]);
        expect(appended.map(({ seq }) => seq)).toEqual([2]);
        await expect(log.append([finished])).rejects.toBeInstanceOf(RunLost);
        expect((await next.read()).map(({ type }) => type)).toEqual(['run.started', 'run.taken-over']);
      });

      it('shows the next owner all values that were kept', async () => {
        const { plan, log } = await open();
        const text = `"${'x'.repeat(2 * INLINE_BYTES_MAX)}"` as JsonText;
        await log.append([...started(plan), completed('a', log.keep(text))]);
        const next = await claimAgain(plan);
        const last = (await next.read()).at(-1);
        expect(last?.type === 'action.completed' && (await next.load(last.output))).toBe(text);
      });
    }

    async function open(): Promise<{ plan: Plan; log: RunLog }> {
      const plan = planOf(chainFrom({ actions: { a: { definition_id: 'd' }, b: { definition_id: 'd' } } }));
      return { plan, log: await makeLog(plan) };
    }

    /** Runs a chain until the log's owner dies at an append, then once more from the log that it left. */
    async function crashAt(at: number, when: 'before' | 'after'): Promise<CrashedRun> {
      const plan = planOf(crashChain);
      const log = await makeLog(plan);
      const clock = createVirtualClock();
      const ports = (owner: RunLog, invoke: RunPorts['invoke']): RunPorts => ({
        log: owner,
        invoke,
        clock,
        random: () => 0.5,
        cancelled: new AbortController().signal,
        released: new AbortController().signal,
      });
      const first = scriptCalls(clock, crashScript);
      const failpoint = failAt(log, at, when);
      const drive = executeRun(plan, ports(failpoint.log, first.invoke));
      const crashed = await clock.runUntil(
        drive.then(
          () => null,
          (error: unknown) => error,
        ),
      );
      if (at === Number.POSITIVE_INFINITY) {
        expect(crashed).toBeNull();
      } else expect(crashed).toBeInstanceOf(Crash);

      const left = reduceRun(emptyRun(plan.runId), await log.read());
      const completedAtCrash = new Set<string>();
      for (const [id, action] of left.actionById) if (action.status === 'completed') completedAtCrash.add(id);
      const owner = claimAgain === undefined ? log : await claimAgain(plan);
      const second = scriptCalls(clock, crashScript);
      const state = await clock.runUntil(executeRun(plan, ports(owner, second.invoke)));
      return {
        state,
        events: await owner.read(),
        calls: {
          first: first.calls.map(({ actionId }) => actionId),
          second: second.calls.map(({ actionId }) => actionId),
        },
        completedAtCrash,
        appends: failpoint.appends(),
      };
    }
  });
}

interface CrashedRun {
  readonly state: RunState;
  readonly events: readonly RunEvent[];
  readonly calls: { readonly first: readonly string[]; readonly second: readonly string[] };
  readonly completedAtCrash: ReadonlySet<string>;
  readonly appends: number;
}

//          ┌──► enrich ──┐
//  fetch ──┤             ├──► save (write)
//          └──► large ───┘
const crashChain = chainFrom({
  actions: {
    fetch: { definition_id: 'd1', effect: 'read' },
    enrich: { definition_id: 'd2', depends_on: ['fetch'], effect: 'idempotent' },
    large: { definition_id: 'd3', depends_on: ['fetch'], effect: 'read' },
    save: { definition_id: 'd4', depends_on: ['enrich', 'large'], inputs: { all: '{{ large.text }}' } },
  },
});
const crashScript = {
  large: { answer: outputOf(JSON.stringify({ text: 'x'.repeat(2 * INLINE_BYTES_MAX) })), afterMs: 150 },
};

export class Crash extends Error {}

/** A log whose owner dies at the n-th append: before it is recorded, or after, without hearing of it. */
export function failAt(
  log: RunLog,
  at: number,
  when: 'before' | 'after',
): { readonly log: RunLog; readonly appends: () => number } {
  let appends = 0;
  const append: RunLog['append'] = async (facts) => {
    appends += 1;
    if (appends < at) return log.append(facts);
    if (appends > at) throw new Error('The dead write no more');
    if (when === 'after') await log.append(facts);
    throw new Crash(`${when} append ${at}`);
  };
  return { log: { ...log, append }, appends: () => appends };
}

const started = (plan: Plan): readonly RunFact[] => [
  {
    type: 'run.started',
    chainHash: plan.chainHash,
    traceId: plan.runId,
    connection: plan.connection,
    actions: plan.steps.map(({ actionId, definitionId }) => ({ actionId, definitionId, needs: [] })),
    engineVersion: 1,
  },
];
const finished: RunFact = { type: 'run.finished', status: 'completed' };
const queued = (id: string): RunFact => ({ type: 'action.queued', actionId: id as never });
const skipped = (id: string): RunFact => ({
  type: 'action.skipped',
  actionId: id as never,
  because: { type: 'disabled' },
});
const completed = (id: string, output: ReturnType<RunLog['keep']>): RunFact => ({
  type: 'action.completed',
  actionId: id as never,
  attempt: 1,
  output,
  envelope: null,
  latencyMs: 1,
  provenance: 'live',
  replaced: null,
});
