import type { CardLayout } from '@/lib/chain/workbench';
import { bezierPoint, edgeCurve, HANDLE_Y } from '@/lib/exchange/edge-curve';
import type { CardGraph } from './card-layers';
import { CARD_WIDTH, GRID, TALL_CARD_HEIGHT } from './card-positions';

/** Larger graphs are read from afar, where a line behind a card matters less than the time this takes. */
const CARDS_MAX = 60;
const EDGES_MAX = 150;
const PASSES_MAX = 4;
/** How far a card gives way to an edge, in steps of the grid, up or down. */
const STEPS_MAX = 30;
const SAMPLES = 24;
const AIR = 8;
/** Between the boxes of two cards in a column; a toolbar fits. */
const ROW_AIR = 40;

/** Moves cards up or down so that edges between others run beside them, where there is room; columns stay. */
export function clearEdges({ count, edges }: CardGraph, layers: readonly CardLayout[]): readonly CardLayout[] {
  if (count > CARDS_MAX || edges.length > EDGES_MAX) return layers;
  const places = [...layers];
  const hits = (edge: readonly [number, number], card: number): boolean =>
    edge[0] !== card && edge[1] !== card && runsBehind(places[edge[0]]!, places[edge[1]]!, places[card]!);
  /** How many pairs of edge and card this card has part in, as either. */
  const faultsOf = (card: number): number =>
    edges.reduce((sum, edge) => {
      if (edge[0] !== card && edge[1] !== card) return sum + (hits(edge, card) ? 1 : 0);
      return sum + places.filter((_, other) => other !== card && hits(edge, other)).length;
    }, 0);
  const isFree = (card: number): boolean =>
    places.every(
      (other, index) =>
        index === card ||
        Math.abs(other.x - places[card]!.x) >= CARD_WIDTH + GRID ||
        Math.abs(other.y - places[card]!.y) >= TALL_CARD_HEIGHT + ROW_AIR,
    );

  for (let pass = 0; pass < PASSES_MAX; pass++) {
    let isBetter = false;
    for (let card = 0; card < count; card++) {
      if (!edges.some((edge) => hits(edge, card))) continue;
      const start = places[card]!;
      let [best, fewest] = [start, faultsOf(card)];
      for (let step = 1; step <= STEPS_MAX && fewest > 0; step++) {
        for (const side of [-1, 1]) {
          places[card] = { x: start.x, y: start.y + side * step * GRID };
          if (!isFree(card)) continue;
          const faults = faultsOf(card);
          if (faults < fewest) [best, fewest] = [places[card]!, faults];
        }
      }
      places[card] = best;
      isBetter ||= best !== start;
    }
    if (!isBetter) break;
  }
  return places;
}

function runsBehind(from: CardLayout, to: CardLayout, card: CardLayout): boolean {
  const [startX, endX] = [from.x + CARD_WIDTH, to.x];
  if (Math.max(startX, endX) < card.x || Math.min(startX, endX) > card.x + CARD_WIDTH) return false;
  const curve = edgeCurve({ x: startX, y: from.y + HANDLE_Y }, { x: endX, y: to.y + HANDLE_Y });
  for (let sample = 1; sample < SAMPLES; sample++) {
    const { x, y } = bezierPoint(curve, sample / SAMPLES);
    const isBeside = x < card.x || x > card.x + CARD_WIDTH;
    if (!isBeside && y > card.y - AIR && y < card.y + TALL_CARD_HEIGHT + AIR) return true;
  }
  return false;
}
