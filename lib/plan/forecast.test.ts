import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ActionId } from '@/lib/chain/ids';
import { type JsonText, Numeral } from '@/lib/json/value';
import { emptyRun, reduceRun } from '@/lib/run/reduce-run';
import { simulateRun } from '@/lib/run/simulate-run';
import { chainOf, toActionIds as ids, type PlainAction, withAction, withSettings } from '@/testing/chain-builder';
import { fuzzRuns } from '@/testing/fuzz-runs';
import { chainOfDependencies } from '@/testing/graph-builder';
import { LARGE_CHAINS } from '@/testing/large-graphs';
import { networkxAcyclic } from '@/testing/networkx-golden/recorded-chains';
import { planOf, TEST_RUN_ID } from '@/testing/plan-builder';
import { failureOf, outputOf } from '@/testing/scripted-calls';
import { type Forecast, type ForecastRequest, forecastChain } from './forecast';

function forecastOf(chain: Parameters<typeof forecastChain>[0], request?: ForecastRequest): Forecast {
  const forecast = forecastChain(chain, request);
  if (!forecast.ok) throw new Error(`a cycle: ${forecast.error.cycle}`);
  return forecast.value;
}

const n = (value: number): Numeral => Numeral.of(value);
const once = { max_attempts: n(1), extra: new Map() };
/** An action that is tried once and takes at most so many seconds. */
const taking = (seconds: number): PlainAction => ({ timeout_sec: n(seconds), retry: once });

// ┌──────┐  ┌──────┐
// │ A 10 ├─►│ B  5 ├──┐
// └──────┘  └──────┘  ▼
//                   ┌──────┐
// ┌──────┐          │ D  1 │   and E 3 alone
// │ C 12 ├─────────►└──────┘
// └──────┘
const drawn = Object.entries({ A: 10, B: 5, C: 12, D: 1, E: 3 }).reduce(
  (chain, [id, seconds]) => withAction(chain, id, taking(seconds)),
  chainOf('A B C D E', 'A>B>D', 'C>D'),
);

