import { X } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { useStore } from 'reactflow';
import { useCommands } from '@/components/commands/command-context';
import { useEditor } from '@/components/editor-store/editor-store-provider';
import { Button, IconButton } from '@/components/ui/button';
import { cheapestCut } from '@/lib/edit/edge-advice';
import { describeLoop, type LoopShown } from './connect-state';

export interface LoopOfferPlace {
  readonly loop: LoopShown;
  /** The card it was dropped on, in pixels from the canvas' upper left corner: the offer never hides it. */
  readonly middle: number;
  readonly top: number;
  readonly bottom: number;
}

const WIDTH = 376;
const HEIGHT = 172;
const MARGIN = 8;

/** After an edge was dropped where it would close a loop: what can be done instead. */
export function LoopOffer({ place, onClose }: { readonly place: LoopOfferPlace; readonly onClose: () => void }) {
  const commands = useCommands();
  const chain = useEditor((state) => state.workbench.chain);
  const frameHeight = useStore((state) => state.height);
  const firstChoice = useRef<HTMLButtonElement>(null);
  const { loop } = place;
  const cut = cheapestCut(chain, loop.path);

  const below = place.bottom + MARGIN;
  const top = below + HEIGHT <= frameHeight ? below : Math.max(MARGIN, place.top - HEIGHT - MARGIN);

  useEffect(() => {
    firstChoice.current?.focus();
  }, []);

  return (
    <div
      role="dialog"
      aria-label="This edge would close a loop"
      className="absolute z-20 rounded-lg border border-line-strong bg-surface-overlay p-3 shadow-overlay"
      style={{
        left: `clamp(${MARGIN}px, ${place.middle - WIDTH / 2}px, calc(100% - ${WIDTH + MARGIN}px))`,
        top,
        width: WIDTH,
      }}
      onKeyDown={(event) => event.key === 'Escape' && onClose()}
    >
      <div className="flex items-start gap-1">
        <p className="flex-1 font-medium text-danger">
          Not connected: it would loop
          <span className="mt-0.5 block font-mono text-xs font-normal break-words text-text-2">
            {describeLoop(loop)}
          </span>
        </p>
        <IconButton label="Leave it as it is" onClick={onClose} className="-mt-1 -mr-1">
          <X size={15} />
        </IconButton>
      </div>
      <div className="mt-2 flex flex-col gap-1.5">
        <Button
          ref={firstChoice}
          className="justify-start"
          onClick={() => {
            commands.connectAfterCut(loop.from, loop.to, cut);
            onClose();
          }}
        >
          Cut{' '}
          <code className="truncate text-xs">
            {cut.from} → {cut.to}
          </code>{' '}
          and connect
        </Button>
        <Button
          className="justify-start"
          onClick={() => {
            commands.connect(loop.to, loop.from);
            onClose();
          }}
        >
          Reverse this edge:{' '}
          <code className="truncate text-xs">
            {loop.to} → {loop.from}
          </code>
        </Button>
      </div>
    </div>
  );
}
