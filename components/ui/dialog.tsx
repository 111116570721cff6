import { X } from 'lucide-react';
import { Dialog as Radix } from 'radix-ui';
import type { ReactNode } from 'react';
import { Button } from './button';
import { useReturnFocus } from './return-focus';

const SIZES = {
  narrow: 'top-[12vh] max-h-[76vh] w-[min(480px,94vw)]',
  wide: 'top-[12vh] max-h-[76vh] w-[min(720px,94vw)]',
  large: 'top-[6vh] max-h-[88vh] w-[min(960px,94vw)]',
} as const;

/** A window over the page, for confirming loss and for choosing what comes in or goes out. */
export function Dialog({
  title,
  description,
  isOpen,
  onClose,
  children,
  footer,
  size = 'narrow',
  isText = false,
  isTarget = false,
}: {
  readonly title: string;
  readonly description?: string;
  readonly isOpen: boolean;
  /** Null while a choice must be made: neither Escape nor a cross closes the window then. */
  readonly onClose: (() => void) | null;
  readonly children?: ReactNode;
  readonly footer?: ReactNode;
  readonly size?: keyof typeof SIZES;
  /** The body holds nothing that takes the keyboard; it does so itself, to be scrolled. */
  readonly isText?: boolean;
  /** Something hangs over the window that it would take. */
  readonly isTarget?: boolean;
}) {
  const returnFocus = useReturnFocus(isOpen);
  return (
    <Radix.Root open={isOpen} onOpenChange={(open) => !open && onClose?.()}>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-40 bg-scrim" />
        <Radix.Content
          onCloseAutoFocus={returnFocus}
          {...(description === undefined ? { 'aria-describedby': undefined } : {})}
          className={`fixed left-1/2 z-50 flex -translate-x-1/2 flex-col rounded-lg border bg-surface-overlay shadow-overlay ${isTarget ? 'border-accent outline-2 outline-accent' : 'border-line-strong'} ${SIZES[size]}`}
        >
          <header className="flex items-start gap-2 py-4 pr-14 pb-2 pl-5">
            <div className="min-w-0 flex-1">
              <Radix.Title className="text-lg font-semibold">{title}</Radix.Title>
              {description !== undefined && (
                <Radix.Description className="mt-0.5 text-text-2">{description}</Radix.Description>
              )}
            </div>
          </header>
          <div
            className="min-h-0 flex-1 overflow-auto px-5 pt-1 pb-4 focus-visible:-outline-offset-2"
            {...(isText ? { tabIndex: 0, role: 'group', 'aria-label': title } : {})}
          >
            {children}
          </div>
          {footer !== undefined && (
            <footer className="flex justify-end gap-2 border-t border-line-subtle px-5 py-3">{footer}</footer>
          )}
          {/*
           * Last in the order of the keyboard: a dialog opens on what it is for. Without a tooltip, which would take the
           * first Escape for itself.
           */}
          {onClose !== null && (
            <Radix.Close asChild>
              <Button
                look="quiet"
                aria-label="Close"
                className="absolute top-3 right-3 w-8 !px-0"
                icon={<X size={16} aria-hidden />}
              />
            </Radix.Close>
          )}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
