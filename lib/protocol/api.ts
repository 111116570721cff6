import { z } from 'zod';
import { RUN_EVENT } from '@/lib/run/events';

/**
 * Request and answer schemas of the HTTP API: the contract that server and browser share.
 *
 * Documents, inputs and outputs travel as strings of JSON text (`documentText`, `inputText`): `JSON.parse` would lose
 * numbers, order and duplicate keys. They are read by `lib/json` alone.
 */

export const CHAIN_ID = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/);
export const RUN_ID = z.uuid();
export const SHA256 = z.string().regex(/^[0-9a-f]{64}$/);

export const CHAIN_SUMMARY = z.object({
  chainId: CHAIN_ID,
  name: z.string(),
  actionCount: z.number().int(),
  revision: z.number().int(),
  chainHash: SHA256,
  updatedAtMs: z.number(),
});
export const CHAIN_LIST = z.object({ chains: z.array(CHAIN_SUMMARY) });

export const SAVED_CHAIN = z.object({
  chainId: CHAIN_ID,
  /** Counts saves; a save must name the revision it was made from. */
  revision: z.number().int(),
  /** Canonical text of the chain document. */
  documentText: z.string(),
  /** What lies beside the chain, as `chainwright.workbench/1`. */
  workbenchText: z.string(),
  chainHash: SHA256,
  updatedAtMs: z.number(),
});

export const NEW_CHAIN = z.object({ documentText: z.string(), workbenchText: z.string().optional() });
export const SAVE_CHAIN = z.object({ revision: z.number().int(), documentText: z.string(), workbenchText: z.string() });
export const CHAIN_SAVED = z.object({ chainId: CHAIN_ID, revision: z.number().int(), chainHash: SHA256 });

const PROBLEM = z.object({
  code: z.string(),
  severity: z.enum(['error', 'warning', 'info']),
  message: z.string(),
  path: z.string(),
});

/** Answer to `POST /api/chains/import`, whose body is the imported text itself. Nothing is stored by it. */
export const IMPORTED = z.discriminatedUnion('kind', [
  z.object({
    kind: z.enum(['chain', 'mapping']),
    documentText: z.string(),
    workbenchText: z.string(),
    problems: z.array(PROBLEM),
    /** Edges that the templates imply and `depends_on` lacks; all can be added at once. */
    impliedEdges: z.array(z.object({ from: z.string(), to: z.string() })),
  }),
  /** As `chainwright.definitions/1`. */
  z.object({ kind: z.literal('definitions'), definitionsText: z.string(), problems: z.array(PROBLEM) }),
  /** As `chainwright.sidecar/1`. */
  z.object({ kind: z.literal('sidecar'), sidecarText: z.string() }),
  /** As `chainwright.connection-map/1`. */
  z.object({ kind: z.literal('connection-map'), mapText: z.string() }),
]);

/** Definitions that a person imported, and the request that adds some: `chainwright.definitions/1` as text. */
export const IMPORTED_DEFINITIONS = z.object({ definitionsText: z.string() });

/** Which definitions of a connection stand for ids in documents: `chainwright.connection-map/1` as text. */
export const CONNECTION_MAP = z.object({ mapText: z.string() });

/** Names that `secret_ref` can resolve on this server; never values. */
export const SECRET_NAMES = z.object({ names: z.array(z.string()) });

const CONNECTION = z.object({
  id: z.string(),
  name: z.string(),
  purpose: z.enum(['simulator', 'test', 'production']),
  profile: z.string(),
  baseUrl: z.string(),
  isDefault: z.boolean(),
});
export const CONNECTION_LIST = z.object({ connections: z.array(CONNECTION) });

const DEFINITION = z.object({
  id: z.string(),
  name: z.string(),
  description: z.string(),
  inputSchemaText: z.string().nullable(),
  outputSchemaText: z.string().nullable(),
  effect: z.enum(['read', 'idempotent', 'write']).nullable(),
});
/** `unavailable` is a state of the palette, not an error: a tenant may not offer its definitions. */
export const DEFINITION_LIST = z.discriminatedUnion('state', [
  z.object({ state: z.literal('available'), definitions: z.array(DEFINITION) }),
  z.object({ state: z.literal('unavailable'), reason: z.string() }),
]);

