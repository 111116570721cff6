import type { Workbench } from '@/lib/chain/workbench';
import { positionsOf } from './card-positions';

/**
 * The workbench with a place for every card, so that nothing that is done later moves a card that is shown: the places that
 * cards had before where the workbench has none for them, else free ones. The very workbench when it lacks none.
 */
export function settlePlaces(workbench: Workbench, before?: Workbench): Workbench {
  const { chain, layout } = workbench;
  const unplaced = [...chain.actions.keys()].filter((id) => !layout.has(id));
  if (unplaced.length === 0) return workbench;
  const kept = new Map(layout);
  for (const id of unplaced) {
    const place = before?.layout.get(id);
    if (place !== undefined) kept.set(id, place);
  }
  return { ...workbench, layout: new Map(positionsOf({ ...workbench, layout: kept })) };
}
