import { useQuery, useQueryClient } from '@tanstack/react-query';
import { FileUp } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useCallback, useEffect, useMemo, useState } from 'react';
import { toast } from 'sonner';
import { connectionsQuery, importedDefinitionsQuery } from '@/components/server-data/queries';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { FIELD_LOOK, Field } from '@/components/ui/field';
import type { Sidecar, Workbench } from '@/lib/chain/workbench';
import type { Definition } from '@/lib/definition/definition';
import { importText } from '@/lib/exchange/import-chain';
import { FoundSource, type SourceChoices } from './found-source';
import { importable, placeOfSidecar, type Source } from './import-plan';
import { performImport } from './perform-import';
import { addSources, readSource } from './read-source';
import { useFileDrop } from './use-file-drop';

/** The chain that stands open behind the window, and how a sidecar is laid beside it as one step of undo. */
export interface OpenChainForImport {
  readonly workbench: Workbench;
  readonly applySidecar: (sidecar: Sidecar) => boolean;
}

/** What is refused stands first: it must not be overlooked. */
const byTrouble = (a: Source, b: Source): number => Number(a.read.ok) - Number(b.read.ok);

const PASTED = 'pasted';
const NO_FILES: readonly File[] = [];
const NO_DEFINITIONS: readonly Definition[] = [];

/** The set with an item, or without it. */
function changed(set: ReadonlySet<string>, item: string, isIn: boolean): ReadonlySet<string> {
  const next = new Set(set);
  if (isIn) next.add(item);
  else next.delete(item);
  return next;
}

/**
 * Takes files and pasted text in, of every kind that Chainwright reads. Chains open as new ones; definitions, a sidecar
 * and a connection map go where they belong. What each file is, or why it is refused, stands there before anything happens.
 */
