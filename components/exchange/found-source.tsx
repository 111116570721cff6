import { Boxes, CircleX, FileJson, type LucideIcon, MapIcon, PanelsTopLeft, Workflow, X } from 'lucide-react';
import { type ReactNode, useMemo } from 'react';
import type { Connection } from '@/components/server-data/queries';
import { IconButton } from '@/components/ui/button';
import { Field, Select } from '@/components/ui/field';
import type { Chain } from '@/lib/chain/chain';
import { shownChainName } from '@/lib/chain/chain-name';
import type { Rejection } from '@/lib/chain/rejection';
import type { Sidecar } from '@/lib/chain/workbench';
import type { Definition } from '@/lib/definition/definition';
import type { Imported, ImportedChain } from '@/lib/exchange/import-chain';
import { listNames } from '@/lib/list-names';
import { impliedEdgesFix } from '@/lib/problems/apply-fixes';
import { findChainProblems, NOTHING_KNOWN } from '@/lib/problems/find-problems';
import type { Problem } from '@/lib/problems/problem';
import {
  completeChain,
  countReplaced,
  edgesConnectedBy,
  importable,
  nameFromFile,
  placeOfSidecar,
  type Source,
} from './import-plan';
import { Place, printable } from './place-words';

/** What a person decides about what was found. */
export interface SourceChoices {
  /** Connections that a map can belong to. */
  readonly tenants: readonly Connection[];
  readonly connectionId: string | null;
  readonly chooseConnection: (connectionId: string) => void;
  readonly withoutEdges: ReadonlySet<string>;
  readonly setEdges: (sourceId: string, isWanted: boolean) => void;
  readonly withoutName: ReadonlySet<string>;
  readonly setName: (sourceId: string, isWanted: boolean) => void;
  /** Definitions that were imported before. */
  readonly imported: readonly Definition[];
}

const ICONS: Readonly<Record<Imported['kind'], LucideIcon>> = {
  chain: Workflow,
  mapping: Workflow,
  definitions: Boxes,
  sidecar: PanelsTopLeft,
  'connection-map': MapIcon,
};

/** One file or the pasted text: what it is and what becomes of it, or why it is refused. */
export function FoundSource({
  source,
  sources,
  openChain,
  choices,
  onRemove,
}: {
  readonly source: Source;
  readonly sources: readonly Source[];
  readonly openChain: Chain | null;
  readonly choices: SourceChoices;
  readonly onRemove: () => void;
}) {
  const { read, fileName } = source;
  const name = nameAmong(source, sources);
  const Icon = read.ok ? ICONS[read.value.kind] : CircleX;
  return (
    <li className={`flex items-start gap-2.5 rounded-md p-3 pr-2 ${read.ok ? 'bg-surface-sunken' : 'bg-danger-soft'}`}>
      <Icon size={16} className={`mt-0.5 shrink-0 ${read.ok ? 'text-text-3' : 'text-danger'}`} aria-hidden />
      <div className="min-w-0 flex-1">
        <p className="flex items-center gap-1.5 text-xs text-text-2">
          {fileName !== null && <FileJson size={13} className="shrink-0" aria-hidden />}
          <span className="truncate" title={name}>
            {name}
          </span>
        </p>
        {read.ok ? (
          <WhatItIs imported={read.value} source={source} sources={sources} openChain={openChain} choices={choices} />
        ) : (
          <WhyNot rejections={read.error} />
        )}
      </div>
      <IconButton label={`Leave out ${name}`} className="!h-6 !w-6" onClick={onRemove}>
        <X size={14} aria-hidden />
      </IconButton>
    </li>
  );
}

function WhatItIs({
  imported,
  source,
  sources,
  openChain,
  choices,
}: {
  readonly imported: Imported;
  readonly source: Source;
  readonly sources: readonly Source[];
  readonly openChain: Chain | null;
  readonly choices: SourceChoices;
}) {
  switch (imported.kind) {
    case 'chain':
    case 'mapping':
      return <FoundChain imported={imported} source={source} choices={choices} />;
    case 'definitions':
      return (
        <FoundDefinitions definitions={imported.definitions} problems={imported.problems} known={choices.imported} />
      );
    case 'sidecar':
      return <FoundSidecar sidecar={imported.sidecar} sources={sources} openChain={openChain} />;
    case 'connection-map':
      return <FoundMap idCount={imported.map.size} choices={choices} />;
  }
}

