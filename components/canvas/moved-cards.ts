import type { ActionId } from '@/lib/chain/ids';
import type { CardLayout } from '@/lib/chain/workbench';
import { CARD_HEIGHT, CARD_WIDTH } from './card-positions';

export interface View {
  /** The pan in pixels of the screen. */
  readonly x: number;
  readonly y: number;
  readonly zoom: number;
  readonly width: number;
  readonly height: number;
}

/** Cards that came, or lie elsewhere than before. */
export const movedCards = (
  before: ReadonlyMap<ActionId, CardLayout>,
  after: ReadonlyMap<ActionId, CardLayout>,
): readonly ActionId[] =>
  [...after.keys()].filter((id) => {
    const [was, is] = [before.get(id), after.get(id)!];
    return was?.x !== is.x || was.y !== is.y;
  });

/** Whether any of a card can be seen. */
export const isInView = (card: CardLayout, { x, y, zoom, width, height }: View): boolean =>
  (card.x + CARD_WIDTH) * zoom + x > 0 &&
  card.x * zoom + x < width &&
  (card.y + CARD_HEIGHT) * zoom + y > 0 &&
  card.y * zoom + y < height;

/**
 * What must be brought into view after cards moved, so that nobody looks at where they were: nothing while half of them are
 * seen, a single one by itself, else the whole chain.
 */
export function lostFromView(
  moved: readonly ActionId[],
  places: ReadonlyMap<ActionId, CardLayout>,
  view: View,
): 'nothing' | 'whole' | ActionId {
  const seen = moved.filter((id) => isInView(places.get(id)!, view)).length;
  if (seen * 2 >= moved.length) return 'nothing';
  return moved.length === 1 && places.size > 1 ? moved[0]! : 'whole';
}
