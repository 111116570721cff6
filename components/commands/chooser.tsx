import { Command } from 'cmdk';
import { Dialog } from 'radix-ui';
import { type ReactNode, useState } from 'react';
import { useReturnFocus } from '@/components/ui/return-focus';
import { rankChoice } from './rank-choice';

export interface Choice {
  readonly id: string;
  readonly label: string;
  readonly hint?: string;
  readonly keys?: string;
  readonly group?: string;
  /** Why it cannot be chosen; such choices stand last. */
  readonly refusedBecause?: string;
  readonly icon?: ReactNode;
}

/** A searchable list over the page: commands, definitions to add, actions to connect to. */
export function Chooser({
  title,
  placeholder,
  choices,
  isOpen,
  onClose,
  onChoose,
  emptyText,
  freeChoice,
}: {
  readonly title: string;
  readonly placeholder: string;
  readonly choices: readonly Choice[];
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly onChoose: (id: string) => void;
  readonly emptyText: string;
  /** What can be chosen besides: made of the text that was typed, and offered whatever else matches. */
  readonly freeChoice?: (search: string) => Choice | null;
}) {
  const returnFocus = useReturnFocus(isOpen);
  const [search, setSearch] = useState('');
  const free = freeChoice?.(search.trim()) ?? null;
  const byValue = new Map(choices.map((choice) => [keyOf(choice), choice]));
  const groups = [...new Set(choices.map((choice) => choice.group ?? ''))];
  return (
    <Dialog.Root open={isOpen} onOpenChange={(open) => !open && onClose()}>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-40 bg-scrim" />
        <Dialog.Content
          onCloseAutoFocus={returnFocus}
          aria-describedby={undefined}
          className="fixed top-[14vh] left-1/2 z-50 w-[min(560px,94vw)] -translate-x-1/2 overflow-hidden rounded-lg border border-line-strong bg-surface-overlay shadow-overlay"
        >
          <Dialog.Title className="sr-only">{title}</Dialog.Title>
          <Command
            label={title}
            loop
            filter={(value, wanted) => {
              const choice = byValue.get(value);
              return choice === undefined ? 0 : rankChoice(choice, wanted);
            }}
          >
            <Command.Input
              autoFocus
              value={search}
              onValueChange={setSearch}
              placeholder={placeholder}
              className="h-12 w-full border-b border-line-subtle bg-transparent px-4 text-base text-text-1 outline-none placeholder:text-text-3"
            />
            <Command.List className="max-h-[50vh] overflow-auto p-1.5">
              {free === null && (
                <Command.Empty className="px-3 py-6 text-center text-text-2">{emptyText}</Command.Empty>
              )}
              {groups.map((group) => (
                <Command.Group
                  key={group}
                  heading={group === '' ? undefined : group}
                  className="[&_[cmdk-group-heading]]:px-2.5 [&_[cmdk-group-heading]]:pt-2 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:text-xs [&_[cmdk-group-heading]]:text-text-3"
                >
                  {choices
                    .filter((choice) => (choice.group ?? '') === group)
                    .map((choice) => (
                      <ChoiceItem key={choice.id} choice={choice} onChoose={onChoose} />
                    ))}
                </Command.Group>
              ))}
              {free !== null && <ChoiceItem choice={free} onChoose={onChoose} isAlwaysShown />}
            </Command.List>
          </Command>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

/** What the list knows a choice by; it trims what it is given. */
const keyOf = ({ id }: Choice): string => JSON.stringify(id);

function ChoiceItem({
  choice,
  onChoose,
  isAlwaysShown = false,
}: {
  readonly choice: Choice;
  readonly onChoose: (id: string) => void;
  readonly isAlwaysShown?: boolean;
}) {
  return (
    <Command.Item
      value={keyOf(choice)}
      disabled={choice.refusedBecause !== undefined}
      forceMount={isAlwaysShown}
      onSelect={() => onChoose(choice.id)}
      className="flex min-h-9 cursor-pointer items-center gap-2.5 rounded-md px-2.5 py-1.5 data-[disabled=true]:cursor-default data-[disabled=true]:text-text-3 data-[selected=true]:bg-surface-selected"
    >
      {choice.icon}
      <span className="min-w-0 flex-1">
        <span className="block truncate">{choice.label}</span>
        {(choice.refusedBecause ?? choice.hint) !== undefined && (
          <span className="block text-xs break-words text-text-3">{choice.refusedBecause ?? choice.hint}</span>
        )}
      </span>
      {choice.keys !== undefined && <kbd className="text-xs text-text-3">{choice.keys}</kbd>}
    </Command.Item>
  );
}
