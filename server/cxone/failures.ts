import type { ActionFailure, FailureKind } from '@/lib/failure/action-failure';

interface Details {
  readonly mayHaveHappened?: boolean;
  readonly retryAfterMs?: number | null;
  readonly httpStatus?: number | null;
}

/** A failure of a call; what is not told is false or null. */
export const failureOf = (kind: FailureKind, message: string, details: Details = {}): ActionFailure => ({
  kind,
  message,
  mayHaveHappened: details.mayHaveHappened ?? false,
  retryAfterMs: details.retryAfterMs ?? null,
  httpStatus: details.httpStatus ?? null,
  where: null,
});

export const cancelledFailure = (mayHaveHappened: boolean): ActionFailure =>
  failureOf('cancelled', 'The call was stopped.', { mayHaveHappened });

/**
 * What an error of the network says to a person. It may have happened unless the connection never came to be: then
 * nothing left this machine, and repeating is safe.
 *
 * @param host `host:port` that was meant.
 */
export function networkFailure(error: unknown, host: string): ActionFailure {
  const code = errorCodeOf(error);
  const words = WORDS_BY_CODE.get(code);
  const message = words === undefined ? `The connection to ${host} broke (${code}).` : words(host);
  return failureOf('network', message, { mayHaveHappened: !NEVER_LEFT.has(code) });
}

/** Thrown inside the socket's connector; travels through undici by its code. */
export const REFUSED_ADDRESS = 'CHAINWRIGHT_REFUSED_ADDRESS';

const WORDS_BY_CODE: ReadonlyMap<string, (host: string) => string> = new Map([
  ['ECONNREFUSED', (host: string) => `Nothing answers at ${host}: the connection was refused.`],
  ['ENOTFOUND', (host: string) => `The name of ${host} is not known: check the URL and the network.`],
  ['EAI_AGAIN', (host: string) => `The name of ${host} could not be looked up just now.`],
  ['ECONNRESET', (host: string) => `${host} closed the connection before it had answered.`],
  ['UND_ERR_SOCKET', (host: string) => `${host} closed the connection before it had answered.`],
  ['EPIPE', (host: string) => `${host} closed the connection before it had answered.`],
  ['ETIMEDOUT', (host: string) => `${host} did not answer to a connection attempt.`],
  ['UND_ERR_CONNECT_TIMEOUT', (host: string) => `${host} did not answer to a connection attempt.`],
  ['EHOSTUNREACH', (host: string) => `There is no route to ${host}.`],
  ['ENETUNREACH', (host: string) => `There is no route to ${host}.`],
  [
    REFUSED_ADDRESS,
    (host: string) =>
      `${host} leads to an address inside a private network, which is refused; an operator can allow it by CHAINWRIGHT_ALLOW_HOSTS.`,
  ],
  ['CERT_HAS_EXPIRED', (host: string) => `The certificate of ${host} has expired.`],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', (host: string) => `The certificate of ${host} is self-signed.`],
  ['SELF_SIGNED_CERT_IN_CHAIN', (host: string) => `The certificate chain of ${host} holds a self-signed one.`],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', (host: string) => `The certificate of ${host} cannot be verified.`],
  ['ERR_TLS_CERT_ALTNAME_INVALID', (host: string) => `The certificate of ${host} is for another name.`],
]);

const NEVER_LEFT: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'UND_ERR_CONNECT_TIMEOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  REFUSED_ADDRESS,
  'CERT_HAS_EXPIRED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'ERR_TLS_CERT_ALTNAME_INVALID',
]);

/** undici wraps what the socket said: the innermost code tells most. */
function errorCodeOf(error: unknown): string {
  let code = 'unknown';
  let at: unknown = error;
  for (let depth = 0; depth < 5 && at instanceof Error; depth++) {
    if ('code' in at && typeof at.code === 'string') code = at.code;
    at = at instanceof AggregateError ? at.errors[0] : at.cause;
  }
  return code;
}
