import type { ActionId } from '@/lib/chain/ids';
import type { CardLayout, Workbench } from '@/lib/chain/workbench';
import { graphOf } from '@/lib/graph/chain-graph';
import { planOrder } from '@/lib/graph/plan-order';

/** Sizes of a card at zoom 1, in pixels; the grid is 16. A card grows by its chips, so rows stand further apart. */
export const CARD_WIDTH = 256;
export const CARD_HEIGHT = 64;
/** With a row of chips. */
export const TALL_CARD_HEIGHT = 89;
const COLUMN_STEP = 320;
const ROW_STEP = 144;
export const GRID = 16;
/** Actions of a chain with a loop stand in rows of this many. */
const LOOP_COLUMNS = 6;

/**
 * Where every card lies: as laid out by a person, else in columns by generation, below what is already there. A chain with
 * a loop has no generations; its actions stand in rows in document order.
 */
export function positionsOf(workbench: Workbench): ReadonlyMap<ActionId, CardLayout> {
  const { chain, layout } = workbench;
  const unplaced = [...chain.actions.keys()].filter((id) => !layout.has(id));
  if (unplaced.length === 0) return layout;

  const columnById = columnsOf(workbench);
  const rowsUsed = new Map<number, number>();
  const top = layout.size === 0 ? 0 : Math.max(...[...layout.values()].map((place) => place.y)) + ROW_STEP;
  const positions = new Map(layout);
  for (const id of unplaced) {
    const column = columnById.get(id) ?? 0;
    const row = rowsUsed.get(column) ?? 0;
    rowsUsed.set(column, row + 1);
    positions.set(id, { x: column * COLUMN_STEP, y: top + row * ROW_STEP });
  }
  return positions;
}

function columnsOf({ chain }: Workbench): ReadonlyMap<ActionId, number> {
  const order = planOrder(graphOf(chain));
  if (order.ok)
    return new Map(order.value.flatMap((generation, column) => generation.map((id) => [id, column] as const)));
  return new Map([...chain.actions.keys()].map((id, index) => [id, index % LOOP_COLUMNS]));
}

/** The place on the grid nearest to a wish, moved down until it keeps a row's distance from every card near it. */
export function freePlace(wish: CardLayout, taken: Iterable<CardLayout>): CardLayout {
  const snap = (value: number): number => Math.round(value / GRID) * GRID;
  const others = [...taken];
  let place = { x: snap(wish.x), y: snap(wish.y) };
  const isTaken = (): boolean =>
    others.some(
      (other) => Math.abs(other.x - place.x) < CARD_WIDTH + GRID && Math.abs(other.y - place.y) < ROW_STEP - GRID,
    );
  while (isTaken()) place = { x: place.x, y: place.y + GRID * 2 };
  return place;
}
