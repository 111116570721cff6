import type { ActionId } from '@/lib/chain/ids';
import { invariant } from '@/lib/result';
import { type ChainGraph, type Edge, predecessorsOf, successorsOf } from './chain-graph';
import { findComponents } from './components';

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
 * Minimal: no cycle of the group is shorter. In a group so tangled that proving it would take more than
 * {@link EDGE_VISITS_MAX} steps, the shortest cycle met until then.
 *
 * @param carriesData whether a template reads over the edge. The cut prefers an edge without, then one that points
 *   against document order: most likely the one drawn last.
 */
export function findCycles(graph: ChainGraph, carriesData: (edge: Edge) => boolean = () => false): readonly Cycle[] {
  const positions = new Map(graph.actionIds.map((id, position) => [id, position]));
  const found: { readonly cycle: readonly ActionId[]; readonly cut: Edge }[] = [];
  for (const id of graph.actionIds) {
    if (successorsOf(graph, id).includes(id)) found.push({ cycle: [id], cut: { from: id, to: id } });
  }
  for (const group of findComponents(graph).groups) {
    if (group.length < 2) continue;
    const cycle = startAtFirst(findShortestCycle(graph, group), positions);
    found.push({ cycle, cut: chooseCut(cycle, positions, carriesData) });
  }
  const start = ({ cycle }: Cycle): number => positions.get(cycle[0]!)!;
  // A self-loop and a longer cycle may start at the same action; the sort is stable, so the self-loop stays first.
  return found.sort((a, b) => start(a) - start(b));
}

/** The edges of a cycle, the closing one last. */
export const edgesOfCycle = (cycle: readonly ActionId[]): readonly Edge[] =>
  cycle.map((from, i) => ({ from, to: cycle[(i + 1) % cycle.length]! }));

/** Steps of one search; about 50 ms. 2,000 actions in one ring need 2,000 of them. */
const EDGE_VISITS_MAX = 2_000_000;

/**
 * The shortest cycle of a group is the shortest through one of its actions, or lies among the others: so search through
 * one action, take it away, and peel off all that can then be on no cycle. A plain ring is gone after the first search.
 */
function findShortestCycle(graph: ChainGraph, group: readonly ActionId[]): readonly ActionId[] {
  const left = new Set(group);
  let shortest: readonly ActionId[] | undefined;
  let visits = 0;
  for (const start of group) {
    if (!left.has(start)) continue;
    const lengthMax = shortest === undefined ? Number.POSITIVE_INFINITY : shortest.length - 1;
    const search = findCycleThrough(graph, start, left, lengthMax);
    visits += search.visits;
    if (search.cycle !== undefined) shortest = search.cycle;
    if (shortest?.length === 2 || visits > EDGE_VISITS_MAX) break;
    peelOff(graph, start, left);
  }
  invariant(shortest !== undefined, 'a group of several actions holds a cycle');
  return shortest;
}

/** Breadth-first from `start` back to it, inside `within`, over other actions (an edge to itself is a cycle of its own). */
function findCycleThrough(
  graph: ChainGraph,
  start: ActionId,
  within: ReadonlySet<ActionId>,
  lengthMax: number,
): { readonly cycle?: readonly ActionId[]; readonly visits: number } {
  const cameFrom = new Map<ActionId, ActionId>();
  let visits = 0;
  let frontier: readonly ActionId[] = [start];
  for (let length = 1; frontier.length > 0 && length <= lengthMax; length++) {
    const next: ActionId[] = [];
    for (const id of frontier) {
      for (const successor of successorsOf(graph, id)) {
        visits++;
        if (successor === start && id !== start) {
          const cycle: ActionId[] = [];
          for (let at = id; at !== start; at = cameFrom.get(at)!) cycle.push(at);
          return { cycle: [start, ...cycle.reverse()], visits };
        }
        if (successor === start || !within.has(successor) || cameFrom.has(successor)) continue;
        cameFrom.set(successor, id);
        next.push(successor);
      }
    }
    frontier = next;
  }
  return { visits };
}

/** Takes `gone` out of `left`, and with it every action that has no way in or no way out any more. */
function peelOff(graph: ChainGraph, gone: ActionId, left: Set<ActionId>): void {
  const isOther = (id: ActionId) => (neighbour: ActionId) => neighbour !== id && left.has(neighbour);
  const suspects = [gone];
  left.delete(gone);
  for (let suspect = suspects.pop(); suspect !== undefined; suspect = suspects.pop()) {
    for (const id of [...successorsOf(graph, suspect), ...predecessorsOf(graph, suspect)]) {
      if (!left.has(id)) continue;
      if (predecessorsOf(graph, id).some(isOther(id)) && successorsOf(graph, id).some(isOther(id))) continue;
      left.delete(id);
      suspects.push(id);
    }
  }
}

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