export const START_RUN = z.object({
  documentText: z.string(),
  inputText: z.string(),
  /** The saved chain that the run belongs to, for its list of runs; null for a document of its own. */
  chainId: CHAIN_ID.nullable(),
  /** Null takes the default connection. */
  connectionId: z.string().nullable(),
  /** Outputs that stand for calls, by action id: one JSON object as text. */
  pinsText: z.string().optional(),
  /** JSON pointers of literals in the document that a person said are no secrets. */
  allowedLiterals: z.array(z.string().max(2000)).max(2000).optional(),
  request: z.discriminatedUnion('type', [
    z.object({ type: z.literal('all') }),
    z.object({ type: z.literal('up-to'), actionId: z.string() }),
  ]),
});
export const RUN_STARTED = z.object({ runId: RUN_ID });

const RUN_STATUS = z.enum([
  'queued',
  'running',
  'interrupted',
  'cancelled',
  'timed_out',
  'failed',
  'completed_with_failures',
  'completed',
]);

export const RUN_SUMMARY = z.object({
  runId: RUN_ID,
  chainId: CHAIN_ID.nullable(),
  chainName: z.string(),
  chainHash: SHA256,
  status: RUN_STATUS,
  connection: z.object({ id: z.string(), name: z.string(), purpose: z.enum(['simulator', 'test', 'production']) }),
  createdAtMs: z.number(),
  finishedAtMs: z.number().nullable(),
  lastSeq: z.number().int(),
  /** Nobody drives it although its log has no end: it stands as interrupted until resumed. */
  isAbandoned: z.boolean(),
});
export const RUN_LIST = z.object({ runs: z.array(RUN_SUMMARY) });
export const RUN_DETAIL = RUN_SUMMARY.extend({
  /** The whole chain as it ran. */
  documentText: z.string(),
  inputText: z.string(),
});
export const RUN_EVENTS = z.object({ events: z.array(RUN_EVENT), latestSeq: z.number().int() });

/** What the simulator does wrong for one definition; null heals it. */
export const SIMULATOR_FAULT = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('status'),
    status: z.number().int().min(400).max(599),
    retryAfterSec: z.number().min(0).optional(),
    times: z.number().int().min(1).optional(),
  }),
  z.object({ type: z.literal('reset'), times: z.number().int().min(1).optional() }),
  z.object({ type: z.literal('malformed'), times: z.number().int().min(1).optional() }),
  z.object({
    type: z.literal('slow'),
    delayMs: z.number().min(0).max(600_000),
    times: z.number().int().min(1).optional(),
  }),
  z.object({ type: z.literal('failed-envelope'), message: z.string(), times: z.number().int().min(1).optional() }),
  z.object({ type: z.literal('expired-token'), times: z.number().int().min(1).optional() }),
  z.object({
    type: z.literal('huge'),
    sizeBytes: z
      .number()
      .int()
      .min(1)
      .max(64 * 1024 * 1024),
    times: z.number().int().min(1).optional(),
  }),
]);
export const SIMULATOR_FAULTS = z.object({ faults: z.record(z.string(), SIMULATOR_FAULT) });
export const SET_SIMULATOR_FAULT = z.object({ fault: SIMULATOR_FAULT.nullable() });

export const HEALTH = z.object({ status: z.literal('ok'), version: z.string() });

export type ChainSummary = z.infer<typeof CHAIN_SUMMARY>;
export type SavedChain = z.infer<typeof SAVED_CHAIN>;
export type StartRun = z.infer<typeof START_RUN>;
export type RunSummary = z.infer<typeof RUN_SUMMARY>;
export type RunDetail = z.infer<typeof RUN_DETAIL>;
export type SimulatorFault = z.infer<typeof SIMULATOR_FAULT>;
