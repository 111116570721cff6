import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fuzzRuns } from '@/testing/fuzz-runs';
import { arbitraryDag, arbitraryGraph, edgesOf, graphOfEdges, id, ids } from '@/testing/graph-builder';
import { findCycles } from './cycles';
import { planOrder } from './plan-order';

const generations = (text: string) => ({ ok: true, value: text.split('|').map(ids) });

describe('planOrder', () => {
  //   ┌──────────────────┐
  //   │                  ▼
  // ┌─┴─┐  ┌───┐  ┌───┐  ┌───┐
  // │ A ├─►│ B ├─►│ C ├─►│ D │
  // └───┘  └───┘  └───┘  └───┘
  it('holds a join back until its longest path has run', () => {
    expect(planOrder(graphOfEdges('A D B C', 'A>D', 'A>B', 'B>C', 'C>D'))).toEqual(generations('A|B|C|D'));
  });

  //        ┌───┐
  //    ┌──►│ X │
  // ┌──┴┐  └───┘  the document names Y first,
  // │ A │         but A's edges are added X first
  // └──┬┘  ┌───┐
  //    └──►│ Y │
  //        └───┘
  it('orders a later generation by release, not by document order', () => {
    const graph = graphOfEdges('Y X A B', 'B>Y', 'A>Y', 'A>X');
    // By mention: Y B A X. B comes before A; A releases Y (its last predecessor), then X.
    expect(planOrder(graph)).toEqual(generations('B A|Y X'));
  });

  // ┌───┐  ┌───┐
  // │ Z ├─►│ C │   C stands first in the document; Z is mentioned as its dependency, before A
  // └───┘  └───┘
  // ┌───┐
  // │ A │
  // └───┘
  it('orders the first generation by first mention', () => {
    expect(planOrder(graphOfEdges('C A Z', 'Z>C'))).toEqual(generations('Z A|C'));
  });

  it('gives an empty chain no generations', () => {
    expect(planOrder(graphOfEdges(''))).toEqual({ ok: true, value: [] });
  });

  it('lets a dependency on an action that does not exist hold nothing back', () => {
    expect(planOrder(graphOfEdges('A', 'ghost>A'))).toEqual(generations('A'));
  });

  it.each([
    ['a self-loop', graphOfEdges('A B', 'A>B', 'B>B'), 'B'],
    ['a cycle that feeds no sink', graphOfEdges('A B C D', 'A>B', 'D>B', 'B>C', 'C>D'), 'B C D'],
    ['a cycle behind nothing', graphOfEdges('X A B', 'B>A', 'A>B'), 'A B'],
  ])('reports %s in walking order', (_title, graph, cycle) => {
    expect(planOrder(graph)).toEqual({ ok: false, error: { type: 'cycle-found', cycle: ids(cycle) } });
  });

  it('accepts action ids that are also names on Object.prototype', () => {
    const graph = graphOfEdges('toString __proto__ 10 2', '__proto__>toString', '2>10', '10>__proto__');
    expect(planOrder(graph)).toEqual(generations('2|10|__proto__|toString'));
  });

  it('orders 10,000 actions in a row, and finds the cycle of 10,000 in a ring', () => {
    const names = Array.from({ length: 10_000 }, (_, i) => `a${i}`);
    const row = names.slice(1).map((to, i) => `${names[i]}>${to}`);
    const inRow = planOrder(graphOfEdges(names.map(id), ...row));
    expect(inRow.ok && inRow.value.length).toBe(10_000);
    const inRing = planOrder(graphOfEdges(names.map(id), ...row, 'a9999>a0'));
    expect(!inRing.ok && inRing.error.cycle).toEqual(names);
  });

  it('points every edge of an acyclic chain to a later generation (property)', () => {
    fc.assert(
      fc.property(arbitraryDag, (graph) => {
        const order = planOrder(graph);
        if (!order.ok) throw new Error(`found a cycle where none is: ${order.error.cycle}`);
        const generationOf = new Map(order.value.flatMap((group, i) => group.map((each) => [each, i] as const)));
        expect([...generationOf.keys()].sort()).toEqual([...graph.actionIds].sort());
        for (const { from, to } of edgesOf(graph)) {
          expect(generationOf.get(from)).toBeLessThan(generationOf.get(to)!);
        }
      }),
      { numRuns: fuzzRuns(100) },
    );
  });

  it('fails exactly when there is a cycle (property)', () => {
    fc.assert(
      fc.property(arbitraryGraph, (graph) => {
        expect(planOrder(graph).ok).toBe(findCycles(graph).length === 0);
      }),
      { numRuns: fuzzRuns(100) },
    );
  });
});
