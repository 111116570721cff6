import { faultsOf, fieldsReadBy } from '@/lib/edit/action-references';
import type { Draft, Rule, Subject } from '../draft';

/**
 * Actions that only read, and whose output no template reads. The last action of a chain that fetches something is among
 * them: its output stands in the result of the run, and whether that is what the chain is for, only a person knows.
 */
export const findUnusedOutputs: Rule = (subject) => {
  const isRead = readNamesOf(subject);
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

function readNamesOf({ chain }: Subject): (id: string) => boolean {
  const names = new Set<string>();
  const unreadable: string[] = [];
  for (const action of chain.actions.values()) {
    for (const name of fieldsReadBy(action).keys()) names.add(name);
    for (const { text } of faultsOf(action)) unreadable.push(text);
  }
  // What a template with a slip in it reads is not known; it probably reads the names that it holds.
  const all = unreadable.join('\n');
  return (id) => names.has(id) || all.includes(id);
}
