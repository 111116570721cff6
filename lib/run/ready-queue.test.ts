import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findAncestorSets } from './ancestor-sets';
import { createReadyQueue } from './ready-queue';

/** Needs of up to 40 steps, each pointing to smaller positions. */
const arbitraryNeeds = fc
  .array(fc.array(fc.nat(1000), { maxLength: 4 }), { maxLength: 40 })
  .map((rows) => rows.map((row, position) => (position === 0 ? [] : row.map((n) => n % position))));

describe('createReadyQueue', () => {
  it('gives ready steps by position, whatever order set them free', () => {
    const queue = createReadyQueue([[], [], [1], [0]], () => false);
    expect([queue.take(), queue.take(), queue.take()]).toEqual([0, 1, undefined]);
    expect(queue.end(0)).toEqual([3]);
    expect(queue.end(1)).toEqual([2]);
    expect([queue.take(), queue.take()]).toEqual([2, 3]);
  });

  it('takes steps that had ended before as ended', () => {
    const queue = createReadyQueue([[], [0], [1]], (position) => position === 0);
    expect(queue.initial).toEqual([1]);
    expect(queue.take()).toBe(1);
  });

  it('counts a need that is named twice once', () => {
    const queue = createReadyQueue([[], [0, 0]], () => false);
    expect(queue.end(0)).toEqual([1]);
  });

  it('gives each step once, after all its needs, lowest first (property)', () => {
    fc.assert(
      fc.property(arbitraryNeeds, fc.infiniteStream(fc.nat(7)), (needs, chances) => {
        const queue = createReadyQueue(needs, () => false);
        const ended = new Set<number>();
        const taken: number[] = [];
        const running: number[] = [];
        for (;;) {
          const before = needs.findIndex(
            (row, position) => !taken.includes(position) && row.every((need) => ended.has(need)),
          );
          const position = queue.take();
          expect(position).toBe(before < 0 ? undefined : before);
          if (position !== undefined) {
            taken.push(position);
            running.push(position);
            if (chances.next().value! % 2 === 0) continue;
          }
          if (running.length === 0) break;
          const [done] = running.splice(chances.next().value! % running.length, 1);
          ended.add(done!);
          queue.end(done!);
        }
        expect(taken.length).toBe(needs.length);
      }),
    );
  });
});

describe('findAncestorSets', () => {
  it('finds exactly what a step needs directly or through others (property)', () => {
    fc.assert(
      fc.property(arbitraryNeeds, (needs) => {
        const { isAncestor } = findAncestorSets(needs);
        const slow = needs.map(() => new Set<number>());
        for (const [position, row] of needs.entries()) {
          for (const need of row) {
            slow[position]!.add(need);
            for (const above of slow[need]!) slow[position]!.add(above);
          }
        }
        for (let position = 0; position < needs.length; position++) {
          for (let other = 0; other < needs.length; other++) {
            expect(isAncestor(other, position)).toBe(slow[position]!.has(other));
          }
        }
      }),
    );
  });
});
