import { ACTION_ID_LENGTH_MAX, type ActionId } from '@/lib/chain/ids';
import type { Workbench } from '@/lib/chain/workbench';
import { clipText } from '@/lib/clip-text';
import { printPath } from '@/lib/graph/print-path';
import type { Result } from '@/lib/result';
import type { EditRefusal } from './edit';

/** What every edit gives: the workbench after it, or why it cannot be. */
export type Edited = Result<Workbench, EditRefusal>;

/** An id that came with an edit may be none, and of any length. */
export const unknownAction = (id: ActionId): EditRefusal => ({
  type: 'unknown-action',
  id,
  message: `There is no action ${clipText(id, 2 * ACTION_ID_LENGTH_MAX)} in this chain.`,
});

export const noSuchPlace = (message: string): EditRefusal => ({ type: 'no-such-place', message });

/** @param path from the edge's target to its source, as `findClosingPath` gives it. */
export const wouldCycle = (path: readonly ActionId[]): EditRefusal => ({
  type: 'would-cycle',
  path,
  message: `would loop: ${describeLoop(path)}`,
});

/**
 * The loop in words, as the arrows of the canvas point, from the source of the refused edge:
 * `update_crm → fetch_customer → enrich_data → update_crm`. A long one is shortened in the middle.
 *
 * @param path from the edge's target to its source.
 */
const describeLoop = (path: readonly ActionId[]): string => printPath([...path.slice(-1), ...path]);
