import { describe, expect, it } from 'vitest';
import type { RunId } from '@/lib/chain/ids';
import { chainOf, toActionId } from '@/testing/chain-builder';
import { planOf, TEST_RUN_ID } from '@/testing/plan-builder';
import { failureOf, outputOf } from '@/testing/scripted-calls';
import { RUN_EVENT, type RunEvent } from './events';
import { emptyRun, type RunState, reduceRun } from './reduce-run';
import { simulateRun } from './simulate-run';

const plan = planOf(chainOf('a b c', 'a>b'));
let limited = 0;
const events = simulateRun(
  plan,
  ({ actionId, attempt }) => ({
    answer: actionId === 'a' && attempt === 1 ? failureOf('rate_limited') : outputOf(`${limited++}`),
    latencyMs: 100,
  }),
  () => 0.5,
);
const fold = (upTo: number): RunState => reduceRun(emptyRun(TEST_RUN_ID), events.slice(0, upTo));
const indexOf = (type: RunEvent['type'], id: string): number =>
  events.findIndex((event) => event.type === type && 'actionId' in event && event.actionId === id);

describe('reduceRun', () => {
  it('gives back the very same object for events that it has seen', () => {
    const state = fold(4);
    expect(reduceRun(state, events.slice(0, 4))).toBe(state);
    expect(reduceRun(state, [])).toBe(state);
  });

  it('folds what overlaps and what is new from one batch', () => {
    expect(reduceRun(fold(3), events.slice(1))).toEqual(fold(events.length));
  });

  it('throws on a gap, and on an event of another run', () => {
    expect(() => reduceRun(fold(2), events.slice(3))).toThrow('event 4 after 2');
    const stranger = { ...events[0]!, runId: '00000000-0000-4000-8000-000000000002' as RunId };
    expect(() => reduceRun(emptyRun(TEST_RUN_ID), [stranger])).toThrow('an event of run');
  });

  it('leaves the state before untouched, and actions that no event speaks of the same objects', () => {
    const at = indexOf('action.completed', 'c');
    const before = fold(at);
    const snapshot = structuredClone(before);
    const after = reduceRun(before, [events[at]!]);
    expect(before).toEqual(snapshot);
    expect(after.actionById.get(toActionId('a'))).toBe(before.actionById.get(toActionId('a')));
    expect(after.actionById.get(toActionId('c'))?.status).toBe('completed');
  });

  it('follows an action through its statuses', () => {
    const statuses = events.map((_, i) => fold(i + 1).actionById.get(toActionId('a'))?.status);
    expect([...new Set(statuses)]).toEqual(['idle', 'queued', 'running', 'waiting', 'completed']);
  });

  it('keeps every attempt with its times', () => {
    const state = fold(events.length);
    expect(state.actionById.get(toActionId('a'))?.attempts).toMatchObject([
      { attempt: 1, startedAtMs: 0, endedAtMs: 100, latencyMs: 100, failure: { kind: 'rate_limited' }, retryAtMs: 600 },
      { attempt: 2, startedAtMs: 600, endedAtMs: 700, latencyMs: 100, failure: null, retryAtMs: null },
    ]);
  });

  it('leaves the last attempt as it was when an action gives up while it waits', () => {
    const halted = simulateRun(
      planOf(chainOf('a b')),
      ({ actionId }) => ({
        answer: failureOf(actionId === 'a' ? 'rate_limited' : 'not_found', { retryAfterMs: 5000 }),
        latencyMs: actionId === 'a' ? 100 : 300,
      }),
      () => 0,
    );
    const action = reduceRun(emptyRun(TEST_RUN_ID), halted).actionById.get(toActionId('a'));
    expect(action).toMatchObject({ status: 'failed', retriesEnded: 'halted', endedAtMs: 300 });
    expect(action?.attempts).toMatchObject([{ startedAtMs: 0, endedAtMs: 100, latencyMs: 100, retryAtMs: 5100 }]);
  });

  it('knows when the run began and ended', () => {
    expect(fold(1)).toMatchObject({ status: 'running', startedAtMs: 0, finishedAtMs: null, chainHash: plan.chainHash });
    expect(fold(events.length)).toMatchObject({ status: 'completed', finishedAtMs: 800, lastSeq: events.length });
  });

  it('takes events that went through JSON and their schema as the same', () => {
    const travelled = events.map((event) => RUN_EVENT.parse(JSON.parse(JSON.stringify(event))));
    expect(travelled).toEqual(events);
  });
});