/** Files of an equal name are told from one another by their order. */
function nameAmong({ id, fileName }: Source, sources: readonly Source[]): string {
  if (fileName === null) return 'Pasted text';
  const equals = sources.filter((other) => other.fileName === fileName);
  if (equals.length === 1) return printable(fileName);
  return `${printable(fileName)} (${equals.findIndex((other) => other.id === id) + 1} of ${equals.length})`;
}

const Title = ({ children }: { readonly children: ReactNode }) => <p className="font-medium">{children}</p>;
const Note = ({ children }: { readonly children: ReactNode }) => <p className="mt-0.5 text-text-2">{children}</p>;

function FoundChain({
  imported,
  source,
  choices,
}: {
  readonly imported: ImportedChain;
  readonly source: Source;
  readonly choices: SourceChoices;
}) {
  const { workbench, problems, kind } = imported;
  const { chain } = workbench;
  const fileStem = nameFromFile(source);
  const withEdges = !choices.withoutEdges.has(source.id);
  const fix = useMemo(() => impliedEdgesFix(chain), [chain]);
  const edges = fix === undefined ? [] : edgesConnectedBy(fix.edit);
  const doubtful = useMemo(() => {
    const completed = completeChain(workbench, withEdges, []);
    const opened = completed.ok ? completed.value.chain : chain;
    return findChainProblems(opened, NOTHING_KNOWN).filter(({ severity }) => severity !== 'info');
  }, [workbench, chain, withEdges]);
  return (
    <>
      <Title>
        {kind === 'mapping' ? 'A mapping' : 'A chain document'} of {count(chain.actions.size, 'action')}
        {chain.name !== undefined && chain.name !== '' && (
          <span className="font-normal text-text-2"> · {shownChainName(chain.name)}</span>
        )}
      </Title>
      {kind === 'mapping' && (
        <Note>
          It gets the tutorial’s meaning: templates give text, one action at a time, and reading something that is not
          there is an error.
        </Note>
      )}
      <Notices problems={problems} />
      {fileStem !== null && (
        <label className="mt-2 flex min-h-6 items-center gap-2">
          <input
            type="checkbox"
            checked={!choices.withoutName.has(source.id)}
            onChange={(event) => choices.setName(source.id, event.target.checked)}
          />
          <span className="min-w-0 break-words">Name the chain “{printable(fileStem)}”, as its file</span>
        </label>
      )}
      {fix !== undefined && (
        <div className="mt-2">
          <label className="flex min-h-6 items-center gap-2">
            <input
              type="checkbox"
              checked={withEdges}
              onChange={(event) => choices.setEdges(source.id, event.target.checked)}
            />
            {fix.label}
          </label>
          {edges.length > 1 && (
            <ul className="mt-0.5 max-h-24 overflow-auto pl-6 font-mono text-xs text-text-2">
              {edges.map(({ from, to }) => (
                <li key={`${from} ${to}`} className="break-all">
                  {from} → {to}
                </li>
              ))}
            </ul>
          )}
        </div>
      )}
      <Doubtful problems={doubtful} />
    </>
  );
}

function Doubtful({ problems }: { readonly problems: readonly Problem[] }) {
  if (problems.length === 0) return null;
  const errors = problems.filter(({ severity }) => severity === 'error').length;
  return (
    <p className={`mt-1 ${errors > 0 ? 'text-danger' : 'text-warning'}`}>
      {errors > 0 ? `${count(errors, 'error')} to mend` : count(problems.length, 'warning')} after the import: it opens
      as a draft and names each.
    </p>
  );
}

