import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fuzzRuns } from '@/testing/fuzz-runs';
import { arbitraryGraph, chainOfDependencies, edge, edgesOf, graphOfEdges, id } from '@/testing/graph-builder';
import { findAddableEdges } from './addable-edges';
import { type Edge, graphOf } from './chain-graph';
import { findClosingPath } from './reach';

const edges = (text: string) => text.split(' ').map(edge);

describe('findAddableEdges', () => {
  it('takes all that close nothing, in the order of the wishes', () => {
    const graph = graphOfEdges('A B C', 'A>B');
    expect(findAddableEdges(graph, edges('B>C A>C'))).toEqual(edges('B>C A>C'));
  });

  it('leaves out what the graph leads back over', () => {
    expect(findAddableEdges(graphOfEdges('A B C', 'A>B', 'B>C'), edges('C>A C>B A>C'))).toEqual(edges('A>C'));
  });

  //  A ──► B   wished for: B > C, C > A, and D beside them
  it('leaves out what an earlier wish leads back over, and only that', () => {
    const graph = graphOfEdges('A B C D', 'A>B');
    expect(findAddableEdges(graph, edges('B>C C>A A>D D>C'))).toEqual(edges('B>C A>D D>C'));
    expect(findAddableEdges(graph, edges('C>A B>C D>C A>D'))).toEqual(edges('C>A D>C'));
  });

  it('leaves out an edge to the action itself, and edges inside a cycle that is there', () => {
    expect(findAddableEdges(graphOfEdges('A B C', 'A>B', 'B>A'), edges('C>C A>B B>A B>C C>A'))).toEqual(edges('B>C'));
  });

  it('says the same as searching a path for one wish after the other (property)', () => {
    const wishes = fc.array(fc.tuple(fc.nat(11), fc.nat(11)), { maxLength: 30 });
    fc.assert(
      fc.property(arbitraryGraph, wishes, (graph, pairs) => {
        const { actionIds } = graph;
        const wished = pairs.map(([a, b]) => ({
          from: actionIds[a % actionIds.length]!,
          to: actionIds[b % actionIds.length]!,
        }));
        const taken: Edge[] = [];
        for (const each of wished) {
          const grown = graphOfEdges(actionIds, ...edgesOf(graph), ...taken);
          if (findClosingPath(grown, each.from, each.to) === undefined) taken.push(each);
        }
        expect(findAddableEdges(graph, wished)).toEqual(taken);
      }),
      { numRuns: fuzzRuns(100) },
    );
  });

  it('takes 10,000 wishes in a row at once, and all but one around a ring', () => {
    const names = Array.from({ length: 10_000 }, (_, i) => id(`a${i}`));
    const graph = graphOf(chainOfDependencies(names.map((name) => [name, []])));
    const row = names.slice(1).map((to, i) => ({ from: names[i]!, to }));
    expect(findAddableEdges(graph, row.toReversed())).toHaveLength(9999);
    expect(findAddableEdges(graph, [...row, { from: names.at(-1)!, to: names[0]! }])).toEqual(row);
  });
});
