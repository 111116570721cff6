import type { Dispatcher } from 'undici';
import type { ActionFailure } from '@/lib/failure/action-failure';
import { err, ok, type Result } from '@/lib/result';
import { cancelledFailure, failureOf, networkFailure } from './failures';
import { hostAndPortOf } from './outgoing';

export interface HttpRequest {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** A whole answer, whatever its status. */
export interface HttpAnswer {
  readonly status: number;
  readonly text: string;
  readonly retryAfter: string | null;
}

/**
 * Sends one request and reads its whole answer, at most `bytesMax` of it: a longer one is cut off on the wire, never
 * collected first. No retry, no timeout, no redirect. Every status is an answer; failures are what keeps one away.
 */
export async function sendRequest(
  dispatcher: Dispatcher,
  request: HttpRequest,
  bytesMax: number,
  signal: AbortSignal,
): Promise<Result<HttpAnswer, ActionFailure>> {
  if (signal.aborted) return err(cancelledFailure(false));
  const { origin, pathname, search } = new URL(request.url);
  try {
    const response = await dispatcher.request({
      origin,
      path: pathname + search,
      method: request.method,
      headers: { accept: 'application/json', 'user-agent': 'chainwright', ...request.headers },
      body: request.body ?? null,
      signal,
    });
    // Read inside the try: the signal also covers a body that stalls half-way.
    const bytes = await readBounded(response.body, bytesMax);
    if (bytes === null) {
      const message = `The answer is longer than the payload budget of ${formatBytes(bytesMax)} and was cut off.`;
      return err(failureOf('bad_response', message, { mayHaveHappened: true, httpStatus: response.statusCode }));
    }
    const text = decodeUtf8(bytes);
    if (text === null) {
      const message = 'The answer is not UTF-8 text.';
      return err(failureOf('bad_response', message, { mayHaveHappened: true, httpStatus: response.statusCode }));
    }
    const retryAfter = response.headers['retry-after'];
    return ok({
      status: response.statusCode,
      text,
      retryAfter: (Array.isArray(retryAfter) ? retryAfter[0] : retryAfter) ?? null,
    });
  } catch (error) {
    // An aborted call is not a network failure; the engine knows whether it was the timeout or a person.
    if (signal.aborted) return err(cancelledFailure(true));
    return err(networkFailure(error, hostAndPortOf(request.url)));
  }
}

/** The bytes, or null when there are more than `bytesMax`; then the socket is closed, not drained. */
async function readBounded(body: Dispatcher.ResponseData['body'], bytesMax: number): Promise<Buffer | null> {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    sizeBytes += chunk.length;
    // Leaving the loop destroys the body and with it the socket.
    if (sizeBytes > bytesMax) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function decodeUtf8(bytes: Buffer): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

const formatBytes = (bytes: number): string =>
  bytes >= 1024 * 1024 ? `${Number((bytes / 1024 / 1024).toFixed(1))} MB` : `${Math.ceil(bytes / 1024)} KB`;
