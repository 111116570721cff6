import { describe, expect, it } from 'vitest';
import { Numeral } from '@/lib/json/value';
import type { RunEvent } from '@/lib/run/events';
import { simulateRun } from '@/lib/run/simulate-run';
import { chainOf, toActionId, withSettings } from '@/testing/chain-builder';
import { planOf } from '@/testing/plan-builder';
import { failureOf, outputOf } from '@/testing/scripted-calls';
import { buildTimeline } from './timeline';

const plan = planOf(withSettings(chainOf('a b c', 'a>c'), { max_concurrency: new Numeral('1') }));
const startAtMs = 1_700_000_000_000;
const events = simulateRun(
  plan,
  ({ actionId, attempt }) => ({
    answer:
      actionId === 'a' && attempt === 1
        ? failureOf('rate_limited', { retryAfterMs: 300 })
        : actionId === 'b'
          ? failureOf('not_found')
          : outputOf('1'),
    latencyMs: 100,
  }),
  () => 0.5,
  { startAtMs },
);

describe('buildTimeline', () => {
  it('draws waiting, call and back-off of every attempt in plan order', () => {
    expect(buildTimeline(events, startAtMs)).toEqual({
      totalMs: 600,
      rows: [
        {
          actionId: 'a',
          status: 'completed',
          startMs: 0,
          endMs: 500,
          bars: [
            { type: 'call', attempt: 1, startMs: 0, endMs: 100, outcome: 'failed' },
            { type: 'back-off', beforeAttempt: 2, startMs: 100, endMs: 400 },
            { type: 'call', attempt: 2, startMs: 400, endMs: 500, outcome: 'completed' },
          ],
        },
        {
          actionId: 'b',
          status: 'failed',
          startMs: 0,
          endMs: 600,
          bars: [
            { type: 'waiting', startMs: 0, endMs: 500 },
            { type: 'call', attempt: 1, startMs: 500, endMs: 600, outcome: 'failed' },
          ],
        },
        {
          actionId: 'c',
          status: 'skipped',
          startMs: 500,
          endMs: 600,
          bars: [{ type: 'waiting', startMs: 500, endMs: 600 }],
        },
      ],
    });
  });

  it('lets what is open reach to now, a back-off to its known end', () => {
    const untilRetry = events.slice(0, events.findIndex(({ type }) => type === 'action.retry-scheduled') + 1);
    const { rows, totalMs } = buildTimeline(untilRetry, startAtMs + 150);
    expect(totalMs).toBe(150);
    expect(rows[0]).toMatchObject({
      status: 'waiting',
      endMs: null,
      bars: [{ endMs: 100 }, { type: 'back-off', startMs: 100, endMs: 400 }],
    });
    expect(rows[1]!.bars).toEqual([{ type: 'waiting', startMs: 0, endMs: 150 }]);
    expect(buildTimeline(events.slice(0, 4), startAtMs + 40).rows[0]!.bars).toEqual([
      { type: 'call', attempt: 1, startMs: 0, endMs: 40, outcome: 'running' },
    ]);
  });

  it('marks a call that a crash cut off as lost, and the next attempt as its own', () => {
    const at = (seq: number, ms: number, fact: object) =>
      ({ runId: plan.runId, seq, atMs: startAtMs + ms, ...fact }) as RunEvent;
    const crashed = [
      events[0]!,
      at(2, 0, { type: 'action.started', actionId: 'a', attempt: 1 }),
      at(3, 5000, { type: 'run.taken-over' }),
      at(4, 5000, { type: 'action.started', actionId: 'a', attempt: 2 }),
    ];
    expect(buildTimeline(crashed, startAtMs + 6000).rows[0]!.bars).toEqual([
      { type: 'call', attempt: 1, startMs: 0, endMs: 5000, outcome: 'lost' },
      { type: 'call', attempt: 2, startMs: 5000, endMs: 6000, outcome: 'running' },
    ]);
  });

  it('never turns a bar round when the wall clock steps back', () => {
    const stepped = events.map((event) => (event.seq > 5 ? { ...event, atMs: event.atMs - 10_000 } : event));
    for (const { bars } of buildTimeline(stepped, startAtMs).rows) {
      for (const bar of bars) expect(bar.endMs).toBeGreaterThanOrEqual(bar.startMs);
    }
  });

  it('is empty before the first event, and has a row for each planned action after it', () => {
    expect(buildTimeline([], startAtMs)).toEqual({ rows: [], totalMs: 0 });
    expect(
      buildTimeline(events.slice(0, 1), startAtMs).rows.map(({ actionId, bars }) => [actionId, bars.length]),
    ).toEqual([...plan.steps].map(({ actionId }) => [toActionId(actionId), 0]));
  });
});
