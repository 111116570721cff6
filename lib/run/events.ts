import { z } from 'zod';
import type { ActionId, RunId } from '@/lib/chain/ids';
import { type ActionFailure, FAILURE_KINDS } from '@/lib/failure/action-failure';
import { PROVENANCES, type Provenance } from '@/lib/failure/answer';
import type { Body } from '@/lib/json/body';
import type { JsonText } from '@/lib/json/value';
import type { PlanConnection } from '@/lib/plan/plan';

/** Why the engine passed over an action. */
export type SkipReason =
  | { readonly type: 'condition' | 'disabled' | 'cancelled' | 'deadline' | 'interrupted' }
  /** `by` is the action whose failure or skipping stands above; the nearest in plan order. */
  | { readonly type: 'upstream' | 'halted'; readonly by: ActionId };

export const RETRIES_ENDED = [
  'not-listed',
  'attempts',
  'elapsed',
  'deadline',
  'halted',
  'cancelled',
  'in-doubt',
] as const;
export type RetriesEnded = (typeof RETRIES_ENDED)[number];

/** How a run ends; before that it is `queued` or `running`. */
export const FINAL_RUN_STATUSES = [
  'interrupted',
  'cancelled',
  'timed_out',
  'failed',
  'completed_with_failures',
  'completed',
] as const;
export type FinalRunStatus = (typeof FINAL_RUN_STATUSES)[number];
export type RunStatus = 'queued' | 'running' | FinalRunStatus;

export interface PlannedAction {
  readonly actionId: ActionId;
  readonly definitionId: string;
  readonly needs: readonly ActionId[];
}

/** Names one try at one action. Attempts count from 1, so attempt 2 is the first retry. */
interface AttemptRef {
  readonly actionId: ActionId;
  readonly attempt: number;
}

/**
 * What the engine states. The log numbers facts and thereby makes them events; facts are appended and never edited,
 * and they are the only record of a run.
 *
 * Names read `subject.past-participle`. To change the meaning of a member, add a new one: logs written by older
 * versions are still read.
 */
export type RunFact =
  | {
      readonly type: 'run.started';
      readonly chainHash: string;
      readonly traceId: string;
      readonly connection: PlanConnection;
      readonly actions: readonly PlannedAction[];
      readonly engineVersion: number;
    }
  | { readonly type: 'run.taken-over' }
  | { readonly type: 'run.cancel-requested' }
  | { readonly type: 'action.queued'; readonly actionId: ActionId }
  /** Durable before a `write` leaves, so no crash can hide a call. Carries what is sent. */
  | ({
      readonly type: 'action.started';
      readonly inputs: Body;
      readonly callKey: string;
      readonly warnings: readonly { readonly code: string; readonly path: string }[];
    } & AttemptRef)
  | ({
      readonly type: 'action.retry-scheduled';
      readonly failure: ActionFailure;
      readonly latencyMs: number;
      readonly delayMs: number;
      /** When the next attempt starts, in epoch milliseconds of the engine's clock. */
      readonly retryAtMs: number;
    } & AttemptRef)
  | ({
      readonly type: 'action.completed';
      readonly output: Body;
      readonly envelope: Body | null;
      readonly latencyMs: number;
      readonly provenance: Provenance;
      /** The failure that a fallback output stands for. */
      readonly replaced: ActionFailure | null;
    } & AttemptRef)
  | ({
      readonly type: 'action.failed';
      readonly failure: ActionFailure;
      readonly envelope: Body | null;
      readonly latencyMs: number;
      readonly retriesEnded: RetriesEnded;
    } & AttemptRef)
  | { readonly type: 'action.skipped'; readonly actionId: ActionId; readonly because: SkipReason }
  | { readonly type: 'run.finished'; readonly status: FinalRunStatus };

export type RunEvent = RunFact & {
  readonly runId: RunId;
  /** Position in the log of this run: 1, 2, 3 … without gaps. Order by this, never by `atMs`. */
  readonly seq: number;
  /** When the log recorded the event, in epoch milliseconds of the server's clock. */
  readonly atMs: number;
};

const actionId = z.string().transform((text) => text as ActionId);
const jsonText = z.string().transform((text) => text as JsonText);
const count = z.number().int().nonnegative();

const BODY = z.discriminatedUnion('type', [
  z.object({ type: z.literal('inline'), text: jsonText }),
  z.object({ type: z.literal('stored'), sha256: z.string(), sizeBytes: count, preview: z.string() }),
]);

const FAILURE = z.object({
  kind: z.enum(FAILURE_KINDS),
  message: z.string(),
  mayHaveHappened: z.boolean(),
  retryAfterMs: z.number().nullable(),
  httpStatus: z.number().nullable(),
  where: z.object({ path: z.string(), line: count, column: count, length: count }).nullable(),
});

const event = {
  runId: z.string().transform((text) => text as RunId),
  seq: z.number().int().positive(),
  atMs: z.number(),
};
const attempt = { actionId, attempt: count };

/** Reads an event that a log or a socket holds. Keys of later versions are dropped, not refused. */
export const RUN_EVENT: z.ZodType<RunEvent> = z.discriminatedUnion('type', [
  z.object({
    ...event,
    type: z.literal('run.started'),
    chainHash: z.string(),
    traceId: z.string(),
    connection: z.object({ id: z.string(), name: z.string(), purpose: z.enum(['simulator', 'test', 'production']) }),
    actions: z.array(z.object({ actionId, definitionId: z.string(), needs: z.array(actionId) })),
    engineVersion: count,
  }),
  z.object({ ...event, type: z.literal('run.taken-over') }),
  z.object({ ...event, type: z.literal('run.cancel-requested') }),
  z.object({ ...event, type: z.literal('action.queued'), actionId }),
  z.object({
    ...event,
    ...attempt,
    type: z.literal('action.started'),
    inputs: BODY,
    callKey: z.string(),
    warnings: z.array(z.object({ code: z.string(), path: z.string() })),
  }),
  z.object({
    ...event,
    ...attempt,
    type: z.literal('action.retry-scheduled'),
    failure: FAILURE,
    latencyMs: z.number(),
    delayMs: z.number(),
    retryAtMs: z.number(),
  }),
  z.object({
    ...event,
    ...attempt,
    type: z.literal('action.completed'),
    output: BODY,
    envelope: BODY.nullable(),
    latencyMs: z.number(),
    provenance: z.enum(PROVENANCES),
    replaced: FAILURE.nullable(),
  }),
  z.object({
    ...event,
    ...attempt,
    type: z.literal('action.failed'),
    failure: FAILURE,
    envelope: BODY.nullable(),
    latencyMs: z.number(),
    retriesEnded: z.enum(RETRIES_ENDED),
  }),
  z.object({
    ...event,
    type: z.literal('action.skipped'),
    actionId,
    because: z.union([
      z.object({ type: z.enum(['condition', 'disabled', 'cancelled', 'deadline', 'interrupted']) }),
      z.object({ type: z.enum(['upstream', 'halted']), by: actionId }),
    ]),
  }),
  z.object({ ...event, type: z.literal('run.finished'), status: z.enum(FINAL_RUN_STATUSES) }),
]);
