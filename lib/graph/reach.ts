import type { ActionId } from '@/lib/chain/ids';
import { type ChainGraph, predecessorsOf, successorsOf } from './chain-graph';
import { findComponents } from './components';

/** Every action whose output an action may read: what it waits for, directly or not. Never itself, even on a cycle. */
export const findAncestors = (graph: ChainGraph, id: ActionId): ReadonlySet<ActionId> =>
  findReachable(id, (at) => predecessorsOf(graph, at));

/** Every action that waits for an action, directly or not. Never itself, even on a cycle. */
export const findDescendants = (graph: ChainGraph, id: ActionId): ReadonlySet<ActionId> =>
  findReachable(id, (at) => successorsOf(graph, at));

/** Nearest first. */
function findReachable(start: ActionId, neighboursOf: (id: ActionId) => readonly ActionId[]): ReadonlySet<ActionId> {
  const met = new Set<ActionId>();
  const waiting = [start];
  for (const at of waiting) {
    for (const neighbour of neighboursOf(at)) {
      if (neighbour === start || met.has(neighbour)) continue;
      met.add(neighbour);
      waiting.push(neighbour);
    }
  }
  return met;
}

/**
 * The shortest path `to → … → from` that a new edge `from → to` would close to a cycle; undefined when the edge closes
 * none. An edge from an action to itself closes the path of that one action.
 */
export function findClosingPath(graph: ChainGraph, from: ActionId, to: ActionId): readonly ActionId[] | undefined {
  if (from === to) return [to];
  const cameFrom = new Map<ActionId, ActionId>();
  const waiting = [to];
  for (const at of waiting) {
    for (const successor of successorsOf(graph, at)) {
      if (successor === to || cameFrom.has(successor)) continue;
      cameFrom.set(successor, at);
      if (successor === from) {
        const path: ActionId[] = [];
        for (let step = from; step !== to; step = cameFrom.get(step)!) path.push(step);
        return [to, ...path.reverse()];
      }
      waiting.push(successor);
    }
  }
  return undefined;
}

/**
 * Whether `ancestor` must end before `id` may start. Says the same as {@link findAncestors}, in constant time: all
 * answers are worked out once per graph, one bit for each pair, so asking for every template of a chain is cheap.
 */
export function isAncestor(graph: ChainGraph, ancestor: ActionId, id: ActionId): boolean {
  if (ancestor === id) return false;
  const { indexOf } = findComponents(graph);
  const above = indexOf.get(ancestor);
  const below = indexOf.get(id);
  if (above === undefined || below === undefined) return false;
  return above === below || hasBit(componentAncestors(graph), below, above);
}

interface BitRows {
  readonly bits: Uint32Array;
  readonly wordsPerRow: number;
}

const hasBit = ({ bits, wordsPerRow }: BitRows, row: number, column: number): boolean =>
  (bits[row * wordsPerRow + (column >>> 5)]! & (1 << (column & 31))) !== 0;

const known = new WeakMap<ChainGraph, BitRows>();

/** Row: a component. Bit: a component that feeds it, directly or not. O(E × V / 32); 12 MB for 10,000 actions. */
function componentAncestors(graph: ChainGraph): BitRows {
  const cached = known.get(graph);
  if (cached !== undefined) return cached;
  const { groups, indexOf } = findComponents(graph);
  const wordsPerRow = (groups.length + 31) >>> 5;
  const bits = new Uint32Array(groups.length * wordsPerRow);
  // Successors stand first in `groups`: from the end, every component's own row is whole before it is read.
  for (let row = groups.length - 1; row >= 0; row--) {
    for (const id of groups[row]!) {
      for (const predecessor of predecessorsOf(graph, id)) {
        const above = indexOf.get(predecessor)!;
        bits[row * wordsPerRow + (above >>> 5)]! |= 1 << (above & 31);
        for (let word = 0; word < wordsPerRow; word++) {
          bits[row * wordsPerRow + word]! |= bits[above * wordsPerRow + word]!;
        }
      }
    }
  }
  const rows = { bits, wordsPerRow };
  known.set(graph, rows);
  return rows;
}
