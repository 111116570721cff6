import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fuzzRuns } from '@/testing/fuzz-runs';
import { buildFailure } from './action-failure';
import { decideRetry, type RetryRules } from './decide-retry';
import { describeRetrySchedule, scheduleRetries } from './retry-schedule';

const policy: RetryRules = {
  maxAttempts: 4,
  initialDelayMs: 1000,
  multiplier: 2,
  maxDelayMs: 30_000,
  jitter: 'none',
  maxElapsedMs: 120_000,
  on: ['rate_limited'],
};

const worstOf = (keys: Partial<RetryRules>, timeoutMs = 30_000) => scheduleRetries({ ...policy, ...keys }, timeoutMs);

describe('scheduleRetries', () => {
  it('gives attempts, waits and the worst case of the default policy', () => {
    expect(worstOf({ jitter: 'full' })).toEqual({
      attempts: 4,
      waitsMs: [1000, 2000, 4000],
      isJittered: true,
      worstMs: 127_000,
      worstRetryAfterMs: 150_000,
    });
  });

  it('caps every wait by max_delay', () => {
    expect(worstOf({ maxDelayMs: 1500 }).waitsMs).toEqual([1000, 1500, 1500]);
  });

  it('is one attempt and its timeout where nothing is repeated', () => {
    const once = { attempts: 1, waitsMs: [], worstMs: 30_000, worstRetryAfterMs: 30_000 };
    expect(worstOf({ maxAttempts: 1 })).toMatchObject(once);
    expect(worstOf({ on: [] })).toMatchObject(once);
  });

  it('starts no attempt after max_elapsed, and lets one that starts at its very end take its timeout', () => {
    // Timing out each time leaves room for two attempts (0 s, 50 s): 80 s. Failing at once makes room for a third at 60 s.
    const rules = { initialDelayMs: 20_000, multiplier: 1, maxElapsedMs: 60_000 };
    expect(worstOf(rules)).toMatchObject({ attempts: 4, worstMs: 90_000 });
    expect(worstOf({ ...rules, maxElapsedMs: 59_999 })).toMatchObject({ attempts: 3, worstMs: 89_999 });
  });

  it('leaves out attempts whose waits alone outlast max_elapsed, unless jitter may shorten them', () => {
    const rules = { initialDelayMs: 1000, maxElapsedMs: 2500 };
    expect(worstOf(rules)).toMatchObject({ attempts: 2, waitsMs: [1000], worstMs: 32_500 });
    expect(worstOf({ ...rules, jitter: 'full' })).toMatchObject({ attempts: 4, waitsMs: [1000, 2000, 2500] });
    expect(worstOf({ maxElapsedMs: 0 })).toMatchObject({ attempts: 1, worstMs: 30_000, worstRetryAfterMs: 30_000 });
  });
});

const arbitraryRules = fc.record({
  maxAttempts: fc.oneof(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 100 })),
  initialDelayMs: fc.oneof(fc.nat(20), fc.nat(3_600_000)),
  multiplier: fc.oneof(fc.constantFrom(1, 1.5, 2), fc.double({ min: 1, max: 100, noNaN: true })),
  maxDelayMs: fc.oneof(fc.nat(200), fc.nat(3_600_000)),
  jitter: fc.constantFrom<RetryRules['jitter'][]>('full', 'none'),
  maxElapsedMs: fc.oneof(fc.nat(500), fc.nat(86_400_000)),
  on: fc.constantFrom<RetryRules['on'][]>(['rate_limited'], []),
});
const arbitraryTimeout = fc.oneof(fc.integer({ min: 1, max: 100 }), fc.integer({ min: 100, max: 3_600_000 }));

/** One action as `decideRetry` would have it: how long the calls take, what servers ask and what chance gives are up to the test. */
function playOut(
  rules: RetryRules,
  choose: (attempt: number, elapsedMs: number) => { latencyMs: number; chance: number; retryAfterMs: number | null },
) {
  const waitsMs: number[] = [];
  let elapsedMs = 0;
  for (let attempt = 1; ; attempt++) {
    const { latencyMs, chance, retryAfterMs } = choose(attempt, elapsedMs);
    elapsedMs += latencyMs;
    const decision = decideRetry({
      failure: buildFailure({ kind: 'rate_limited', message: 'Too many calls.', wasSent: true, retryAfterMs }),
      policy: rules,
      attempt,
      elapsedMs,
      untilDeadlineMs: null,
      random: () => chance,
    });
    if (decision.type === 'give-up') return { attempts: attempt, waitsMs, endMs: elapsedMs };
    waitsMs.push(decision.delayMs);
    elapsedMs += decision.delayMs;
  }
}

