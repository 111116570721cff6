/**
 * Which steps of a plan may start: counts what each still waits for, and gives the ready ones by plan position.
 *
 * Steps are named by their position; every need of a step is smaller than its own. O((V + E) log V) for a whole run.
 */
export interface ReadyQueue {
  /** The steps that wait for nothing from the start, in plan order. */
  readonly initial: readonly number[];
  /** Takes note that a step has ended, however it ended. Each step ends once. Gives the steps that it set free, in plan order. */
  readonly end: (position: number) => readonly number[];
  /** Takes out the ready step with the lowest position. */
  readonly take: () => number | undefined;
}

/** @param isEnded steps that had ended before, after a take-over; they are never given. */
export function createReadyQueue(
  needs: readonly (readonly number[])[],
  isEnded: (position: number) => boolean,
): ReadyQueue {
  const dependents: number[][] = needs.map(() => []);
  const waitingFor = needs.map((needed, position) => {
    const open = new Set(needed.filter((need) => !isEnded(need)));
    for (const need of open) dependents[need]!.push(position);
    return open.size;
  });

  const heap: number[] = [];
  for (const [position, count] of waitingFor.entries()) {
    // Ascending, so this array is a heap already.
    if (count === 0 && !isEnded(position)) heap.push(position);
  }

  return {
    initial: [...heap],
    end: (position) => {
      const freed: number[] = [];
      for (const dependent of dependents[position]!) {
        waitingFor[dependent]! -= 1;
        if (waitingFor[dependent] === 0) freed.push(dependent);
      }
      for (const dependent of freed) pushHeap(heap, dependent);
      return freed;
    },
    take: () => popHeap(heap),
  };
}

function pushHeap(heap: number[], value: number): void {
  let at = heap.length;
  heap.push(value);
  while (at > 0) {
    const parent = (at - 1) >> 1;
    if (heap[parent]! <= value) break;
    heap[at] = heap[parent]!;
    at = parent;
  }
  heap[at] = value;
}

function popHeap(heap: number[]): number | undefined {
  const first = heap[0];
  const last = heap.pop();
  if (first === undefined || last === undefined || heap.length === 0) return first;
  let at = 0;
  for (;;) {
    let child = 2 * at + 1;
    if (child >= heap.length) break;
    if (child + 1 < heap.length && heap[child + 1]! < heap[child]!) child += 1;
    if (heap[child]! >= last) break;
    heap[at] = heap[child]!;
    at = child;
  }
  heap[at] = last;
  return first;
}
