import type { ActionFailure } from '@/lib/failure/action-failure';
import { FAILURE_WORDS } from '@/lib/failure/failure-words';
import { assertNever } from '@/lib/result';
import type { SkipReason } from '@/lib/run/events';
import type { ActionState } from '@/lib/run/reduce-run';

/** How an action presents itself. More than the statuses: failure kind, attempts and provenance have looks of their own. */
export const LOOKS = [
  'idle',
  'queued',
  'running',
  'waiting',
  'completed',
  'recovered',
  'failed',
  'timed-out',
  'skipped',
  'cancelled',
  'pinned',
] as const;
export type Look = (typeof LOOKS)[number];

export interface StatusChip {
  readonly type: 'latency' | 'size' | 'attempts' | 'recovered' | 'provenance';
  readonly text: string;
}

export interface StatusLook {
  readonly look: Look;
  /** The state in one or two words: "completed", "waiting to retry". */
  readonly word: string;
  /** The state for an accessible name or a log line: "completed in 412 ms after 3 attempts". */
  readonly sentence: string;
  /** Why it stands so, for a tooltip; null when the word says it all. */
  readonly reason: string | null;
  readonly chips: readonly StatusChip[];
  /** What went wrong, short enough for one clamped line: "429 after 4 attempts". */
  readonly errorLine: string | null;
  /** What ticks while the state lasts; read it with {@link formatTicking}. */
  readonly ticking: Ticking | null;
}

/** Epoch milliseconds of the server's clock. */
export type Ticking =
  | { readonly type: 'elapsed'; readonly sinceMs: number }
  /** The attempt that waits; `ofAttempts` is null when the policy is not known. */
  | { readonly type: 'retry'; readonly atMs: number; readonly attempt: number; readonly ofAttempts: number | null };

export interface LookContext {
  /** The workbench holds a pin for the action: shown before any run. */
  readonly isPinned?: boolean;
  /** `max_attempts` of the action's policy. */
  readonly attemptsMax?: number;
}

/** The one place where a state becomes look and words; card, waterfall, details and names read them here. */
export function lookOf(
  state: ActionState | undefined,
  { isPinned = false, attemptsMax }: LookContext = {},
): StatusLook {
  const status = state?.status ?? 'idle';
  if (state === undefined || status === 'idle') {
    if (!isPinned) return plain('idle', 'not run');
    return { ...plain('pinned', 'pinned', PROVENANCE_REASONS.pinned), chips: [{ type: 'provenance', text: 'pinned' }] };
  }
  switch (state.status) {
    case 'idle':
      return plain('idle', 'not run');
    case 'queued':
      return plain('queued', 'queued');
    case 'running':
      return { ...plain('running', 'running'), ticking: { type: 'elapsed', sinceMs: state.sinceMs } };
    case 'waiting':
      return {
        ...plain('waiting', 'waiting to retry', `${describeFailure(state.failure)}: ${state.failure.message}`),
        ticking: {
          type: 'retry',
          atMs: state.retryAtMs,
          attempt: state.attempt + 1,
          ofAttempts: attemptsMax ?? null,
        },
      };
    case 'completed':
      return lookOfCompleted(state);
    case 'failed':
      return lookOfFailed(state);
    case 'skipped':
      return plain('skipped', 'skipped', describeSkip(state.because));
    default:
      return assertNever(state);
  }
}

const plain = (look: Look, word: string, reason: string | null = null): StatusLook => ({
  look,
  word,
  sentence: word,
  reason,
  chips: [],
  errorLine: null,
  ticking: null,
});

const PROVENANCE_REASONS = {
  simulated: 'The embedded simulator answered, not a tenant.',
  mocked: 'A mock stood for the call.',
  replayed: 'A recorded answer stood for the call.',
  pinned: 'A pinned output stands for the call.',
  reused: 'The output of an earlier run was reused.',
  fallback: 'The call failed; the fallback output stands for it.',
} as const;

function lookOfCompleted(state: Extract<ActionState, { status: 'completed' }>): StatusLook {
  const { provenance, attempt, latencyMs } = state;
  const wasCalled = provenance === 'live' || provenance === 'simulated' || provenance === 'replayed';
  const isStandIn = provenance === 'pinned' || provenance === 'mocked';
  const isRecovered = !isStandIn && (attempt > 1 || state.replaced !== null);
  const look: Look = isStandIn ? 'pinned' : isRecovered ? 'recovered' : 'completed';

  const chips: StatusChip[] = [];
  if (wasCalled) chips.push({ type: 'latency', text: formatDuration(latencyMs) });
  if (state.output.type === 'stored') chips.push({ type: 'size', text: formatBytes(state.output.sizeBytes) });
  if (attempt > 1) chips.push({ type: 'attempts', text: `${attempt} attempts` });
  if (isRecovered) chips.push({ type: 'recovered', text: 'recovered' });
  if (provenance !== 'live') chips.push({ type: 'provenance', text: provenance });

  const word = isStandIn ? provenance : 'completed';
  const how = [
    wasCalled ? `completed in ${formatDuration(latencyMs)}` : `completed, ${provenance}`,
    attempt > 1 ? `after ${attempt} attempts` : '',
  ];
  const replaced = state.replaced === null ? '' : ` Replaced: ${describeFailure(state.replaced)}.`;
  return {
    ...plain(look, word, provenance === 'live' ? null : PROVENANCE_REASONS[provenance] + replaced),
    sentence: how.filter(Boolean).join(' '),
    chips,
  };
}

