import type { Clock } from '@/lib/run/ports';

/** Time that passes only when a test says so. */
export interface ManualClock extends Clock {
  /** Lets time pass and ends the sleeps that are over by then, in their order. */
  readonly advance: (ms: number) => Promise<void>;
  /** The sleeps under way, in milliseconds from now. */
  readonly sleeping: () => readonly number[];
  /** Resolves when somebody sleeps for exactly this long, counted from the moment of asking. */
  readonly untilSleeping: (ms: number) => Promise<void>;
}

interface Sleeper {
  readonly askedMs: number;
  readonly dueMs: number;
  readonly wake: () => void;
}

/** @param startMs Wall time at the beginning; the monotonic clock begins at 0. */
export function createManualClock(startMs = Date.UTC(2025, 0, 1)): ManualClock {
  let passedMs = 0;
  const sleepers = new Set<Sleeper>();
  const waiters = new Set<() => void>();

  return {
    nowMs: () => startMs + passedMs,
    monotonicMs: () => passedMs,
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        if (ms <= 0 || signal.aborted) return resolve();
        const wake = (): void => {
          sleepers.delete(sleeper);
          signal.removeEventListener('abort', wake);
          resolve();
        };
        const sleeper: Sleeper = { askedMs: ms, dueMs: passedMs + ms, wake };
        sleepers.add(sleeper);
        signal.addEventListener('abort', wake, { once: true });
        for (const check of waiters) check();
      }),
    advance: async (ms) => {
      passedMs += ms;
      const due = [...sleepers].filter(({ dueMs }) => dueMs <= passedMs).sort((a, b) => a.dueMs - b.dueMs);
      for (const { wake } of due) wake();
      await Promise.resolve();
    },
    sleeping: () => [...sleepers].map(({ dueMs }) => dueMs - passedMs),
    untilSleeping: (ms) =>
      new Promise((resolve) => {
        const check = (): void => {
          if (![...sleepers].some(({ askedMs }) => askedMs === ms)) return;
          waiters.delete(check);
          resolve();
        };
        waiters.add(check);
        check();
      }),
  };
}