describe('the schedule and decideRetry', () => {
  const arbitraryChance = fc.double({ min: 0, max: 0.9999999, noNaN: true });

  it('agree: however calls and chance turn out, nothing takes longer, waits longer or is tried oftener (property)', () => {
    const turns = fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), arbitraryChance), { minLength: 1 });
    fc.assert(
      fc.property(arbitraryRules, arbitraryTimeout, turns, (rules, timeoutMs, chances) => {
        const schedule = scheduleRetries(rules, timeoutMs);
        const played = playOut(rules, (attempt) => {
          const [share, chance] = chances[attempt % chances.length]!;
          return { latencyMs: Math.round(share * timeoutMs), chance, retryAfterMs: null };
        });
        expect(played.endMs).toBeLessThanOrEqual(schedule.worstMs);
        expect(played.attempts).toBeLessThanOrEqual(schedule.attempts);
        played.waitsMs.forEach((wait, i) => void expect(wait).toBeLessThanOrEqual(schedule.waitsMs[i]!));
        expect(schedule.worstMs).toBeLessThanOrEqual(schedule.worstRetryAfterMs);
      }),
      { numRuns: fuzzRuns(500) },
    );
  });

  it('agree: the worst luck really takes as long, to the millisecond without jitter (property)', () => {
    fc.assert(
      fc.property(arbitraryRules, arbitraryTimeout, (rules, timeoutMs) => {
        const schedule = scheduleRetries(rules, timeoutMs);
        const { isJittered, attempts } = schedule;
        const played = playOut(rules, (attempt, elapsedMs) => {
          if (attempt === attempts) return { latencyMs: timeoutMs, chance: 0, retryAfterMs: null };
          // As slow as leaves time for the waits that must still come; with jitter none has to.
          const ahead = isJittered ? [] : schedule.waitsMs.slice(attempt - 1);
          const leftMs = rules.maxElapsedMs - elapsedMs - ahead.reduce((sum, wait) => sum + wait, 0);
          const latencyMs = Math.max(0, Math.min(timeoutMs, leftMs));
          const longest = schedule.waitsMs[attempt - 1]!;
          const exponential = Math.min(rules.maxDelayMs, rules.initialDelayMs * rules.multiplier ** (attempt - 1));
          const wished = Math.min(longest, Math.max(0, leftMs - latencyMs));
          const chance = exponential === 0 ? 0 : Math.min(1 - 2 ** -53, wished / exponential);
          return { latencyMs, chance, retryAfterMs: null };
        });
        expect(played.attempts).toBe(attempts);
        if (!isJittered) {
          expect(played.endMs).toBe(schedule.worstMs);
          expect(played.waitsMs).toEqual(schedule.waitsMs);
        } else expect(played.endMs).toBeGreaterThanOrEqual(schedule.worstMs - 2 * attempts);
      }),
      { numRuns: fuzzRuns(500) },
    );
  });

  it('agree: with any Retry-After nothing takes longer than that bound, and a mean server reaches it (property)', () => {
    const asked = fc.array(fc.option(fc.nat(90_000_000)), { minLength: 1 });
    fc.assert(
      fc.property(arbitraryRules, arbitraryTimeout, asked, arbitraryChance, (rules, timeoutMs, answers, chance) => {
        const { worstRetryAfterMs } = scheduleRetries(rules, timeoutMs);
        const played = playOut(rules, (attempt) => ({
          latencyMs: timeoutMs,
          chance,
          retryAfterMs: answers[attempt % answers.length]!,
        }));
        expect(played.endMs).toBeLessThanOrEqual(worstRetryAfterMs);
        const mean = playOut(rules, (attempt) => ({
          latencyMs: attempt === 1 && rules.maxAttempts > 1 && rules.on.length > 0 ? 0 : timeoutMs,
          chance,
          retryAfterMs: rules.maxElapsedMs,
        }));
        expect(mean.endMs).toBe(worstRetryAfterMs);
      }),
      { numRuns: fuzzRuns(300) },
    );
  });
});

describe('describeRetrySchedule', () => {
  it.each([
    [{}, '4 attempts, waits 1 s, 2 s, 4 s; at worst 127 s'],
    [{ jitter: 'full' }, '4 attempts, waits up to 1 s, 2 s, 4 s; at worst 127 s'],
    [{ maxAttempts: 2, initialDelayMs: 250 }, '2 attempts, wait 0.25 s; at worst 60.25 s'],
    [{ maxAttempts: 1 }, '1 attempt; at worst 30 s'],
    [
      { maxAttempts: 20, maxElapsedMs: 86_400_000 },
      '20 attempts, waits 1 s, 2 s, 4 s, 8 s, …, 30 s (14 times); at worst 1051 s',
    ],
  ] as const)('says of %j: %s', (keys, words) => {
    expect(describeRetrySchedule(worstOf(keys))).toBe(words);
  });

  it('stays under 200 characters whatever the policy (property)', () => {
    fc.assert(
      fc.property(arbitraryRules, arbitraryTimeout, (rules, timeoutMs) => {
        expect(describeRetrySchedule(scheduleRetries(rules, timeoutMs)).length).toBeLessThan(200);
      }),
    );
  });
});
