import { type ChainGraph, type Edge, predecessorsOf } from './chain-graph';
import { findComponentAncestors } from './component-ancestors';
import { findComponents } from './components';

/**
 * The edges that a longer path implies: without them everything still waits for the same actions. In document order.
 *
 * Taking all of them away leaves the transitive reduction. Edges inside a cycle are never among them: which of those
 * is the superfluous one has no single answer.
 *
 * O(E × V / 32), however many edges meet in one action.
 */
export function findRedundantEdges(graph: ChainGraph): readonly Edge[] {
  const { indexOf } = findComponents(graph);
  const { words, wordsPerRow } = findComponentAncestors(graph);
  const redundant: Edge[] = [];
  /** What the predecessors of one action wait for, each component on its own. */
  const above = new Uint32Array(wordsPerRow);
  for (const to of graph.actionIds) {
    const predecessors = predecessorsOf(graph, to);
    if (predecessors.length < 2) continue;
    // Only over other components: inside one, two edges from the same action would each imply the other.
    const components = new Set(predecessors.map((id) => indexOf.get(id)!));
    components.delete(indexOf.get(to)!);
    above.fill(0);
    for (const component of components) {
      // A component with a cycle has its own bit, and does not imply itself.
      for (let word = 0; word < wordsPerRow; word++) {
        const bits = words[component * wordsPerRow + word]!;
        above[word]! |= word === component >>> 5 ? bits & ~(1 << (component & 31)) : bits;
      }
    }
    for (const from of predecessors) {
      const component = indexOf.get(from)!;
      const isImplied = components.has(component) && (above[component >>> 5]! & (1 << (component & 31))) !== 0;
      if (isImplied) redundant.push({ from, to });
    }
  }
  return redundant;
}
