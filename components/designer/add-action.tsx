import { Boxes, Hash } from 'lucide-react';
import { Chooser } from '@/components/commands/chooser';
import { type AddWish, useCommands } from '@/components/commands/command-context';
import { useCatalog } from '@/components/palette/definitions-context';

/** Adds an action: a definition by its words, or any by its id alone. */
export function AddAction({ wish, onClose }: { readonly wish: AddWish; readonly onClose: () => void }) {
  const commands = useCommands();
  const catalog = useCatalog();
  const definitions = catalog?.state === 'available' ? catalog.definitions : [];
  return (
    <Chooser
      title="Add an action"
      placeholder="Find a definition, or type its id"
      emptyText="Type the id of a data action definition."
      choices={definitions.map(({ id, name }) => ({
        id,
        label: name,
        hint: id,
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
