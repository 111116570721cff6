import type { Definition } from '@/lib/definition/definition';
import type { ActionFailure } from '@/lib/failure/action-failure';
import type { Answer } from '@/lib/failure/answer';
import { sha256Hex } from '@/lib/json/print-json';
import type { Call } from '@/lib/plan/call';
import { ok, type Result } from '@/lib/result';
import type { Clock, Invoke, Sent } from '@/lib/run/ports';
import type { Connection } from './connection';
import { cancelledFailure, failureOf } from './failures';
import { createHttpClient } from './http-client';
import { listDefinitions } from './list-definitions';
import { mintToken } from './mint-token';
import { createOutgoing, hostAndPortOf } from './outgoing';
import { type Reading, type ReadingRules, readAnswer } from './read-answer';
import { createRedactor } from './redactor';
import type { HttpAnswer } from './send-request';
import { createTokenProvider } from './token-provider';

export interface ConnectionInvokeDeps {
  readonly clock: Clock;
  /** Hosts beyond the connection's own that may be loopback or private: `host` or `host:port`. */
  readonly allowedHosts?: readonly string[];
}

/** A connection, ready to be called. */
export interface ConnectionInvoke {
  readonly invoke: Invoke;
  readonly listDefinitions: (
    signal: AbortSignal,
  ) => Promise<Result<readonly Definition[], { readonly reason: string }>>;
  /** Whether an access token is there or can be had; calls no action. */
  readonly checkToken: (signal: AbortSignal) => Promise<Result<void, ActionFailure>>;
  /** Ends what is under way and closes the pool. */
  readonly close: () => Promise<void>;
}

const POLL_MS_FIRST = 500;
const POLL_MS_MAX = 5_000;
/** A 429 holds back new calls of the connection at most this long, whatever it asks: no timeout runs meanwhile. */
const PAUSE_MS_MAX = 60_000;

/**
 * Opens a connection: its pool, its token, its redaction. Nothing leaves before the first call.
 *
 * An execution that is accepted but not finished is asked for again within the same attempt, so the engine's timeout
 * covers it. A 429 with a Retry-After holds back new calls until then.
 */
export function createConnectionInvoke(connection: Connection, deps: ConnectionInvokeDeps): ConnectionInvoke {
  const { clock } = deps;
  const own = connection.givenBy === 'operator' ? [connection.baseUrl, connection.tokenUrl].map(hostAndPortOf) : [];
  const dispatcher = createOutgoing({ allowedHosts: [...own, ...(deps.allowedHosts ?? [])] });
  const redactor = createRedactor([connection.credentials.clientSecret.reveal()]);
  const tokens = createTokenProvider({
    clock,
    mint: async (signal) => {
      const minted = await mintToken(connection, dispatcher, clock, signal);
      if (minted.ok) redactor.learn(minted.value.token);
      return minted.ok ? minted : { ok: false, error: redactFailure(minted.error) };
    },
  });
  const client = createHttpClient({ dispatcher, tokens, payloadBytesMax: connection.payloadBytesMax });
  let pausedUntilMs = Number.NEGATIVE_INFINITY;

  const redactFailure = (failure: ActionFailure): ActionFailure => ({
    ...failure,
    message: redactor.redactText(failure.message),
  });

  const read = (http: HttpAnswer, permission: ReadingRules['permission']): Reading =>
    readAnswer(http, {
      pointers: connection.pointers,
      permission,
      provenance: connection.purpose === 'simulator' ? 'simulated' : 'live',
      redactor,
      nowMs: clock.nowMs(),
    });

  const invoke: Invoke = async (call, signal, sent) => {
    await clock.sleep(Math.max(0, pausedUntilMs - clock.monotonicMs()), signal);
    if (signal.aborted) return failed(cancelledFailure(false));

    const http = await client.send(
      {
        method: 'POST',
        url: connection.baseUrl + connection.paths.executions,
        headers: {
          'content-type': 'application/json',
          'idempotency-key': call.callKey,
          traceparent: traceparentOf(call),
        },
        body: `{"definition_id":${JSON.stringify(call.definitionId)},"inputs":${call.inputs}}`,
      },
      signal,
      sent,
    );
    if (!http.ok) return failed(redactFailure(http.error));
    const reading = read(http.value, 'dataactions:execute');
    noteRateLimit(reading);
    if (reading.type === 'answered') return reading.answer;
    if (reading.executionId === null) {
      const message = 'CXone accepted the call but named no execution to ask for.';
      return failed(failureOf('bad_response', message, { mayHaveHappened: true, httpStatus: http.value.status }));
    }
    return poll(reading.executionId, reading.retryAfterMs, call, signal);
  };

  /** Asks until the execution has ended. It was accepted, so whatever fails here may have happened. */
  async function poll(
    executionId: string,
    firstWaitMs: number | null,
    call: Call,
    signal: AbortSignal,
  ): Promise<Answer> {
    const url = connection.baseUrl + connection.paths.execution.replace('{id}', encodeURIComponent(executionId));
    let waitMs = firstWaitMs;
    for (let backOffMs = POLL_MS_FIRST; ; backOffMs = Math.min(backOffMs * 2, POLL_MS_MAX)) {
      await clock.sleep(waitMs ?? backOffMs, signal);
      if (signal.aborted) return failed(cancelledFailure(true));
      const http = await client.send(
        { method: 'GET', url, headers: { traceparent: traceparentOf(call) } },
        signal,
        ignoreSent,
      );
      if (!http.ok) return failed({ ...redactFailure(http.error), mayHaveHappened: true });
      const reading = read(http.value, 'dataactions:read');
      if (reading.type === 'pending') {
        waitMs = reading.retryAfterMs;
        continue;
      }
      const { answer } = reading;
      if (answer.type === 'output' || answer.failure.kind === 'action_failed') return answer;
      if (answer.failure.kind !== 'rate_limited') {
        return { ...answer, failure: { ...answer.failure, mayHaveHappened: true } };
      }
      // Too many questions, not too many calls: the execution itself goes on, so the next question only comes later.
      noteRateLimit(reading);
      waitMs = answer.failure.retryAfterMs;
    }
  }

  function noteRateLimit(reading: Reading): void {
    if (reading.type !== 'answered' || reading.answer.type !== 'failure') return;
    const { kind, retryAfterMs } = reading.answer.failure;
    if (kind !== 'rate_limited' || retryAfterMs === null) return;
    pausedUntilMs = Math.max(pausedUntilMs, clock.monotonicMs() + Math.min(retryAfterMs, PAUSE_MS_MAX));
  }

  return {
    invoke,
    listDefinitions: (signal) => listDefinitions(connection, client, signal),
    checkToken: async (signal) => {
      const token = await tokens.getToken(signal);
      return token.ok ? ok(undefined) : token;
    },
    close: async () => {
      tokens.close();
      await dispatcher.destroy();
    },
  };
}

const failed = (failure: ActionFailure): Answer => ({ type: 'failure', failure, envelope: null });
const ignoreSent: Sent = () => () => undefined;

/**
 * W3C trace context: the run's id without dashes is the trace, one span per attempt. Made of the call alone, so the
 * same attempt always has the same span.
 */
function traceparentOf(call: Call): string {
  const traceId = call.runId.replaceAll('-', '').toLowerCase();
  const spanId = sha256Hex(JSON.stringify([call.runId, call.actionId, call.attempt])).slice(0, 16);
  return `00-${traceId}-${spanId}-01`;
}