function lookOfFailed(state: Extract<ActionState, { status: 'failed' }>): StatusLook {
  const { failure, attempt, latencyMs } = state;
  const look: Look = failure.kind === 'timeout' ? 'timed-out' : failure.kind === 'cancelled' ? 'cancelled' : 'failed';
  const word = look === 'timed-out' ? 'timed out' : failure.kind === 'interrupted' ? 'in doubt' : look;
  const errorLine = describeFailedAttempts(failure, attempt, latencyMs);
  const chips: StatusChip[] = [];
  if (latencyMs > 0) chips.push({ type: 'latency', text: formatDuration(latencyMs) });
  if (attempt > 1) chips.push({ type: 'attempts', text: `${attempt} attempts` });
  return {
    ...plain(look, word, failure.message),
    sentence: look === 'failed' ? `${word}, ${errorLine}` : errorLine,
    chips,
    errorLine,
  };
}

/** A failed action in one short line: "429 after 4 attempts", "Timed out after 30 s". */
export function describeFailedAttempts(failure: ActionFailure, attempts: number, latencyMs: number): string {
  if (attempts > 1) return `${failure.httpStatus ?? FAILURE_WORDS[failure.kind].label} after ${attempts} attempts`;
  if (failure.kind === 'timeout') return `Timed out after ${formatDuration(latencyMs)}`;
  if (failure.kind === 'template_error' && failure.where !== null)
    return `Template error in ${failure.where.path.slice(1)}`;
  return describeFailure(failure);
}

/** "Rate limited (429)": kind in words, and the status code when there was one. */
export function describeFailure(failure: ActionFailure): string {
  const { label } = FAILURE_WORDS[failure.kind];
  return failure.httpStatus === null ? label : `${label} (${failure.httpStatus})`;
}

/** Why the engine passed over an action, as a sentence. */
export function describeSkip(because: SkipReason): string {
  switch (because.type) {
    case 'condition':
      return 'Its condition was false.';
    case 'disabled':
      return 'It is disabled.';
    case 'cancelled':
      return 'The run was cancelled before its turn.';
    case 'deadline':
      return 'The deadline of the run had passed before its turn.';
    case 'interrupted':
      return 'The run was interrupted before its turn.';
    case 'upstream':
      return `It depends on ${because.by}, which did not complete.`;
    case 'halted':
      return `${because.by} failed and halted the run.`;
    default:
      return assertNever(because);
  }
}

/** What ticks, at a moment: "3.2 s", or "2/4 · in 3 s". Never negative: clocks of server and browser differ. */
export function formatTicking(ticking: Ticking, nowMs: number): string {
  if (ticking.type === 'elapsed') return formatElapsed(nowMs - ticking.sinceMs);
  const leftSec = Math.max(0, Math.ceil((ticking.atMs - nowMs) / 1000));
  const place = ticking.ofAttempts === null ? `attempt ${ticking.attempt}` : `${ticking.attempt}/${ticking.ofAttempts}`;
  return `${place} · ${leftSec === 0 ? 'now' : `in ${formatDuration(leftSec * 1000)}`}`;
}

/** A duration that still grows, in tenths of a second so that it does not jump in width: "0.4 s", "2 min 3 s". */
export function formatElapsed(ms: number): string {
  const left = Math.max(0, ms);
  return left < 60_000 ? `${(Math.floor(left / 100) / 10).toFixed(1)} s` : formatDuration(left);
}

/** "412 ms", "1.24 s", "12.4 s", "2 min 3 s", "1 h 5 min". Whole seconds go without a fraction. */
export function formatDuration(ms: number): string {
  if (ms < 999.5) return `${Math.max(0, Math.round(ms))} ms`;
  if (ms < 59_950) {
    const text = (ms / 1000).toFixed(ms < 9_995 ? 2 : 1);
    return `${text.replace(/\.0+$/, '')} s`;
  }
  const seconds = Math.round(ms / 1000);
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return seconds % 60 === 0 ? `${minutes} min` : `${minutes} min ${seconds % 60} s`;
  return minutes % 60 === 0 ? `${minutes / 60} h` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** Bytes in units of 1024, as file managers show them: "812 B", "10 KB", "4.2 MB". */
export function formatBytes(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  let amount = bytes / 1024;
  let unit = 'KB';
  for (const next of ['MB', 'GB']) {
    if (amount < 1023.5) break;
    amount /= 1024;
    unit = next;
  }
  return `${amount < 9.95 ? amount.toFixed(1).replace(/\.0$/, '') : Math.round(amount)} ${unit}`;
}
