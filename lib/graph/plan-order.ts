import type { ActionId } from '@/lib/chain/ids';
import { err, invariant, ok, type Result } from '@/lib/result';
import { type ChainGraph, predecessorsOf, successorsOf } from './chain-graph';
import { findCycles } from './cycles';

/** Why there is no order: one cycle in walking order; the edge from the last action to the first closes it. */
export interface CycleFound {
  readonly type: 'cycle-found';
  readonly cycle: readonly ActionId[];
}

/**
 * Groups the actions of a chain into generations: every predecessor of an action lies in an earlier one. Read one
 * after the other, they are the plan's order.
 *
 * It is the order of networkx's `topological_sort` over the graph as the tutorial's runner builds it: the first
 * generation by first mention, every later one in the order in which its last predecessor releases each action. That is
 * not document order. Dependencies on actions that do not exist hold nothing back; they are problems of their own.
 *
 * Takes O(V + E) and never recurses, so 10,000 actions in a row are safe.
 *
 * Why not breadth-first search: it reaches a join along its shortest path, and would start `D` in `A → D, A → B → C → D`
 * before `C` has an output.
 *
 * @returns The generations, or a cycle when there is no order. An empty chain has no generations.
 * @see A. B. Kahn, "Topological sorting of large networks", CACM 5(11), 1962.
 */
export function planOrder(graph: ChainGraph): Result<readonly (readonly ActionId[])[], CycleFound> {
  const waitsFor = new Map<ActionId, number>();
  for (const id of graph.actionIds) waitsFor.set(id, predecessorsOf(graph, id).length);

  const generations: ActionId[][] = [];
  let placed = 0;
  let ready = graph.mentionOrder.filter((id) => waitsFor.get(id) === 0);
  while (ready.length > 0) {
    generations.push(ready);
    placed += ready.length;
    const released: ActionId[] = [];
    for (const id of ready) {
      for (const successor of successorsOf(graph, id)) {
        const left = waitsFor.get(successor)! - 1;
        waitsFor.set(successor, left);
        if (left === 0) released.push(successor);
      }
    }
    ready = released;
  }
  if (placed === graph.actionIds.length) return ok(generations);

  const [first] = findCycles(graph);
  invariant(first !== undefined, 'actions that never become ready lie on a cycle or behind one');
  return err({ type: 'cycle-found', cycle: first.cycle });
}
