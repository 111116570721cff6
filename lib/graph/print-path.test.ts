import { describe, expect, it } from 'vitest';
import type { ActionId } from '@/lib/chain/ids';
import { toActionIds as ids } from '@/testing/chain-builder';
import { printCycle, printPath } from './print-path';

const row = (count: number, name = (i: number) => `a${i}`): readonly ActionId[] =>
  Array.from({ length: count }, (_, i) => name(i + 1) as ActionId);

describe('printPath', () => {
  it('prints a short path whole', () => {
    expect(printPath(ids('a b c'))).toBe('a → b → c');
    expect(printPath(row(10))).toBe('a1 → a2 → a3 → a4 → a5 → a6 → a7 → a8 → a9 → a10');
  });

  it('shortens a long path in the middle and says how many are left out', () => {
    expect(printPath(row(11))).toBe('a1 → a2 → a3 → a4 → … 3 more … → a8 → a9 → a10 → a11');
    expect(printPath(row(2000))).toBe('a1 → a2 → a3 → a4 → … 1,992 more … → a1997 → a1998 → a1999 → a2000');
  });

  it.each(
    [1, 2, 3, 4, 9, 10, 11, 2001].flatMap((count) => ['名', '𠮷'].map((character) => [count, character] as const)),
  )(
    'stays below 2,200 bytes for %s ids of 128 characters such as %s, and names the first two and the last two',
    (count, character) => {
      const path = row(count, (i) => `${i}${character.repeat(128 - String(i).length)}`);
      const text = printPath(path);
      expect(new TextEncoder().encode(text).length).toBeLessThan(2200);
      if (count > 3) expect([text.includes(path[1]!), text.includes(path.at(-2)!)]).toEqual([true, true]);
      expect(text.startsWith(path[0]!)).toBe(true);
      expect(text.endsWith(path.at(-1)!)).toBe(true);
    },
  );

  it('prints an empty path as nothing', () => {
    expect(printPath([])).toBe('');
  });
});

describe('printCycle', () => {
  it('ends where it begins', () => {
    expect(printCycle(ids('a b'))).toBe('a → b → a');
    expect(printCycle(ids('a'))).toBe('a → a');
  });
});
