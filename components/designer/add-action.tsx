import { Boxes, Hash } from 'lucide-react';
import { Chooser } from '@/components/commands/chooser';
import { type AddWish, useCommands } from '@/components/commands/command-context';
import { isUnmapped, useDefinitions } from '@/components/palette/definitions-context';

/** Adds an action: a definition by its words, or any by its id alone. */
export function AddAction({ wish, onClose }: { readonly wish: AddWish; readonly onClose: () => void }) {
  const commands = useCommands();
  const { catalog, imported, idMap } = useDefinitions();
  const offered = catalog?.state === 'available' ? catalog.definitions : [];
  const offeredIds = new Set(offered.map(({ id }) => id));
  const definitions = [...offered, ...imported.filter(({ id }) => !offeredIds.has(id))];
  return (
    <Chooser
      title="Add an action"
      placeholder="Find a definition, or type its id"
      emptyText="Type the id of a data action definition."
      choices={definitions.map(({ id, name, origin }) => ({
        id,
        label: name,
        hint: isUnmapped(id, idMap) ? `${id} · not mapped` : id,
        ...(origin === 'imported' ? { group: 'Imported' } : {}),
        icon: <Boxes size={15} className="shrink-0 text-accent-text" aria-hidden />,
      }))}
      freeChoice={(search) =>
        search === '' || definitions.some(({ id }) => id === search)
          ? null
          : {
              id: search,
              label: `Definition with the id ${search}`,
              icon: <Hash size={15} className="shrink-0 text-text-2" aria-hidden />,
            }
      }
      isOpen
      onClose={onClose}
      onChoose={(id) => {
        onClose();
        commands.addDefinition(id, wish.at, wish.connectTo);
      }}
    />
  );
}
