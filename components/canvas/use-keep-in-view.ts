import { useCallback, useEffect, useRef, useState } from 'react';
import { useReactFlow, useStore } from 'reactflow';
import { useEditorStore } from '@/components/editor-store/editor-store-provider';
import { CARD_HEIGHT, CARD_WIDTH, positionsOf } from './card-positions';
import { lostFromView, movedCards } from './moved-cards';

/** How the whole chain is brought into view: with some air, never larger than life. */
export const FIT = { padding: 0.1, maxZoom: 1 } as const;

/**
 * Keeps the chain in sight when panels open or close beside it: a view that shows the whole chain shows it again, and a
 * view that a person chose stays, but for a selected card that would be covered. Cards that an edit or its undo moves out
 * of the view are followed.
 *
 * @returns whether the whole chain is in view, and the handler for React Flow's `onMoveStart`, which tells a person's move
 *   from our own.
 */
export function useKeepInView(): {
  readonly isWhole: boolean;
  readonly onMoveStart: (event: MouseEvent | TouchEvent | null) => void;
} {
  const flow = useReactFlow();
  const store = useEditorStore();
  const width = useStore((state) => state.width);
  const height = useStore((state) => state.height);
  const [isWhole, setIsWhole] = useState(true);
  const wasWhole = useRef(true);
  const isFirst = useRef(true);

  useEffect(() => {
    if (width === 0 || height === 0) return;
    if (isFirst.current) {
      isFirst.current = false;
      return;
    }
    if (wasWhole.current) {
      void flow.fitView(FIT);
      return;
    }
    const [selected] = store.getState().selectedIds;
    const node = selected === undefined ? undefined : flow.getNode(selected);
    if (node === undefined) return;
    const { x, y, zoom } = flow.getViewport();
    const left = node.position.x * zoom + x;
    const top = node.position.y * zoom + y;
    const isInside = left >= 0 && top >= 0 && left + CARD_WIDTH * zoom <= width && top + CARD_HEIGHT * zoom <= height;
    if (!isInside) {
      void flow.setCenter(node.position.x + CARD_WIDTH / 2, node.position.y + CARD_HEIGHT / 2, { zoom });
    }
  }, [width, height, flow, store]);

  useEffect(
    () =>
      store.subscribe((after, before) => {
        if (after.workbench.layout === before.workbench.layout || width === 0) return;
        const places = positionsOf(after.workbench);
        const moved = movedCards(positionsOf(before.workbench), places);
        const lost = lostFromView(moved, places, { ...flow.getViewport(), width, height });
        if (lost === 'nothing') return;
        // React Flow has the new places after the next render.
        requestAnimationFrame(() =>
          requestAnimationFrame(() => {
            if (lost === 'whole') {
              void flow.fitView(FIT);
              return;
            }
            const { x, y } = places.get(lost)!;
            void flow.setCenter(x + CARD_WIDTH / 2, y + CARD_HEIGHT / 2, { zoom: flow.getZoom() });
          }),
        );
      }),
    [store, flow, width, height],
  );

  const onMoveStart = useCallback((event: MouseEvent | TouchEvent | null) => {
    if (event === null) return;
    wasWhole.current = false;
    setIsWhole(false);
  }, []);
  return { isWhole, onMoveStart };
}
