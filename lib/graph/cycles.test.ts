import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ActionId } from '@/lib/chain/ids';
import { actionOf } from '@/testing/chain-builder';
import { fuzzRuns } from '@/testing/fuzz-runs';
import {
  arbitraryGraph,
  chainOfDependencies,
  chainOfEdges,
  edge,
  edgesOf,
  graphOfEdges,
  id,
  ids,
} from '@/testing/graph-builder';
import { type ChainGraph, type Edge, graphOf, predecessorsOf } from './chain-graph';
import { findComponents } from './components';
import { edgesOfCycle, findCycles } from './cycles';
import { planOrder } from './plan-order';
import { findDescendants } from './reach';

describe('findCycles', () => {
  it('finds none in an acyclic chain', () => {
    expect(findCycles(graphOfEdges('A B C', 'A>B', 'B>C', 'A>C'))).toEqual([]);
  });

  //   ┌───────────────────────────┐
  //   ▼                           │
  // ┌───┐  ┌───┐  ┌───┐  ┌───┐  ┌─┴─┐
  // │ A ├─►│ B ├─►│ C ├─►│ D ├─►│ E │     and D → C
  // └───┘  └───┘  └───┘  └───┘  └───┘
  it('gives the shortest cycle of a component', () => {
    const graph = graphOfEdges('A B C D E', 'E>A', 'A>B', 'B>C', 'C>D', 'D>E', 'D>C');
    expect(findCycles(graph)).toEqual([{ cycle: ids('C D'), cut: edge('D>C') }]);
  });

  it('gives one cycle per component, in document order of where they start', () => {
    const graph = graphOfEdges('X A B Y C D', 'D>C', 'C>D', 'B>A', 'A>B', 'B>C');
    expect(findCycles(graph).map(({ cycle }) => cycle)).toEqual([ids('A B'), ids('C D')]);
  });

  it('gives an action that waits for itself a cycle of its own, beside a longer one', () => {
    const graph = graphOfEdges('A B', 'A>A', 'B>A', 'A>B');
    expect(findCycles(graph).map(({ cycle }) => cycle)).toEqual([ids('A'), ids('A B')]);
  });

  it('cuts the edge that points against document order', () => {
    expect(findCycles(graphOfEdges('A B C', 'C>A', 'A>B', 'B>C'))[0]!.cut).toEqual(edge('C>A'));
  });

  it('rather cuts an edge that no template uses', () => {
    const carriesData = ({ from, to }: { from: ActionId; to: ActionId }) => `${from}>${to}` !== 'A>B';
    expect(findCycles(graphOfEdges('A B C', 'C>A', 'A>B', 'B>C'), carriesData)[0]!.cut).toEqual(edge('A>B'));
  });

  it('cuts the last of equals in walking order, the closing edge being the very last', () => {
    const around = graphOfEdges('A B C', 'A>B', 'B>C', 'C>A');
    expect(findCycles(around, () => true)[0]!.cut).toEqual(edge('C>A'));
    // B → C → A → B, walked from A: of B>C and C>A, which no template uses, only C>A points back.
    expect(findCycles(around, ({ from }) => from === 'A')[0]!.cut).toEqual(edge('C>A'));
    // Of A>B and B>C, both forward, the later one.
    expect(findCycles(around, ({ from }) => from === 'C')[0]!.cut).toEqual(edge('B>C'));
  });

  it('gives an order once every cut it names is made, and never cuts data where a free edge will do (property)', () => {
    const marked = fc.array(fc.boolean(), { minLength: 24, maxLength: 24 });
    fc.assert(
      fc.property(arbitraryGraph, marked, (graph, marks) => {
        const keys = edgesOf(graph).map((each) => JSON.stringify(each));
        const carriesData = (each: Edge) => marks[keys.indexOf(JSON.stringify(each))]!;
        let edges = edgesOf(graph);
        let cycles = findCycles(graph, carriesData);
        for (let left = keys.length; cycles.length > 0; left--) {
          if (left === 0) throw new Error('cutting does not end');
          for (const { cycle, cut } of cycles) {
            expect(carriesData(cut)).toBe(edgesOfCycle(cycle).every(carriesData));
          }
          const cuts = new Set(cycles.map(({ cut }) => JSON.stringify(cut)));
          edges = edges.filter((each) => !cuts.has(JSON.stringify(each)));
          const open = graphOfEdges(graph.actionIds, ...edges);
          const walk = new Set(edges.map((each) => JSON.stringify(each)));
          for (const { cycle } of cycles) {
            expect(edgesOfCycle(cycle).every((each) => walk.has(JSON.stringify(each)))).toBe(false);
          }
          cycles = findCycles(open, carriesData);
        }
        expect(planOrder(graphOfEdges(graph.actionIds, ...edges)).ok).toBe(true);
      }),
      { numRuns: fuzzRuns(100) },
    );
  });

  //  layers of four, each action waiting for all four before it, and the first layer for the last: 500 to go around
  it('proves the shortest cycle of 2,000 actions with 8,000 edges in layers around a ring', () => {
    const layer = (n: number) => [0, 1, 2, 3].map((i) => `a${(((n + 500) % 500) * 4 + i).toString()}`);
    const dependsOn = Array.from({ length: 2000 }, (_, i) => [`a${i}`, layer(Math.floor(i / 4) - 1)] as const);
    const [found, ...others] = findCycles(graphOf(chainOfDependencies(dependsOn)));
    expect(found!.cycle).toHaveLength(500);
    expect(others).toEqual([]);
  });

  it('finds the one pair that wait for each other in a tangle of 1,000, whatever stands before it', () => {
    const names = Array.from({ length: 1000 }, (_, i) => `a${i}`);
    const dependsOn = names.map((name, i) => {
      const before = Array.from({ length: 300 }, (_, step) => names[(i + 999 - step) % 1000]!);
      return [name, name === 'a998' ? [...before, 'a999'] : before] as const;
    });
    expect(findCycles(graphOf(chainOfDependencies(dependsOn))).map(({ cycle }) => cycle)).toEqual([ids('a998 a999')]);
  });

  it('ends within its bound in a group of 400 actions that all wait for one another', () => {
    // A tangle without cycles of two: every action waits for the 199 before it around the ring.
    const names = Array.from({ length: 400 }, (_, i) => `a${i}`);
    const actions = names.map((name, i) => {
      const depends_on = Array.from({ length: 199 }, (_, step) => names[(i + 399 - step) % 400]!);
      return [id(name), actionOf({ depends_on })] as const;
    });
    const [found] = findCycles(graphOf({ extra: new Map(), actions: new Map(actions) }));
    expect(found!.cycle).toHaveLength(3);
  });

  it('finds a real cycle of existing edges, cut on it, and as short as any in its component (property)', () => {
    fc.assert(
      fc.property(arbitraryGraph, (graph) => {
        const edges = new Set(edgesOf(graph).map((each) => JSON.stringify(each)));
        for (const { cycle, cut } of findCycles(graph)) {
          expect(new Set(cycle).size).toBe(cycle.length);
          const around = edgesOfCycle(cycle).map((each) => JSON.stringify(each));
          for (const each of around) expect(edges).toContain(each);
          expect(around).toContain(JSON.stringify(cut));
          if (cycle.length > 1) expect(cycle.length).toBe(shortestAround(graph, cycle[0]!));
        }
      }),
      { numRuns: fuzzRuns(100) },
    );
  });

  it('finds a cycle through every component that has one (property)', () => {
    fc.assert(
      fc.property(arbitraryGraph, (graph) => {
        const cycles = findCycles(graph).filter(({ cycle }) => cycle.length > 1);
        const { groups, indexOf } = findComponents(graph);
        expect(cycles.map(({ cycle }) => indexOf.get(cycle[0]!)).sort()).toEqual(
          groups.flatMap((group, i) => (group.length > 1 ? [i] : [])).sort(),
        );
      }),
      { numRuns: fuzzRuns(100) },
    );
  });
});

