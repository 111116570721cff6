import { type Chain, dependenciesOf } from '@/lib/chain/chain';
import type { ActionId } from '@/lib/chain/ids';
import type { CardLayout } from '@/lib/chain/workbench';

/** From one card's left edge to the next one's, in pixels. */
const COLUMN_STEP = 320;
const ROW_STEP = 112;

/**
 * Places in columns for the actions of a chain and for what it names and does not have: each card to the right of what
 * it waits for, rows in document order. Where only a cycle is left, its first action is placed as if it waited for
 * nothing. Takes O(V + E).
 *
 * @param top where the first row begins.
 */
export function placeInColumns(chain: Chain, top: number): ReadonlyMap<ActionId, CardLayout> {
  const waitsFor = new Map<ActionId, number>();
  const releases = new Map<ActionId, ActionId[]>();
  for (const [id, action] of chain.actions) {
    const sources = new Set(dependenciesOf(action).filter((from) => from !== id));
    waitsFor.set(id, sources.size);
    for (const from of sources) {
      const waiting = releases.get(from);
      if (waiting === undefined) releases.set(from, [id]);
      else waiting.push(id);
    }
  }
  const ghosts = [...releases.keys()].filter((id) => !chain.actions.has(id));
  const columns = new Map<ActionId, number>();
  const queue: ActionId[] = [];
  const place = (id: ActionId, column: number): void => {
    if (columns.has(id)) return;
    columns.set(id, column);
    queue.push(id);
  };
  let next = 0;
  const release = (): void => {
    for (; next < queue.length; next++) {
      const id = queue[next]!;
      for (const to of releases.get(id) ?? []) {
        const left = waitsFor.get(to)! - 1;
        waitsFor.set(to, left);
        if (left === 0) place(to, columns.get(id)! + 1);
      }
    }
  };
  for (const id of ghosts) place(id, 0);
  for (const [id, count] of waitsFor) if (count === 0) place(id, 0);
  release();
  for (const [id, action] of chain.actions) {
    place(
      id,
      dependenciesOf(action).reduce((column, from) => Math.max(column, (columns.get(from) ?? -1) + 1), 0),
    );
    release();
  }
  const rows = new Map<number, number>();
  return new Map(
    [...chain.actions.keys(), ...ghosts].map((id) => {
      const column = columns.get(id)!;
      const row = rows.get(column) ?? 0;
      rows.set(column, row + 1);
      return [id, { x: column * COLUMN_STEP, y: top + row * ROW_STEP }];
    }),
  );
}
