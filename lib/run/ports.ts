import type { Answer } from '@/lib/failure/answer';
import type { Body } from '@/lib/json/body';
import type { JsonText } from '@/lib/json/value';
import type { Call } from '@/lib/plan/call';
import type { RunEvent, RunFact } from './events';

/** Another owner holds the run, or its store cannot write: nothing was recorded and the engine stops. */
export class RunLost extends Error {
  override readonly name = 'RunLost';
}

/** The journal of one run: the only record of what happened. */
export interface RunLog {
  readonly read: () => Promise<readonly RunEvent[]>;
  /**
   * One transaction: facts numbered without gaps, bodies kept since the last append, the run's status row. Resolves when
   * durable; only then are viewers told. Rejects with {@link RunLost} when nothing could be recorded.
   */
  readonly append: (facts: readonly RunFact[]) => Promise<readonly RunEvent[]>;
  /** Remembers a value for the next append; small ones go inline. */
  readonly keep: (text: JsonText) => Body;
  readonly load: (body: Body) => Promise<JsonText>;
}

export interface Clock {
  /** Wall time in epoch milliseconds. */
  readonly nowMs: () => number;
  /** Milliseconds that never step back; from an arbitrary start. */
  readonly monotonicMs: () => number;
  /** Resolves after `ms`, or at once when the signal aborts. Never rejects. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
}

/**
 * Tells that a request is about to leave: timeout and latency start here, and from here on it may have happened. What it
 * gives is called when the tenant turned this request away unread (its token had ended) and another will follow: until
 * the next `sent()`, all is as if nothing had left.
 */
export type Sent = () => () => void;

/**
 * Calls once: no retry, no timeout of its own; known secrets are replaced in what it gives. Expected failures are answers;
 * a throw is a defect (`internal`). `sent()` comes after token and rate gate; before it, `mayHaveHappened` is false.
 */
export type Invoke = (call: Call, signal: AbortSignal, sent: Sent) => Promise<Answer>;

export interface RunPorts {
  readonly log: RunLog;
  readonly invoke: Invoke;
  readonly clock: Clock;
  /** From 0 (included) to 1 (excluded). */
  readonly random: () => number;
  /** A person wants the run to end. */
  readonly cancelled: AbortSignal;
  /** This process must let go: start nothing, record what comes back, leave the rest. */
  readonly released: AbortSignal;
  /** Told of our own bugs, which fail one action as `internal`: the incident id stands in its message. */
  readonly reportDefect?: (incidentId: string, error: unknown) => void;
}
