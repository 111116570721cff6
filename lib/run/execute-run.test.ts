import { describe, expect, it } from 'vitest';
import type { Plan } from '@/lib/plan/plan';
import { chainFrom } from '@/testing/chain-builder';
import { planOf } from '@/testing/plan-builder';
import { type ScriptedCalls, scriptCalls } from '@/testing/scripted-calls';
import { createVirtualClock, type VirtualClock } from '@/testing/virtual-clock';
import type { RunEvent } from './events';
import { executeRun } from './execute-run';
import { createMemoryLog } from './memory-log';
import type { RunLog, RunPorts } from './ports';
import type { RunState } from './reduce-run';

interface Drive {
  readonly clock: VirtualClock;
  readonly calls: ScriptedCalls;
  readonly log: RunLog;
  readonly ports: RunPorts;
  readonly cancel: () => void;
  readonly release: () => void;
}

function prepare(plan: Plan, script?: Parameters<typeof scriptCalls>[1], keys: Partial<RunPorts> = {}): Drive {
  const clock = createVirtualClock();
  const calls = scriptCalls(clock, script);
  const cancel = new AbortController();
  const release = new AbortController();
  const log = keys.log ?? createMemoryLog(plan.runId, clock.nowMs);
  const ports: RunPorts = {
    log,
    invoke: calls.invoke,
    clock,
    random: () => 0.5,
    cancelled: cancel.signal,
    released: release.signal,
    ...keys,
  };
  return { clock, calls, log, ports, cancel: () => cancel.abort(), release: () => release.abort() };
}

const tutorial = chainFrom({
  inputs: { type: 'object', properties: { account_id: { type: 'string' } }, required: ['account_id'] },
  actions: {
    fetch_customer: { definition_id: 'd1', inputs: { account_id: '{{ input.account_id }}' } },
    enrich_data: {
      definition_id: 'd2',
      depends_on: ['fetch_customer'],
      inputs: { customer_id: '{{ fetch_customer.customer_id }}' },
    },
    update_crm: {
      definition_id: 'd3',
      depends_on: ['enrich_data'],
      inputs: { record_id: '{{ enrich_data.record_id }}', status: 'processed' },
    },
  },
});

describe('a straight run', () => {
  it('hands each output on to the next action and records every step', async () => {
    const plan = planOf(tutorial, { input: '{"account_id":"12345"}' as never });
    const { clock, calls, log, ports } = prepare(plan, {
      fetch_customer: {
        answer: {
          type: 'output',
          output: '{"customer_id":9007199254740993}' as never,
          envelope: null,
          provenance: 'live',
        },
      },
      enrich_data: {
        answer: { type: 'output', output: '{"record_id":"r-1"}' as never, envelope: null, provenance: 'live' },
      },
    });
    const state: RunState = await clock.runUntil(executeRun(plan, ports));
    expect(state.status).toBe('completed');
    expect(calls.calls.map(({ inputs }) => inputs)).toEqual([
      '{"account_id":"12345"}',
      '{"customer_id":9007199254740993}',
      '{"record_id":"r-1","status":"processed"}',
    ]);
    const events: readonly RunEvent[] = await log.read();
    expect(events.map(({ type }) => type)).toEqual([
      'run.started',
      'action.queued',
      'action.started',
      'action.completed',
      'action.queued',
      'action.started',
      'action.completed',
      'action.queued',
      'action.started',
      'action.completed',
      'run.finished',
    ]);
  });
});
