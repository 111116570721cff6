import { expect, it } from 'vitest';
import type { ActionId, RunId } from '@/lib/chain/ids';
import type { ActionFailure } from '@/lib/failure/action-failure';
import type { JsonText } from '@/lib/json/value';
import type { RunEvent, RunFact } from '@/lib/run/events';
import { emptyRun, type RunState, reduceRun } from '@/lib/run/reduce-run';
import { createLiveTable, tableLines } from './live-table';

const RUN = '0f8fad5b-d9cb-469f-a165-70867728950e' as RunId;
const id = (text: string): ActionId => text as ActionId;
const failure: ActionFailure = {
  kind: 'rate_limited',
  message: 'Slow \u001b[2Jdown.',
  mayHaveHappened: false,
  retryAfterMs: 2000,
  httpStatus: 429,
  where: null,
};

function stateAfter(...facts: readonly RunFact[]): RunState {
  const events = facts.map((fact, i): RunEvent => ({ ...fact, runId: RUN, seq: i + 1, atMs: 1000 }));
  return reduceRun(emptyRun(RUN), events);
}

const started = (...ids: readonly string[]): RunFact => ({
  type: 'run.started',
  chainHash: '0'.repeat(64),
  traceId: RUN,
  connection: { id: 'simulator', name: 'Simulator', purpose: 'simulator' },
  actions: ids.map((text) => ({ actionId: id(text), definitionId: 'd', needs: [] })),
  engineVersion: 1,
});
const call = (text: string, attempt = 1): RunFact => ({
  type: 'action.started',
  actionId: id(text),
  attempt,
  inputs: { type: 'inline', text: '{}' as JsonText },
  callKey: 'k',
  warnings: [],
});
const failed = (text: string): RunFact => ({
  type: 'action.failed',
  actionId: id(text),
  attempt: 1,
  failure,
  envelope: null,
  latencyMs: 5,
  retriesEnded: 'attempts',
});

const look = { nowMs: 2500, columns: 100, rows: 24, hasColour: false };

it('tells of each action what matters in its status', () => {
  const state = stateAfter(
    started('done', 'busy', 'again', 'bad', 'left'),
    call('done'),
    {
      type: 'action.completed',
      actionId: id('done'),
      attempt: 1,
      output: { type: 'inline', text: '1' as JsonText },
      envelope: null,
      latencyMs: 250,
      provenance: 'simulated',
      replaced: null,
    },
    call('busy'),
    call('again'),
    {
      type: 'action.retry-scheduled',
      actionId: id('again'),
      attempt: 1,
      failure,
      latencyMs: 10,
      delayMs: 2000,
      retryAtMs: 4000,
    },
    call('bad'),
    failed('bad'),
    { type: 'action.skipped', actionId: id('left'), because: { type: 'halted', by: id('bad') } },
  );
  expect(tableLines(state, look)).toEqual([
    '✓ done   completed  0.25 s  simulated',
    '▸ busy   running    1.50 s',
    '↻ again  waiting    attempt 1 rate limited; again in 1.50 s',
    '✗ bad    failed     rate_limited: Slow \\u001b[2Jdown.',
    '– left   skipped    halted by bad',
    'running · 1 completed, 1 running, 1 waiting, 1 failed, 1 skipped · simulated',
  ]);
});

it('keeps failed and running actions in sight when not all fit', () => {
  const ids = Array.from({ length: 50 }, (_, i) => `action_${i}`);
  const state = stateAfter(started(...ids), call('action_30'), call('action_40'), failed('action_40'));
  const lines = tableLines(state, { ...look, rows: 8 });
  expect(lines).toHaveLength(7);
  expect(lines.join('\n')).toContain('action_30');
  expect(lines.join('\n')).toContain('action_40');
  expect(lines.at(-2)).toBe('  … and 45 more');
});

it('makes no line wider than the terminal', () => {
  const state = stateAfter(started('x'.repeat(128)), call('x'.repeat(128)), failed('x'.repeat(128)));
  for (const line of tableLines(state, { ...look, columns: 30 })) expect([...line].length).toBeLessThan(30);
});

it('draws over what it drew before, and leaves the last state standing', () => {
  const written: string[] = [];
  const table = createLiveTable({
    write: (text) => written.push(text),
    size: () => ({ columns: 80, rows: 24 }),
    nowMs: () => 1000,
    hasColour: false,
  });
  table.show([], stateAfter(started('a', 'b')));
  table.show([], stateAfter(started('a', 'b'), call('a')));
  table.end();
  expect(written[0]).not.toContain('A\r');
  expect(written[1]).toMatch(/^\u001b\[3A\r\u001b\[J▸ a/);
  expect(written).toHaveLength(3);
});