describe('forecastChain', () => {
  it('gives order, parallel groups, critical path and what each action may take', () => {
    const forecast = forecastOf(drawn);
    expect(forecast.order).toEqual(ids('A C E B D'));
    expect(forecast.generations).toEqual([ids('A C E'), ids('B'), ids('D')]);
    expect(forecast.criticalPath).toEqual({ path: ids('A B D'), lengthMs: 16_000 });
    expect(forecast.actions.map(({ actionId, worstMs, slackMs }) => [actionId, worstMs, slackMs])).toEqual([
      ['A', 10_000, 0],
      ['C', 12_000, 3000],
      ['E', 3000, 13_000],
      ['B', 5000, 0],
      ['D', 1000, 0],
    ]);
    expect(forecast.actions.at(-1)!.dependsOn).toEqual(ids('B C'));
  });

  it('is the critical path where slots are enough, the sum with one slot, and in between a bound', () => {
    const worst = (slots: number) => forecastOf(drawn, { overrides: { maxConcurrency: slots } }).worstMs;
    expect(worst(1)).toBe(31_000);
    expect(worst(2)).toBe(23_500);
    // A, B, D · C · E are three rows, so three slots are as good as many.
    expect([worst(3), worst(64)]).toEqual([16_000, 16_000]);
  });

  it('takes the retry schedule in force for each action', () => {
    const chain = withAction(chainOf('A B'), 'A', {
      timeout_sec: n(2),
      retry: { max_attempts: n(3), jitter: 'none', extra: new Map() },
    });
    const [a, b] = forecastOf(chain).actions;
    expect(a!.schedule).toMatchObject({ attempts: 3, waitsMs: [1000, 2000], isJittered: false, worstMs: 9000 });
    expect(a!.worstRetryAfterMs).toBe(122_000);
    expect(b!.schedule).toMatchObject({ attempts: 4, worstMs: 127_000 });
    expect(forecastOf(chain, { overrides: { timeoutMs: 1000 } }).actions.map(({ worstMs }) => worstMs)).toEqual([
      9000, 11_000,
    ]);
  });

  it('ends one timeout after the deadline at the latest', () => {
    const chain = withSettings(drawn, { deadline_sec: n(4), max_concurrency: n(1) });
    expect(forecastOf(chain)).toMatchObject({ deadlineMs: 4000, worstMs: 16_000, worstRetryAfterMs: 16_000 });
    expect(forecastOf(chain, { overrides: { deadlineMs: 19_500 } }).worstMs).toBe(31_000);
    expect(forecastOf(chain, { overrides: { deadlineMs: null } }).worstMs).toBe(31_000);
  });

  it('names what writes, and the ids that are called through the map of a connection', () => {
    const chain = withAction(withAction(drawn, 'A', { effect: 'read' }), 'C', { effect: 'idempotent' });
    const forecast = forecastOf(chain, { idMap: new Map([['definition-of-B', 'tenant-7']]) });
    expect(forecast.writes).toEqual(ids('E B D'));
    expect(forecast.actions.map(({ definitionId, effect }) => [definitionId, effect])).toEqual([
      ['definition-of-A', 'read'],
      ['definition-of-C', 'idempotent'],
      ['definition-of-E', 'write'],
      ['tenant-7', 'write'],
      ['definition-of-D', 'write'],
    ]);
  });

  it('counts nothing for what is disabled, and for what is therefore skipped, but for `all_done`', () => {
    const chain = withAction(withAction(drawn, 'B', { disabled: true }), 'E', { when: '{{ input.x }}' });
    const forecast = forecastOf(chain, { overrides: { maxConcurrency: 1 } });
    const [, , e, b, d] = forecast.actions;
    expect(b).toMatchObject({ isDisabled: true, skippedBy: null, schedule: null, worstMs: 0 });
    expect(d).toMatchObject({ isDisabled: false, skippedBy: 'B', schedule: null, worstMs: 0 });
    expect(e).toMatchObject({ isConditional: true, worstMs: 3000 });
    expect(forecast).toMatchObject({ worstMs: 25_000, writes: ids('A C E') });
    expect(forecastOf(withAction(chain, 'D', { run_if: 'all_done' })).actions.at(-1)).toMatchObject({
      skippedBy: null,
      worstMs: 1000,
    });
  });

  it('gives the cycle of a chain that cannot run', () => {
    const cyclic = forecastChain(chainOf('A B C', 'A>B>A', 'B>C'));
    expect(cyclic).toEqual({ ok: false, error: { type: 'cycle-found', cycle: ids('A B') } });
  });

  it('lets a dependency that does not exist hold nothing back, and takes no time for nothing', () => {
    expect(forecastOf(chainOf('A', 'ghost>A')).actions[0]).toMatchObject({ dependsOn: [], skippedBy: null });
    expect(forecastOf(chainOf(''))).toMatchObject({ order: [], worstMs: 0, criticalPath: { path: [], lengthMs: 0 } });
  });

  it('is ready for 10,000 actions in a row', { timeout: 60_000 }, () => {
    const [, , build] = LARGE_CHAINS[0]!;
    expect(forecastOf(build())).toMatchObject({ worstMs: 1_270_000_000, criticalPath: { lengthMs: 1_270_000_000 } });
  });
});

interface Wish {
  readonly needs: readonly number[];
  readonly keys: PlainAction;
  /** How attempts end, each but the last a failure; a share of the timeout, and what the server asks to wait. */
  readonly attempts: readonly {
    readonly share: number;
    readonly fails: boolean;
    readonly retryAfterMs: number | null;
  }[];
}

