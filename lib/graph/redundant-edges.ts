import { type ChainGraph, type Edge, predecessorsOf } from './chain-graph';
import { findComponents } from './components';
import { isAncestor } from './reach';

/**
 * The edges that a longer path implies: without them everything still waits for the same actions. In document order.
 *
 * Taking all of them away leaves the transitive reduction. Edges inside a cycle are never among them: which of those
 * is the superfluous one has no single answer.
 */
export function findRedundantEdges(graph: ChainGraph): readonly Edge[] {
  const { indexOf } = findComponents(graph);
  const redundant: Edge[] = [];
  for (const to of graph.actionIds) {
    const predecessors = predecessorsOf(graph, to);
    if (predecessors.length < 2) continue;
    // Only over other components: inside one, two edges from the same action would each imply the other.
    const outside = predecessors.filter((id) => indexOf.get(id) !== indexOf.get(to));
    for (const from of outside) {
      const isImplied = outside.some(
        (other) => indexOf.get(other) !== indexOf.get(from) && isAncestor(graph, from, other),
      );
      if (isImplied) redundant.push({ from, to });
    }
  }
  return redundant;
}
