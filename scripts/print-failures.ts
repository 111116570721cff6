import { buildFailure, FAILURE_KINDS, type FailureKind, RETRYABLE_KINDS } from '@/lib/failure/action-failure';
import { FAILURE_WORDS, type NextStep, type Remedy } from '@/lib/failure/failure-words';

/** Where a step is done today; null for a step that cannot be taken yet, which is then not printed. */
const PLACES: Readonly<Record<Remedy, string | null>> = {
  'edit-timeout': 'inspector, Policy',
  'edit-retry': 'inspector, Policy; `max_elapsed_sec` and `jitter`: the document',
  'edit-inputs': 'inspector, Inputs',
  'edit-definition': 'inspector, Inputs',
  'edit-condition': 'inspector, Policy',
  'open-connection': '[connections](connections.md)',
  'test-connection': '[connections](connections.md)',
  'show-answer': 'run dock, Output',
  'run-again': null,
  'mock-action': null,
  'copy-report': 'button on the failure',
};

/** `docs/failures.md`: every way an action can fail, with the words that card, dock and command line show. */
export const printFailuresPage = (): string => `${HEAD}\n${FAILURE_KINDS.map(printKind).join('\n')}`;

const HEAD = `# Failures

<!-- Printed from lib/failure/failure-words.ts by \`npm run documents\`; changes belong there. -->

Why an action can fail. There are no other kinds. The run dock shows these words under the failed action. The
result document names the kind as \`failures.ACTION.kind\`, the audit trace as \`details.error_type\`.

\`may_have_happened\` says whether the call may have taken effect although it failed. Look into the target system before
you repeat such a call.

A kind that "can be retried" may stand in \`retry.on\`. Only \`rate_limited\` stands there by default, because after it the
call certainly did nothing. See [the chain format](chain-format.md#retry).
`;

function printKind(kind: FailureKind): string {
  const { label, sentence, causes, nextSteps } = FAILURE_WORDS[kind];
  const steps = (nextSteps as readonly NextStep[]).filter(({ remedy }) => remedy === null || PLACES[remedy] !== null);
  return [
    `## \`${kind}\`: ${label}`,
    sentence,
    `${doubtOf(kind)} ${retryOf(kind)}`,
    `Likely causes:\n\n${causes.map((cause) => `- ${cause}`).join('\n')}`,
    ...(steps.length === 0 ? [] : [`What to do:\n\n${steps.map(printStep).join('\n')}`]),
    '',
  ]
    .join('\n\n')
    .replace(/\n+$/, '\n');
}

const printStep = ({ text, remedy }: NextStep, index: number): string =>
  `${index + 1}. ${text}${remedy === null ? '' : ` (${PLACES[remedy]})`}`;

const doubtOf = (kind: FailureKind): string =>
  buildFailure({ kind, message: '', wasSent: true }).mayHaveHappened
    ? 'Once the request had left, `may_have_happened` is true.'
    : '`may_have_happened` is false.';

const retryOf = (kind: FailureKind): string =>
  (RETRYABLE_KINDS as readonly FailureKind[]).includes(kind) ? 'It can be retried.' : 'It is never retried.';
