'use client';

import { useQueryClient } from '@tanstack/react-query';
import { Boxes, FileDown, Plus, Trash2, Unlink, Upload } from 'lucide-react';
import { type ReactNode, useEffect, useId, useRef, useState } from 'react';
import { toast } from 'sonner';
import { DEFINITION_DRAG_TYPE } from '@/components/canvas/chain-canvas';
import { useCommands } from '@/components/commands/command-context';
import { addImportedDefinitions, removeImportedDefinition } from '@/components/server-data/api-client';
import { Button, IconButton } from '@/components/ui/button';
import { SearchInput } from '@/components/ui/field';
import { Hint } from '@/components/ui/hint';
import type { Definition } from '@/lib/definition/definition';
import { printDefinitions } from '@/lib/definition/definitions-snapshot';
import { propertiesOf } from '@/lib/schema/json-schema';
import { isUnmapped, useDefinitions } from './definitions-context';
import { usePaletteKeys } from './palette-keys';

/** The definitions of the connection and the imported ones: drag one onto the canvas, or press Enter on it. */
export function DefinitionPalette() {
  const { catalog, imported, areImportedKnown, importedError, idMap } = useDefinitions();
  const [search, setSearch] = useState('');
  const commands = useCommands();
  const importedId = useId();
  const heading = useRef<HTMLHeadingElement>(null);
  const importedCount = areImportedKnown ? imported.length : null;
  const lastCount = useRef<number | null>(null);
  // Below a long list nobody would see that something came in.
  useEffect(() => {
    const hasGrown = lastCount.current !== null && importedCount !== null && importedCount > lastCount.current;
    if (hasGrown) heading.current?.scrollIntoView();
    lastCount.current = importedCount;
  }, [importedCount]);
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const matches = (item: Definition): boolean => {
    const text = `${item.name} ${item.id} ${item.description}`.toLowerCase();
    return words.every((word) => text.includes(word));
  };
  const offered = catalog?.state === 'available' ? catalog.definitions.filter(matches) : [];
  const fromFiles = imported.filter(matches);
  const { list, stopId, onKeyDown, onFocus, onClick } = usePaletteKeys([...offered, ...fromFiles].map(({ id }) => id));
  const isNothingFound = search !== '' && catalog !== null && offered.length + fromFiles.length === 0;

  return (
    <section aria-label="Definitions" className="flex h-full flex-col bg-surface-panel">
      <div className="px-3 pt-3 pb-2">
        <h2 className="mb-2 text-xs font-semibold text-text-2">Definitions</h2>
        <SearchInput
          label="Search definitions"
          placeholder="Search"
          onKeyDown={(event) => {
            if (event.key !== 'ArrowDown') return;
            event.preventDefault();
            list.current?.querySelector<HTMLElement>('[data-definition]')?.focus();
          }}
          value={search}
          onChange={(event) => setSearch(event.target.value)}
        />
      </div>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the keys are those of the buttons in it. */}
      <div
        ref={list}
        onKeyDown={onKeyDown}
        onFocus={onFocus}
        onClick={onClick}
        className="min-h-0 flex-1 overflow-y-auto px-2 pb-2"
      >
        {catalog === null && <p className="px-2 py-3 text-text-3">Asking the connection…</p>}
        {catalog?.state === 'unavailable' && (
          <p className="px-2 py-3 text-text-2">
            This connection does not list its definitions: {catalog.reason} Everything else works: add an action by its
            definition id below.
          </p>
        )}
        {isNothingFound && <p className="px-2 py-3 text-text-2">No definition matches “{search}”.</p>}
        <ul>
          {offered.map((definition) => (
            <PaletteItem
              key={definition.id}
              definition={definition}
              isStop={definition.id === stopId}
              note={<span className="font-mono">{definition.id}</span>}
            />
          ))}
        </ul>
        {fromFiles.length > 0 && (
          <>
            <h3 ref={heading} id={importedId} className="mt-3 mb-1 px-2 text-xs font-semibold text-text-2">
              Imported
            </h3>
            <ul aria-labelledby={importedId}>
              {fromFiles.map((definition) => (
                <PaletteItem
                  key={definition.id}
                  definition={definition}
                  isStop={definition.id === stopId}
                  note={
                    isUnmapped(definition.id, idMap) ? (
                      <span className="inline-flex items-center gap-1 text-warning">
                        <Unlink size={11} aria-hidden /> not mapped
                      </span>
                    ) : (
                      <span className="font-mono">{idMap?.get(definition.id) ?? definition.id}</span>
                    )
                  }
                  remove={<RemoveImported definition={definition} />}
                />
              ))}
            </ul>
          </>
        )}
        {importedError !== null && (
          <p className="px-2 py-3 text-text-2">Imported definitions cannot be shown: {importedError}</p>
        )}
      </div>
      <div className="flex gap-1 border-t border-line-subtle p-2">
        <Button
          look="quiet"
          className="flex-1 justify-start"
          icon={<Plus size={15} aria-hidden />}
          onClick={() => commands.openAdd({})}
        >
          By id…
        </Button>
        <Button
          look="quiet"
          className="flex-1 justify-start"
          icon={<Upload size={15} aria-hidden />}
          onClick={commands.openImport}
        >
          Import…
        </Button>
      </div>
    </section>
  );
}

