import { describe, expect, it } from 'vitest';
import { createVirtualClock } from './virtual-clock';

const never = new AbortController().signal;

describe('the virtual clock', () => {
  it('wakes sleepers in order of time, then of lying down, and lets each finish before the next', async () => {
    const clock = createVirtualClock(0);
    const woken: string[] = [];
    const sleeper = async (name: string, ms: number): Promise<void> => {
      await clock.sleep(ms, never);
      woken.push(`${name} at ${clock.nowMs()}`);
      if (name === 'a') await sleeper('a again', 5);
    };
    const all = Promise.all([sleeper('b', 20), sleeper('a', 10), sleeper('c', 20)]);
    await clock.advance(20);
    await all;
    expect(woken).toEqual(['a at 10', 'a again at 15', 'b at 20', 'c at 20']);
  });

  it('wakes a sleeper at once when its signal aborts, without time passing', async () => {
    const clock = createVirtualClock(0);
    const stop = new AbortController();
    const sleep = clock.sleep(1000, stop.signal);
    stop.abort();
    await sleep;
    expect([clock.nowMs(), clock.sleeperCount()]).toEqual([0, 0]);
  });

  it('says so when a promise waits for something that time does not bring', async () => {
    await expect(createVirtualClock().runUntil(new Promise(() => {}))).rejects.toThrow('time does not bring');
  });

  it('steps wall time alone', () => {
    const clock = createVirtualClock(1000);
    const before = clock.monotonicMs();
    clock.stepWallTime(-400);
    expect([clock.nowMs(), clock.monotonicMs()]).toEqual([600, before]);
  });
});
