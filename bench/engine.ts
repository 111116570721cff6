import { parseChainText } from '@/lib/chain/parse-chain';
import type { JsonText } from '@/lib/json/value';
import { executeRun } from '@/lib/run/execute-run';
import { createMemoryLog } from '@/lib/run/memory-log';
import type { RunPorts } from '@/lib/run/ports';
import { planOf } from '@/testing/plan-builder';
import { layeredDocument } from './layered-document';
import { expectThat, type Measured, medianMs } from './measure';

const OUTPUT = '{"customer_id":"C-1"}' as JsonText;

/** The engine with calls that answer at once: what is left is its own cost. */
export async function measureEngine(): Promise<readonly Measured[]> {
  const results: Measured[] = [];
  for (const [name, document, count] of [
    ['a line of 10 actions', lineDocument(10), 10],
    ['200 actions in layers of ten', layeredDocument(200), 200],
  ] as const) {
    const parsed = parseChainText(document);
    if (!parsed.ok) throw new Error(parsed.error[0]?.message);
    const chain = parsed.value;
    const ms = await medianMs(21, async () => {
      const plan = planOf(chain, { input: '{"account_id":"1"}' as JsonText });
      const state = await executeRun(plan, portsFor(plan.runId));
      expectThat(state.status === 'completed' && state.actionById.size === count, `${name} ended ${state.status}`);
    });
    results.push({
      name: `run ${name}, planning included: ${(ms / count).toFixed(3)} ms an action`,
      ms,
      floorMs: null,
      bar: '0.25 ms an action',
    });
  }
  return results;
}

function portsFor(runId: Parameters<typeof createMemoryLog>[0]): RunPorts {
  return {
    log: createMemoryLog(runId, Date.now),
    invoke: async (_call, _signal, sent) => {
      sent();
      return { type: 'output', output: OUTPUT, envelope: null, provenance: 'simulated' };
    },
    clock: {
      nowMs: Date.now,
      monotonicMs: () => performance.now(),
      sleep: (ms, signal) =>
        new Promise((resolve) => {
          const timer = setTimeout(resolve, ms);
          signal.addEventListener('abort', () => {
            clearTimeout(timer);
            resolve();
          });
        }),
    },
    random: Math.random,
    cancelled: new AbortController().signal,
    released: new AbortController().signal,
  };
}

function lineDocument(count: number): string {
  const actions: Record<string, unknown> = {};
  for (let i = 0; i < count; i++) {
    actions[`a${i}`] = {
      definition_id: 'bench',
      depends_on: i === 0 ? [] : [`a${i - 1}`],
      inputs: { account_id: i === 0 ? '{{ input.account_id }}' : `{{ a${i - 1}.customer_id }}` },
      effect: 'read',
    };
  }
  return JSON.stringify({ format: 'chainwright.chain/1', actions });
}
