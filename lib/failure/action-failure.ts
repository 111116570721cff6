/** Every way an action can fail. Closed: told apart by kind, never by prose or status number. */
export const FAILURE_KINDS = [
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
  'template_error',
  'cancelled',
  'interrupted',
  'internal',
] as const;

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
