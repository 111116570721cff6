import { readsAnywhere } from '@/lib/edit/action-references';
import type { Draft, Rule } from '../draft';

/**
 * Actions that only read, and whose output no template reads. The last action of a chain that fetches something is among
 * them: its output stands in the result of the run, and whether that is what the chain is for, only a person knows.
 */
export const findUnusedOutputs: Rule = (subject) => {
  const isRead = readsAnywhere(subject.chain);
  return [...subject.chain.actions].flatMap(([id, action]): readonly Draft[] => {
    if (action.effect !== 'read' || action.disabled === true || isRead(id)) return [];
    return [
      {
        code: 'unused_output',
        action: id,
        at: ['actions', id],
        message: `${id} only reads, and no template reads its output.`,
      },
    ];
  });
};
