import { useEffect } from 'react';
import { useEditorStore } from '@/components/editor-store/editor-store-provider';
import type { ActionId } from '@/lib/chain/ids';
import type { CardLayout } from '@/lib/chain/workbench';
import { positionsOf } from './card-positions';
import { focusCard } from './focus-card';

/**
 * Keeps the keyboard on the canvas when the card that has it goes away, by deletion, undo or whatever else: the card that
 * lay nearest takes over. The browser would leave it on the page's body.
 */
export function useKeepFocus(): void {
  const store = useEditorStore();
  useEffect(() => {
    let focusedId: ActionId | null = null;
    const onFocusIn = (event: FocusEvent): void => {
      const card = event.target instanceof Element ? event.target.closest('.react-flow__node') : null;
      focusedId = (card?.getAttribute('data-id') ?? null) as ActionId | null;
    };
    document.addEventListener('focusin', onFocusIn);
    const unsubscribe = store.subscribe((after, before) => {
      if (focusedId === null || after.workbench === before.workbench) return;
      if (after.workbench.chain.actions.has(focusedId)) return;
      const place = positionsOf(before.workbench).get(focusedId);
      focusedId = null;
      const next = place === undefined ? undefined : nearestTo(place, positionsOf(after.workbench));
      // What was done may have put the keyboard elsewhere meanwhile: there it stays.
      setTimeout(() => {
        if (next !== undefined && document.activeElement === document.body) focusCard(next);
      }, 0);
    });
    return () => {
      document.removeEventListener('focusin', onFocusIn);
      unsubscribe();
    };
  }, [store]);
}

function nearestTo(place: CardLayout, others: ReadonlyMap<ActionId, CardLayout>): ActionId | undefined {
  const distanceTo = ({ x, y }: CardLayout): number => Math.hypot(x - place.x, y - place.y);
  let nearest: ActionId | undefined;
  let nearestDistance = Number.POSITIVE_INFINITY;
  for (const [id, other] of others) {
    const distance = distanceTo(other);
    if (distance < nearestDistance) [nearest, nearestDistance] = [id, distance];
  }
  return nearest;
}
