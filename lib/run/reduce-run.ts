import type { ActionId, RunId } from '@/lib/chain/ids';
import type { ActionFailure } from '@/lib/failure/action-failure';
import type { Provenance } from '@/lib/failure/answer';
import type { Body } from '@/lib/json/body';
import type { PlanConnection } from '@/lib/plan/plan';
import type { PlannedAction, RetriesEnded, RunStatus, SkipReason } from './events';

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
