import { setTimeout as delay } from 'node:timers/promises';
import type { Clock } from '@/lib/run/ports';

/** Real time. A sleep of any length holds the process open; abort it by its signal. */
export const systemClock: Clock = {
  nowMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  sleep: async (ms, signal) => {
    let left = Math.max(0, ms);
    while (left > 0 && !signal.aborted) {
      const slice = Math.min(left, TIMER_MS_MAX);
      // The only rejection of this timer is the abort, and an aborted sleep simply ends.
      await delay(slice, undefined, { signal }).catch(() => undefined);
      left -= slice;
    }
  },
};

/** Longer timers overflow Node's 32-bit counter and fire at once. */
const TIMER_MS_MAX = 2 ** 31 - 1;
