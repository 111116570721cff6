import type { ActionId, RunId } from '@/lib/chain/ids';
import type { ActionFailure } from '@/lib/failure/action-failure';
import type { Provenance } from '@/lib/failure/answer';
import type { Body } from '@/lib/json/body';
import type { PlanConnection } from '@/lib/plan/plan';
import { assertNever, invariant } from '@/lib/result';
import type { PlannedAction, RetriesEnded, RunEvent, RunStatus, SkipReason } from './events';

/** One try, as far as it is known. Wall times in epoch milliseconds; `latencyMs` is the call's, by a monotonic clock. */
export interface AttemptState {
  readonly attempt: number;
  readonly startedAtMs: number;
  readonly endedAtMs: number | null;
  readonly latencyMs: number | null;
  readonly failure: ActionFailure | null;
  /** When the next attempt was due, for one that was retried. */
  readonly retryAtMs: number | null;
}

/** What holds in every status. */
interface ActionRecord {
  readonly queuedAtMs: number | null;
  readonly endedAtMs: number | null;
  /** What the last attempt sent; null before the first. */
  readonly inputs: Body | null;
  readonly attempts: readonly AttemptState[];
}

export type ActionState = ActionRecord &
  (
    | { readonly status: 'idle' | 'queued' }
    | { readonly status: 'running'; readonly attempt: number; readonly sinceMs: number }
    | {
        readonly status: 'waiting';
        readonly attempt: number;
        readonly retryAtMs: number;
        readonly failure: ActionFailure;
      }
    | {
        readonly status: 'completed';
        readonly attempt: number;
        readonly output: Body;
        readonly envelope: Body | null;
        readonly latencyMs: number;
        readonly provenance: Provenance;
        readonly replaced: ActionFailure | null;
      }
    | {
        readonly status: 'failed';
        readonly attempt: number;
        readonly failure: ActionFailure;
        readonly envelope: Body | null;
        readonly latencyMs: number;
        readonly retriesEnded: RetriesEnded;
      }
    | { readonly status: 'skipped'; readonly because: SkipReason }
  );

export type ActionStatus = ActionState['status'];

export interface RunState {
  readonly runId: RunId;
  readonly status: RunStatus;
  /** Sequence number of the last event folded in; 0 before the first. */
  readonly lastSeq: number;
  readonly startedAtMs: number | null;
  readonly finishedAtMs: number | null;
  readonly chainHash: string | null;
  readonly connection: PlanConnection | null;
  readonly isCancelRequested: boolean;
  /** In plan order. */
  readonly actions: readonly PlannedAction[];
  readonly actionById: ReadonlyMap<ActionId, ActionState>;
}

/** The state before the first event. */
export const emptyRun = (runId: RunId): RunState => ({
  runId,
  status: 'queued',
  lastSeq: 0,
  startedAtMs: null,
  finishedAtMs: null,
  chainHash: null,
  connection: null,
  isCancelRequested: false,
  actions: [],
  actionById: new Map(),
});

/**
 * Folds a batch of events into the state of a run. Pure: no clock, no I/O. Copies the map of actions once per batch
 * (per event it would cost O(actions) each time).
 *
 * Events at or below `lastSeq` change nothing and give back the very same object, so a reconnect may resend what was
 * already shown and no subscriber wakes up. Actions that no event speaks of keep their object.
 *
 * The caller must close gaps first: an event beyond `lastSeq + 1`, or one of another run, throws.
 */
export function reduceRun(state: RunState, events: readonly RunEvent[]): RunState {
  const fresh = events.filter((event) => event.seq > state.lastSeq);
  if (fresh.length === 0) return state;

  const actionById = new Map(state.actionById);
  let next: RunState = { ...state, actionById };
  for (const event of fresh) {
    if (event.runId !== state.runId) throw new Error(`Run ${state.runId}: an event of run ${event.runId}`);
    if (event.seq !== next.lastSeq + 1) throw new Error(`Run ${state.runId}: event ${event.seq} after ${next.lastSeq}`);
    next = { ...foldOne(next, actionById, event), lastSeq: event.seq };
  }
  return next;
}

