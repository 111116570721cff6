import type { ActionFailure } from '@/lib/failure/action-failure';
import { err, ok, type Result } from '@/lib/result';
import type { Clock } from '@/lib/run/ports';
import { cancelledFailure, failureOf } from './failures';

export interface MintedToken {
  readonly token: string;
  /** How long it holds, as the endpoint said; null when it said nothing usable. */
  readonly lifeSec: number | null;
}

export interface TokenProviderDeps {
  /** Asks the token endpoint once. */
  readonly mint: (signal: AbortSignal) => Promise<Result<MintedToken, ActionFailure>>;
  readonly clock: Pick<Clock, 'monotonicMs' | 'sleep'>;
}

export interface TokenProvider {
  readonly getToken: (signal: AbortSignal) => Promise<Result<string, ActionFailure>>;
  /** Says that the tenant refused this token. Another one, renewed meanwhile, stays. */
  readonly discard: (token: string) => void;
  /** Ends a request under way; callers get `cancelled`. */
  readonly close: () => void;
}

/** A token is renewed this long before it ends. */
const REFRESH_BEFORE_END_MS = 300_000;
/** A life shorter than that is used up to this share. */
const SHORT_LIFE_SHARE = 0.8;
const UNKNOWN_LIFE_MS = 300_000;
/** The endpoint's own limit: the engine's timeout does not cover minting. */
const MINT_TIMEOUT_MS = 30_000;
/** How long an older token serves on when its early renewal has failed, before the next try. */
const RENEWAL_PAUSE_MS = 30_000;

/**
 * Keeps one access token per connection.
 *
 * However many callers ask at once, one request is under way. It belongs to nobody: a caller that gives up gets
 * `cancelled` at once, and the request goes on for the others. When an early renewal fails, the older token serves on
 * until its own end. Failures are never `mayHaveHappened`: no action is called here.
 */
export function createTokenProvider({ mint, clock }: TokenProviderDeps): TokenProvider {
  let current: { readonly token: string; readonly refreshAtMs: number; readonly endsAtMs: number } | null = null;
  let underWay: Promise<Result<string, ActionFailure>> | null = null;
  const closed = new AbortController();

  async function getToken(signal: AbortSignal): Promise<Result<string, ActionFailure>> {
    if (signal.aborted || closed.signal.aborted) return err(cancelledFailure(false));
    if (current !== null && clock.monotonicMs() < current.refreshAtMs) return ok(current.token);
    underWay ??= renew().finally(() => {
      underWay = null;
    });
    return unlessAborted(underWay, signal);
  }

  async function renew(): Promise<Result<string, ActionFailure>> {
    const askedAtMs = clock.monotonicMs();
    const minted = await mintInTime();
    const nowMs = clock.monotonicMs();
    if (!minted.ok) {
      if (current === null || nowMs >= current.endsAtMs) return err({ ...minted.error, mayHaveHappened: false });
      current = { ...current, refreshAtMs: Math.min(nowMs + RENEWAL_PAUSE_MS, current.endsAtMs) };
      return ok(current.token);
    }
    const { token, lifeSec } = minted.value;
    // Counted from the question: the endpoint began to count before its answer arrived.
    if (lifeSec === null) {
      const endsAtMs = askedAtMs + UNKNOWN_LIFE_MS;
      current = { token, refreshAtMs: endsAtMs, endsAtMs };
    } else {
      const lifeMs = lifeSec * 1000;
      const usableMs = lifeMs > REFRESH_BEFORE_END_MS ? lifeMs - REFRESH_BEFORE_END_MS : lifeMs * SHORT_LIFE_SHARE;
      current = { token, refreshAtMs: askedAtMs + usableMs, endsAtMs: askedAtMs + lifeMs };
    }
    return ok(token);
  }

  async function mintInTime(): Promise<Result<MintedToken, ActionFailure>> {
    const stop = new AbortController();
    const done = new AbortController();
    const onClose = (): void => stop.abort();
    closed.signal.addEventListener('abort', onClose, { once: true });
    let isTimedOut = false;
    void clock.sleep(MINT_TIMEOUT_MS, done.signal).then(() => {
      if (done.signal.aborted) return;
      isTimedOut = true;
      stop.abort();
    });
    try {
      const minted = await mint(stop.signal);
      if (minted.ok || !isTimedOut) return minted;
      return err(failureOf('timeout', `The token endpoint gave no answer within ${MINT_TIMEOUT_MS / 1000} s.`));
    } finally {
      done.abort();
      closed.signal.removeEventListener('abort', onClose);
    }
  }

  return {
    getToken,
    discard: (token) => {
      if (current?.token === token) current = null;
    },
    close: () => closed.abort(),
  };
}

/** The shared result, or `cancelled` as soon as this caller's own signal says so. */
function unlessAborted(
  shared: Promise<Result<string, ActionFailure>>,
  signal: AbortSignal,
): Promise<Result<string, ActionFailure>> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => resolve(err(cancelledFailure(false)));
    signal.addEventListener('abort', onAbort, { once: true });
    shared.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}
