import type { Edit } from '@/lib/edit/edit';
import type { ImportedChain } from '@/lib/exchange/import-chain';
import type { Problem } from '@/lib/problems/problem';

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
