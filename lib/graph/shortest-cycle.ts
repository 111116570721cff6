import { invariant } from '@/lib/result';
import type { NeighbourTable, NumberedGraph } from './numbered-graph';

/**
 * Edges that the search of one group follows before it takes the shortest cycle met until then; some 100 ms. Proving it for
 * 2,000 actions and 6,000 edges takes 12 million at the very worst.
 */
const EDGE_VISITS_MAX = 20_000_000;

/**
 * Finds the shortest cycle of two or more actions in groups of actions that all reach one another; edges from an action
 * to itself do not count. One object serves all groups of a graph.
 */
export class CycleSearch {
  readonly #graph: NumberedGraph;
  /** 1 while an action of the group may lie on a cycle that was not looked at. */
  readonly #isLeft: Uint8Array;
  /** Edges from and to other actions that are left. */
  readonly #waysIn: Int32Array;
  readonly #waysOut: Int32Array;
  readonly #cameFrom: Int32Array;
  /** Number of the search that met an action last. */
  readonly #metBy: Int32Array;
  #search = 0;
  #visits = 0;

  constructor(graph: NumberedGraph) {
    const size = graph.numberOf.size;
    this.#graph = graph;
    this.#isLeft = new Uint8Array(size);
    this.#waysIn = new Int32Array(size);
    this.#waysOut = new Int32Array(size);
    this.#cameFrom = new Int32Array(size);
    this.#metBy = new Int32Array(size);
  }

  /**
   * The shortest cycle is the shortest through one action, or lies among the others: so search through one action, take it
   * away, and peel off all that can then be on no cycle. A plain ring is gone after the first search.
   *
   * @param group one strongly connected component, two or more actions. Of equally short cycles, that of the action which
   *   comes first in it.
   */
  findShortest(group: readonly number[]): readonly number[] {
    for (const id of group) this.#isLeft[id] = 1;
    for (const id of group) {
      this.#waysIn[id] = this.#countLeft(this.#graph.predecessors, id);
      this.#waysOut[id] = this.#countLeft(this.#graph.successors, id);
    }
    const shortest = this.#findPair(group) ?? this.#findLonger(group);
    for (const id of group) this.#isLeft[id] = 0;
    return shortest;
  }

  #countLeft({ starts, others }: NeighbourTable, id: number): number {
    let count = 0;
    for (let edge = starts[id]!; edge < starts[id + 1]!; edge++) {
      const other = others[edge]!;
      if (other !== id && this.#isLeft[other] === 1) count++;
    }
    return count;
  }

  /** Two actions that wait for each other: found in O(E), and so often what a tangle holds that it is worth a look first. */
  #findPair(group: readonly number[]): readonly number[] | undefined {
    const { successors, predecessors } = this.#graph;
    for (const id of group) {
      const mark = ++this.#search;
      for (let edge = predecessors.starts[id]!; edge < predecessors.starts[id + 1]!; edge++) {
        this.#metBy[predecessors.others[edge]!] = mark;
      }
      for (let edge = successors.starts[id]!; edge < successors.starts[id + 1]!; edge++) {
        const other = successors.others[edge]!;
        if (other !== id && this.#metBy[other] === mark) return [id, other];
      }
    }
    return undefined;
  }

  #findLonger(group: readonly number[]): readonly number[] {
    this.#visits = 0;
    let shortest: readonly number[] | undefined;
    for (const start of group) {
      if (this.#isLeft[start] === 0) continue;
      const found = this.#findThrough(start, shortest === undefined ? group.length : shortest.length - 1);
      if (found !== undefined) shortest = found;
      if (shortest?.length === 3 || this.#visits > EDGE_VISITS_MAX) break;
      this.#peelOff(start);
    }
    invariant(shortest !== undefined, 'a group of several actions holds a cycle');
    return shortest;
  }

  /** Breadth-first from `start` back to it, among what is left. */
  #findThrough(start: number, lengthMax: number): readonly number[] | undefined {
    const { starts, others } = this.#graph.successors;
    const mark = ++this.#search;
    this.#metBy[start] = mark;
    let frontier = [start];
    for (let length = 1; frontier.length > 0 && length <= lengthMax; length++) {
      const next: number[] = [];
      for (const id of frontier) {
        this.#visits += starts[id + 1]! - starts[id]!;
        for (let edge = starts[id]!; edge < starts[id + 1]!; edge++) {
          const successor = others[edge]!;
          if (successor === start && id !== start) return this.#cycleOver(start, id);
          if (this.#metBy[successor] === mark || this.#isLeft[successor] === 0) continue;
          this.#metBy[successor] = mark;
          this.#cameFrom[successor] = id;
          next.push(successor);
        }
      }
      frontier = next;
    }
    return undefined;
  }

  #cycleOver(start: number, last: number): readonly number[] {
    const cycle: number[] = [];
    for (let at = last; at !== start; at = this.#cameFrom[at]!) cycle.push(at);
    return [start, ...cycle.reverse()];
  }

  /** Takes an action away, and with it every other that has no way in or no way out any more. O(E) for all calls together. */
  #peelOff(first: number): void {
    const gone = [first];
    this.#isLeft[first] = 0;
    const lose = ({ starts, others }: NeighbourTable, id: number, ways: Int32Array): void => {
      for (let edge = starts[id]!; edge < starts[id + 1]!; edge++) {
        const other = others[edge]!;
        ways[other]!--;
        if (this.#isLeft[other] === 0 || ways[other] !== 0) continue;
        this.#isLeft[other] = 0;
        gone.push(other);
      }
    };
    for (const id of gone) {
      lose(this.#graph.successors, id, this.#waysIn);
      lose(this.#graph.predecessors, id, this.#waysOut);
    }
  }
}