const arbitraryWish: fc.Arbitrary<Wish> = fc.record({
  needs: fc.array(fc.nat(100), { maxLength: 3 }),
  keys: fc.record(
    {
      disabled: fc.constantFrom(false, false, false, true),
      when: fc.constantFrom('{{ input.yes }}', '{{ input.yes }}', '{{ input.no }}'),
      run_if: fc.constantFrom('all_completed', 'all_done'),
      on_failure: fc.constantFrom('halt', 'continue', 'continue', 'fallback'),
      timeout_sec: fc.constantFrom(0.1, 0.2, 0.5, 1).map(n),
      retry: fc.record(
        {
          max_attempts: fc.integer({ min: 1, max: 5 }).map(n),
          initial_delay_sec: fc.constantFrom(0, 0.1, 0.3).map(n),
          max_delay_sec: fc.constantFrom(0.2, 1).map(n),
          jitter: fc.constantFrom('none', 'full'),
          max_elapsed_sec: fc.constantFrom(0, 0.4, 1, 3).map(n),
          on: fc.constantFrom<('rate_limited' | 'timeout')[][]>(['rate_limited', 'timeout'], ['rate_limited'], []),
          extra: fc.constant(new Map()),
        },
        { requiredKeys: ['extra'] },
      ),
    },
    { requiredKeys: ['run_if', 'on_failure', 'timeout_sec'] },
  ) as fc.Arbitrary<PlainAction>,
  attempts: fc.array(
    fc.record({
      share: fc.oneof(fc.constant(1), fc.double({ min: 0, max: 1, noNaN: true })),
      fails: fc.constantFrom(true, true, true, false),
      retryAfterMs: fc.option(fc.nat(1500), { freq: 3 }),
    }),
    { minLength: 1, maxLength: 5 },
  ),
});

const nameOf = (position: number): string => `a${position}`;

function chainOfWishes(wishes: readonly Wish[], slots: number, deadlineMs: number | null) {
  const edges = wishes.flatMap(({ needs }, position) =>
    position === 0 ? [] : needs.map((need) => `${nameOf(need % position)}>${nameOf(position)}`),
  );
  const settings = { max_concurrency: n(slots), deadline_sec: deadlineMs === null ? null : n(deadlineMs / 1000) };
  return wishes.reduce(
    (chain, { keys }, position) =>
      withAction(chain, nameOf(position), { ...keys, ...(keys.on_failure === 'fallback' ? { fallback: 'back' } : {}) }),
    withSettings(chainOf(wishes.map((_, position) => nameOf(position)).join(' '), ...edges), settings),
  );
}

const arbitraryRun = fc.record({
  wishes: fc.array(arbitraryWish, { minLength: 1, maxLength: 12 }),
  slots: fc.integer({ min: 1, max: 5 }),
  deadlineMs: fc.option(fc.integer({ min: 100, max: 4000 }), { freq: 4 }),
  chance: fc.oneof(fc.constant(0.9999999), fc.double({ min: 0, max: 0.999, noNaN: true })),
});

