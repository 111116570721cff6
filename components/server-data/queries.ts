import { queryOptions } from '@tanstack/react-query';
import type { z } from 'zod';
import type { ConnectionMap } from '@/lib/definition/connection-map';
import type { Definition } from '@/lib/definition/definition';
import { importText } from '@/lib/exchange/import-chain';
import { parseJson } from '@/lib/json/parse-json';
import type { JsonValue } from '@/lib/json/value';
import type { CONNECTION_LIST } from '@/lib/protocol/api';
import type { Result } from '@/lib/result';
import {
  type ApiFailure,
  listChains,
  listConnections,
  listDefinitions,
  listImportedDefinitions,
  listSecretNames,
  loadChain,
  loadConnectionMap,
} from './api-client';

/** TanStack Query wants a throw; the failure itself travels as the error's cause. */
export class ApiError extends Error {
  readonly failure: ApiFailure;
  constructor(failure: ApiFailure) {
    super(failure.message);
    this.failure = failure;
  }
}

async function orThrow<T>(answer: Promise<Result<T, ApiFailure>>): Promise<T> {
  const result = await answer;
  if (result.ok) return result.value;
  throw new ApiError(result.error);
}

export const chainsQuery = queryOptions({ queryKey: ['chains'], queryFn: () => orThrow(listChains()), staleTime: 0 });

/** The saved chain as it was when the page opened; afterwards the editor store holds it. */
export const chainQuery = (chainId: string) =>
  queryOptions({
    queryKey: ['chain', chainId],
    queryFn: () => orThrow(loadChain(chainId)),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    retry: (count, error) => count < 1 && !(error instanceof ApiError && error.failure.type === 'refused'),
  });

export type Connection = z.infer<typeof CONNECTION_LIST>['connections'][number];

export const connectionsQuery = queryOptions({
  queryKey: ['connections'],
  queryFn: () => orThrow(listConnections()),
});

export type DefinitionCatalog =
  | {
      readonly state: 'available';
      readonly definitions: readonly Definition[];
      readonly byId: ReadonlyMap<string, Definition>;
    }
  | { readonly state: 'unavailable'; readonly reason: string };

/** What a connection offers; that it offers nothing is a state of the palette, not an error. */
export const definitionsQuery = (connectionId: string | null) =>
  queryOptions({
    queryKey: ['definitions', connectionId],
    enabled: connectionId !== null,
    staleTime: 5 * 60_000,
    queryFn: async (): Promise<DefinitionCatalog> => {
      const answer = await orThrow(listDefinitions(connectionId ?? ''));
      if (answer.state === 'unavailable') return answer;
      const definitions = answer.definitions.map(
        ({ inputSchemaText, outputSchemaText, ...rest }): Definition => ({
          ...rest,
          inputSchema: readSchema(inputSchemaText),
          outputSchema: readSchema(outputSchemaText),
          origin: 'connection',
        }),
      );
      return { state: 'available', definitions, byId: new Map(definitions.map((item) => [item.id, item])) };
    },
  });

/** A contract that cannot be read is as good as none: fields are then free. */
function readSchema(text: string | null): JsonValue | null {
  if (text === null) return null;
  const parsed = parseJson(text);
  return parsed.ok ? parsed.value : null;
}

/** Definitions that a person imported from files; every chain may use them. */
export const importedDefinitionsQuery = queryOptions({
  queryKey: ['imported-definitions'],
  queryFn: async (): Promise<readonly Definition[]> => {
    const { definitionsText } = await orThrow(listImportedDefinitions());
    const read = importText(definitionsText);
    if (!read.ok || read.value.kind !== 'definitions') throw new Error('The imported definitions cannot be read.');
    return read.value.definitions;
  },
});

/** Which definitions of a connection stand for ids in documents. */
export const connectionMapQuery = (connectionId: string | null) =>
  queryOptions({
    queryKey: ['connection-map', connectionId],
    enabled: connectionId !== null,
    queryFn: async (): Promise<ConnectionMap> => {
      const { mapText } = await orThrow(loadConnectionMap(connectionId ?? ''));
      const read = importText(mapText);
      if (!read.ok || read.value.kind !== 'connection-map')
        throw new Error('The map of the connection cannot be read.');
      return read.value.map;
    },
  });

/** Names that `secret_ref` can resolve on the server. */
export const secretNamesQuery = queryOptions({
  queryKey: ['secret-names'],
  queryFn: async (): Promise<ReadonlySet<string>> => new Set((await orThrow(listSecretNames())).names),
});
