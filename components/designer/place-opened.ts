import { settlePlaces } from '@/components/canvas/settle-places';
import { tidyPositions } from '@/components/canvas/tidy-up';
import type { Opened } from './open-workbench';

/** Nobody waits longer than this for a fine layout; columns come at once. */
const PATIENCE_MS = 3000;

/** Whether the cards must be laid out before they are shown: the chain came without a place for any of them. */
export const isUnplaced = ({ workbench: { chain, layout } }: Opened): boolean =>
  chain.actions.size > 0 && [...chain.actions.keys()].every((id) => !layout.has(id));

/**
 * An unplaced chain with a place for every card, as “Tidy up” lays them out. This is no edit, and nothing is saved by it; the places go along with the first edit.
 */
export async function placeOpened(opened: Opened): Promise<Opened> {
  const { workbench } = opened;
  const layout = await tidyPositions(workbench.chain, PATIENCE_MS).catch(() => workbench.layout);
  return { ...opened, workbench: settlePlaces({ ...workbench, layout }) };
}
