/** Failures of a call, which may go better when tried again; a policy chooses among them. */
export const RETRYABLE_KINDS = [
  'timeout',
  'rate_limited',
  'auth',
  'not_found',
  'invalid_request',
  'server_error',
  'gateway_timeout',
  'network',
  'bad_response',
  'action_failed',
] as const;

/** Every way an action can fail. Closed: told apart by kind, never by prose or status number. */
export const FAILURE_KINDS = [...RETRYABLE_KINDS, 'template_error', 'cancelled', 'interrupted', 'internal'] as const;

export type FailureKind = (typeof FAILURE_KINDS)[number];

/** Where in a template a failure arose: JSON pointer below `inputs` (or `/when`), 1-based line and column. */
export interface FailurePlace {
  readonly path: string;
  readonly line: number;
  readonly column: number;
  readonly length: number;
}

/** An expected, typed, recorded failure of one attempt. */
export interface ActionFailure {
  readonly kind: FailureKind;
  /** One sentence for a person; never a secret, never a stack. */
  readonly message: string;
  /** The call may have taken effect although it failed. */
  readonly mayHaveHappened: boolean;
  /** What the server asked to wait; null when it did not say. */
  readonly retryAfterMs: number | null;
  readonly httpStatus: number | null;
  readonly where: FailurePlace | null;
}

/**
 * Whether a call that failed so may have taken effect, once its request had left. A refusal (429, 401, 404, other 4xx,
 * `status: failed`) is the server's word that it did not.
 */
const LEAVES_DOUBT = {
  timeout: true,
  rate_limited: false,
  auth: false,
  not_found: false,
  invalid_request: false,
  server_error: true,
  gateway_timeout: true,
  network: true,
  bad_response: true,
  action_failed: false,
  template_error: false,
  cancelled: true,
  interrupted: true,
  internal: false,
} as const satisfies Record<FailureKind, boolean>;

/** What `buildFailure` takes: a failure without the parts that follow from its kind. */
export interface FailureFacts {
  readonly kind: FailureKind;
  readonly message: string;
  /** Whether a request to the action itself had left; a failure while the token was minted was never sent. */
  readonly wasSent: boolean;
  readonly retryAfterMs?: number | null;
  readonly httpStatus?: number | null;
  readonly where?: FailurePlace | null;
}

/** The one maker of failures: `mayHaveHappened` follows from the kind and from whether the request had left. */
export const buildFailure = ({
  kind,
  message,
  wasSent,
  retryAfterMs = null,
  httpStatus = null,
  where = null,
}: FailureFacts): ActionFailure => ({
  kind,
  message,
  mayHaveHappened: wasSent && LEAVES_DOUBT[kind],
  retryAfterMs,
  httpStatus,
  where,
});

/** Kind of an HTTP answer that is no success; null for 1xx to 3xx. */
export function failureKindOfStatus(httpStatus: number): FailureKind | null {
  if (httpStatus < 400) return null;
  if (httpStatus === 401 || httpStatus === 403) return 'auth';
  if (httpStatus === 404) return 'not_found';
  if (httpStatus === 429) return 'rate_limited';
  if (httpStatus < 500) return 'invalid_request';
  return httpStatus === 504 ? 'gateway_timeout' : 'server_error';
}
