import { Command } from 'cmdk';
import { Boxes, Hash } from 'lucide-react';
import { Dialog } from 'radix-ui';
import { useState } from 'react';
import { type AddWish, useCommands } from '@/components/commands/command-context';
import { useCatalog } from '@/components/palette/definitions-context';
import { useReturnFocus } from '@/components/ui/return-focus';

const ITEM =
  'flex min-h-9 cursor-pointer items-center gap-2.5 rounded-md px-2.5 py-1.5 data-[selected=true]:bg-surface-selected';

/** Adds an action: a definition by its words, or any by its id alone. */
export function AddAction({ wish, onClose }: { readonly wish: AddWish; readonly onClose: () => void }) {
  const commands = useCommands();
  const catalog = useCatalog();
  const [search, setSearch] = useState('');
  const returnFocus = useReturnFocus(true);
  const definitions = catalog?.state === 'available' ? catalog.definitions : [];
  const id = search.trim();
  const add = (definitionId: string): void => {
    onClose();
    commands.addDefinition(definitionId, wish.at, wish.connectTo);
  };
  return (
    <Dialog.Root open onOpenChange={(open) => !open && onClose()}>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-40 bg-scrim" />
        <Dialog.Content
          onCloseAutoFocus={returnFocus}
          aria-describedby={undefined}
          className="fixed top-[14vh] left-1/2 z-50 w-[min(560px,94vw)] -translate-x-1/2 overflow-hidden rounded-lg border border-line-strong bg-surface-overlay shadow-overlay"
        >
          <Dialog.Title className="sr-only">Add an action</Dialog.Title>
          <Command label="Add an action" loop>
            <Command.Input
              autoFocus
              value={search}
              onValueChange={setSearch}
              placeholder="Find a definition, or type its id"
              className="h-12 w-full border-b border-line-subtle bg-transparent px-4 text-base text-text-1 outline-none placeholder:text-text-3"
            />
            <Command.List className="max-h-[50vh] overflow-auto p-1.5">
              {definitions.length === 0 && id === '' && (
                <p className="px-3 py-6 text-center text-text-2">Type the id of a data action definition.</p>
              )}
              {definitions.map((definition) => (
                <Command.Item
                  key={definition.id}
                  value={`${definition.name} ${definition.id}`}
                  onSelect={() => add(definition.id)}
                  className={ITEM}
                >
                  <Boxes size={15} className="shrink-0 text-accent-text" aria-hidden />
                  <span className="min-w-0 flex-1">
                    <span className="block truncate">{definition.name}</span>
                    <span className="block truncate font-mono text-xs text-text-3">{definition.id}</span>
                  </span>
                </Command.Item>
              ))}
              {id !== '' && !definitions.some((definition) => definition.id === id) && (
                <Command.Item forceMount value={`by id ${id}`} onSelect={() => add(id)} className={ITEM}>
                  <Hash size={15} className="shrink-0 text-text-2" aria-hidden />
                  <span className="min-w-0 truncate">
                    Definition with the id <code>{id}</code>
                  </span>
                </Command.Item>
              )}
            </Command.List>
          </Command>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
