import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fuzzRuns } from '@/testing/fuzz-runs';
import { arbitraryDag, arbitraryGraph, edge, edgesOf, graphOfEdges } from '@/testing/graph-builder';
import type { ChainGraph, Edge } from './chain-graph';
import { findDescendants } from './reach';
import { findRedundantEdges } from './redundant-edges';

const without = (graph: ChainGraph, gone: readonly Edge[]): ChainGraph => {
  const keys = new Set(gone.map((each) => JSON.stringify(each)));
  return graphOfEdges(graph.actionIds, ...edgesOf(graph).filter((each) => !keys.has(JSON.stringify(each))));
};

describe('findRedundantEdges', () => {
  //   ┌──────────────┐
  //   │              ▼
  // ┌─┴─┐  ┌───┐  ┌───┐
  // │ A ├─►│ B ├─►│ C │
  // └───┘  └───┘  └───┘
  it('finds an edge that a longer path implies', () => {
    expect(findRedundantEdges(graphOfEdges('A B C', 'A>B', 'B>C', 'A>C'))).toEqual([edge('A>C')]);
  });

  it('finds nothing in a diamond', () => {
    expect(findRedundantEdges(graphOfEdges('A B C D', 'A>B', 'A>C', 'B>D', 'C>D'))).toEqual([]);
  });

  it('keeps both edges into a cycle, for each would imply the other', () => {
    expect(findRedundantEdges(graphOfEdges('A B C', 'A>B', 'A>C', 'B>C', 'C>B'))).toEqual([]);
  });

  it('leaves the same actions upstream when all are taken away, cycles or not (property)', () => {
    fc.assert(
      fc.property(arbitraryGraph, (graph) => {
        const reduced = without(graph, findRedundantEdges(graph));
        for (const id of graph.actionIds) {
          expect(new Set(findDescendants(reduced, id))).toEqual(new Set(findDescendants(graph, id)));
        }
      }),
      { numRuns: fuzzRuns(100) },
    );
  });

  it('leaves no edge of an acyclic chain that could still go (property)', () => {
    fc.assert(
      fc.property(arbitraryDag, (graph) => {
        const reduced = without(graph, findRedundantEdges(graph));
        for (const each of edgesOf(reduced)) {
          expect(findDescendants(without(reduced, [each]), each.from).has(each.to)).toBe(false);
        }
      }),
      { numRuns: fuzzRuns(100) },
    );
  });
});
