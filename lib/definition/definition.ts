import type { JsonValue } from '@/lib/json/value';

/** The CXone Data Action that an action calls: what a palette shows and what completion and checks read. */
export interface Definition {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  /** JSON Schema of the inputs; null when the connection does not tell. */
  readonly inputSchema: JsonValue | null;
  /** JSON Schema of the output; null when the connection does not tell. */
  readonly outputSchema: JsonValue | null;
  /** What the definition is known to do; null when nobody said. */
  readonly effect: 'read' | 'idempotent' | 'write' | null;
  /** Offered by the connection, or read from a file that a person imported. */
  readonly origin: 'connection' | 'imported';
}

/** An imported file has no id of a tenant; until a connection maps it, its actions run on the simulator alone. */
export const LOCAL_ID_PREFIX = 'local:';
export const isLocalId = (definitionId: string): boolean => definitionId.startsWith(LOCAL_ID_PREFIX);
