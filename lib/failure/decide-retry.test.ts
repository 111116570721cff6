import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildFailure } from './action-failure';
import { decideRetry, parseRetryAfterMs, type RetryQuestion, type RetryRules } from './decide-retry';

const policy: RetryRules = {
  maxAttempts: 4,
  initialDelayMs: 1000,
  multiplier: 2,
  maxDelayMs: 30_000,
  jitter: 'none',
  maxElapsedMs: 120_000,
  on: ['rate_limited'],
};

const limited = (retryAfterMs: number | null = null) =>
  buildFailure({ kind: 'rate_limited', message: 'Too many calls.', wasSent: true, retryAfterMs });

const ask = (keys: Partial<RetryQuestion> = {}) =>
  decideRetry({
    failure: limited(),
    policy,
    attempt: 1,
    elapsedMs: 0,
    untilDeadlineMs: null,
    random: () => 0.5,
    ...keys,
  });

describe('decideRetry', () => {
  it('gives up on a kind that the policy does not list', () => {
    const failure = buildFailure({ kind: 'timeout', message: 'Late.', wasSent: true });
    expect(ask({ failure })).toEqual({ type: 'give-up', reason: 'not-listed' });
  });

  it('doubles the delay from attempt to attempt up to the cap', () => {
    const delays = [1, 2, 3, 6].map((attempt) => ask({ attempt, policy: { ...policy, maxAttempts: 9 } }));
    expect(delays.map((one) => one.type === 'wait' && one.delayMs)).toEqual([1000, 2000, 4000, 30_000]);
  });

  it('counts the first attempt, so the fourth of four is the last', () => {
    expect(ask({ attempt: 3 }).type).toBe('wait');
    expect(ask({ attempt: 4 })).toEqual({ type: 'give-up', reason: 'attempts' });
    expect(ask({ policy: { ...policy, maxAttempts: 1 } })).toEqual({ type: 'give-up', reason: 'attempts' });
  });

  it('spreads full jitter over the whole interval', () => {
    const jittered = { ...policy, jitter: 'full' } as const;
    expect(ask({ policy: jittered, attempt: 2, random: () => 0 })).toMatchObject({ delayMs: 0 });
    expect(ask({ policy: jittered, attempt: 2, random: () => 0.75 })).toMatchObject({ delayMs: 1500 });
  });

  it('waits as long as Retry-After says, beyond the cap of the back-off and without jitter', () => {
    const decision = ask({ failure: limited(45_000), policy: { ...policy, jitter: 'full' }, random: () => 0 });
    expect(decision).toEqual({ type: 'wait', delayMs: 45_000, basis: 'retry-after' });
  });

  it('ends at once when Retry-After reaches beyond max_elapsed', () => {
    expect(ask({ failure: limited(120_001) })).toEqual({ type: 'give-up', reason: 'elapsed' });
    expect(ask({ failure: limited(120_000) }).type).toBe('wait');
  });

  it('starts no attempt after max_elapsed, counted from the first start', () => {
    expect(ask({ elapsedMs: 119_001 })).toEqual({ type: 'give-up', reason: 'elapsed' });
    expect(ask({ elapsedMs: 119_000 }).type).toBe('wait');
  });

  it('starts no attempt at or past the deadline', () => {
    expect(ask({ untilDeadlineMs: 1000 })).toEqual({ type: 'give-up', reason: 'deadline' });
    expect(ask({ untilDeadlineMs: 1001 }).type).toBe('wait');
  });

  it('never waits longer than the policy allows (property)', () => {
    fc.assert(
      fc.property(
        fc.record({
          attempt: fc.integer({ min: 1, max: 100 }),
          elapsedMs: fc.nat(200_000),
          chance: fc.double({ min: 0, max: 0.999, noNaN: true }),
          initialDelayMs: fc.nat(3_600_000),
          multiplier: fc.double({ min: 1, max: 100, noNaN: true }),
          maxDelayMs: fc.nat(3_600_000),
        }),
        ({ attempt, elapsedMs, chance, ...rules }) => {
          const decision = ask({
            attempt,
            elapsedMs,
            random: () => chance,
            policy: { ...policy, ...rules, jitter: 'full', maxAttempts: 100 },
          });
          if (decision.type === 'give-up') return;
          expect(Number.isInteger(decision.delayMs) && decision.delayMs >= 0).toBe(true);
          expect(decision.delayMs).toBeLessThanOrEqual(rules.maxDelayMs);
          expect(elapsedMs + decision.delayMs).toBeLessThanOrEqual(policy.maxElapsedMs);
        },
      ),
    );
  });
});

describe('parseRetryAfterMs', () => {
  const nowMs = Date.UTC(1994, 10, 6, 8, 49, 0);

  it.each([
    ['3', 3000],
    [' 120 ', 120_000],
    ['0', 0],
    ['1.5', 1500],
    ['Sun, 06 Nov 1994 08:49:37 GMT', 37_000],
    ['Sunday, 06-Nov-94 08:49:37 GMT', 37_000],
    ['Sun Nov  6 08:49:37 1994', 37_000],
    ['Sun, 06 Nov 1994 08:48:00 GMT', 0],
  ])('reads %j as %d ms', (header, expected) => {
    expect(parseRetryAfterMs(header, nowMs)).toBe(expected);
  });

  it.each([null, '', 'soon', '-1', '1e3', '2026', 'Sun, 06 Foo 1994 08:49:37 GMT', '99999999999'])(
    'reads %j as nothing or as seconds, never as a year',
    (header) => {
      expect(parseRetryAfterMs(header, nowMs)).toBe(header === '2026' ? 2_026_000 : null);
    },
  );

  it('takes a two-digit year over 50 years ahead as the past one', () => {
    expect(parseRetryAfterMs('Sunday, 06-Nov-94 08:49:37 GMT', Date.UTC(2026, 0, 1))).toBe(0);
  });
});
