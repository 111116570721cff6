import type { Chain } from '@/lib/chain/chain';
import type { RunId } from '@/lib/chain/ids';
import type { JsonText } from '@/lib/json/value';
import { buildPlan, type PlanRequest } from '@/lib/plan/build-plan';
import type { Plan, PlanStep } from '@/lib/plan/plan';

export const TEST_RUN_ID = '00000000-0000-4000-8000-000000000001' as RunId;

/** A plan of the whole chain on a test connection; problems in the chain throw. */
export function planOf(chain: Chain, wish: Partial<Omit<PlanRequest, 'chain'>> = {}): Plan {
  let callKeys = 0;
  const plan = buildPlan({
    chain,
    runId: TEST_RUN_ID,
    input: '{}' as JsonText,
    connection: { id: 'test', name: 'Test tenant', purpose: 'test' },
    idMap: null,
    request: { type: 'all' },
    pins: new Map(),
    onDoubt: 'interrupt',
    newCallKey: () => `key-${++callKeys}`,
    ...wish,
  });
  if (plan.ok) return plan.value;
  throw new Error(plan.error.map(({ path, message }) => `${path}: ${message}`).join('\n'));
}

/** The same plan with keys of one step replaced, for what no document can say. */
export const withStep = (plan: Plan, actionId: string, keys: Partial<PlanStep>): Plan => ({
  ...plan,
  steps: plan.steps.map((step) => (step.actionId === actionId ? { ...step, ...keys } : step)),
});
