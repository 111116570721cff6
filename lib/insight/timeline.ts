import type { ActionId } from '@/lib/chain/ids';
import type { RunEvent } from '@/lib/run/events';
import type { ActionStatus } from '@/lib/run/reduce-run';

/** A stretch of one row, in milliseconds since the run started. */
export type TimelineBar =
  /** Ready, without a free slot. */
  | { readonly type: 'waiting'; readonly startMs: number; readonly endMs: number }
  /** One attempt, from its record to its answer's. */
  | {
      readonly type: 'call';
      readonly attempt: number;
      readonly startMs: number;
      readonly endMs: number;
      /** `lost` is an attempt whose answer a crash cut off. */
      readonly outcome: 'running' | 'completed' | 'failed' | 'lost';
    }
  | { readonly type: 'back-off'; readonly beforeAttempt: number; readonly startMs: number; readonly endMs: number };

export interface TimelineRow {
  readonly actionId: ActionId;
  readonly status: ActionStatus;
  /** In order of time, without overlaps. Empty for an action that never became ready, was pinned or skipped at once. */
  readonly bars: readonly TimelineBar[];
  /** First and last moment of the row; null where nothing happened yet. */
  readonly startMs: number | null;
  readonly endMs: number | null;
}

export interface Timeline {
  /** In plan order. */
  readonly rows: readonly TimelineRow[];
  /** From the start of the run to its end, or to `nowMs` while it lasts. */
  readonly totalMs: number;
}

/**
 * A run as rows and bars for the waterfall. Bars that are still open reach to `nowMs`.
 *
 * Built from events, not from the state at the end: the scrubber shows any prefix. Wall time that steps back shortens a
 * bar to nothing and never turns it round.
 *
 * @param events of one run from its first on, in order.
 * @param nowMs epoch milliseconds, by the clock of the events.
 */
export function buildTimeline(events: readonly RunEvent[], nowMs: number): Timeline {
  const rows = new Map<ActionId, RowDraft>();
  let originMs: number | null = null;
  let lastMs = 0;
  let isFinished = false;

  for (const event of events) {
    originMs ??= event.atMs;
    lastMs = Math.max(lastMs, event.atMs - originMs);
    if (event.type === 'run.started') {
      for (const { actionId } of event.actions) rows.set(actionId, new RowDraft(actionId));
    } else if (event.type === 'run.taken-over') {
      for (const row of rows.values()) row.loseCall(lastMs);
    } else if (event.type === 'run.finished') isFinished = true;
    else if ('actionId' in event) rows.get(event.actionId)?.note(event, lastMs, originMs);
  }
  const totalMs = isFinished || originMs === null ? lastMs : Math.max(lastMs, nowMs - originMs);
  return { rows: [...rows.values()].map((row) => row.finish(totalMs)), totalMs };
}

type ActionEvent = Extract<RunEvent, { readonly actionId: ActionId }>;

/** One row while the events are read. */
class RowDraft {
  readonly #actionId: ActionId;
  readonly #bars: TimelineBar[] = [];
  #status: ActionStatus = 'idle';
  #open: TimelineBar | null = null;
  #startMs: number | null = null;
  #endMs: number | null = null;

  constructor(actionId: ActionId) {
    this.#actionId = actionId;
  }

  note(event: ActionEvent, atMs: number, originMs: number): void {
    this.#startMs ??= atMs;
    switch (event.type) {
      case 'action.queued':
        this.#status = 'queued';
        this.#openBar({ type: 'waiting', startMs: atMs, endMs: atMs });
        return;
      case 'action.started':
        this.#status = 'running';
        this.#close(atMs);
        this.#openBar({ type: 'call', attempt: event.attempt, startMs: atMs, endMs: atMs, outcome: 'running' });
        return;
      case 'action.retry-scheduled': {
        this.#status = 'waiting';
        this.#close(atMs, 'failed');
        const endMs = Math.max(atMs, event.retryAtMs - originMs);
        this.#openBar({ type: 'back-off', beforeAttempt: event.attempt + 1, startMs: atMs, endMs });
        return;
      }
      case 'action.completed':
        this.#end('completed', atMs, event.replaced === null ? 'completed' : 'failed');
        return;
      case 'action.failed':
        this.#end('failed', atMs, 'failed');
        return;
      case 'action.skipped':
        this.#end('skipped', atMs, 'failed');
        return;
    }
  }

  /** The process that made the call is gone; the call goes on in another attempt or not at all. */
  loseCall(atMs: number): void {
    if (this.#open?.type === 'call') this.#close(atMs, 'lost');
  }

  finish(totalMs: number): TimelineRow {
    const open = this.#open;
    // A back-off knows its end beforehand; the others last until now.
    if (open !== null)
      this.#bars.push(open.type === 'back-off' ? open : { ...open, endMs: Math.max(open.startMs, totalMs) });
    return {
      actionId: this.#actionId,
      status: this.#status,
      bars: this.#bars,
      startMs: this.#startMs,
      endMs: this.#endMs,
    };
  }

  #openBar(bar: TimelineBar): void {
    this.#close(bar.startMs);
    this.#open = bar;
  }

  #close(atMs: number, outcome: 'completed' | 'failed' | 'lost' = 'failed'): void {
    const bar = this.#open;
    if (bar === null) return;
    this.#open = null;
    if (bar.type === 'call') this.#bars.push({ ...bar, endMs: atMs, outcome });
    // An action that starts in the very record that queued it has not waited.
    else if (atMs > bar.startMs) this.#bars.push({ ...bar, endMs: atMs });
  }

  #end(status: ActionStatus, atMs: number, outcome: 'completed' | 'failed'): void {
    this.#status = status;
    this.#endMs = atMs;
    this.#close(atMs, outcome);
  }
}
