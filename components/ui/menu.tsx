import { Check } from 'lucide-react';
import { DropdownMenu } from 'radix-ui';
import type { ReactNode } from 'react';

export interface MenuItem {
  readonly label: string;
  readonly hint?: string;
  readonly keys?: string;
  readonly icon?: ReactNode;
  readonly isDisabled?: boolean;
  /** Said for one of several that exclude each other: whether it is the chosen one. */
  readonly isChecked?: boolean;
  readonly isDangerous?: boolean;
  readonly onSelect: () => void;
}

/** A menu under its trigger; null stands for a line between groups. */
export function Menu({
  trigger,
  items,
  align = 'end',
}: {
  readonly trigger: ReactNode;
  readonly items: readonly (MenuItem | null)[];
  readonly align?: 'start' | 'end';
}) {
  return (
    // Not modal: a modal menu hides the rest of the page from assistive technology while it can still be focused.
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger asChild>{trigger}</DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          align={align}
          sideOffset={4}
          collisionPadding={8}
          className="z-50 max-h-[70vh] min-w-52 overflow-auto rounded-md border border-line-strong bg-surface-overlay p-1 shadow-overlay"
        >
          {items.map((item, index) =>
            item === null ? (
              <DropdownMenu.Separator key={`line-${index}`} className="my-1 h-px bg-line-subtle" />
            ) : (
              <DropdownMenu.Item
                key={item.label}
                disabled={item.isDisabled ?? false}
                onSelect={item.onSelect}
                {...(item.isChecked === undefined ? {} : { role: 'menuitemradio', 'aria-checked': item.isChecked })}
                className={`flex min-h-8 cursor-pointer items-center gap-2 rounded-sm px-2 py-1 text-sm outline-none data-disabled:cursor-default data-disabled:opacity-50 data-highlighted:bg-surface-hover ${item.isDangerous ? 'text-danger' : 'text-text-1'}`}
              >
                <span className="grid w-4 shrink-0 place-items-center text-text-2">
                  {item.isChecked === true ? (
                    <Check size={15} strokeWidth={2.5} className="text-accent-text" aria-hidden />
                  ) : (
                    item.icon
                  )}
                </span>
                <span className="flex-1">
                  {item.label}
                  {item.hint !== undefined && <span className="block text-xs text-text-3">{item.hint}</span>}
                </span>
                {item.keys !== undefined && <kbd className="pl-4 text-xs text-text-3">{item.keys}</kbd>}
              </DropdownMenu.Item>
            ),
          )}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}