describe('findComponents', () => {
  it('groups exactly the actions that reach one another, successors first (property)', () => {
    fc.assert(
      fc.property(arbitraryGraph, (graph) => {
        const { groups, indexOf } = findComponents(graph);
        expect(groups.flat().sort()).toEqual([...graph.actionIds].sort());
        for (const a of graph.actionIds) {
          for (const b of graph.actionIds) {
            const isMutual = a === b || (findDescendants(graph, a).has(b) && findDescendants(graph, b).has(a));
            expect(indexOf.get(a) === indexOf.get(b)).toBe(isMutual);
          }
          for (const b of predecessorsOf(graph, a)) expect(indexOf.get(b)).toBeGreaterThanOrEqual(indexOf.get(a)!);
        }
      }),
      { numRuns: fuzzRuns(100) },
    );
  });

  it('groups a ring of 10,000 without recursing', () => {
    const names = Array.from({ length: 10_000 }, (_, i) => id(`a${i}`));
    const ring = names.map((from, i) => ({ from, to: names[(i + 1) % names.length]! }));
    expect(findComponents(graphOf(chainOfEdges(names, ...ring))).groups).toHaveLength(1);
  });
});

/** By brute force: the shortest cycle of two or more actions among those that reach `member` and are reached by it. */
function shortestAround(graph: ChainGraph, member: ActionId): number {
  const group = graph.actionIds.filter(
    (other) =>
      other === member || (findDescendants(graph, member).has(other) && findDescendants(graph, other).has(member)),
  );
  let shortest = Number.POSITIVE_INFINITY;
  for (const start of group) {
    const distance = new Map<ActionId, number>([[start, 0]]);
    for (const at of distance.keys()) {
      for (const next of graph.successors.get(at) ?? []) {
        if (next === start && at !== start) shortest = Math.min(shortest, distance.get(at)! + 1);
        if (group.includes(next) && !distance.has(next)) distance.set(next, distance.get(at)! + 1);
      }
    }
  }
  return shortest;
}
