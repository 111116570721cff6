import type { ActionFailure, FailureKind } from './action-failure';

/** Retry rules with every default filled in. Times in milliseconds. */
export interface RetryRules {
  /** Counts the first attempt: 1 turns retries off. */
  readonly maxAttempts: number;
  readonly initialDelayMs: number;
  readonly multiplier: number;
  /** Caps the exponential delay, not what a server asked for. */
  readonly maxDelayMs: number;
  readonly jitter: 'full' | 'none';
  /** No attempt starts later than this after the first one started. */
  readonly maxElapsedMs: number;
  readonly on: readonly FailureKind[];
}

export interface RetryQuestion {
  readonly failure: ActionFailure;
  readonly policy: RetryRules;
  /** The attempt that failed, from 1; attempts whose answer a crash lost are not counted. */
  readonly attempt: number;
  /** Since the first attempt started. */
  readonly elapsedMs: number;
  /** Until the run's deadline; null for a run without one. */
  readonly untilDeadlineMs: number | null;
  /** From 0 (included) to 1 (excluded). Asked once, and only when the delay has jitter. */
  readonly random: () => number;
}

export type RetryDecision =
  /** `basis` says whose delay it is: the server's `Retry-After`, or the policy's back-off. */
  | { readonly type: 'wait'; readonly delayMs: number; readonly basis: 'retry-after' | 'back-off' }
  | { readonly type: 'give-up'; readonly reason: 'not-listed' | 'attempts' | 'elapsed' | 'deadline' };

/**
 * Whether a failed attempt is followed by another, and after which delay.
 *
 * A delay that would end after `maxElapsedMs` or past the deadline ends the retries at once: waiting for an attempt that
 * may not start helps nobody. A `Retry-After` is kept to the millisecond and never shortened by `maxDelayMs`.
 */
export function decideRetry({
  failure,
  policy,
  attempt,
  elapsedMs,
  untilDeadlineMs,
  random,
}: RetryQuestion): RetryDecision {
  if (!policy.on.includes(failure.kind)) return { type: 'give-up', reason: 'not-listed' };
  if (attempt >= policy.maxAttempts) return { type: 'give-up', reason: 'attempts' };
  const basis = failure.retryAfterMs === null ? 'back-off' : 'retry-after';
  const delayMs = failure.retryAfterMs ?? backOffMs(policy, attempt, random);
  if (elapsedMs + delayMs > policy.maxElapsedMs) return { type: 'give-up', reason: 'elapsed' };
  if (untilDeadlineMs !== null && delayMs >= untilDeadlineMs) return { type: 'give-up', reason: 'deadline' };
  return { type: 'wait', delayMs, basis };
}

/** Full jitter spreads callers that failed together over the whole interval, not only its end. */
function backOffMs(policy: RetryRules, attempt: number, random: () => number): number {
  return policy.jitter === 'full'
    ? Math.floor(random() * exponentialMs(policy, attempt))
    : longestBackOffMs(policy, attempt);
}

/** The back-off after a failed attempt at its longest, in whole milliseconds: jitter shortens it and never lengthens it. */
export const longestBackOffMs = (policy: RetryRules, attempt: number): number =>
  Math.round(exponentialMs(policy, attempt));

const exponentialMs = ({ maxDelayMs, initialDelayMs, multiplier }: RetryRules, attempt: number): number =>
  Math.min(maxDelayMs, initialDelayMs * multiplier ** (attempt - 1));

/**
 * Milliseconds that a `Retry-After` header asks to wait: seconds, or an HTTP date in any of the three forms that
 * RFC 9110 has recipients accept. A date gone by is 0. Null when the header is absent or is neither.
 */
export function parseRetryAfterMs(header: string | null, nowMs: number): number | null {
  if (header === null) return null;
  const text = header.trim();
  // RFC 9110 has whole seconds; some gateways send fractions.
  if (/^\d{1,9}(\.\d+)?$/.test(text)) return Math.round(Number(text) * 1000);
  const atMs = parseHttpDateMs(text, nowMs);
  return atMs === null ? null : Math.max(0, atMs - nowMs);
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const TIME = String.raw`(?<hour>\d\d):(?<minute>\d\d):(?<second>\d\d)`;
const HTTP_DATES = [
  // Sun, 06 Nov 1994 08:49:37 GMT
  new RegExp(String.raw`^[A-Z][a-z]{2}, (?<day>\d\d) (?<month>[A-Z][a-z]{2}) (?<year>\d{4}) ${TIME} GMT$`),
  // Sunday, 06-Nov-94 08:49:37 GMT
  new RegExp(String.raw`^[A-Z][a-z]{5,8}, (?<day>\d\d)-(?<month>[A-Z][a-z]{2})-(?<year>\d\d) ${TIME} GMT$`),
  // Sun Nov  6 08:49:37 1994
  new RegExp(String.raw`^[A-Z][a-z]{2} (?<month>[A-Z][a-z]{2}) (?<day>[ \d]\d) ${TIME} (?<year>\d{4})$`),
];

/** Not `Date.parse`: what it takes beyond ISO differs between engines, and it reads `7` as a date. */
function parseHttpDateMs(text: string, nowMs: number): number | null {
  for (const form of HTTP_DATES) {
    const parts = form.exec(text)?.groups;
    if (parts === undefined) continue;
    const month = MONTHS.indexOf(parts.month!);
    if (month < 0) return null;
    const year = parts.year!.length === 2 ? fullYear(Number(parts.year), nowMs) : Number(parts.year);
    return Date.UTC(year, month, Number(parts.day), Number(parts.hour), Number(parts.minute), Number(parts.second));
  }
  return null;
}

/** RFC 9110: a two-digit year more than 50 years ahead is the past one with the same digits. */
function fullYear(twoDigits: number, nowMs: number): number {
  const yearNow = new Date(nowMs).getUTCFullYear();
  const year = yearNow - (yearNow % 100) + twoDigits;
  return year > yearNow + 50 ? year - 100 : year;
}
