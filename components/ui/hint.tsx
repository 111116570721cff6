import { Tooltip } from 'radix-ui';
import { type ReactNode, useRef, useState } from 'react';

/** A tooltip over one focusable child. Never the only place where something is said. */
export function Hint({
  text,
  keys,
  side = 'bottom',
  children,
}: {
  readonly text: ReactNode;
  readonly keys?: string;
  readonly side?: 'top' | 'bottom' | 'left' | 'right';
  readonly children: ReactNode;
}) {
  const [isOpen, setIsOpen] = useState(false);
  // While the child is held or dragged, a tooltip would stand where it may be dropped.
  const isHeld = useRef(false);
  const letGo = (): void => {
    isHeld.current = false;
  };
  return (
    <Tooltip.Root open={isOpen} onOpenChange={(open) => setIsOpen(open && !isHeld.current)}>
      <Tooltip.Trigger
        asChild
        onPointerDown={() => {
          isHeld.current = true;
          setIsOpen(false);
        }}
        onPointerUp={letGo}
        onPointerEnter={(event) => event.buttons === 0 && letGo()}
        onDragEnd={letGo}
      >
        {children}
      </Tooltip.Trigger>
      <Tooltip.Portal>
        <Tooltip.Content
          side={side}
          sideOffset={6}
          collisionPadding={8}
          className="z-50 max-w-80 rounded-md border border-line-subtle bg-surface-overlay px-2 py-1 text-xs text-text-1 shadow-overlay"
        >
          {text}
          {keys !== undefined && <kbd className="ml-2 text-text-3">{keys}</kbd>}
        </Tooltip.Content>
      </Tooltip.Portal>
    </Tooltip.Root>
  );
}
