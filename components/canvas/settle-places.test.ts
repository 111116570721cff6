import { describe, expect, it } from 'vitest';
import { createEditorStore } from '@/components/editor-store/editor-store';
import { type CardLayout, workbenchOf } from '@/lib/chain/workbench';
import { bezierPoint, edgeCurve, HANDLE_Y } from '@/lib/exchange/edge-curve';
import { chainOf } from '@/testing/chain-builder';
import { layCards } from './card-layers';
import { CARD_WIDTH, positionsOf } from './card-positions';
import { ghostPlaces, placesOf } from './ghost-places';
import { settlePlaces } from './settle-places';
import { cardGraphOf, placesByAction } from './tidy-up';

const overlap = (a: CardLayout, b: CardLayout): boolean =>
  Math.abs(a.x - b.x) < CARD_WIDTH - 48 && Math.abs(a.y - b.y) < 64;

const tidy = (chain: ReturnType<typeof chainOf>) => ({
  ...workbenchOf(chain),
  layout: placesByAction(chain, layCards(cardGraphOf(chain))),
});

describe('a chain that came without places', () => {
  it('is laid out so that no edge that skips a layer runs behind a card', () => {
    const chain = chainOf(
      'A B C D E F',
      'A>B',
      'gone>B',
      'lost>B',
      'A>C',
      'B>C',
      'A>D',
      'C>D',
      'gone>D',
      'A>E',
      'E>F',
      'D>F',
    );
    const { layout } = tidy(chain);
    for (const [from, to] of [
      ['A', 'C'],
      ['A', 'D'],
    ]) {
      const [source, target] = [layout.get(from as never)!, layout.get(to as never)!];
      const curve = edgeCurve(
        { x: source.x + CARD_WIDTH, y: source.y + HANDLE_Y },
        { x: target.x, y: target.y + HANDLE_Y },
      );
      for (let t = 0.02; t < 0.99; t += 0.02) {
        const { x, y } = bezierPoint(curve, t);
        const hit = [...layout].filter(
          ([id, card]) =>
            id !== from && id !== to && x > card.x && x < card.x + CARD_WIDTH && y > card.y && y < card.y + 64,
        );
        expect(hit.map(([id]) => `${from}>${to} behind ${id}`)).toEqual([]);
      }
    }
  });

  it('gives what stands for missing actions room of its own', () => {
    const workbench = tidy(chainOf('A B C', 'A>B', 'gone>B', 'lost>B', 'gone>C', 'other>A'));
    const places = [...placesOf(workbench)];
    expect([...ghostPlaces(workbench).keys()].sort()).toEqual(['gone', 'lost', 'other']);
    const pairs = places.flatMap(([a, at], i) =>
      places.slice(i + 1).flatMap(([b, other]) => (overlap(at, other) ? [`${a} on ${b}`] : [])),
    );
    expect(pairs).toEqual([]);
  });
});

describe('cards that are shown', () => {
  it('stay where they are while edges come and go', () => {
    const store = createEditorStore(settlePlaces(workbenchOf(chainOf('A B C'))), () => 0);
    const before = positionsOf(store.getState().workbench);
    store.getState().edit({ type: 'connect', from: 'A' as never, to: 'C' as never });
    store.getState().edit({ type: 'connect', from: 'C' as never, to: 'B' as never });
    expect([...positionsOf(store.getState().workbench)]).toEqual([...before]);
  });

  it('stay where they are when a sidecar says nothing of them, and undo finds them there', () => {
    const start = settlePlaces(workbenchOf(chainOf('A B')));
    const store = createEditorStore(start, () => 0);
    const { notes, sampleInputs, pins, allowedLiterals, sampleInputName } = start;
    const layout = new Map([['B' as never, { x: 0, y: 400 }]]);
    const sidecar = { layout, notes, sampleInputs, pins, allowedLiterals, sampleInputName };
    store.getState().edit({ type: 'apply-sidecar', sidecar });
    const after = store.getState().workbench.layout;
    expect(after.get('A' as never)).toEqual(start.layout.get('A' as never));
    expect(after.get('B' as never)).toEqual({ x: 0, y: 400 });
    store.getState().undo();
    expect(new Map(store.getState().workbench.layout)).toEqual(new Map(start.layout));
  });

  it('are left alone by a workbench that places them all', () => {
    const placed = settlePlaces(workbenchOf(chainOf('A B', 'A>B')));
    expect(settlePlaces(placed)).toBe(placed);
  });
});
