import type { Effect, RetryPolicy } from '@/lib/chain/chain';
import type { ActionId, RunId } from '@/lib/chain/ids';
import type { Answer } from '@/lib/failure/answer';
import type { Body } from '@/lib/json/body';
import type { JsonText } from '@/lib/json/value';

/** The connection as a run remembers it: names, never credentials. */
export interface PlanConnection {
  readonly id: string;
  readonly name: string;
  readonly purpose: 'simulator' | 'test' | 'production';
}

/** Where a step's output comes from. */
export type StepSource =
  | { readonly type: 'call' }
  | { readonly type: 'disabled' }
  | { readonly type: 'pinned'; readonly output: Body }
  /** Called after all when the key of the resolved inputs differs. */
  | { readonly type: 'reused'; readonly fromRunId: RunId; readonly reuseKey: string; readonly output: Body }
  /** n-th answer for attempt n, the last repeats. */
  | { readonly type: 'mocked'; readonly answers: readonly Answer[] };

export interface PlanStep {
  readonly actionId: ActionId;
  readonly definitionId: string;
  /** Positions in `steps`, each smaller than this step's own. */
  readonly needs: readonly number[];
  readonly runIf: 'all_completed' | 'all_done';
  readonly when: string | null;
  /** As the document has them, on one line: templates are evaluated at the step's turn. */
  readonly inputs: JsonText;
  readonly timeoutMs: number;
  readonly retry: RetryPolicy;
  readonly effect: Effect;
  readonly onFailure: { readonly type: 'halt' | 'continue' } | { readonly type: 'fallback'; readonly output: Body };
  readonly callKey: string;
  readonly source: StepSource;
}

/** What a run will do, as data that `JSON.stringify` keeps whole. Plan and log together are the whole run; nothing else is needed to go on with it. */
export interface Plan {
  readonly runId: RunId;
  readonly chainHash: string;
  readonly input: Body;
  readonly runAgainOf: RunId | null;
  readonly maxConcurrency: number;
  /** Counted from `run.started`, over take-overs; null for none. */
  readonly deadlineMs: number | null;
  readonly onDoubt: 'interrupt' | 'call-again';
  readonly binding: 'typed' | 'text';
  readonly undefinedMode: 'strict' | 'lenient';
  readonly storeOutputs: boolean;
  readonly connection: PlanConnection;
  readonly webhook: {
    readonly url: string;
    readonly secretRef: string | null;
    readonly events: 'actions' | 'run' | 'all';
  } | null;
  /** The whole chain as it was: canonical text. */
  readonly documentText: JsonText;
  /** What flags changed, in words such as `max_concurrency: 1 (was 5)`. */
  readonly overrides: readonly string[];
  /** In plan order: networkx's topological order. */
  readonly steps: readonly PlanStep[];
}
