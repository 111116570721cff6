import type { Workbench } from '@/lib/chain/workbench';
import { diffWorkbench, isEmptyDiff, type WorkbenchDiff } from '@/lib/chain/workbench-diff';
import { assertNever, ok, type Result } from '@/lib/result';
import { addAction, deleteActions, patchAction, setInput } from './action-edits';
import {
  allowLiteral,
  applySidecar,
  chooseConnection,
  chooseSampleInput,
  moveCards,
  patchChain,
  setPin,
  setSampleInput,
} from './bench-edits';
import { connect, connectAll, disconnect } from './edge-edits';
import type { Edit, EditRefusal } from './edit';
import type { Edited } from './refusals';
import { renameAction } from './rename-action';

/**
 * Applies one edit: the only way a workbench changes.
 *
 * The new workbench shares whatever the edit does not touch, so unchanged actions stay the same objects. An edit that
 * changes nothing gives the very workbench it was given, and an empty diff. Inverting the diff takes it back, byte for
 * byte. No edit closes a cycle, and none makes a document that import would reject.
 *
 * @returns Why not, as a sentence that names the actions. A batch is refused whole.
 */
export function applyEdit(
  workbench: Workbench,
  edit: Edit,
): Result<{ readonly workbench: Workbench; readonly diff: WorkbenchDiff }, EditRefusal> {
  const edited = perform(workbench, edit);
  if (!edited.ok) return edited;
  const diff = diffWorkbench(workbench, edited.value);
  return ok({ workbench: isEmptyDiff(diff) ? workbench : edited.value, diff });
}

function perform(workbench: Workbench, edit: Edit): Edited {
  switch (edit.type) {
    case 'add-action':
      return addAction(workbench, edit);
    case 'delete-actions':
      return deleteActions(workbench, edit);
    case 'move-cards':
      return moveCards(workbench, edit.positions);
    case 'connect':
      return connect(workbench, edit);
    case 'disconnect':
      return disconnect(workbench, edit);
    case 'set-input':
      return setInput(workbench, edit);
    case 'patch-action':
      return patchAction(workbench, edit);
    case 'rename-action':
      return renameAction(workbench, edit);
    case 'patch-chain':
      return patchChain(workbench, edit.patch);
    case 'set-sample-input':
      return setSampleInput(workbench, edit);
    case 'choose-sample-input':
      return chooseSampleInput(workbench, edit);
    case 'choose-connection':
      return chooseConnection(workbench, edit);
    case 'set-pin':
      return setPin(workbench, edit);
    case 'allow-literal':
      return allowLiteral(workbench, edit);
    case 'apply-sidecar':
      return applySidecar(workbench, edit);
    case 'batch':
      return performAll(workbench, edit.edits);
    default:
      return assertNever(edit);
  }
}

function performAll(workbench: Workbench, edits: readonly Edit[]): Edited {
  // The edges that templates imply come hundreds at a time; one by one, each would build the graph of the whole chain.
  if (edits.length > 1 && edits.every((edit) => edit.type === 'connect')) return connectAll(workbench, edits);
  let current = workbench;
  for (const edit of edits) {
    const edited = perform(current, edit);
    if (!edited.ok) return edited;
    current = edited.value;
  }
  return ok(current);
}
