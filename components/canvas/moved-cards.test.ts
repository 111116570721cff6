import { describe, expect, it } from 'vitest';
import type { ActionId } from '@/lib/chain/ids';
import { isInView, lostFromView, movedCards } from './moved-cards';

const places = (...all: readonly (readonly [id: string, x: number, y: number])[]) =>
  new Map(all.map(([id, x, y]) => [id as ActionId, { x, y }]));
const VIEW = { x: 0, y: 0, zoom: 1, width: 800, height: 600 };

describe('cards that moved', () => {
  it('are those that lie elsewhere and those that came', () => {
    const before = places(['A', 0, 0], ['B', 320, 0], ['gone', 0, 9]);
    expect(movedCards(before, places(['A', 0, 0], ['B', 320, 16], ['C', 0, 0]))).toEqual(['B', 'C']);
  });

  it('are followed by the view when most of them left it, and only then', () => {
    const after = places(['A', 0, 0], ['B', 2000, 0], ['C', 2000, 400]);
    const [a, b, c] = ['A', 'B', 'C'] as [ActionId, ActionId, ActionId];
    expect(lostFromView([a, b, c], after, VIEW)).toBe('whole');
    expect(lostFromView([a, b], after, VIEW)).toBe('nothing');
    expect(lostFromView([b], after, VIEW)).toBe('B');
    expect(lostFromView([], after, VIEW)).toBe('nothing');
  });

  it('are seen at the pan and zoom of the view', () => {
    expect(isInView({ x: 2000, y: 0 }, VIEW)).toBe(false);
    expect(isInView({ x: 2000, y: 0 }, { ...VIEW, zoom: 0.3 })).toBe(true);
    expect(isInView({ x: 2000, y: 0 }, { ...VIEW, x: -1800 })).toBe(true);
    expect(isInView({ x: 0, y: -80 }, VIEW)).toBe(false);
  });
});
