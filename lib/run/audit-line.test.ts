import { describe, expect, it } from 'vitest';
import { chainOf, withAction, withSettings } from '@/testing/chain-builder';
import { planOf, TEST_RUN_ID } from '@/testing/plan-builder';
import { failureOf, outputOf } from '@/testing/scripted-calls';
import { printAuditLines } from './audit-line';
import { simulateRun } from './simulate-run';

const chain = withAction(withSettings(chainOf('a b c', 'b>c'), { on_failure: 'continue' }), 'a', {
  inputs: { secret: 'sent-value' },
});
const events = simulateRun(
  planOf(chain),
  ({ actionId, attempt }) => ({
    answer:
      actionId === 'b'
        ? failureOf('gateway_timeout', { httpStatus: 504 })
        : attempt === 1
          ? failureOf('rate_limited')
          : outputOf('"came-back"'),
    latencyMs: 250,
  }),
  () => 0.5,
  { startAtMs: 1_700_000_000_123 },
);
const lines = events.flatMap(printAuditLines);
const parsed = lines.map((line) => JSON.parse(line));

describe('audit lines', () => {
  it('have the tutorial’s keys, on one line each', () => {
    for (const [i, line] of parsed.entries()) {
      expect(Object.keys(line)).toEqual(['trace_id', 'action_id', 'event', 'timestamp', 'details']);
      expect(line.trace_id).toBe(TEST_RUN_ID);
      expect(lines[i]).not.toContain('\n');
    }
  });

  it('name the event with underscores, the run’s own without an action, the time in seconds', () => {
    expect(parsed[0]).toMatchObject({ action_id: null, event: 'run_started', timestamp: 1_700_000_000.123 });
    expect(parsed.map(({ event }) => event)).toContain('action_retry_scheduled');
    expect(parsed.at(-1)).toMatchObject({ event: 'run_finished', details: { status: 'completed_with_failures' } });
  });

  it('write the tutorial’s failure line after every failed action, and nowhere else', () => {
    const at = parsed.findIndex(({ event }) => event === 'action_failed');
    expect(parsed[at + 1]).toMatchObject({
      action_id: 'b',
      event: 'failure',
      details: { error_type: 'gateway_timeout' },
    });
    expect(parsed.filter(({ event }) => event === 'failure')).toHaveLength(1);
  });

  it('draw the graph from run_started', () => {
    expect(parsed[0].details.actions).toEqual([
      { action_id: 'a', definition_id: 'definition-of-a', needs: [] },
      { action_id: 'b', definition_id: 'definition-of-b', needs: [] },
      { action_id: 'c', definition_id: 'definition-of-c', needs: ['b'] },
    ]);
  });

  it('hold neither what was sent nor what came back', () => {
    expect(lines.join('\n')).not.toContain('sent-value');
    expect(lines.join('\n')).not.toContain('came-back');
  });

  it('number every event, so that a trace can be checked for gaps', () => {
    const numbers = parsed.filter(({ event }) => event !== 'failure').map(({ details }) => details.seq);
    expect(numbers).toEqual(events.map(({ seq }) => seq));
  });
});