function FoundDefinitions({
  definitions,
  problems,
  known,
}: {
  readonly definitions: readonly Definition[];
  readonly problems: readonly Problem[];
  readonly known: readonly Definition[];
}) {
  const replaced = countReplaced(definitions, known);
  const names = definitions.map(({ name }) => name);
  const local = importable(definitions).length;
  return (
    <>
      <Title>
        {definitions.length === 1 ? 'One definition' : count(definitions.length, 'definition')}
        <span className="font-normal text-text-2"> · {listNames(names, NAMES_MAX)}</span>
      </Title>
      {replaced > 0 && (
        <p className="mt-0.5 text-warning">
          Replaces {replaced === 1 ? 'one definition' : `${replaced} definitions`} imported before, of the same id.
        </p>
      )}
      {local < definitions.length && (
        <p className="mt-0.5 text-warning">
          {local === 0 ? 'Nothing to import' : `${definitions.length - local} of them stay out`}: the ids are those of a
          tenant, whose connection offers the definitions itself.
        </p>
      )}
      <Notices problems={problems} />
    </>
  );
}

const NAMES_MAX = 6;

function FoundSidecar({
  sidecar,
  sources,
  openChain,
}: {
  readonly sidecar: Sidecar;
  readonly sources: readonly Source[];
  readonly openChain: Chain | null;
}) {
  const place = placeOfSidecar(sidecar, sources, openChain);
  if (place.type === 'none') {
    return (
      <>
        <Title>A sidecar</Title>
        <p className="mt-0.5 text-warning">
          It lies beside a chain, and none is open. Choose its chain document too, or open the chain and import the
          sidecar there.
        </p>
      </>
    );
  }
  const chainName = place.type === 'beside' ? (place.source.fileName ?? 'the pasted chain') : 'the open chain';
  return (
    <>
      <Title>
        A sidecar for {place.actionCount} of {place.type === 'open' ? 'the open chain’s' : 'these'} actions
      </Title>
      <Note>
        Layout, notes, samples and pins go to {chainName}
        {place.type === 'open' ? ', as one step that can be undone.' : '.'}
        {place.actionCount === 0 && ' It names none of its actions: it may belong to another chain.'}
      </Note>
    </>
  );
}

function FoundMap({ idCount, choices }: { readonly idCount: number; readonly choices: SourceChoices }) {
  return (
    <>
      <Title>A connection map of {count(idCount, 'id')}</Title>
      {choices.tenants.length === 0 ? (
        <p className="mt-0.5 text-warning">
          A map belongs to a connection to a tenant, and only the simulator is set up, which answers every id as it
          stands.
        </p>
      ) : (
        <div className="mt-1 max-w-80">
          <Field label="Connection" hint="Its entries are added to the connection’s map; equal ids are replaced.">
            {(ids) => (
              <Select
                {...ids}
                value={choices.connectionId ?? ''}
                onChange={(event) => choices.chooseConnection(event.target.value)}
              >
                {choices.tenants.map(({ id, name, purpose }) => (
                  <option key={id} value={id}>
                    {name} ({purpose})
                  </option>
                ))}
              </Select>
            )}
          </Field>
        </div>
      )}
    </>
  );
}

/** What the import itself changed or noticed. */
function Notices({ problems }: { readonly problems: readonly Problem[] }) {
  if (problems.length === 0) return null;
  return (
    <ul className="mt-1 max-h-28 list-disc overflow-auto pl-5 text-text-2">
      {problems.map((problem) => (
        <li key={problem.path + problem.code + problem.message} className="break-words">
          {problem.message}
        </li>
      ))}
    </ul>
  );
}

function WhyNot({ rejections }: { readonly rejections: readonly Rejection[] }) {
  const shown = rejections.slice(0, REASONS_MAX);
  return (
    <div role="alert" className="text-danger">
      <p className="font-medium">This cannot be imported</p>
      <ul className="mt-1 list-disc pl-5">
        {shown.map((rejection) => (
          <li key={rejection.path + rejection.message} className="break-words">
            {rejection.path !== '' && <Place path={rejection.path} className="mr-1" />}
            {rejection.message}
            {wherein(rejection)}
          </li>
        ))}
      </ul>
      {rejections.length > shown.length && <p className="mt-1">And {rejections.length - shown.length} more.</p>}
    </div>
  );
}

const REASONS_MAX = 6;

/** The place in the text; nothing behind a sentence about the whole of it. */
const wherein = ({ path, line, column = 1 }: Rejection): string =>
  line === undefined || (path === '' && line === 1 && column === 1) ? '' : ` (line ${line}, column ${column})`;

const count = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? '' : 's'}`;
