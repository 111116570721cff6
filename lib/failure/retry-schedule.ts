import { longestBackOffMs, type RetryRules } from './decide-retry';

/** What a retry policy comes to for one action, at its longest. Milliseconds. */
export interface RetrySchedule {
  /** Most attempts that there can be, the first included: fewer than the policy allows where its waits outlast `maxElapsedMs`. */
  readonly attempts: number;
  /** The longest wait before attempt 2, 3 and so on; one fewer than `attempts`. */
  readonly waitsMs: readonly number[];
  /** Whether jitter may shorten the waits. */
  readonly isJittered: boolean;
  /** From the start of the first attempt to the end of the last, if no answer comes with a `Retry-After`. */
  readonly worstMs: number;
  /**
   * The same with any `Retry-After`: a server that is asked again may ask for ever longer waits, and only `maxElapsedMs`
   * ends them. Never less than `worstMs`.
   */
  readonly worstRetryAfterMs: number;
}

/**
 * The waits of a policy and how long one action may hold its slot: every answer a failure worth a retry, each as late as
 * the timeout lets it be, every wait as long as jitter lets it be.
 *
 * No attempt starts after `maxElapsedMs`, and one that has started may take its whole timeout. So the worst is not
 * always that all attempts time out: where that would use up `maxElapsedMs`, quicker failures make room for one more
 * attempt at its very end. What is told is the bound over all of these: `decideRetry` reaches it (with full jitter, but
 * for a millisecond for each wait) and never goes beyond.
 *
 * Not in it: waiting for a slot or for the connection's rate gate, minting a token, recording; a deadline, which only
 * shortens it.
 */
export function scheduleRetries(policy: RetryRules, timeoutMs: number): RetrySchedule {
  const attemptsMax = policy.on.length === 0 ? 1 : policy.maxAttempts;
  const isJittered = policy.jitter === 'full';
  const waitsMs: number[] = [];
  let waitedMs = 0;
  for (let attempt = 1; attempt < attemptsMax; attempt++) {
    const waitMs = longestBackOffMs(policy, attempt);
    // Jitter may shorten every wait to nothing, so that there is always time for one more.
    if (!isJittered && waitedMs + waitMs > policy.maxElapsedMs) break;
    waitedMs += waitMs;
    waitsMs.push(Math.min(waitMs, policy.maxElapsedMs));
  }
  const lastStartMs = Math.min(policy.maxElapsedMs, waitedMs + waitsMs.length * timeoutMs);
  return {
    attempts: waitsMs.length + 1,
    waitsMs,
    isJittered,
    worstMs: (waitsMs.length === 0 ? 0 : lastStartMs) + timeoutMs,
    worstRetryAfterMs: (attemptsMax === 1 ? 0 : policy.maxElapsedMs) + timeoutMs,
  };
}

/** Waits that differ, told before the rest is left out. */
const WAITS_TOLD = 5;

/**
 * A schedule in words: `4 attempts, waits up to 1 s, 2 s, 4 s; at worst 127 s`, without `up to` where no jitter shortens
 * the waits. Equal waits are counted, and of many different ones the first and the last are told. Under 200 characters.
 */
export function describeRetrySchedule({ attempts, waitsMs, isJittered, worstMs }: RetrySchedule): string {
  const worst = `at worst ${inSeconds(worstMs)}`;
  if (attempts === 1) return `1 attempt; ${worst}`;
  const runs: { readonly waitMs: number; times: number }[] = [];
  for (const waitMs of waitsMs) {
    const last = runs.at(-1);
    if (last?.waitMs === waitMs) last.times += 1;
    else runs.push({ waitMs, times: 1 });
  }
  const told = runs.map(({ waitMs, times }) => inSeconds(waitMs) + (times > 1 ? ` (${times} times)` : ''));
  const shown = told.length <= WAITS_TOLD ? told : [...told.slice(0, WAITS_TOLD - 1), '…', told.at(-1)!];
  const waits = `${waitsMs.length === 1 ? 'wait' : 'waits'}${isJittered ? ' up to' : ''}`;
  return `${attempts} attempts, ${waits} ${shown.join(', ')}; ${worst}`;
}

/** Milliseconds as `1 s` or `0.25 s`. */
const inSeconds = (ms: number): string => `${Math.round(ms) / 1000} s`;
