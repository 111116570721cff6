import { type Action, effectivePolicy } from '@/lib/chain/chain';
import type { ActionId } from '@/lib/chain/ids';
import { type Draft, forEachAction, type Rule, type Subject } from '../draft';

/** What happens to an action that fails: settings that contradict one another or may do a thing twice. */
export const findPolicyProblems: Rule = forEachAction((subject, id, action) => [
  ...fallbackConflicts(id, action),
  ...unsafeRetries(subject, id, action),
]);

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

/** A write whose first attempt may have had its effect although it failed. `rate_limited` says that it had none. */
function unsafeRetries({ settings, known }: Subject, id: ActionId, action: Action): readonly Draft[] {
  const { retry, effect } = effectivePolicy(settings, action);
  const doubtful = retry.on.filter((kind) => kind !== 'rate_limited');
  if (effect !== 'write' || retry.maxAttempts < 2 || doubtful.length === 0) return [];
  const kinds = doubtful.join(', ');
  const told = known.definitions?.get(action.definition_id)?.effect ?? null;
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
