'use client';

import { useQuery } from '@tanstack/react-query';
import { createContext, type ReactNode, useContext, useMemo } from 'react';
import {
  type Connection,
  connectionMapQuery,
  connectionsQuery,
  type DefinitionCatalog,
  definitionsQuery,
  importedDefinitionsQuery,
} from '@/components/server-data/queries';
import type { ConnectionMap } from '@/lib/definition/connection-map';
import { type Definition, isLocalId } from '@/lib/definition/definition';
import { knownDefinitions } from './known-definitions';

/** Everything that is known of definitions while one chain is open on one connection. */
export interface KnownDefinitions {
  /** Where a run would call; null while it is being asked. */
  readonly connection: Connection | null;
  /** What the connection offers; null while it is being asked. */
  readonly catalog: DefinitionCatalog | null;
  readonly imported: readonly Definition[];
  /** False while the imported ones are being asked for, and when they cannot be shown. */
  readonly areImportedKnown: boolean;
  /** Why imported definitions cannot be shown; null when they can. */
  readonly importedError: string | null;
  /** Null for a simulator, which answers every id as it stands, and while the map is not known. */
  readonly idMap: ConnectionMap | null;
  /** Why the map of the connection is not known; null when it is, or is being asked. */
  readonly mapError: string | null;
  /** By the id that a document names. */
  readonly byId: ReadonlyMap<string, Definition>;
}

const NOTHING: KnownDefinitions = {
  connection: null,
  catalog: null,
  imported: [],
  areImportedKnown: false,
  importedError: null,
  idMap: null,
  mapError: null,
  byId: new Map(),
};
const DefinitionsContext = createContext(NOTHING);

/** @param chosenId the connection chosen for the chain; null takes the default. */
export function DefinitionsProvider({
  chosenId,
  children,
}: {
  readonly chosenId: string | null;
  readonly children: ReactNode;
}) {
  const { data: list } = useQuery(connectionsQuery);
  const connections = list?.connections ?? [];
  const connection =
    connections.find((item) => item.id === chosenId) ?? connections.find((item) => item.isDefault) ?? null;
  const offered = useQuery(definitionsQuery(connection?.id ?? null));
  const imported = useQuery(importedDefinitionsQuery);
  const map = useQuery(
    connectionMapQuery(connection === null || connection.purpose === 'simulator' ? null : connection.id),
  );
  const known = useMemo((): KnownDefinitions => {
    const catalog =
      offered.data ?? (offered.error === null ? null : { state: 'unavailable', reason: offered.error.message });
    const importedOnes = imported.data ?? NOTHING.imported;
    const idMap = map.data ?? null;
    return {
      connection,
      catalog,
      imported: importedOnes,
      areImportedKnown: imported.data !== undefined,
      importedError: imported.error?.message ?? null,
      idMap,
      mapError: map.error?.message ?? null,
      byId: knownDefinitions(catalog, importedOnes, idMap),
    };
  }, [connection, offered.data, offered.error, imported.data, imported.error, map.data, map.error]);
  return <DefinitionsContext.Provider value={known}>{children}</DefinitionsContext.Provider>;
}

export const useDefinitions = (): KnownDefinitions => useContext(DefinitionsContext);
export const useDefinition = (definitionId: string): Definition | null =>
  useDefinitions().byId.get(definitionId) ?? null;

/** An imported definition that the chosen connection would not know how to call. */
export const isUnmapped = (definitionId: string, idMap: ConnectionMap | null): boolean =>
  idMap !== null && isLocalId(definitionId) && !idMap.has(definitionId);