export function ImportDialog({
  openChain,
  droppedFiles = NO_FILES,
  onClose,
}: {
  /** Null where no chain is open. */
  readonly openChain: OpenChainForImport | null;
  /** Files that were dropped on the page and opened the window. */
  readonly droppedFiles?: readonly File[];
  readonly onClose: () => void;
}) {
  const router = useRouter();
  const queries = useQueryClient();
  const { data } = useQuery(connectionsQuery);
  const tenants = (data?.connections ?? []).filter(({ purpose }) => purpose !== 'simulator');
  const [files, setFiles] = useState<readonly Source[]>([]);
  const [text, setText] = useState('');
  const [withoutEdges, setWithoutEdges] = useState<ReadonlySet<string>>(new Set());
  const [withoutName, setWithoutName] = useState<ReadonlySet<string>>(new Set());
  const { data: imported = NO_DEFINITIONS } = useQuery(importedDefinitionsQuery);
  const [chosenConnection, setChosenConnection] = useState<string | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  const [isBusy, setIsBusy] = useState(false);

  const takeFiles = useCallback(async (chosen: readonly File[]): Promise<void> => {
    const read = await Promise.all(chosen.map(readSource));
    setFailure(null);
    setFiles((known) => addSources(known, read));
  }, []);
  const onDrop = useCallback((dropped: readonly File[]) => void takeFiles(dropped), [takeFiles]);
  const isOver = useFileDrop(onDrop);
  useEffect(() => {
    if (droppedFiles.length > 0) void takeFiles(droppedFiles);
  }, [droppedFiles, takeFiles]);

  const sources = useMemo((): readonly Source[] => {
    if (text.trim() === '') return files;
    return [...files, { id: PASTED, fileName: null, read: importText(text) }];
  }, [files, text]);
  const choices: SourceChoices = {
    tenants,
    connectionId: chosenConnection ?? tenants[0]?.id ?? null,
    chooseConnection: setChosenConnection,
    withoutEdges,
    setEdges: (sourceId, isWanted) => setWithoutEdges((current) => changed(current, sourceId, !isWanted)),
    withoutName,
    setName: (sourceId, isWanted) => setWithoutName((current) => changed(current, sourceId, !isWanted)),
    imported,
  };
  const open = openChain?.workbench.chain ?? null;
  const ready = sources.filter(({ read }) => {
    if (!read.ok) return false;
    if (read.value.kind === 'sidecar') return placeOfSidecar(read.value.sidecar, sources, open).type !== 'none';
    if (read.value.kind === 'definitions') return importable(read.value.definitions).length > 0;
    return read.value.kind !== 'connection-map' || choices.connectionId !== null;
  });
  const leftOut = sources.length - ready.length;

  const drop = (id: string): void => {
    if (id === PASTED) setText('');
    else setFiles((known) => known.filter((source) => source.id !== id));
  };

  const bringIn = async (): Promise<void> => {
    setIsBusy(true);
    setFailure(null);
    const {
      told,
      done,
      chainIds,
      failure: why,
    } = await performImport(ready, {
      withoutEdges,
      withoutName,
      connectionId: choices.connectionId,
      openChain,
      queries,
    });
    for (const words of told) toast.success(words.title, { description: words.description });
    setIsBusy(false);
    if (why !== null) {
      // What is done must not be done again by the next press.
      for (const id of done) drop(id);
      setFailure(why);
      return;
    }
    onClose();
    if (chainIds[0] !== undefined) router.push(`/chains/${chainIds[0]}`);
  };

  return (
    <Dialog
      title="Import"
      description="Chains, mappings of a Python script, definitions of data actions, sidecars and connection maps: one file or several. A chain opens as a new chain; nothing is overwritten."
      isOpen
      onClose={onClose}
      size="wide"
      isTarget={isOver}
      footer={
        <>
          {ready.length > 0 && leftOut > 0 && (
            <p className="mr-auto self-center text-xs text-text-2">
              {leftOut} of {sources.length} {leftOut === 1 ? 'is' : 'are'} left out.
            </p>
          )}
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" disabled={isBusy || ready.length === 0} onClick={() => void bringIn()}>
            Import
          </Button>
        </>
      }
    >
      <section
        aria-label="Files"
        data-over={isOver || undefined}
        className="mb-3 flex items-center gap-3 rounded-md border-2 border-dashed border-line-strong p-4 data-over:border-accent data-over:bg-accent-soft"
      >
        <FileUp size={18} className="shrink-0 text-text-3" aria-hidden />
        <label className="inline-flex h-8 cursor-pointer items-center rounded-md border border-line-strong bg-surface-raised px-2.5 hover:bg-surface-hover has-focus-visible:outline-2 has-focus-visible:outline-offset-1 has-focus-visible:outline-accent">
          Choose files…
          <input
            type="file"
            multiple
            accept=".json,application/json,text/plain"
            className="sr-only"
            onChange={(event) => {
              const chosen = [...(event.target.files ?? [])];
              // The same file, changed and chosen again, must be read again.
              event.target.value = '';
              void takeFiles(chosen);
            }}
          />
        </label>
        <span className="text-text-2">{isOver ? 'Let go to read them' : 'or drop them anywhere'}</span>
      </section>
      {sources.length > 0 && (
        <ul aria-label="What was found" className="mb-3 flex flex-col gap-2">
          {[...sources].sort(byTrouble).map((source) => (
            <FoundSource
              key={source.id}
              source={source}
              sources={sources}
              openChain={open}
              choices={choices}
              onRemove={() => drop(source.id)}
            />
          ))}
        </ul>
      )}
      {ready.some(({ read }) => read.ok && read.value.kind === 'definitions') && (
        <p className="mb-3 text-text-2">
          Definitions go to the palette, under Imported. The simulator answers them at once; other connections after
          they are mapped.
        </p>
      )}
      {failure !== null && (
        <p role="alert" className="mb-3 rounded-md bg-danger-soft p-3 text-danger">
          {failure}
        </p>
      )}
      <Field label="Or paste the text">
        {(ids) => (
          <textarea
            {...ids}
            className={`${FIELD_LOOK} ${sources.length > 0 ? 'h-20' : 'h-44'} py-1.5 font-mono text-xs`}
            spellCheck={false}
            placeholder={'{ "fetch_customer": { "definition_id": "…", "depends_on": [], "inputs": { … } } }'}
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
        )}
      </Field>
    </Dialog>
  );
}
