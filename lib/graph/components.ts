import type { ActionId } from '@/lib/chain/ids';
import { type ChainGraph, successorsOf } from './chain-graph';

/** Actions that reach one another, grouped. Cached per graph. */
export interface Components {
  /** Successors first: whatever a component's actions feed stands before it. */
  readonly groups: readonly (readonly ActionId[])[];
  /** Index into `groups`. */
  readonly indexOf: ReadonlyMap<ActionId, number>;
}

const known = new WeakMap<ChainGraph, Components>();

/**
 * The strongly connected components of a graph. An action on no cycle is a group of its own; so is one whose only cycle
 * is an edge to itself.
 *
 * O(V + E). Keeps its own stack of half-walked actions instead of recursing, which 10,000 actions in a row would overflow.
 *
 * @see R. Tarjan, "Depth-first search and linear graph algorithms", SIAM J. Comput. 1(2), 1972.
 */
export function findComponents(graph: ChainGraph): Components {
  const cached = known.get(graph);
  if (cached !== undefined) return cached;
  const found = runTarjan(graph);
  known.set(graph, found);
  return found;
}

function runTarjan(graph: ChainGraph): Components {
  const groups: ActionId[][] = [];
  const indexOf = new Map<ActionId, number>();
  /** When an action was first met, and the earliest action it is known to lead back to. */
  const metAt = new Map<ActionId, number>();
  const leadsBackTo = new Map<ActionId, number>();
  /** Met, but not yet in a group. */
  const open: ActionId[] = [];
  const walk: { readonly id: ActionId; next: number }[] = [];

  const meet = (id: ActionId): void => {
    metAt.set(id, metAt.size);
    leadsBackTo.set(id, metAt.get(id)!);
    open.push(id);
    walk.push({ id, next: 0 });
  };
  const lower = (id: ActionId, to: number): void => {
    if (to < leadsBackTo.get(id)!) leadsBackTo.set(id, to);
  };

  for (const root of graph.actionIds) {
    if (metAt.has(root)) continue;
    meet(root);
    while (walk.length > 0) {
      const here = walk.at(-1)!;
      const successor = successorsOf(graph, here.id)[here.next++];
      if (successor !== undefined) {
        if (!metAt.has(successor)) meet(successor);
        else if (!indexOf.has(successor)) lower(here.id, metAt.get(successor)!);
        continue;
      }
      walk.pop();
      const parent = walk.at(-1);
      if (parent !== undefined) lower(parent.id, leadsBackTo.get(here.id)!);
      // Nothing below leads further back: all that was opened since is one component.
      if (leadsBackTo.get(here.id) === metAt.get(here.id)) {
        const group = open.splice(open.lastIndexOf(here.id));
        for (const id of group) indexOf.set(id, groups.length);
        groups.push(group);
      }
    }
  }
  return { groups, indexOf };
}
