import { describe, expect, it } from 'vitest';
import { LARGE_CHAINS } from '@/testing/large-graphs';
import { graphOf } from './chain-graph';
import { findComponents } from './components';
import { findCriticalPath } from './critical-path';
import { edgesOfCycle, findCycles } from './cycles';
import { planOrder } from './plan-order';
import { findAncestors, findClosingPath, findDescendants, isAncestor } from './reach';
import { findRedundantEdges } from './redundant-edges';

/** A stop for what would take minutes, not a measure: each takes well under a second. */
const HANGS_MS = 60_000;

describe.each(LARGE_CHAINS)('%s', (_name, isAcyclic, build) => {
  it('go through every search without overflowing or taking seconds', { timeout: HANGS_MS }, () => {
    const graph = graphOf(build());
    const first = graph.actionIds[0]!;
    const last = graph.actionIds.at(-1)!;
    const edgeCount = [...graph.successors.values()].reduce((sum, { length }) => sum + length, 0);

    const order = planOrder(graph);
    expect(order.ok).toBe(isAcyclic);
    if (order.ok) expect(order.value.flat()).toHaveLength(graph.actionIds.length);
    expect(findCycles(graph).flatMap(({ cycle }) => edgesOfCycle(cycle))).toHaveLength(isAcyclic ? 0 : edgeCount);
    expect(findComponents(graph).groups).toHaveLength(isAcyclic ? graph.actionIds.length : 1);

    const critical = findCriticalPath(graph, () => 2);
    expect(critical.ok && critical.value.lengthMs).toBe(order.ok && order.value.length * 2);
    expect(findDescendants(graph, first).has(last)).toBe(isAncestor(graph, first, last));
    expect(findAncestors(graph, last).has(first)).toBe(isAncestor(graph, first, last));
    expect(findClosingPath(graph, last, first) !== undefined).toBe(isAncestor(graph, first, last));
    expect(findClosingPath(graph, first, last) !== undefined).toBe(!isAcyclic);
    const redundant = findRedundantEdges(graph);
    for (const { from, to } of redundant.slice(0, 50)) expect(isAncestor(graph, from, to)).toBe(true);
  });
});

it('of 800 actions that each wait for all before them, one edge in a row is enough', { timeout: HANGS_MS }, () => {
  const [, , build] = LARGE_CHAINS.find(([name]) => name.startsWith('800'))!;
  expect(findRedundantEdges(graphOf(build()))).toHaveLength((800 * 799) / 2 - 799);
});
