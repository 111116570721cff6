'use client';

import { useQuery } from '@tanstack/react-query';
import { createContext, type ReactNode, useContext } from 'react';
import { type DefinitionCatalog, definitionsQuery } from '@/components/server-data/queries';
import type { Definition } from '@/lib/definition/definition';

/** What the chosen connection offers; null while it is being asked. */
const CatalogContext = createContext<DefinitionCatalog | null>(null);

export function DefinitionsProvider({
  connectionId,
  children,
}: {
  readonly connectionId: string | null;
  readonly children: ReactNode;
}) {
  const { data, error } = useQuery(definitionsQuery(connectionId));
  const catalog = data ?? (error === null ? null : ({ state: 'unavailable', reason: error.message } as const));
  return <CatalogContext.Provider value={catalog}>{children}</CatalogContext.Provider>;
}

export const useCatalog = (): DefinitionCatalog | null => useContext(CatalogContext);

export function useDefinition(definitionId: string): Definition | null {
  const catalog = useCatalog();
  return catalog?.state === 'available' ? (catalog.byId.get(definitionId) ?? null) : null;
}