function PaletteItem({
  definition,
  isStop,
  note,
  remove,
}: {
  readonly definition: Definition;
  /** Tab stops at one card of all; the arrows go on from there. */
  readonly isStop: boolean;
  /** The second line: where an action of it would call. */
  readonly note: ReactNode;
  readonly remove?: ReactNode;
}) {
  const commands = useCommands();
  const isImported = definition.origin === 'imported';
  const Icon = isImported ? FileDown : Boxes;
  return (
    <li className="flex items-center rounded-md hover:bg-surface-hover">
      <Hint side="right" text={<Contract definition={definition} />}>
        <button
          type="button"
          draggable
          data-definition={definition.id}
          tabIndex={isStop ? 0 : -1}
          aria-label={`Add ${definition.name}`}
          {...(remove === undefined ? {} : { 'aria-keyshortcuts': 'Delete' })}
          onDragStart={(event) => {
            event.dataTransfer.setData(DEFINITION_DRAG_TYPE, definition.id);
            event.dataTransfer.effectAllowed = 'copy';
          }}
          onClick={() => commands.addDefinition(definition.id)}
          className="flex min-w-0 flex-1 cursor-grab items-center gap-2 rounded-md px-2 py-1.5 text-left active:cursor-grabbing"
        >
          <span
            className={`grid size-6 shrink-0 place-items-center rounded-sm ${isImported ? 'bg-surface-sunken text-text-2' : 'bg-accent-soft text-accent-text'}`}
          >
            <Icon size={14} strokeWidth={1.75} aria-hidden />
          </span>
          <span className="min-w-0">
            <span className="block truncate text-sm">{definition.name}</span>
            <span className="block truncate text-[11px] leading-4 text-text-3">{note}</span>
          </span>
        </button>
      </Hint>
      {remove}
    </li>
  );
}

/** Takes an imported definition out of the palette; actions that call it stay, and the toast brings it back. */
function RemoveImported({ definition }: { readonly definition: Definition }) {
  const queries = useQueryClient();
  const refresh = () => queries.invalidateQueries({ queryKey: ['imported-definitions'] });
  const bringBack = async (): Promise<void> => {
    const answer = await addImportedDefinitions(printDefinitions([definition]));
    if (!answer.ok) toast.error(`${definition.name} was not brought back`, { description: answer.error.message });
    await refresh();
  };
  const remove = async (): Promise<void> => {
    const answer = await removeImportedDefinition(definition.id);
    if (answer.ok) {
      toast(`Removed ${definition.name}`, {
        description: 'Actions that call it stay as they are.',
        action: { label: 'Undo', onClick: () => void bringBack() },
      });
    } else toast.error(`${definition.name} was not removed`, { description: answer.error.message });
    await refresh();
  };
  return (
    <IconButton
      label={`Remove ${definition.name}`}
      keys="Delete"
      data-remove
      tabIndex={-1}
      className="mr-1 !h-6 !w-6 text-text-3"
      onClick={() => void remove()}
    >
      <Trash2 size={13} />
    </IconButton>
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
      {definition.origin === 'imported' && (
        <p className="mb-1.5 text-text-2">
          Imported as <code className="break-all">{definition.id}</code>
        </p>
      )}
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
