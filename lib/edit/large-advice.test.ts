import { describe, expect, it } from 'vitest';
import { graphOf } from '@/lib/graph/chain-graph';
import { planOrder } from '@/lib/graph/plan-order';
import { LARGE_CHAINS } from '@/testing/large-graphs';
import { adviseEdges } from './edge-advice';

describe.each(LARGE_CHAINS)('adviseEdges of %s', (_name, isAcyclic, build) => {
  // A stop for what would take minutes: each takes well under a second.
  it('neither overflows nor takes seconds, and what it proposes closes no cycle', { timeout: 60_000 }, () => {
    const chain = build();
    const { missing, orderOnly, redundant } = adviseEdges(chain);
    const edgeCount = [...chain.actions.values()].reduce((sum, { depends_on = [] }) => sum + depends_on.length, 0);
    expect(orderOnly.length + redundant.length).toBe(edgeCount);
    const actions = new Map(chain.actions);
    for (const { from, to } of missing) {
      const reader = actions.get(to)!;
      actions.set(to, { ...reader, depends_on: [...(reader.depends_on ?? []), from] });
    }
    expect(planOrder(graphOf({ ...chain, actions })).ok).toBe(isAcyclic);
  });
});
