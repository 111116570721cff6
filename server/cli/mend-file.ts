import type { Chain } from '@/lib/chain/chain';
import type { ActionId } from '@/lib/chain/ids';
import { printChain } from '@/lib/chain/print-chain';
import type { Edit } from '@/lib/edit/edit';
import type { ImportedChain } from '@/lib/exchange/import-chain';
import { applySafeFixes } from '@/lib/problems/apply-fixes';
import type { Known } from '@/lib/problems/find-problems';
import type { Problem } from '@/lib/problems/problem';
import { withDependencies } from './mend-mapping';

/**
 * Whether `--fix` applies the problem's fix to a file of this kind. A mapping has no place for more than dependencies:
 * everything else in it stays as its author, and the runner that reads it, have it.
 */
export const isMendable = ({ fix }: Problem, kind: ImportedChain['kind']): boolean =>
  fix?.isSafe === true && (kind === 'chain' || touchesOnlyDependencies(fix.edit));

function touchesOnlyDependencies(edit: Edit): boolean {
  if (edit.type === 'batch') return edit.edits.every(touchesOnlyDependencies);
  return edit.type === 'connect' || edit.type === 'disconnect';
}

export interface MendedText {
  readonly text: string;
  /** What was mended; none leaves the text as it was. */
  readonly applied: readonly Problem[];
}

/**
 * The text of a file with every fix applied that keeps the chain's meaning. A chain document becomes canonical text; in a
 * mapping `depends_on` is written anew where it changed, and nothing else is touched.
 */
export function mendText(text: string, { kind, workbench }: ImportedChain, known: Known): MendedText {
  const fixed = applySafeFixes(workbench, known);
  const applied = fixed.applied.filter((problem) => isMendable(problem, kind));
  if (applied.length === 0) return { text, applied };
  const mended = fixed.workbench.chain;
  if (kind === 'chain') return { text: printChain(mended), applied };
  return { text: withDependencies(text, findChangedDependencies(workbench.chain, mended)), applied };
}

function findChangedDependencies(before: Chain, after: Chain): ReadonlyMap<ActionId, readonly ActionId[]> {
  const changed = new Map<ActionId, readonly ActionId[]>();
  for (const [id, { depends_on: now = [] }] of after.actions) {
    const old = before.actions.get(id)?.depends_on ?? [];
    if (now.length !== old.length || now.some((dependency, i) => dependency !== old[i])) changed.set(id, now);
  }
  return changed;
}
