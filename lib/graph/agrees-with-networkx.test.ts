import { describe, expect, it } from 'vitest';
import { edgesOf } from '@/testing/graph-builder';
import { networkxAcyclic, networkxCyclic } from '@/testing/networkx-golden/recorded-chains';
import { findComponents } from './components';
import { findCriticalPath } from './critical-path';
import { edgesOfCycle, findCycles } from './cycles';
import { planOrder } from './plan-order';
import { findRedundantEdges } from './redundant-edges';

const title = ({ shape, dependsOn }: { readonly shape: string; readonly dependsOn: unknown }) =>
  `${shape}: ${JSON.stringify(dependsOn)}`;

describe(`what networkx recorded of ${networkxAcyclic.length} acyclic chains`, () => {
  it('are 200 or more, of ten shapes, hostile ids and ties among them', () => {
    expect(networkxAcyclic.length).toBeGreaterThanOrEqual(200);
    expect(new Set(networkxAcyclic.map(({ shape }) => shape)).size).toBe(10);
    const ids = new Set(networkxAcyclic.flatMap(({ graph }) => graph.actionIds as readonly string[]));
    for (const id of ['__proto__', 'constructor', '10', '2', '名前', 'a>b']) expect(ids).toContain(id);
  });

  it('is our order, generation by generation', () => {
    for (const recorded of networkxAcyclic) {
      expect(planOrder(recorded.graph), title(recorded)).toEqual({ ok: true, value: recorded.generations });
    }
  });

  it('is our list of redundant edges: all that the transitive reduction leaves out', () => {
    expect(networkxAcyclic.filter(({ redundant }) => redundant.length > 0).length).toBeGreaterThan(40);
    for (const recorded of networkxAcyclic) {
      const pairs = findRedundantEdges(recorded.graph).map(({ from, to }) => [from, to]);
      expect(pairs, title(recorded)).toEqual(recorded.redundant);
    }
  });

  it('is our critical path, the same one of equally long ones, and its length to the last bit', () => {
    for (const recorded of networkxAcyclic) {
      const { graph, durations, longestPath, length } = recorded;
      const durationOf = new Map(graph.actionIds.map((id, i) => [id, durations[i]!]));
      const critical = findCriticalPath(graph, (id) => durationOf.get(id)!);
      if (!critical.ok) throw new Error(title(recorded));
      expect(critical.value.path, title(recorded)).toEqual(longestPath);
      expect(critical.value.lengthMs, title(recorded)).toBe(length);
    }
  });
});

describe(`what networkx recorded of ${networkxCyclic.length} chains with cycles`, () => {
  it('are 100 or more, loops and several components among them', () => {
    expect(networkxCyclic.length).toBeGreaterThanOrEqual(100);
    expect(networkxCyclic.some(({ loops, components }) => loops.length > 0 && components.length > 1)).toBe(true);
    expect(
      new Set(networkxCyclic.flatMap(({ components }) => components.map(({ shortest }) => shortest))).size,
    ).toBeGreaterThan(4);
  });

  it('is our grouping into components', () => {
    for (const recorded of networkxCyclic) {
      const { groups } = findComponents(recorded.graph);
      const ours = groups.filter((group) => group.length > 1).map((group) => [...group].sort());
      const theirs = recorded.components.map(({ actions }) => [...actions].sort());
      expect(ours.sort(), title(recorded)).toEqual(theirs.sort());
    }
  });

  it('is the length of our cycle in each component, and one of our cycles lies where find_cycle met one', () => {
    for (const recorded of networkxCyclic) {
      const { graph, found, loops, components } = recorded;
      const edges = new Set(edgesOf(graph).map((each) => JSON.stringify(each)));
      const cycles = findCycles(graph).map(({ cycle }) => cycle);
      for (const cycle of cycles) {
        for (const each of edgesOfCycle(cycle)) expect(edges, title(recorded)).toContain(JSON.stringify(each));
      }
      const longer = cycles.filter((cycle) => cycle.length > 1);
      expect(cycles.filter((cycle) => cycle.length === 1).flat(), title(recorded)).toEqual(loops);
      expect(longer.length, title(recorded)).toBe(components.length);
      for (const { actions, shortest } of components) {
        const own = longer.find((cycle) => cycle.every((id) => actions.includes(id)));
        expect(own?.length, title(recorded)).toBe(shortest);
      }
      const { indexOf } = findComponents(graph);
      const met = new Set(found.map((id) => indexOf.get(id)));
      expect(met.size, title(recorded)).toBe(1);
      expect(
        cycles.some((cycle) => met.has(indexOf.get(cycle[0]!)!)),
        title(recorded),
      ).toBe(true);
    }
  });

  it('is that there is no order, for us with a cycle as the reason', () => {
    for (const recorded of networkxCyclic) {
      const [first] = findCycles(recorded.graph);
      const reason = { type: 'cycle-found', cycle: first!.cycle };
      expect(planOrder(recorded.graph), title(recorded)).toEqual({ ok: false, error: reason });
      expect(
        findCriticalPath(recorded.graph, () => 1),
        title(recorded),
      ).toEqual({ ok: false, error: reason });
    }
  });
});
