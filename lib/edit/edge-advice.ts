import { type Chain, dependenciesOf } from '@/lib/chain/chain';
import { type ActionId, isNameableInTemplate } from '@/lib/chain/ids';
import { type ChainGraph, type Edge, graphOf, successorsOf } from '@/lib/graph/chain-graph';
import { isAncestor } from '@/lib/graph/reach';
import { findRedundantEdges } from '@/lib/graph/redundant-edges';
import { invariant } from '@/lib/result';
import { carriesData, fieldsReadBy } from './action-references';

/** What the templates say about `depends_on`. Each list in document order of the edges' targets. */
export interface EdgeAdvice {
  /** Edges that templates imply and nothing provides. All can be added at once; those that would close a cycle are left out. */
  readonly missing: readonly Edge[];
  /** Edges that only order: no template of the target reads the source, and no longer path says the same. */
  readonly orderOnly: readonly Edge[];
  /** Edges that a longer path implies and no template reads over. */
  readonly redundant: readonly Edge[];
}

/** How many fields of `from` the templates of `to` read; 0 for an edge that only orders. */
export function fieldsRead(chain: Chain, from: ActionId, to: ActionId): number {
  const reader = chain.actions.get(to);
  return reader === undefined ? 0 : (fieldsReadBy(reader).get(from) ?? 0);
}

/**
 * The edge to cut so that a refused one can be drawn: of those on the path that it would close, the one that carries
 * the fewest fields, and of equals the last.
 *
 * @param path from the refused edge's target to its source; two actions at least.
 */
export function cheapestCut(chain: Chain, path: readonly ActionId[]): Edge {
  invariant(path.length > 1, 'an edge from an action to itself closes no path that could be cut');
  const edges = path.slice(1).map((to, i) => ({ from: path[i]!, to }));
  const cost = ({ from, to }: Edge): number => fieldsRead(chain, from, to);
  return edges.reduce((best, edge) => (cost(edge) <= cost(best) ? edge : best));
}

const known = new WeakMap<Chain, EdgeAdvice>();

/** Compares references with dependencies; once per chain object. */
export function adviseEdges(chain: Chain): EdgeAdvice {
  const cached = known.get(chain);
  if (cached !== undefined) return cached;
  const graph = graphOf(chain);
  const isOrderOnly = ({ from, to }: Edge): boolean => !carriesData(chain, from, to);
  const redundant = findRedundantEdges(graph).filter(isOrderOnly);
  const isRedundant = new Map<ActionId, Set<ActionId>>();
  for (const { from, to } of redundant) isRedundant.set(to, (isRedundant.get(to) ?? new Set()).add(from));
  const orderOnly = [...chain.actions].flatMap(([to, action]) =>
    dependenciesOf(action)
      .map((from) => ({ from, to }))
      .filter((edge) => edge.from !== to && chain.actions.has(edge.from) && isOrderOnly(edge))
      .filter((edge) => isRedundant.get(to)?.has(edge.from) !== true),
  );
  const advice = { missing: findMissingEdges(chain, graph), orderOnly, redundant };
  known.set(chain, advice);
  return advice;
}

function findMissingEdges(chain: Chain, graph: ChainGraph): readonly Edge[] {
  const missing: Edge[] = [];
  const addedFrom = new Map<ActionId, ActionId[]>();
  /** Over the edges that are there and those proposed so far: together, too, they must close nothing. */
  const leadsTo = (start: ActionId, goal: ActionId): boolean => {
    const met = new Set([start]);
    for (const at of met) {
      if (at === goal) return true;
      for (const next of successorsOf(graph, at)) met.add(next);
      for (const next of addedFrom.get(at) ?? []) met.add(next);
    }
    return false;
  };
  for (const [to, action] of chain.actions) {
    for (const name of fieldsReadBy(action).keys()) {
      const from = name as ActionId;
      if (from === to || !chain.actions.has(from) || !isNameableInTemplate(from)) continue;
      if (isAncestor(graph, from, to) || leadsTo(to, from)) continue;
      missing.push({ from, to });
      addedFrom.set(from, [...(addedFrom.get(from) ?? []), to]);
    }
  }
  return missing;
}
