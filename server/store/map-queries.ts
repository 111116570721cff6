import { type ConnectionMap, parseConnectionMap, printConnectionMap } from '@/lib/definition/connection-map';
import { parseTrustedJson } from '@/lib/json/parse-json';
import type { JsonText } from '@/lib/json/value';
import { invariant } from '@/lib/result';
import type { StoreDatabase } from './database';

/** Which definitions of a connection stand for ids in documents. */
export interface MapQueries {
  /** Empty for a connection that nothing was mapped for. */
  readonly find: (connectionId: string) => Promise<ConnectionMap>;
  /** Replaces the whole map of the connection. */
  readonly save: (connectionId: string, map: ConnectionMap) => Promise<void>;
}

export function createMapQueries(deps: { readonly db: StoreDatabase; readonly nowMs: () => number }): MapQueries {
  const { db, nowMs } = deps;
  return {
    find: async (connectionId) => {
      const row = await db
        .selectFrom('connection_map')
        .select('map_text')
        .where('connection_id', '=', connectionId)
        .executeTakeFirst();
      if (row === undefined) return new Map();
      const read = parseConnectionMap(parseTrustedJson(row.map_text as JsonText));
      // To go on without it would call other definitions than the person chose.
      invariant(read.ok, `the stored map of the connection ${connectionId} cannot be read`);
      return read.value.map;
    },

    save: async (connectionId, map) => {
      const columns = { map_text: printConnectionMap(map), updated_at: nowMs() };
      await db
        .insertInto('connection_map')
        .values({ connection_id: connectionId, ...columns })
        .onConflict((conflict) => conflict.column('connection_id').doUpdateSet(columns))
        .execute();
    },
  };
}
