import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ActionId } from '@/lib/chain/ids';
import { fuzzRuns } from '@/testing/fuzz-runs';
import { arbitraryDag, arbitraryGraph, edgesOf, graphOfEdges, id, ids } from '@/testing/graph-builder';
import { findCycles } from './cycles';
import { findAncestors, findClosingPath, findDescendants, isAncestor } from './reach';

// ┌───┐  ┌───┐  ┌───┐
// │ A ├─►│ B ├─►│ D │
// └─┬─┘  └───┘  └───┘
//   │    ┌───┐    ▲
//   └───►│ C ├────┘      and E alone
//        └───┘
const diamond = graphOfEdges('A B C D E', 'A>B', 'A>C', 'B>D', 'C>D');

describe('findAncestors and findDescendants', () => {
  it('find what an action waits for and what waits for it', () => {
    expect([...findAncestors(diamond, id('D'))].sort()).toEqual(ids('A B C'));
    expect([...findDescendants(diamond, id('A'))].sort()).toEqual(ids('B C D'));
    expect(findAncestors(diamond, id('E')).size).toBe(0);
    expect(findDescendants(diamond, id('nowhere')).size).toBe(0);
  });

  it('leave out the action itself, even on a cycle', () => {
    const ring = graphOfEdges('A B', 'A>B', 'B>A', 'A>A');
    expect([...findAncestors(ring, id('A'))]).toEqual(ids('B'));
    expect([...findDescendants(ring, id('A'))]).toEqual(ids('B'));
  });

  it('do not recurse: 10,000 actions in a row', () => {
    const names = Array.from({ length: 10_000 }, (_, i) => id(`a${i}`));
    const row = graphOfEdges(names, ...names.slice(1).map((to, i) => ({ from: names[i]!, to })));
    expect(findAncestors(row, names.at(-1)!).size).toBe(9_999);
    expect(findClosingPath(row, names.at(-1)!, names[0]!)).toHaveLength(10_000);
    expect(isAncestor(row, names[0]!, names.at(-1)!)).toBe(true);
  });
});

describe('isAncestor', () => {
  it('says the same as findAncestors (property)', () => {
    fc.assert(
      fc.property(arbitraryGraph, (graph) => {
        for (const below of graph.actionIds) {
          const ancestors = findAncestors(graph, below);
          for (const above of graph.actionIds) {
            expect(isAncestor(graph, above, below), `${above} above ${below}`).toBe(ancestors.has(above));
          }
        }
      }),
      { numRuns: fuzzRuns(100) },
    );
  });

  it('tells more than 32 actions apart', () => {
    const names = Array.from({ length: 70 }, (_, i) => id(`a${i}`));
    const graph = graphOfEdges(names, { from: names[3]!, to: names[40]! }, { from: names[40]!, to: names[69]! });
    const above = names.filter((name) => isAncestor(graph, name, names[69]!));
    expect(above).toEqual([names[3], names[40]]);
  });

  it('knows no ids beyond the chain', () => {
    expect(isAncestor(diamond, id('ghost'), id('A'))).toBe(false);
  });
});

describe('findClosingPath', () => {
  it('gives the shortest path that the edge would close', () => {
    const graph = graphOfEdges('A B C D', 'A>B', 'B>C', 'C>D', 'A>D');
    expect(findClosingPath(graph, id('D'), id('A'))).toEqual(ids('A D'));
  });

  it('gives the action itself for an edge to itself', () => {
    expect(findClosingPath(diamond, id('A'), id('A'))).toEqual(ids('A'));
  });

  it('gives nothing for an edge that closes no cycle', () => {
    expect(findClosingPath(diamond, id('B'), id('C'))).toBeUndefined();
  });

  it('is there exactly when adding the edge makes a cycle (property)', () => {
    fc.assert(
      fc.property(arbitraryDag, fc.nat(), fc.nat(), (graph, a, b) => {
        const from = graph.actionIds[a % graph.actionIds.length] as ActionId;
        const to = graph.actionIds[b % graph.actionIds.length] as ActionId;
        const path = findClosingPath(graph, from, to);
        const after = graphOfEdges(graph.actionIds, ...edgesOf(graph), { from, to });
        expect(path !== undefined).toBe(findCycles(after).length > 0);
        if (path === undefined) return;
        expect([path[0], path.at(-1)]).toEqual([to, from]);
        path.slice(1).forEach((next, i) => {
          expect(graph.successors.get(path[i]!)).toContain(next);
        });
      }),
      { numRuns: fuzzRuns(100) },
    );
  });
});