describe('any simulated run', () => {
  const durationOf = (
    chain: Parameters<typeof planOf>[0],
    wishes: readonly Wish[],
    chance: number,
    obeysRetryAfter: boolean,
  ): number => {
    const plan = planOf(chain, { input: '{"yes":true,"no":false}' as JsonText });
    const events = simulateRun(
      plan,
      ({ actionId, attempt, timeoutMs }) => {
        const { attempts } = wishes[Number(actionId.slice(1))]!;
        const { share, fails, retryAfterMs } = attempts[(attempt - 1) % attempts.length]!;
        const failure = failureOf('rate_limited', { retryAfterMs: obeysRetryAfter ? retryAfterMs : null });
        return { answer: fails ? failure : outputOf('{}'), latencyMs: Math.round(share * timeoutMs) };
      },
      () => chance,
    );
    const { startedAtMs, finishedAtMs } = reduceRun(emptyRun(TEST_RUN_ID), events);
    return finishedAtMs! - startedAtMs!;
  };

  it('ends within the forecast, with and without Retry-After (property)', () => {
    fc.assert(
      fc.property(arbitraryRun, ({ wishes, slots, deadlineMs, chance }) => {
        const chain = chainOfWishes(wishes, slots, deadlineMs);
        const { worstMs, worstRetryAfterMs } = forecastOf(chain);
        expect(durationOf(chain, wishes, chance, false)).toBeLessThanOrEqual(worstMs);
        expect(durationOf(chain, wishes, chance, true)).toBeLessThanOrEqual(worstRetryAfterMs);
      }),
      { numRuns: fuzzRuns(300) },
    );
  });

  it('takes exactly as long when all turns out worst and one slot, or one for each action, is there (property)', () => {
    const worst = fc.array(
      fc.record({
        needs: fc.array(fc.nat(100), { maxLength: 3 }),
        timeout: fc.constantFrom(0.1, 0.4, 1),
        attempts: fc.integer({ min: 1, max: 4 }),
      }),
      { minLength: 1, maxLength: 10 },
    );
    fc.assert(
      fc.property(worst, fc.boolean(), (rows, isSequential) => {
        const wishes = rows.map(({ needs, timeout, attempts }): Wish => {
          const retry = {
            max_attempts: n(attempts),
            jitter: 'none' as const,
            on: ['timeout' as const],
            extra: new Map(),
          };
          const keys: PlainAction = { timeout_sec: n(timeout), on_failure: 'fallback', retry };
          return { needs, keys, attempts: [{ share: 1, fails: true, retryAfterMs: null }] };
        });
        const chain = chainOfWishes(wishes, isSequential ? 1 : wishes.length, null);
        expect(durationOf(chain, wishes, 0, false)).toBe(forecastOf(chain).worstMs);
      }),
    );
  });

  // ┌───┐  ┌───┐
  // │ A ├─►│ C │      A 2 s, or 0.9 s
  // └─┬─┘  └───┘      B, C, D 1 s
  //   │    ┌───┐      E 3 s
  //   └───►│ D │
  //        └───┘      two slots; C and D come before E in plan order
  // ┌───┐  ┌───┐
  // │ B ├─►│ E │
  // └───┘  └───┘
  it('may take longer because an action is quicker, so that a simulation of the worst would be no bound', () => {
    const wishes = [
      { needs: [], seconds: 2 },
      { needs: [], seconds: 1 },
      { needs: [0], seconds: 1 },
      { needs: [0], seconds: 1 },
      { needs: [1], seconds: 3 },
    ].map(({ needs, seconds }): Wish => {
      const keys: PlainAction = { ...taking(seconds), on_failure: 'fallback' };
      return { needs, keys, attempts: [{ share: 1, fails: true, retryAfterMs: null }] };
    });
    const chain = chainOfWishes(wishes, 2, null);
    const quickA = wishes.with(0, { ...wishes[0]!, attempts: [{ share: 0.45, fails: true, retryAfterMs: null }] });
    expect(durationOf(chain, wishes, 0, false)).toBe(4000);
    expect(durationOf(chain, quickA, 0, false)).toBe(4900);
    expect(forecastOf(chain).worstMs).toBe(6000);
  });
});

describe('with one slot', () => {
  it(`runs of ${networkxAcyclic.length} recorded chains start their actions in networkx's topological order`, () => {
    for (const { dependsOn, generations } of networkxAcyclic) {
      const chain = withSettings(chainOfDependencies(dependsOn), { max_concurrency: n(1) });
      const events = simulateRun(
        planOf(chain),
        () => ({ answer: outputOf('{}'), latencyMs: 10 }),
        () => 0,
      );
      const started = events.flatMap((event): readonly ActionId[] =>
        event.type === 'action.started' ? [event.actionId] : [],
      );
      expect(started).toEqual(generations.flat());
      expect(forecastOf(chain).order).toEqual(started);
    }
  });
});
