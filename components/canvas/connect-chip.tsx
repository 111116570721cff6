import { useLayoutEffect, useRef, useState } from 'react';
import { useStore } from 'reactflow';
import { shallow } from 'zustand/shallow';
import type { ActionId } from '@/lib/chain/ids';
import { describeLoop, useConnectState } from './connect-state';

/** Air between the chip and the edge of the canvas, and between the chip and the card it speaks of. */
const MARGIN = 8;

/** Beneath the card under the pointer: why the edge cannot end there. In screen pixels, whole inside the canvas. */
export function ConnectChip() {
  const target = useStore(({ connection, transform: [panX, panY, zoom] }) => {
    const node = connection.inProgress ? connection.toNode : null;
    if (node === null) return null;
    const { x, y } = node.internals.positionAbsolute;
    const { width = 0, height = 0 } = node.measured;
    return { id: node.id as ActionId, middle: (x + width / 2) * zoom + panX, bottom: (y + height) * zoom + panY };
  }, shallow);
  const frameWidth = useStore((state) => state.width);
  const loop = useConnectState((state) => state.loop);
  const why = useConnectState((state) => (target === null ? undefined : state.illegal.get(target.id)?.type));
  const words = loop !== null ? `would loop: ${describeLoop(loop)}` : why === 'duplicate' ? 'already connected' : null;
  const ref = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);

  // The chip is as wide as its words; only the page knows how wide that is.
  useLayoutEffect(() => {
    if (words !== null) setWidth(ref.current?.offsetWidth ?? 0);
  }, [words]);

  if (words === null || target === null) return null;
  const wish = target.middle - width / 2;
  const left = Math.max(MARGIN, Math.min(wish, frameWidth - width - MARGIN));
  return (
    <div ref={ref} className="connect-chip" role="status" style={{ left, top: target.bottom + MARGIN }}>
      {words}
    </div>
  );
}
