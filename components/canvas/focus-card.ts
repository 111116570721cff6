import type { ActionId } from '@/lib/chain/ids';

/** Puts the keyboard on a card once React Flow has drawn it. */
export function focusCard(id: ActionId): void {
  requestAnimationFrame(() =>
    requestAnimationFrame(() => {
      document
        .querySelector<HTMLElement>(`.react-flow__node[data-id="${CSS.escape(id)}"]`)
        ?.focus({ preventScroll: true });
    }),
  );
}
