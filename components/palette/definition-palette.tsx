'use client';

import { Boxes, Plus } from 'lucide-react';
import { useState } from 'react';
import { DEFINITION_DRAG_TYPE } from '@/components/canvas/chain-canvas';
import { useCommands } from '@/components/commands/command-context';
import { Button } from '@/components/ui/button';
import { SearchInput } from '@/components/ui/field';
import { Hint } from '@/components/ui/hint';
import type { Definition } from '@/lib/definition/definition';
import { propertiesOf } from '@/lib/schema/json-schema';
import { useCatalog } from './definitions-context';

/** The definitions of the connection: drag one onto the canvas, or press Enter on it. */
export function DefinitionPalette() {
  const catalog = useCatalog();
  const [search, setSearch] = useState('');
  const commands = useCommands();
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const found =
    catalog?.state === 'available'
      ? catalog.definitions.filter((item) => {
          const text = `${item.name} ${item.id} ${item.description}`.toLowerCase();
          return words.every((word) => text.includes(word));
        })
      : [];

  return (
    <section aria-label="Definitions" className="flex h-full flex-col bg-surface-panel">
      <div className="px-3 pt-3 pb-2">
        <h2 className="mb-2 text-xs font-semibold text-text-2">Definitions</h2>
        <SearchInput
          label="Search definitions"
          placeholder="Search"
          value={search}
          onChange={(event) => setSearch(event.target.value)}
        />
      </div>
      <div className="min-h-0 flex-1 overflow-y-auto px-2 pb-2">
        {catalog === null && <p className="px-2 py-3 text-text-3">Asking the connection…</p>}
        {catalog?.state === 'unavailable' && (
          <p className="px-2 py-3 text-text-2">
            This connection does not list its definitions: {catalog.reason} Everything else works: add an action by its
            definition id below.
          </p>
        )}
        {catalog?.state === 'available' && found.length === 0 && (
          <p className="px-2 py-3 text-text-2">No definition matches “{search}”.</p>
        )}
        <ul>
          {found.map((definition) => (
            <PaletteItem key={definition.id} definition={definition} />
          ))}
        </ul>
      </div>
      <div className="border-t border-line-subtle p-2">
        <Button
          look="quiet"
          className="w-full justify-start"
          icon={<Plus size={15} aria-hidden />}
          onClick={() => commands.openAdd({})}
        >
          By id…
        </Button>
      </div>
    </section>
  );
}

function PaletteItem({ definition }: { readonly definition: Definition }) {
  const commands = useCommands();
  return (
    <li>
      <Hint side="right" text={<Contract definition={definition} />}>
        <button
          type="button"
          draggable
          aria-label={`Add ${definition.name}`}
          onDragStart={(event) => {
            event.dataTransfer.setData(DEFINITION_DRAG_TYPE, definition.id);
            event.dataTransfer.effectAllowed = 'copy';
          }}
          onClick={() => commands.addDefinition(definition.id)}
          className="flex w-full cursor-grab items-center gap-2 rounded-md px-2 py-1.5 text-left hover:bg-surface-hover active:cursor-grabbing"
        >
          <span className="grid size-6 shrink-0 place-items-center rounded-sm bg-accent-soft text-accent-text">
            <Boxes size={14} strokeWidth={1.75} aria-hidden />
          </span>
          <span className="min-w-0">
            <span className="block truncate text-sm">{definition.name}</span>
            <span className="block truncate font-mono text-[11px] leading-4 text-text-3">{definition.id}</span>
          </span>
        </button>
      </Hint>
    </li>
  );
}

/** Input and output fields, as a person wants to know them before choosing. */
function Contract({ definition }: { readonly definition: Definition }) {
  const sides = [
    { title: 'Takes', schema: definition.inputSchema },
    { title: 'Gives', schema: definition.outputSchema },
  ];
  return (
    <div className="max-w-72 py-1">
      {definition.description !== '' && <p className="mb-1.5 text-text-2">{definition.description}</p>}
      {sides.map(({ title, schema }) => (
        <div key={title} className="mb-1">
          <span className="font-medium">{title}</span>
          <ul className="font-mono text-[11px] leading-[17px]">
            {(schema === null ? [] : propertiesOf(schema)).slice(0, 12).map((field) => (
              <li key={field.name}>
                {field.name}
                {title === 'Takes' && field.isRequired ? '*' : ''} <span className="text-text-3">{field.type}</span>
              </li>
            ))}
          </ul>
        </div>
      ))}
    </div>
  );
}
