import type { FailureKind } from './action-failure';

/** What the button beside a next step does; each screen and the command line has its own way to do it. */
export type Remedy =
  | 'edit-timeout'
  | 'edit-retry'
  | 'edit-inputs'
  | 'edit-definition'
  | 'edit-condition'
  | 'open-connection'
  | 'test-connection'
  | 'show-answer'
  | 'run-again'
  | 'mock-action'
  | 'copy-report';

export interface NextStep {
  readonly text: string;
  /** Null when only a person outside the designer can do it. */
  readonly remedy: Remedy | null;
}

export interface FailureWords {
  /** Two or three words for a card or a table. */
  readonly label: string;
  /** What happened, for a person who does not read code. */
  readonly sentence: string;
  readonly causes: readonly string[];
  /** In the order in which to try them. */
  readonly nextSteps: readonly NextStep[];
}

const keepPartialResults: NextStep = {
  text: 'What had completed is kept: run again from this action instead of from the start.',
  remedy: 'run-again',
};

/** The registry of failures: card, dock, command line and documentation all print from this table. */
export const FAILURE_WORDS = {
  timeout: {
    label: 'Timed out',
    sentence: 'The call was aborted because no complete answer came within `timeout_sec`. It may have taken effect.',
    causes: [
      'The data action, or a system that it calls, is slower than the time allowed.',
      'The answer began but its body stalled.',
    ],
    nextSteps: [
      { text: 'Raise `timeout_sec` of this action.', remedy: 'edit-timeout' },
      { text: 'Trim the data action’s definition: fewer calls and queries in one action.', remedy: null },
      { text: 'If the action only reads, add `timeout` to its `retry.on`.', remedy: 'edit-retry' },
      keepPartialResults,
    ],
  },
  rate_limited: {
    label: 'Rate limited',
    sentence: 'CXone answered 429: too many calls in a short time, and the retries allowed were used up.',
    causes: [
      'Several runs or other programs share the tenant’s limit.',
      'More actions run side by side than the limit allows.',
      'The wait that the server asked for is longer than `max_elapsed_sec`.',
    ],
    nextSteps: [
      { text: 'Allow more attempts or a longer `max_elapsed_sec`.', remedy: 'edit-retry' },
      { text: 'Lower `max_concurrency` of the chain, or run fewer chains at once.', remedy: null },
      keepPartialResults,
    ],
  },
  auth: {
    label: 'Not authorised',
    sentence: 'CXone refused the credentials or the permission (401 after one fresh token, or 403).',
    causes: [
      'Client id or secret is wrong, expired or revoked.',
      'The client lacks the scope `dataactions:execute`.',
      'Region or base URL belong to another tenant.',
    ],
    nextSteps: [
      { text: 'Check client id, secret and region of the connection.', remedy: 'test-connection' },
      { text: 'Have an administrator of the tenant grant `dataactions:execute`.', remedy: null },
    ],
  },
  not_found: {
    label: 'Not found',
    sentence: 'CXone does not know this definition (404).',
    causes: [
      'The definition id is mistyped, or the definition was deleted.',
      'The id belongs to another tenant than the chosen connection.',
      'A path of the connection’s profile differs from the tenant’s.',
    ],
    nextSteps: [
      { text: 'Choose the definition anew from the palette.', remedy: 'edit-definition' },
      { text: 'Check which tenant the connection reaches.', remedy: 'open-connection' },
    ],
  },
  invalid_request: {
    label: 'Invalid request',
    sentence: 'CXone refused the request as malformed or incomplete (4xx). Nothing was done.',
    causes: [
      'A required input is missing, or has the wrong type or format.',
      'The definition’s input contract changed after the chain was drawn.',
    ],
    nextSteps: [
      { text: 'Compare the inputs that were sent with the definition’s contract.', remedy: 'edit-inputs' },
      { text: 'Read the server’s answer.', remedy: 'show-answer' },
    ],
  },
  server_error: {
    label: 'Server error',
    sentence: 'CXone failed while working on the call (5xx). It may have taken effect.',
    causes: [
      'A passing fault of CXone or of a system behind the data action.',
      'An input that the definition cannot handle.',
    ],
    nextSteps: [
      { text: 'Read the server’s answer.', remedy: 'show-answer' },
      { text: 'If repeating does no harm, add `server_error` to `retry.on`.', remedy: 'edit-retry' },
      keepPartialResults,
    ],
  },
  gateway_timeout: {
    label: 'Gateway timeout',
    sentence: 'A gateway in front of the data action gave up waiting (504). The call may have taken effect.',
    causes: ['The data action definition exceeds the HTTP time limit of the platform.'],
    nextSteps: [
      { text: 'Raise `timeout_sec` of this action, in case the limit is ours.', remedy: 'edit-timeout' },
      { text: 'Trim the data action’s definition: fewer external calls and queries in one action.', remedy: null },
      keepPartialResults,
    ],
  },
  network: {
    label: 'Network failure',
    sentence: 'The connection to CXone could not be made, or broke. If the request had left, it may have taken effect.',
    causes: [
      'The base URL or region of the connection is wrong.',
      'No route, a proxy, a firewall, or a certificate that is not trusted.',
      'The connection was reset while the call was under way.',
    ],
    nextSteps: [
      { text: 'Check base URL and region of the connection, and the network.', remedy: 'test-connection' },
      { text: 'If repeating does no harm, add `network` to `retry.on`.', remedy: 'edit-retry' },
      keepPartialResults,
    ],
  },
  bad_response: {
    label: 'Unreadable answer',
    sentence: 'CXone answered something that is no result: not JSON, no output, too large, or an unknown status word.',
    causes: [
      'The tenant’s answers have another shape than the connection’s profile expects.',
      'A proxy answered in CXone’s place.',
      'The output is larger than the payload budget.',
    ],
    nextSteps: [
      { text: 'Read the answer as it came.', remedy: 'show-answer' },
      { text: 'Compare it with the answers that the connection expects.', remedy: 'open-connection' },
      { text: 'Let the data action return less.', remedy: null },
    ],
  },
  action_failed: {
    label: 'Action failed',
    sentence: 'CXone ran the data action and reported that it failed.',
    causes: [
      'The system behind the data action refused or failed.',
      'The inputs name something that does not exist there.',
    ],
    nextSteps: [
      { text: 'Read the reason in the answer.', remedy: 'show-answer' },
      { text: 'Check the inputs that were sent.', remedy: 'edit-inputs' },
      keepPartialResults,
    ],
  },
  template_error: {
    label: 'Template error',
    sentence: 'A template could not be evaluated, so no call was made.',
    causes: [
      'It reads a field that an earlier output does not have.',
      'It reads an action that failed or was skipped, without a guard.',
      'It computes with values of the wrong type.',
    ],
    nextSteps: [
      { text: 'Correct the template; the field and the column are named.', remedy: 'edit-inputs' },
      { text: 'Guard what may be absent with `default(…)`.', remedy: 'edit-inputs' },
      { text: 'Run again from this action with the outputs already there.', remedy: 'run-again' },
    ],
  },
  cancelled: {
    label: 'Cancelled',
    sentence: 'The call was aborted because the run was cancelled. If the request had left, it may have taken effect.',
    causes: ['A person, or the program that started the run, asked it to stop.'],
    nextSteps: [keepPartialResults],
  },
  interrupted: {
    label: 'In doubt',
    sentence: 'The process that ran the chain ended during the call, so nobody knows whether it took effect.',
    causes: ['The server or the command line was stopped or crashed.', 'The store could not be written.'],
    nextSteps: [
      { text: 'Look in the target system whether the call took effect.', remedy: null },
      { text: 'Run again from this action if it did not, or if doing it twice does no harm.', remedy: 'run-again' },
      { text: 'If it did, pin or mock its output and go on.', remedy: 'mock-action' },
    ],
  },
  internal: {
    label: 'Internal error',
    sentence: 'Chainwright itself made a mistake; your chain is not at fault. The incident id finds it in the log.',
    causes: ['A defect in Chainwright.'],
    nextSteps: [
      { text: 'Report the incident id with the run’s audit trace.', remedy: 'copy-report' },
      { text: 'Mock the action to go on without it.', remedy: 'mock-action' },
    ],
  },
} as const satisfies Record<FailureKind, FailureWords>;
