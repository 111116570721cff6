import type { Clock } from '@/lib/run/ports';

/** A clock that stands still until it is told to go on, and then jumps. */
export interface VirtualClock extends Clock {
  /** Lets `ms` pass. Sleepers wake at their own moments, in order; all that follows from one is done before the next. */
  readonly advance: (ms: number) => Promise<void>;
  /** Jumps from sleeper to sleeper until the promise settles. Throws when it waits for something that is not time. */
  readonly runUntil: <T>(promise: Promise<T>) => Promise<T>;
  /** Moves wall time alone, as an operator or NTP may do. */
  readonly stepWallTime: (ms: number) => void;
  readonly sleeperCount: () => number;
}

interface Sleeper {
  readonly atMs: number;
  readonly order: number;
  readonly wake: () => void;
}

/** @param startMs wall time at the beginning, in epoch milliseconds. */
export function createVirtualClock(startMs = 1_700_000_000_000): VirtualClock {
  let passedMs = 0;
  let wallOffsetMs = startMs;
  let orders = 0;
  const sleepers = new Set<Sleeper>();

  const findNext = (): Sleeper | undefined => {
    let next: Sleeper | undefined;
    for (const sleeper of sleepers) {
      if (
        next === undefined ||
        sleeper.atMs < next.atMs ||
        (sleeper.atMs === next.atMs && sleeper.order < next.order)
      ) {
        next = sleeper;
      }
    }
    return next;
  };

  const wakeNext = async (): Promise<void> => {
    const next = findNext()!;
    passedMs = Math.max(passedMs, next.atMs);
    next.wake();
    await settle();
  };

  return {
    nowMs: () => wallOffsetMs + passedMs,
    // An arbitrary start of its own, so that nobody mixes the two up unnoticed.
    monotonicMs: () => 5_000 + passedMs,
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        if (signal.aborted) return resolve();
        const wake = (): void => {
          sleepers.delete(sleeper);
          signal.removeEventListener('abort', wake);
          resolve();
        };
        const sleeper: Sleeper = { atMs: passedMs + ms, order: orders++, wake };
        sleepers.add(sleeper);
        signal.addEventListener('abort', wake);
      }),
    stepWallTime: (ms) => {
      wallOffsetMs += ms;
    },
    sleeperCount: () => sleepers.size,

    advance: async (ms) => {
      const untilMs = passedMs + ms;
      await settle();
      for (let next = findNext(); next !== undefined && next.atMs <= untilMs; next = findNext()) await wakeNext();
      passedMs = untilMs;
    },

    runUntil: async (promise) => {
      let isSettled = false;
      const note = (): void => {
        isSettled = true;
      };
      promise.then(note, note);
      await settle();
      while (!isSettled) {
        if (findNext() === undefined) throw new Error('Waiting for something that time does not bring');
        await wakeNext();
      }
      return promise;
    },
  };
}

/**
 * Some turns of the event loop: every promise that can go on has gone on, however long its chain, and so has a store that
 * gathers the appends of one turn before it commits them.
 */
async function settle(): Promise<void> {
  for (let turn = 0; turn < SETTLE_TURNS; turn++) await new Promise((resolve) => setImmediate(resolve));
}

const SETTLE_TURNS = 8;
