import type { Effect } from '@/lib/chain/chain';
import type { ActionId, RunId } from '@/lib/chain/ids';
import type { JsonText } from '@/lib/json/value';

/** One attempt at one action, ready to leave. */
export interface Call {
  readonly runId: RunId;
  readonly actionId: ActionId;
  /** From 1. */
  readonly attempt: number;
  readonly definitionId: string;
  readonly inputs: JsonText;
  /** Sent as `Idempotency-Key`; the same for every attempt at the action in this run. */
  readonly callKey: string;
  readonly timeoutMs: number;
  readonly effect: Effect;
}