/** Gives the run's own part; what an event says of an action goes into `actionById`, which belongs to this batch. */
function foldOne(state: RunState, actionById: Map<ActionId, ActionState>, event: RunEvent): RunState {
  switch (event.type) {
    case 'run.started':
      for (const { actionId } of event.actions) actionById.set(actionId, IDLE);
      return {
        ...state,
        status: 'running',
        startedAtMs: event.atMs,
        chainHash: event.chainHash,
        connection: event.connection,
        actions: event.actions,
      };
    case 'run.taken-over':
      return state;
    case 'run.cancel-requested':
      return { ...state, isCancelRequested: true };
    case 'run.finished':
      return { ...state, status: event.status, finishedAtMs: event.atMs };
    default: {
      const action = actionById.get(event.actionId);
      invariant(action !== undefined, `run ${state.runId} names ${event.actionId}, which it did not plan`);
      actionById.set(event.actionId, foldAction(action, event));
      return state;
    }
  }
}

const IDLE: ActionState = { status: 'idle', queuedAtMs: null, endedAtMs: null, inputs: null, attempts: [] };

type ActionEvent = Extract<RunEvent, { readonly actionId: ActionId }>;

function foldAction(action: ActionState, event: ActionEvent): ActionState {
  const { queuedAtMs, inputs, attempts } = action;
  const atMs = event.atMs;
  switch (event.type) {
    case 'action.queued':
      return { status: 'queued', queuedAtMs: atMs, endedAtMs: null, inputs, attempts };
    case 'action.started': {
      const { attempt } = event;
      const begun: AttemptState = {
        attempt,
        startedAtMs: atMs,
        endedAtMs: null,
        latencyMs: null,
        failure: null,
        retryAtMs: null,
      };
      return {
        status: 'running',
        attempt,
        sinceMs: atMs,
        queuedAtMs,
        endedAtMs: null,
        inputs: event.inputs,
        attempts: [...attempts, begun],
      };
    }
    case 'action.retry-scheduled': {
      const { attempt, failure, latencyMs, retryAtMs } = event;
      return {
        status: 'waiting',
        attempt,
        retryAtMs,
        failure,
        queuedAtMs,
        endedAtMs: null,
        inputs,
        attempts: endAttempt(attempts, attempt, { endedAtMs: atMs, latencyMs, failure, retryAtMs }),
      };
    }
    case 'action.completed': {
      const { attempt, output, envelope, latencyMs, provenance, replaced } = event;
      return {
        status: 'completed',
        attempt,
        output,
        envelope,
        latencyMs,
        provenance,
        replaced,
        queuedAtMs,
        endedAtMs: atMs,
        inputs,
        attempts: endAttempt(attempts, attempt, { endedAtMs: atMs, latencyMs, failure: replaced, retryAtMs: null }),
      };
    }
    case 'action.failed': {
      const { attempt, failure, envelope, latencyMs, retriesEnded } = event;
      return {
        status: 'failed',
        attempt,
        failure,
        envelope,
        latencyMs,
        retriesEnded,
        queuedAtMs,
        endedAtMs: atMs,
        inputs,
        attempts: endAttempt(attempts, attempt, { endedAtMs: atMs, latencyMs, failure, retryAtMs: null }),
      };
    }
    case 'action.skipped':
      return { status: 'skipped', because: event.because, queuedAtMs, endedAtMs: atMs, inputs, attempts };
    default:
      return assertNever(event);
  }
}

/** An attempt ends once: an action that gives up while it waits leaves its last attempt as it was. */
const endAttempt = (
  attempts: readonly AttemptState[],
  attempt: number,
  end: Omit<AttemptState, 'attempt' | 'startedAtMs'>,
): readonly AttemptState[] =>
  attempts.map((one) => (one.attempt === attempt && one.endedAtMs === null ? { ...one, ...end } : one));
