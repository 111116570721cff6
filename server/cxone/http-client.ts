import type { Dispatcher } from 'undici';
import type { ActionFailure } from '@/lib/failure/action-failure';
import type { Result } from '@/lib/result';
import type { Sent } from '@/lib/run/ports';
import { type HttpAnswer, type HttpRequest, sendRequest } from './send-request';
import type { TokenProvider } from './token-provider';

export interface HttpClientDeps {
  readonly dispatcher: Dispatcher;
  readonly tokens: TokenProvider;
  /** Longer answers are cut off. */
  readonly payloadBytesMax: number;
}

export interface HttpClient {
  /**
   * @param sent Called as a request is about to leave, after its token is there; taken back when the tenant refuses the
   *   token, before a new one is asked for; called again for the request that follows.
   */
  readonly send: (request: HttpRequest, signal: AbortSignal, sent: Sent) => Promise<Result<HttpAnswer, ActionFailure>>;
}

/**
 * Sends single requests to one tenant, with its access token.
 *
 * A request is repeated in one case only: the tenant answers 401 to a token that we believed valid, because tokens can
 * be revoked before they end. That token is dropped, and the request is sent once more with a new one. A second 401 is
 * an answer like any other. All other retries, and the timeout, belong to the engine: it knows whether the data action
 * may be repeated, and records every attempt.
 */
export function createHttpClient({ dispatcher, tokens, payloadBytesMax }: HttpClientDeps): HttpClient {
  async function sendOnce(
    request: HttpRequest,
    token: string,
    signal: AbortSignal,
  ): Promise<Result<HttpAnswer, ActionFailure>> {
    const headers = { ...request.headers, authorization: `Bearer ${token}` };
    return sendRequest(dispatcher, { ...request, headers }, payloadBytesMax, signal);
  }

  return {
    send: async (request, signal, sent) => {
      const token = await tokens.getToken(signal);
      if (!token.ok) return token;
      const takeBack = sent();
      const first = await sendOnce(request, token.value, signal);
      if (!first.ok || first.value.status !== 401) return first;

      takeBack();
      tokens.discard(token.value);
      const fresh = await tokens.getToken(signal);
      if (!fresh.ok) return fresh;
      sent();
      return sendOnce(request, fresh.value, signal);
    },
  };
}
