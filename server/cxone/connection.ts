import type { PlanConnection } from '@/lib/plan/plan';
import { Secret } from '@/server/secret';

/**
 * How to reach one CXone tenant. Every path and pointer is a setting: no public specification of this API could be
 * found, so a tenant may differ from the tutorial whose contract the defaults are.
 */
export interface Connection extends PlanConnection {
  readonly profile: 'data-actions';
  /** The API's base without a slash at the end; paths are appended to it. */
  readonly baseUrl: string;
  readonly tokenUrl: string;
  readonly credentials: { readonly clientId: string; readonly clientSecret: Secret };
  /**
   * Who gave the URLs. The very host and port that an operator names (flag, environment, configuration file, or the
   * built-in simulator) may be loopback or private; anybody else's are checked against the address connected to.
   */
  readonly givenBy: 'operator' | 'user';
  readonly paths: ConnectionPaths;
  readonly pointers: AnswerPointers;
  /** Longer answers are cut off while they arrive. Bytes; default 2 MB. */
  readonly payloadBytesMax: number;
}

/** Below the base URL; `{id}` stands for the encoded id. */
export interface ConnectionPaths {
  readonly executions: string;
  readonly execution: string;
  readonly definitions: string;
}

/** Where things stand in an answer, as JSON pointers; `""` is the whole body. */
export interface AnswerPointers {
  readonly output: string;
  /** Null where the answer has no status word: then what holds an output is completed. */
  readonly status: string | null;
  readonly error: string;
  /** Tried in order; the first that leads to a list is the list of definitions. */
  readonly definitions: readonly string[];
  readonly next: string;
}

const DEFAULT_PATHS: ConnectionPaths = {
  executions: '/api/v2/dataactions/executions',
  execution: '/api/v2/dataactions/executions/{id}',
  definitions: '/api/v2/dataactions/definitions',
};

const DEFAULT_POINTERS: AnswerPointers = {
  output: '/output',
  status: '/status',
  error: '/error',
  definitions: ['/definitions', '/entities', ''],
  next: '/next',
};

const DEFAULT_PAYLOAD_BYTES_MAX = 2 * 1024 * 1024;

type Given = Pick<Connection, 'id' | 'name' | 'purpose' | 'baseUrl' | 'credentials' | 'givenBy'> &
  Partial<Pick<Connection, 'tokenUrl' | 'payloadBytesMax'>> & {
    readonly paths?: Partial<ConnectionPaths>;
    readonly pointers?: Partial<AnswerPointers>;
  };

/** A connection with every setting filled in. The token URL defaults to `{baseUrl}/oauth/token`. */
export function buildConnection(given: Given): Connection {
  const baseUrl = given.baseUrl.replace(/\/+$/, '');
  return {
    id: given.id,
    name: given.name,
    purpose: given.purpose,
    profile: 'data-actions',
    baseUrl,
    tokenUrl: given.tokenUrl ?? `${baseUrl}/oauth/token`,
    credentials: given.credentials,
    givenBy: given.givenBy,
    paths: { ...DEFAULT_PATHS, ...given.paths },
    pointers: { ...DEFAULT_POINTERS, ...given.pointers },
    payloadBytesMax: given.payloadBytesMax ?? DEFAULT_PAYLOAD_BYTES_MAX,
  };
}

/** The connection to a simulator that this process started. */
export const simulatorConnection = (simulator: {
  readonly baseUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
}): Connection =>
  buildConnection({
    id: 'simulator',
    name: 'Simulator',
    purpose: 'simulator',
    baseUrl: simulator.baseUrl,
    credentials: { clientId: simulator.clientId, clientSecret: new Secret(simulator.clientSecret) },
    givenBy: 'operator',
  });

/** What a plan and its log remember of a connection: names, never credentials. */
export const toPlanConnection = ({ id, name, purpose }: Connection): PlanConnection => ({ id, name, purpose });
