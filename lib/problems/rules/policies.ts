import { type Action, effectivePolicy, type RetryOverrides } from '@/lib/chain/chain';
import type { ActionId } from '@/lib/chain/ids';
import { type FailureKind, RETRYABLE_KINDS } from '@/lib/failure/action-failure';
import type { Numeral } from '@/lib/json/value';
import { type Draft, definitionOf, forEachAction, type Rule, type Subject } from '../draft';
import type { ProblemFix } from '../problem';

/** What happens to an action that fails or takes long: settings that contradict one another or may do a thing twice. */
export const findPolicyProblems: Rule = (subject) => [...settingsProblems(subject), ...actionProblems(subject)];

const actionProblems = forEachAction((subject, id, action) => [
  ...fallbackConflicts(id, action),
  ...retryConflicts(id, action),
  ...unsafeRetries(subject, id, action),
  ...longTimeouts(subject, id, action),
]);

function settingsProblems({ chain: { settings }, known: { secretNames } }: Subject): readonly Draft[] {
  if (settings === undefined) return [];
  const { retry, timeout_sec, deadline_sec, webhook } = settings;
  const patch = (keys: Partial<typeof settings>): ProblemFix['edit'] => ({
    type: 'patch-chain',
    patch: { settings: { ...settings, ...keys } },
  });
  const drafts: Draft[] = [];
  const never = kindsNeverRetried(retry);
  if (retry !== undefined && never.length > 0) {
    drafts.push({
      code: 'policy_conflict',
      at: ['settings', 'retry', 'on'],
      message: `The retries of this chain name ${never.join(', ')}: ${NEVER_RETRIED}`,
      fix: { label: `Take ${never.join(', ')} out`, edit: patch({ retry: withoutNeverRetried(retry) }), isSafe: false },
    });
  }
  if (isNeverReached(timeout_sec, deadline_sec)) {
    drafts.push({
      code: 'timeout_never_reached',
      at: ['settings', 'timeout_sec'],
      message: `A call may take ${timeout_sec!.text} s, and the whole run ends after ${deadline_sec!.text} s.`,
      fix: toDeadline(deadline_sec!, patch({ timeout_sec: deadline_sec! })),
    });
  }
  const name = webhook?.secret_ref;
  if (name !== undefined && secretNames !== null && !secretNames.has(name)) {
    drafts.push({
      code: 'secret_unresolved',
      at: ['settings', 'webhook', 'secret_ref'],
      message: `No secret is called ${name}: CHAINWRIGHT_SECRET_${name} is not set, and nothing of that name is stored. The webhook cannot be signed.`,
    });
  }
  return drafts;
}

const NEVER_RETRIED = 'what failed so never goes better when it is tried again, or is over.';

const kindsNeverRetried = (retry: RetryOverrides | undefined): readonly FailureKind[] =>
  (retry?.on ?? []).filter((kind) => !isRetryable(kind));

const isRetryable = (kind: FailureKind): boolean => (RETRYABLE_KINDS as readonly FailureKind[]).includes(kind);

/** An empty list stays: without `on`, the retries of the chain would come back. */
const withoutNeverRetried = (retry: RetryOverrides): RetryOverrides => ({
  ...retry,
  on: (retry.on ?? []).filter(isRetryable),
});

function retryConflicts(id: ActionId, { retry }: Action): readonly Draft[] {
  const never = kindsNeverRetried(retry);
  if (retry === undefined || never.length === 0) return [];
  return [
    {
      code: 'policy_conflict',
      action: id,
      at: ['actions', id, 'retry', 'on'],
      message: `The retries of ${id} name ${never.join(', ')}: ${NEVER_RETRIED}`,
      fix: {
        label: `Take ${never.join(', ')} out`,
        edit: { type: 'patch-action', id, patch: { retry: withoutNeverRetried(retry) } },
        isSafe: false,
      },
    },
  ];
}

const isNeverReached = (timeout: Numeral | undefined, deadline: Numeral | null | undefined): boolean =>
  timeout !== undefined && deadline != null && timeout.toNumber() > deadline.toNumber();

/** The run ends at the deadline either way. */
const toDeadline = (deadline: Numeral, edit: ProblemFix['edit']): ProblemFix => ({
  label: `Set timeout_sec to ${deadline.text}`,
  edit,
  isSafe: true,
});

/** Only what is written: a default that is longer than a short deadline is nobody's mistake. */
function longTimeouts({ chain }: Subject, id: ActionId, { timeout_sec }: Action): readonly Draft[] {
  const deadline = chain.settings?.deadline_sec;
  if (!isNeverReached(timeout_sec, deadline)) return [];
  return [
    {
      code: 'timeout_never_reached',
      action: id,
      at: ['actions', id, 'timeout_sec'],
      message: `A call of ${id} may take ${timeout_sec!.text} s, and the whole run ends after ${deadline!.text} s.`,
      fix: toDeadline(deadline!, { type: 'patch-action', id, patch: { timeout_sec: deadline! } }),
    },
  ];
}

function fallbackConflicts(id: ActionId, action: Action): readonly Draft[] {
  if (action.fallback !== undefined && action.on_failure !== 'fallback') {
    return [
      {
        code: 'policy_conflict',
        action: id,
        at: ['actions', id, 'fallback'],
        message: `${id} has a fallback that is never used: its on_failure is ${action.on_failure ?? 'not set'}, not fallback.`,
        fix: {
          label: 'Use the fallback when the action fails',
          edit: { type: 'patch-action', id, patch: { on_failure: 'fallback' } },
          isSafe: false,
        },
      },
    ];
  }
  if (action.on_failure === 'fallback' && action.fallback === undefined) {
    return [
      {
        code: 'policy_conflict',
        action: id,
        at: ['actions', id, 'on_failure'],
        message: `${id} is to use its fallback when it fails, and has none.`,
        fix: {
          label: 'Take on_failure out',
          edit: { type: 'patch-action', id, patch: { on_failure: undefined } },
          isSafe: false,
        },
      },
    ];
  }
  return [];
}

const isDoubtful = (kind: FailureKind): boolean => kind !== 'rate_limited' && isRetryable(kind);

/** A write whose first attempt may have had its effect although it failed. `rate_limited` says that it had none. */
function unsafeRetries({ settings, known }: Subject, id: ActionId, action: Action): readonly Draft[] {
  // Nearly every chain retries after `rate_limited` alone: that is seen at once.
  const doubtful = (action.retry?.on ?? settings.retry.on).filter(isDoubtful);
  if (doubtful.length === 0) return [];
  const { retry, effect } = effectivePolicy(settings, action);
  if (effect !== 'write' || retry.maxAttempts < 2) return [];
  const kinds = doubtful.join(', ');
  const told = definitionOf(known, action)?.effect ?? null;
  return [
    {
      code: 'retry_unsafe',
      action: id,
      at: action.retry?.on === undefined ? ['settings', 'retry', 'on'] : ['actions', id, 'retry', 'on'],
      message: `${id} writes and is tried again after ${kinds}: a call that failed so may have taken effect already.`,
      ...(told === null || told === 'write'
        ? {}
        : {
            fix: {
              label: `Set effect to ${told}, as its definition says`,
              edit: { type: 'patch-action', id, patch: { effect: told } },
              isSafe: false,
            },
          }),
    },
  ];
}
