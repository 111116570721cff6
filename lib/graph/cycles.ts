import type { ActionId } from '@/lib/chain/ids';
import { type ChainGraph, type Edge, successorsOf } from './chain-graph';
import { findComponents } from './components';
import { numberGraph } from './numbered-graph';
import { CycleSearch } from './shortest-cycle';

export interface Cycle {
  /** In walking order, from its earliest action in the document; the edge from the last action to the first closes it. */
  readonly cycle: readonly ActionId[];
  /** The edge of the cycle that costs least to take away. */
  readonly cut: Edge;
}

/**
 * One minimal cycle for each group of actions that wait for one another, and one for each action that waits for itself;
 * in document order of their first actions. Empty exactly when the chain has an order.
 *
 * Minimal: no cycle of the group is shorter. Proven for every chain of up to 2,000 actions and 6,000 edges; a tangle of
 * hundreds of thousands of edges may end the search early, with the shortest cycle met until then.
 *
 * @param carriesData whether a template reads over the edge. The cut is an edge without, where there is one; of those
 *   equal in this, one that points against document order, most likely the one drawn last; of those, the last in walking
 *   order, the closing edge being the very last.
 */
export function findCycles(graph: ChainGraph, carriesData: (edge: Edge) => boolean = () => false): readonly Cycle[] {
  const found: Cycle[] = [];
  for (const id of graph.actionIds) {
    if (successorsOf(graph, id).includes(id)) found.push({ cycle: [id], cut: { from: id, to: id } });
  }
  const groups = findComponents(graph).groups.filter((group) => group.length > 1);
  if (groups.length === 0) return found;
  const numbered = numberGraph(graph);
  const positions = numbered.numberOf;
  const search = new CycleSearch(numbered);
  for (const group of groups) {
    const numbers = group.map((id) => positions.get(id)!).sort((a, b) => a - b);
    const shortest = search.findShortest(numbers).map((number) => graph.actionIds[number]!);
    const cycle = startAtFirst(shortest, positions);
    found.push({ cycle, cut: chooseCut(cycle, positions, carriesData) });
  }
  const start = ({ cycle }: Cycle): number => positions.get(cycle[0]!)!;
  // A self-loop and a longer cycle may start at the same action; the sort is stable, so the self-loop stays first.
  return found.sort((a, b) => start(a) - start(b));
}

/** The edges of a cycle, the closing one last. */
export const edgesOfCycle = (cycle: readonly ActionId[]): readonly Edge[] =>
  cycle.map((from, i) => ({ from, to: cycle[(i + 1) % cycle.length]! }));

function startAtFirst(cycle: readonly ActionId[], positions: ReadonlyMap<ActionId, number>): readonly ActionId[] {
  let first = 0;
  cycle.forEach((id, i) => {
    if (positions.get(id)! < positions.get(cycle[first]!)!) first = i;
  });
  return [...cycle.slice(first), ...cycle.slice(0, first)];
}

function chooseCut(
  cycle: readonly ActionId[],
  positions: ReadonlyMap<ActionId, number>,
  carriesData: (edge: Edge) => boolean,
): Edge {
  const cost = (edge: Edge): number =>
    (carriesData(edge) ? 2 : 0) + (positions.get(edge.from)! > positions.get(edge.to)! ? 0 : 1);
  // The closing edge comes first: among equals it is the one to cut.
  const candidates = [...edgesOfCycle(cycle)].reverse();
  return candidates.reduce((best, edge) => (cost(edge) < cost(best) ? edge : best));
}
