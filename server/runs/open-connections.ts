import type { Connection } from '../cxone/connection';
import type { ConnectionInvoke } from '../cxone/connection-invoke';

/** A connection of this server, ready to be called. */
export interface OpenConnection {
  /** What may be shown of it; its credentials are no part. */
  readonly facts: Pick<Connection, 'id' | 'name' | 'purpose' | 'profile' | 'baseUrl'>;
  readonly client: ConnectionInvoke;
}

export interface OpenConnections {
  /** The default first. */
  readonly list: () => readonly OpenConnection[];
  /** Null asks for the default. */
  readonly find: (connectionId: string | null) => OpenConnection | undefined;
  readonly close: () => Promise<void>;
}

/** @param connections at least one; the first is the default. */
export function createOpenConnections(connections: readonly [OpenConnection, ...OpenConnection[]]): OpenConnections {
  return {
    list: () => connections,
    find: (connectionId) =>
      connectionId === null ? connections[0] : connections.find(({ facts }) => facts.id === connectionId),
    close: async () => {
      await Promise.all(connections.map(({ client }) => client.close()));
    },
  };
}
