import type { ActionId } from '@/lib/chain/ids';
import { planOrder } from '@/lib/graph/plan-order';
import { type JsonValue, Numeral } from '@/lib/json/value';
import type { Rule } from '../draft';

/** What a chain of one slot leaves unused: a mapping keeps the tutorial's strict order until a person says otherwise. */
export const findConcurrencyProblems: Rule = ({ chain, graph, settings }) => {
  if (settings.maxConcurrency !== 1) return [];
  const order = planOrder(graph);
  const isCalled = (id: ActionId): boolean => chain.actions.get(id)?.disabled !== true;
  const generations = order.ok ? order.value.map((generation) => generation.filter(isCalled)) : [];
  const atOnce = Math.max(0, ...generations.map(({ length }) => length));
  if (atOnce < 2) return [];
  const faster = { extra: new Map<string, JsonValue>(), ...chain.settings, max_concurrency: new Numeral('5') };
  return [
    {
      code: 'parallel_possible',
      at: ['settings', 'max_concurrency'],
      message: `${atOnce} actions could run side by side; max_concurrency is 1, so they run one at a time.`,
      fix: { label: 'Run up to 5 at once', edit: { type: 'patch-chain', patch: { settings: faster } }, isSafe: false },
    },
  ];
};
