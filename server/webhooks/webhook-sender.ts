import { createHmac } from 'node:crypto';
import type { Dispatcher } from 'undici';
import type { Clock } from '@/lib/run/ports';
import { REFUSED_ADDRESS } from '@/server/cxone/failures';
import type { Secret } from '@/server/secret';

/** One status call, as it leaves. */
export interface StatusCall {
  /** Unique; a receiver that knows it already drops the repetition. */
  readonly id: string;
  /** JSON text. */
  readonly body: string;
  /** Names it to a person: `fetch_customer started`. */
  readonly label: string;
}

export interface UndeliveredCall {
  readonly call: StatusCall;
  /** Why the last try failed; null when it was never tried. */
  readonly reason: string | null;
}

export interface WebhookSender {
  /** Queues a call and returns at once. Calls leave one after the other, in this order. */
  readonly push: (call: StatusCall) => void;
  /** Waits up to `waitMs` for what is queued, gives up the rest and names it. Nothing can be pushed any more. */
  readonly finish: (waitMs: number) => Promise<readonly UndeliveredCall[]>;
}

export interface WebhookSenderDeps {
  readonly url: string;
  /** Signs per the Standard Webhooks specification when set. */
  readonly secret: Secret | null;
  readonly dispatcher: Dispatcher;
  readonly clock: Clock;
}

const TRY_TIMEOUT_MS = 10_000;
/** Waits between the tries of one call: six tries within ten minutes. */
const RETRY_DELAYS_MS = [1_000, 5_000, 20_000, 60_000, 300_000] as const;

/**
 * Delivers the status calls of one run to its webhook: in order, each tried up to six times, never in the way of the
 * run. A call that cannot be delivered is given up and the next one goes on. Redirects are not followed.
 */
export function createWebhookSender(deps: WebhookSenderDeps): WebhookSender {
  const { clock } = deps;
  const queue: StatusCall[] = [];
  const undelivered: UndeliveredCall[] = [];
  const over = new AbortController();
  let reasonNow: string | null = null;
  let working: Promise<void> | null = null;

  async function work(): Promise<void> {
    for (let call = queue[0]; call !== undefined && !over.signal.aborted; call = queue[0]) {
      const isDone = await deliver(call);
      // What was given up in the middle stays at the head, so that `finish` names it.
      if (over.signal.aborted && !isDone) return;
      queue.shift();
      if (!isDone) undelivered.push({ call, reason: reasonNow });
      reasonNow = null;
    }
  }

  /** True when the receiver took it; false when every try failed or the time is over. */
  async function deliver(call: StatusCall): Promise<boolean> {
    for (let attempt = 1; ; attempt++) {
      const refusal = await tryOnce(deps, call, over.signal);
      reasonNow = refusal?.reason ?? null;
      if (refusal === null) return true;
      const delayMs = RETRY_DELAYS_MS[attempt - 1];
      if (refusal.isFinal || delayMs === undefined || over.signal.aborted) return false;
      await clock.sleep(delayMs, over.signal);
      if (over.signal.aborted) return false;
    }
  }

  const start = (): void => {
    working ??= work().finally(() => {
      working = null;
      if (queue.length > 0 && !over.signal.aborted) start();
    });
  };

  return {
    push: (call) => {
      if (over.signal.aborted) throw new Error('The webhook sender is already closed.');
      queue.push(call);
      start();
    },
    finish: async (waitMs) => {
      const done = new AbortController();
      const timer = clock.sleep(waitMs, done.signal);
      while (working !== null) {
        const isTimeOver = await Promise.race([working.then(() => false), timer.then(() => true)]);
        if (isTimeOver) break;
      }
      done.abort();
      over.abort();
      await working;
      return [...undelivered, ...queue.map((call, i) => ({ call, reason: i === 0 ? reasonNow : null }))];
    },
  };
}

interface Refusal {
  readonly reason: string;
  /** Another try would end the same way. */
  readonly isFinal: boolean;
}

const again = (reason: string): Refusal => ({ reason, isFinal: false });

/** Null when the receiver answered 2xx, else why not. */
async function tryOnce(
  { url, secret, dispatcher, clock }: WebhookSenderDeps,
  call: StatusCall,
  over: AbortSignal,
): Promise<Refusal | null> {
  const stop = new AbortController();
  const done = new AbortController();
  const onOver = (): void => stop.abort();
  over.addEventListener('abort', onOver, { once: true });
  void clock.sleep(TRY_TIMEOUT_MS, done.signal).then(() => stop.abort());
  try {
    const { origin, pathname, search } = new URL(url);
    const response = await dispatcher.request({
      origin,
      path: pathname + search,
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'user-agent': 'chainwright',
        ...(secret === null ? {} : sign(secret, call, clock.nowMs())),
      },
      body: call.body,
      signal: stop.signal,
    });
    // The answer's body says nothing to us; a short one is drained to keep the socket, a long one is cut.
    await response.body.dump({ limit: 64 * 1024, signal: stop.signal });
    return response.statusCode >= 200 && response.statusCode < 300 ? null : again(`it answered ${response.statusCode}`);
  } catch (error) {
    if (stop.signal.aborted)
      return again(over.aborted ? 'time was over' : `no answer within ${TRY_TIMEOUT_MS / 1000} s`);
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    if (code !== REFUSED_ADDRESS) return again(`the connection failed (${code})`);
    return {
      reason: 'its address is inside a private network; an operator can allow it by CHAINWRIGHT_ALLOW_HOSTS',
      isFinal: true,
    };
  } finally {
    done.abort();
    over.removeEventListener('abort', onOver);
  }
}

/** @see https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md */
function sign(secret: Secret, call: StatusCall, nowMs: number): Record<string, string> {
  const timestamp = String(Math.floor(nowMs / 1000));
  const key = Buffer.from(secret.reveal().replace(/^whsec_/, ''), 'base64');
  const signature = createHmac('sha256', key).update(`${call.id}.${timestamp}.${call.body}`).digest('base64');
  return { 'webhook-id': call.id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}` };
}
