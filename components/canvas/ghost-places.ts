import type { ActionId } from '@/lib/chain/ids';
import type { CardLayout, Workbench } from '@/lib/chain/workbench';
import { graphOf } from '@/lib/graph/chain-graph';
import { CARD_WIDTH, GRID, positionsOf, TALL_CARD_HEIGHT } from './card-positions';

/** Size of what stands for a missing action, in pixels at zoom 1. */
const GHOST_WIDTH = 208;
const GHOST_HEIGHT = 64;
/** From a ghost's right side to the card that names it. */
const DISTANCE = 96;

interface Box extends CardLayout {
  readonly width: number;
  readonly height: number;
}

const placesByWorkbench = new WeakMap<Workbench, ReadonlyMap<ActionId, CardLayout>>();

/** Where ghosts lie: left of the first card that names them, as level with it as the cards and ghosts there allow. */
export function ghostPlaces(workbench: Workbench): ReadonlyMap<ActionId, CardLayout> {
  const known = placesByWorkbench.get(workbench);
  if (known !== undefined) return known;
  const places = new Map<ActionId, CardLayout>();
  const { missing } = graphOf(workbench.chain);
  if (missing.length > 0) {
    const positions = positionsOf(workbench);
    const boxes: Box[] = [...positions.values()].map((at) => ({ ...at, width: CARD_WIDTH, height: TALL_CARD_HEIGHT }));
    for (const { from, to } of missing) {
      const reader = positions.get(to);
      if (places.has(from) || reader === undefined) continue;
      const x = reader.x - DISTANCE - GHOST_WIDTH;
      const place = { x, y: freeRow(x, reader.y, boxes) };
      places.set(from, place);
      boxes.push({ ...place, width: GHOST_WIDTH, height: GHOST_HEIGHT });
    }
  }
  placesByWorkbench.set(workbench, places);
  return places;
}

/** All that lies on the canvas: cards and ghosts. */
export const placesOf = (workbench: Workbench): ReadonlyMap<ActionId, CardLayout> =>
  new Map([...positionsOf(workbench), ...ghostPlaces(workbench)]);

/** The height nearest to the wished one at which a ghost touches no box. */
function freeRow(x: number, wish: number, boxes: readonly Box[]): number {
  const taken = boxes
    .filter((box) => x < box.x + box.width + GRID && box.x < x + GHOST_WIDTH + GRID)
    .map((box) => [box.y - GHOST_HEIGHT - GRID, box.y + box.height + GRID] as const);
  const isFree = (y: number): boolean => taken.every(([above, below]) => y <= above || y >= below);
  return [wish, ...taken.flat()].sort((a, b) => Math.abs(a - wish) - Math.abs(b - wish)).find(isFree) ?? wish;
}
