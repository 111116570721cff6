import type { Chain } from '@/lib/chain/chain';
import type { ActionId } from '@/lib/chain/ids';
import { type ChainGraph, graphOf } from '@/lib/graph/chain-graph';

const known = new WeakMap<Chain, ChainGraph>();

/**
 * The graph of a chain without the edges that pass no skip on: those to actions that run whatever became of the ones
 * before them. An action is skipped whenever one of its ancestors here fails or is skipped. The very graph of the chain
 * where no action runs anyway; once per chain object.
 */
export function passingEdgesOf(chain: Chain): ChainGraph {
  const cached = known.get(chain);
  if (cached !== undefined) return cached;
  const graph = graphOf(chain);
  const runsAnyway = (id: ActionId): boolean => chain.actions.get(id)?.run_if === 'all_done';
  const passing: ChainGraph = graph.actionIds.some(runsAnyway)
    ? {
        ...graph,
        predecessors: new Map([...graph.predecessors].map(([id, waits]) => [id, runsAnyway(id) ? [] : waits])),
        successors: new Map([...graph.successors].map(([id, next]) => [id, next.filter((to) => !runsAnyway(to))])),
      }
    : graph;
  known.set(chain, passing);
  return passing;
}
