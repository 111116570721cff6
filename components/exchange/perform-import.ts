import type { QueryClient } from '@tanstack/react-query';
import { printBench } from '@/components/designer/open-workbench';
import {
  type ApiFailure,
  addImportedDefinitions,
  createChain,
  saveConnectionMap,
} from '@/components/server-data/api-client';
import { connectionMapQuery } from '@/components/server-data/queries';
import type { Sidecar } from '@/lib/chain/workbench';
import { printConnectionMap } from '@/lib/definition/connection-map';
import { printDefinitions } from '@/lib/definition/definitions-snapshot';
import { settleLocalIds } from '@/lib/definition/local-ids';
import type { Imported, ImportedChain } from '@/lib/exchange/import-chain';
import type { OpenChainForImport } from './import-dialog';
import { completeChain, importable, nameFromFile, placeOfSidecar, type Source } from './import-plan';

export interface Outcome {
  /** What a person should know although the window closes. */
  readonly told: readonly { readonly title: string; readonly description: string }[];
  /** Sources that are in; they must not be brought in again. */
  readonly done: readonly string[];
  /** New chains, in the order of their sources. */
  readonly chainIds: readonly string[];
  /** Why the rest was not brought in. */
  readonly failure: string | null;
}

interface Wishes {
  readonly withoutEdges: ReadonlySet<string>;
  /** Mappings that do not take the name of their file. */
  readonly withoutName: ReadonlySet<string>;
  /** Whose map a connection map is added to. */
  readonly connectionId: string | null;
  readonly openChain: OpenChainForImport | null;
  readonly queries: QueryClient;
}

/** What a kind of source holds; a chain and a mapping are read alike. */
type Of<Kind extends Imported['kind']> = Kind extends ImportedChain['kind']
  ? ImportedChain
  : Extract<Imported, { readonly kind: Kind }>;

interface SourceOf<Kind extends Imported['kind']> {
  readonly source: Source;
  readonly imported: Of<Kind>;
}

/**
 * Brings everything in that was found: definitions and maps first, so that a chain opens with what it needs. Stops at
 * the first step that fails; every step is whole or not at all.
 */
export async function performImport(sources: readonly Source[], wishes: Wishes): Promise<Outcome> {
  const told: Outcome['told'][number][] = [];
  const done: string[] = [];
  const chainIds: string[] = [];
  const failed = (failure: string): Outcome => ({ told, done, chainIds, failure });

  const definitions = ofKind(sources, 'definitions');
  if (definitions.length > 0) {
    const read = definitions.flatMap(({ imported }) => importable(imported.definitions));
    // Two files may hold one definition, or two of one name.
    const all = [...new Map(settleLocalIds(read, []).map((definition) => [definition.id, definition])).values()];
    const added = await addImportedDefinitions(printDefinitions(all));
    if (!added.ok) return failed(`The definitions were not imported: ${wordsOf(added.error)}`);
    await wishes.queries.invalidateQueries({ queryKey: ['imported-definitions'] });
    done.push(...definitions.map(({ source }) => source.id));
    told.push({
      title: all.length === 1 ? `Imported the definition ${all[0]?.name ?? ''}` : `Imported ${all.length} definitions`,
      description: 'In the palette, under Imported.',
    });
  }

  for (const { source, imported } of ofKind(sources, 'connection-map')) {
    const failure = await addToMap(imported.map, wishes);
    if (failure !== null) return failed(`The connection map was not imported: ${failure}`);
    done.push(source.id);
    told.push({
      title: 'Imported the connection map',
      description: imported.map.size === 1 ? 'It maps one id.' : `It maps ${imported.map.size} ids.`,
    });
  }

  const chains = [...ofKind(sources, 'chain'), ...ofKind(sources, 'mapping')];
  const placed = ofKind(sources, 'sidecar').map(({ source, imported }) => ({
    source,
    sidecar: imported.sidecar,
    place: placeOfSidecar(imported.sidecar, sources, wishes.openChain?.workbench.chain ?? null),
  }));

  for (const { source, sidecar, place } of placed) {
    if (place.type !== 'open') continue;
    // A refusal is told where it happens, as for every other edit.
    if (wishes.openChain?.applySidecar(sidecar) !== true) return failed('The sidecar was not applied.');
    done.push(source.id);
    told.push({ title: 'Applied the sidecar to the open chain', description: 'Undo takes it back.' });
  }

  for (const { source, imported } of chains) {
    const beside: readonly { readonly source: Source; readonly sidecar: Sidecar }[] = placed.filter(
      ({ place }) => place.type === 'beside' && place.source.id === source.id,
    );
    const completed = completeChain(
      imported.workbench,
      !wishes.withoutEdges.has(source.id),
      beside.map(({ sidecar }) => sidecar),
      wishes.withoutName.has(source.id) ? null : nameFromFile(source),
    );
    if (!completed.ok) return failed(`The chain was not imported: ${completed.error}`);
    const created = await createChain(printBench(completed.value));
    if (!created.ok) return failed(`The chain was not imported: ${created.error.message}`);
    chainIds.push(created.value.chainId);
    done.push(source.id, ...beside.map((item) => item.source.id));
    await wishes.queries.invalidateQueries({ queryKey: ['chains'] });
  }
  if (chainIds.length > 1) {
    told.push({
      title: `Imported ${chainIds.length} chains`,
      description: 'The first one is open; all are in the list.',
    });
  }
  return { told, done, chainIds, failure: null };
}

/** The server's reasons, or the one that there is. */
const wordsOf = (failure: ApiFailure): string => {
  const reasons = failure.type === 'refused' ? (failure.problem?.problems ?? []) : [];
  return reasons.length === 0
    ? failure.message
    : reasons
        .map(({ message }) => message)
        .slice(0, 3)
        .join(' ');
};

/** @returns why not, or null. */
async function addToMap(added: ReadonlyMap<string, string>, { connectionId, queries }: Wishes): Promise<string | null> {
  if (connectionId === null) return 'No connection is chosen.';
  try {
    const known = await queries.fetchQuery({ ...connectionMapQuery(connectionId), staleTime: 0 });
    const saved = await saveConnectionMap(connectionId, printConnectionMap(new Map([...known, ...added])));
    if (!saved.ok) return saved.error.message;
    await queries.invalidateQueries({ queryKey: ['connection-map', connectionId] });
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

const ofKind = <Kind extends Imported['kind']>(sources: readonly Source[], kind: Kind): readonly SourceOf<Kind>[] =>
  sources.flatMap((source) =>
    source.read.ok && source.read.value.kind === kind ? [{ source, imported: source.read.value as Of<Kind> }] : [],
  );
