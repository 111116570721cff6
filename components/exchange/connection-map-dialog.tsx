import { useQuery, useQueryClient } from '@tanstack/react-query';
import { ArrowRight, CheckCheck, Download, Unlink, Upload, WandSparkles } from 'lucide-react';
import { useId, useRef, useState } from 'react';
import { useEditor } from '@/components/editor-store/editor-store-provider';
import { useDefinitions } from '@/components/palette/definitions-context';
import { saveFile } from '@/components/run/save-file';
import { saveConnectionMap } from '@/components/server-data/api-client';
import { type Connection, connectionsQuery, definitionsQuery } from '@/components/server-data/queries';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Select, TextInput } from '@/components/ui/field';
import { clipText } from '@/lib/clip-text';
import { type ConnectionMap, countMapped, mapByName, printConnectionMap } from '@/lib/definition/connection-map';
import { type Definition, isLocalId } from '@/lib/definition/definition';
import { listNames } from '@/lib/list-names';
import { readSource } from './read-source';

/** Which definitions of the connection stand for the ids of the chain. */
export function ConnectionMapDialog({ onClose }: { readonly onClose: () => void }) {
  const { connection, idMap, mapError } = useDefinitions();
  if (connection !== null && connection.purpose !== 'simulator' && idMap !== null) {
    return <MapEditor connection={connection} saved={idMap} onClose={onClose} />;
  }
  return (
    <Dialog
      title="Definitions of the connection"
      isOpen
      onClose={onClose}
      footer={
        <Button look="primary" onClick={onClose}>
          Close
        </Button>
      }
    >
      {connection?.purpose === 'simulator' ? (
        <p className="text-text-2">
          The simulator answers every id as it stands, so nothing has to be mapped. Choose another connection in the top
          bar to map the chain’s ids to its definitions.
        </p>
      ) : mapError !== null ? (
        <p role="alert" className="text-danger">
          The map cannot be shown: {mapError}
        </p>
      ) : (
        <p className="text-text-3">Asking the server…</p>
      )}
    </Dialog>
  );
}

function MapEditor({
  connection,
  saved,
  onClose,
}: {
  readonly connection: Connection;
  readonly saved: ConnectionMap;
  readonly onClose: () => void;
}) {
  const queries = useQueryClient();
  const { catalog, imported } = useDefinitions();
  const actions = useEditor((state) => state.workbench.chain.actions);
  const usedIds = [...new Set([...actions.values()].map((action) => action.definition_id))];
  const [map, setMap] = useState<ConnectionMap>(saved);
  const [told, setTold] = useState<string | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  const [isBusy, setIsBusy] = useState(false);
  const fileInput = useRef<HTMLInputElement>(null);
  const offered = catalog?.state === 'available' ? catalog.byId : NO_DEFINITIONS;
  const simulated = useSimulated();
  // A chain is drawn with imported definitions, or with those of the simulator: their names are known by the chain's ids.
  const known = new Map([...simulated, ...imported].map((definition) => [definition.id, definition]));
  const { mapped, total } = countMapped(usedIds, map, offered);
  const elsewhere = [...map.keys()].filter((id) => !usedIds.includes(id)).length;

  const change = (next: ConnectionMap, words: string | null): void => {
    setMap(next);
    setTold(words);
    setFailure(null);
  };
  const set = (id: string, tenantId: string): void => {
    const next = new Map(map);
    if (tenantId === '') next.delete(id);
    else next.set(id, tenantId);
    change(next, null);
  };
  const fill = (): void => {
    const filled = mapByName({ usedIds, map, known, offered: [...offered.values()] });
    change(
      filled.map,
      tellFilled(filled.map.size - map.size, filled, (id) => known.get(id)?.name),
    );
  };
  const readFile = async (file: File): Promise<void> => {
    const { read } = await readSource(file);
    if (!read.ok) setFailure(`${file.name} was not read: ${read.error[0]?.message ?? ''}`);
    else if (read.value.kind !== 'connection-map') setFailure(`${file.name} is no connection map.`);
    else {
      const { size } = read.value.map;
      change(
        new Map([...map, ...read.value.map]),
        `${size} ${size === 1 ? 'entry' : 'entries'} read from ${file.name}.`,
      );
    }
  };
  const save = async (): Promise<void> => {
    setIsBusy(true);
    const answer = await saveConnectionMap(connection.id, printConnectionMap(map));
    setIsBusy(false);
    if (!answer.ok) {
      setFailure(`The map was not saved: ${answer.error.message}`);
      return;
    }
    queries.setQueryData(['connection-map', connection.id], map);
    onClose();
  };

  return (
    <Dialog
      title={`Definitions of ${connection.name}`}
      description="Ids differ from tenant to tenant. Say here which definition of this connection stands for each id that the chain calls; the chain itself stays as it is."
      isOpen
      onClose={onClose}
      size="wide"
      footer={
        <>
          <Button look="quiet" icon={<Upload size={15} aria-hidden />} onClick={() => fileInput.current?.click()}>
            Import…
          </Button>
          <input
            ref={fileInput}
            type="file"
            hidden
            aria-label="Connection map file"
            accept=".json,application/json"
            onChange={(event) => {
              const file = event.target.files?.[0];
              event.target.value = '';
              if (file !== undefined) void readFile(file);
            }}
          />
          <Button
            look="quiet"
            className="mr-auto"
            icon={<Download size={15} aria-hidden />}
            disabled={map.size === 0}
            onClick={() => saveFile(FILE_NAME, printConnectionMap(map, connection.name), 'application/json')}
          >
            Export
          </Button>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" disabled={isBusy} onClick={() => void save()}>
            Save
          </Button>
        </>
      }
    >
      <div className="mb-2 flex items-center gap-3">
        <p className="flex-1 font-medium">
          {mapped} of {total} mapped
        </p>
        <Button
          icon={<WandSparkles size={14} aria-hidden />}
          disabled={offered.size === 0 || mapped === total}
          onClick={fill}
        >
          Fill by equal name
        </Button>
      </div>
      {catalog?.state === 'unavailable' && (
        <p className="mb-2 text-text-2">
          This connection does not list its definitions: {catalog.reason} Type the ids of the tenant.
        </p>
      )}
      {total === 0 && <p className="text-text-2">The chain has no actions yet.</p>}
      <ul className="rounded-md border border-line-subtle empty:hidden">
        {usedIds.map((id) => (
          <MapRow
            key={id}
            id={id}
            name={known.get(id)?.name ?? offered.get(id)?.name ?? null}
            tenantId={map.get(id) ?? ''}
            offered={offered}
            onChange={(tenantId) => set(id, tenantId)}
          />
        ))}
      </ul>
      {elsewhere > 0 && (
        <p className="mt-2 text-xs text-text-3">
          {elsewhere} more {elsewhere === 1 ? 'id is' : 'ids are'} mapped, which this chain does not call.
        </p>
      )}
      <p role="status" className="mt-2 text-text-2 empty:hidden">
        {told}
      </p>
      {failure !== null && (
        <p role="alert" className="mt-2 rounded-md bg-danger-soft p-3 break-words text-danger">
          {failure}
        </p>
      )}
    </Dialog>
  );
}

