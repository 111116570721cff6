import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ActionId } from '@/lib/chain/ids';
import { fuzzRuns } from '@/testing/fuzz-runs';
import { arbitraryDag, chainOfDependencies, graphOfEdges, id, ids } from '@/testing/graph-builder';
import { type ChainGraph, graphOf, predecessorsOf, successorsOf } from './chain-graph';
import { findCriticalPath } from './critical-path';

function criticalOf(graph: ChainGraph, durations: Readonly<Record<string, number>>) {
  const found = findCriticalPath(graph, (action) => durations[action] ?? 1);
  if (!found.ok) throw new Error(`a cycle: ${found.error.cycle}`);
  return found.value;
}

describe('findCriticalPath', () => {
  // ┌──────┐  ┌──────┐
  // │ A 10 ├─►│ B  5 ├──┐
  // └──────┘  └──────┘  ▼
  //                   ┌──────┐
  // ┌──────┐          │ D  1 │   and E 3 alone
  // │ C 12 ├─────────►└──────┘
  // └──────┘
  const graph = graphOfEdges('A B C D E', 'A>B', 'B>D', 'C>D');
  const durations = { A: 10, B: 5, C: 12, D: 1, E: 3 };

  it('gives the longest path in order, and how long it takes', () => {
    expect(criticalOf(graph, durations)).toMatchObject({ path: ids('A B D'), lengthMs: 16 });
  });

  it('says of every action when it can start and how much later it may', () => {
    expect([...criticalOf(graph, durations).timeById]).toEqual([
      ['A', { earliestStartMs: 0, slackMs: 0 }],
      ['C', { earliestStartMs: 0, slackMs: 3 }],
      ['E', { earliestStartMs: 0, slackMs: 13 }],
      ['B', { earliestStartMs: 10, slackMs: 0 }],
      ['D', { earliestStartMs: 15, slackMs: 0 }],
    ]);
  });

  it('takes of equally long ways the dependency that stands first, and of equal ends the first in plan order', () => {
    expect(criticalOf(graphOfEdges('A B C', 'B>C', 'A>C'), {}).path).toEqual(ids('B C'));
    expect(criticalOf(graphOfEdges('A B X Y', 'B>Y', 'A>X'), {}).path).toEqual(ids('A X'));
  });

  it('goes over actions that take no time, but does not end in one for nothing', () => {
    const row = graphOfEdges('A B C D', 'A>B', 'B>C', 'C>D');
    expect(criticalOf(row, { A: 0, B: 4, C: 0, D: 2 }).path).toEqual(ids('A B C D'));
    expect(criticalOf(row, { A: 0, B: 4, C: 0, D: 0 }).path).toEqual(ids('A B'));
  });

  it('is empty for an empty chain', () => {
    expect(criticalOf(graphOfEdges(''), {})).toEqual({ path: [], lengthMs: 0, timeById: new Map() });
  });

  it('gives the cycle when there is one', () => {
    const cyclic = findCriticalPath(graphOfEdges('A B C', 'A>B', 'B>A', 'B>C'), () => 1);
    expect(cyclic).toEqual({ ok: false, error: { type: 'cycle-found', cycle: ids('A B') } });
  });

  const withDurations = fc.tuple(arbitraryDag, fc.array(fc.nat(4), { minLength: 12, maxLength: 12 }));

  it('is as long as the longest of all paths, and lies on edges (property)', () => {
    fc.assert(
      fc.property(withDurations, ([dag, numbers]) => {
        const of = (action: ActionId) => numbers[dag.actionIds.indexOf(action)]!;
        const found = findCriticalPath(dag, of);
        if (!found.ok) throw new Error('a cycle');
        const { path, lengthMs } = found.value;
        path.slice(1).forEach((to, i) => void expect(predecessorsOf(dag, to)).toContain(path[i]));
        expect(path.reduce((sum, action) => sum + of(action), 0)).toBe(lengthMs);
        expect(lengthMs).toBe(Math.max(...dag.actionIds.map((action) => longestTo(dag, action, of))));
      }),
      { numRuns: fuzzRuns(100) },
    );
  });

  it('gives slack that may be used up by any one action, and not a millisecond more (property)', () => {
    fc.assert(
      fc.property(withDurations, fc.nat(), ([dag, numbers], chosen) => {
        const slow = dag.actionIds[chosen % dag.actionIds.length]!;
        const lengthWith = (extra: number) => {
          const found = findCriticalPath(
            dag,
            (action) => numbers[dag.actionIds.indexOf(action)]! + (action === slow ? extra : 0),
          );
          if (!found.ok) throw new Error('a cycle');
          return found.value;
        };
        const { lengthMs, path, timeById } = lengthWith(0);
        const { slackMs, earliestStartMs } = timeById.get(slow)!;
        expect(lengthWith(slackMs).lengthMs).toBe(lengthMs);
        expect(lengthWith(slackMs + 1).lengthMs).toBe(lengthMs + 1);
        if (path.includes(slow)) expect(slackMs).toBe(0);
        for (const successor of successorsOf(dag, slow)) {
          expect(timeById.get(successor)!.earliestStartMs).toBeGreaterThanOrEqual(
            earliestStartMs + numbers[dag.actionIds.indexOf(slow)]!,
          );
        }
      }),
      { numRuns: fuzzRuns(100) },
    );
  });

  it('does not recurse: 10,000 actions in a row', () => {
    const row = chainOfDependencies(Array.from({ length: 10_000 }, (_, i) => [`a${i}`, i === 0 ? [] : [`a${i - 1}`]]));
    const critical = criticalOf(graphOf(row), { a5000: 7 });
    expect(critical.path).toHaveLength(10_000);
    expect(critical.lengthMs).toBe(10_006);
    expect(critical.timeById.get(id('a9999'))).toEqual({ earliestStartMs: 10_005, slackMs: 0 });
  });
});

/** By brute force, over every path. */
function longestTo(graph: ChainGraph, action: ActionId, of: (action: ActionId) => number): number {
  const before = predecessorsOf(graph, action).map((predecessor) => longestTo(graph, predecessor, of));
  return of(action) + Math.max(0, ...before);
}
