import type { ActionId } from '@/lib/chain/ids';
import { passingEdgesOf } from '@/lib/edit/passing-edges';
import { isAncestor } from '@/lib/graph/reach';
import { type Draft, printField, type Subject } from '../draft';
import { placeOf, type Read, rangeOf } from './read';

/**
 * A read without a guard of an action that may have no output when its reader runs: it may be skipped, or fail without
 * ending the run, and the reader is not skipped with it. One at most.
 */
export function checkPresence(read: Read, source: ActionId): readonly Draft[] {
  const { subject, id, path, reference } = read;
  if (reference.isGuarded) return [];
  const passing = passingEdgesOf(subject.chain);
  if (passing === subject.graph || isAncestor(passing, source, id)) return [];
  const why = whyAbsent(subject, source) ?? whySkipped(subject, source, id);
  if (why === undefined) return [];
  return [
    {
      code: 'possibly_undefined',
      ...placeOf(read),
      ...rangeOf(read, 0),
      message: `${id}, ${printField(path)}: ${source} may have no output here: ${why}, and ${id} runs all the same. Guard the read, as in {{ … if ${source} is defined else '' }}.`,
      related: [source],
    },
  ];
}

/** Why an action may have no output of itself. A failure that ends the run has no reader, and a fallback is an output. */
function whyAbsent({ chain, settings }: Subject, id: ActionId): string | undefined {
  const action = chain.actions.get(id);
  if (action === undefined) return undefined;
  if (action.disabled === true) return 'it is disabled';
  if (action.when !== undefined) return 'it is skipped when its condition is false';
  return (action.on_failure ?? settings.onFailure) === 'continue' ? 'it may fail without ending the run' : undefined;
}

/** Another action that has it skipped, and not the reader as well. */
function whySkipped(subject: Subject, id: ActionId, reader: ActionId): string | undefined {
  const passing = passingEdgesOf(subject.chain);
  const cause = causesOf(subject, id).find((each) => !isAncestor(passing, each, reader));
  return cause === undefined ? undefined : `it is skipped unless ${cause} completes`;
}

const causesBySubject = new WeakMap<Subject, Map<ActionId, readonly ActionId[]>>();

function causesOf(subject: Subject, id: ActionId): readonly ActionId[] {
  const causesById = causesBySubject.get(subject) ?? new Map<ActionId, readonly ActionId[]>();
  causesBySubject.set(subject, causesById);
  const passing = passingEdgesOf(subject.chain);
  const causes =
    causesById.get(id) ??
    subject.graph.actionIds.filter((each) => whyAbsent(subject, each) !== undefined && isAncestor(passing, each, id));
  causesById.set(id, causes);
  return causes;
}