/** What the simulator offers. */
function useSimulated(): readonly Definition[] {
  const { data: list } = useQuery(connectionsQuery);
  const simulator = list?.connections.find(({ purpose }) => purpose === 'simulator');
  const { data } = useQuery(definitionsQuery(simulator?.id ?? null));
  return data?.state === 'available' ? data.definitions : [];
}

const NO_DEFINITIONS: ReadonlyMap<string, Definition> = new Map();
const FILE_NAME = 'connection-map.json';

/** Names are what is compared, so they are what is told; the id where nobody knows a name for it. */
const tellFilled = (
  count: number,
  { ambiguous, notFound }: { readonly ambiguous: readonly string[]; readonly notFound: readonly string[] },
  nameOf: (id: string) => string | undefined,
): string => {
  const unnamed = notFound.filter((id) => nameOf(id) === undefined);
  const namesOf = (ids: readonly string[]): string =>
    listNames(ids.flatMap((id) => nameOf(id) ?? []).map((name) => `“${clipText(name, NAME_LENGTH_MAX)}”`));
  const named = notFound.length - unnamed.length;
  return [
    `${count} ${count === 1 ? 'id' : 'ids'} filled.`,
    ...(ambiguous.length === 0 ? [] : [`Several definitions are called ${namesOf(ambiguous)}: choose one.`]),
    ...(named === 0 ? [] : [`No definition of the connection is called ${namesOf(notFound)}.`]),
    ...(unnamed.length === 0 ? [] : [`No name is known for ${listNames(unnamed)}: choose its definition yourself.`]),
  ].join(' ');
};

const NAME_LENGTH_MAX = 80;

const TYPED = ' typed';

function MapRow({
  id,
  name,
  tenantId,
  offered,
  onChange,
}: {
  readonly id: string;
  readonly name: string | null;
  /** Empty where the map has no entry. */
  readonly tenantId: string;
  readonly offered: ReadonlyMap<string, Definition>;
  readonly onChange: (tenantId: string) => void;
}) {
  const nameId = useId();
  const [isTyping, setIsTyping] = useState(false);
  const isTyped = isTyping || offered.size === 0 || (tenantId !== '' && !offered.has(tenantId));
  const isMapped = tenantId !== '' || offered.has(id);
  const unmapped = isLocalId(id) ? 'Not mapped' : offered.has(id) ? 'The same id' : 'The same id, not offered';
  return (
    <li className="flex items-start gap-3 border-t border-line-subtle p-2.5 first:border-t-0">
      <div id={nameId} className="min-w-0 flex-1">
        <span className="block truncate">{name ?? id}</span>
        <span className="block text-[11px] leading-4 break-all text-text-3">
          {name !== null && <span className="font-mono">{id}</span>}
        </span>
      </div>
      <ArrowRight size={15} className="mt-[9px] shrink-0 text-text-3" aria-hidden />
      <div className="w-72 shrink-0">
        {offered.size > 0 && (
          <Select
            aria-labelledby={nameId}
            value={isTyped ? TYPED : tenantId}
            onChange={(event) => {
              setIsTyping(event.target.value === TYPED);
              if (event.target.value !== TYPED) onChange(event.target.value);
            }}
          >
            <option value="">{unmapped}</option>
            {[...offered.values()].map((definition) => (
              <option key={definition.id} value={definition.id}>
                {definition.name}
              </option>
            ))}
            <option value={TYPED}>Another id…</option>
          </Select>
        )}
        {isTyped && (
          <TextInput
            aria-label={`Id in the tenant for ${id}`}
            className={`font-mono ${offered.size > 0 ? 'mt-1' : ''}`}
            placeholder={isLocalId(id) ? 'Id in the tenant' : id}
            value={tenantId}
            onChange={(event) => onChange(event.target.value.trim())}
          />
        )}
      </div>
      <span className="flex h-8 w-24 shrink-0 items-center gap-1 text-xs">
        {isMapped ? (
          <>
            <CheckCheck size={13} className="text-success" aria-hidden /> mapped
          </>
        ) : (
          <span className="flex items-center gap-1 text-warning">
            <Unlink size={13} aria-hidden /> not mapped
          </span>
        )}
      </span>
    </li>
  );
}
