import type { Dispatcher } from 'undici';
import type { ActionFailure } from '@/lib/failure/action-failure';
import { parseRetryAfterMs } from '@/lib/failure/decide-retry';
import { parseJson } from '@/lib/json/parse-json';
import { isJsonObject, type JsonObject, Numeral } from '@/lib/json/value';
import { err, ok, type Result } from '@/lib/result';
import type { Clock } from '@/lib/run/ports';
import type { Connection } from './connection';
import { failureOf } from './failures';
import { kindOfStatus, tenantMessageOf } from './read-answer';
import { sendRequest } from './send-request';
import type { MintedToken } from './token-provider';

const TOKEN_ANSWER_BYTES_MAX = 64 * 1024;

/**
 * Asks the token endpoint once, by OAuth client credentials in a form.
 *
 * Its 400, 401 and 403 are `auth`: an endpoint that refuses a client says so by any of them. Everything else keeps the
 * kind it would have for a call.
 */
export async function mintToken(
  connection: Connection,
  dispatcher: Dispatcher,
  clock: Pick<Clock, 'nowMs'>,
  signal: AbortSignal,
): Promise<Result<MintedToken, ActionFailure>> {
  const { clientId, clientSecret } = connection.credentials;
  const form = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: clientId,
    client_secret: clientSecret.reveal(),
  });
  const sent = await sendRequest(
    dispatcher,
    {
      method: 'POST',
      url: connection.tokenUrl,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: form.toString(),
    },
    TOKEN_ANSWER_BYTES_MAX,
    signal,
  );
  if (!sent.ok) {
    return err({ ...sent.error, message: `No access token: ${sent.error.message}`, mayHaveHappened: false });
  }

  const { status, text, retryAfter } = sent.value;
  const parsed = parseJson(text);
  const body = parsed.ok && isJsonObject(parsed.value) ? parsed.value : null;
  if (status < 200 || status > 299) {
    const kind = status === 400 || status === 401 || status === 403 ? 'auth' : kindOfStatus(status);
    const reason = body === null ? undefined : tenantMessageOf(body);
    const message = `The token endpoint answered ${status}${reason === undefined ? '' : `: ${reason}`}${
      kind === 'auth' ? ' Check the client id and the client secret of the connection.' : ''
    }`;
    return err(
      failureOf(kind, message, { httpStatus: status, retryAfterMs: parseRetryAfterMs(retryAfter, clock.nowMs()) }),
    );
  }
  const token = body?.get('access_token');
  if (body === null || typeof token !== 'string' || !/^[\x21-\x7e]+$/.test(token)) {
    return err(
      failureOf('bad_response', 'The token endpoint answered without an access_token.', { httpStatus: status }),
    );
  }
  return ok({ token, lifeSec: readLifeSec(body) });
}

/** Seconds, as a number or as text; anything else says nothing. */
function readLifeSec(body: JsonObject): number | null {
  const value = body.get('expires_in');
  const seconds = value instanceof Numeral ? value.toNumber() : typeof value === 'string' ? Number(value) : Number.NaN;
  return Number.isFinite(seconds) && seconds > 0 ? seconds : null;
}
