import type { EdgeChange, NodeChange } from 'reactflow';
import type { ActionId } from '@/lib/chain/ids';
import type { CardLayout } from '@/lib/chain/workbench';
import type { ActionEdge, CanvasNode, Transient } from './canvas-nodes';

/** What a batch of React Flow's changes means for us. Removals are ours to decide, so they are not taken from it. */
export interface NodeChangesRead {
  readonly transient: Transient;
  /** Null when the selection stays as it is. */
  readonly selectedIds: ReadonlySet<ActionId> | null;
  /** Cards that a person has let go of. */
  readonly moved: ReadonlyMap<ActionId, CardLayout>;
}

export function readNodeChanges(
  changes: readonly NodeChange<CanvasNode>[],
  transient: Transient,
  selectedIds: ReadonlySet<ActionId>,
): NodeChangesRead {
  let positions: Map<string, CardLayout> | null = null;
  let measured: Map<string, { width: number; height: number }> | null = null;
  let selection: Set<ActionId> | null = null;
  const moved = new Map<ActionId, CardLayout>();
  for (const change of changes) {
    if (change.type === 'position' && change.position !== undefined) {
      positions ??= new Map(transient.positions);
      if (change.dragging === true) positions.set(change.id, change.position);
      else {
        positions.delete(change.id);
        moved.set(change.id as ActionId, change.position);
      }
    } else if (change.type === 'position' && change.dragging === false) {
      const last = transient.positions.get(change.id);
      if (last !== undefined) {
        positions ??= new Map(transient.positions);
        positions.delete(change.id);
        moved.set(change.id as ActionId, last);
      }
    } else if (change.type === 'dimensions' && change.dimensions !== undefined) {
      const old = transient.measured.get(change.id);
      const { width, height } = change.dimensions;
      if (old?.width === width && old.height === height) continue;
      measured ??= new Map(transient.measured);
      measured.set(change.id, { width, height });
    } else if (change.type === 'select') {
      selection ??= new Set(selectedIds);
      if (change.selected) selection.add(change.id as ActionId);
      else selection.delete(change.id as ActionId);
    }
  }
  const isSame = positions === null && measured === null;
  return {
    transient: isSame
      ? transient
      : { positions: positions ?? transient.positions, measured: measured ?? transient.measured },
    selectedIds: selection,
    moved,
  };
}

/** The edge ids selected after a batch, or null when nothing about selection changed. */
export function readEdgeChanges(
  changes: readonly EdgeChange<ActionEdge>[],
  selected: ReadonlySet<string>,
): ReadonlySet<string> | null {
  let next: Set<string> | null = null;
  for (const change of changes) {
    if (change.type !== 'select') continue;
    next ??= new Set(selected);
    if (change.selected) next.add(change.id);
    else next.delete(change.id);
  }
  return next;
}
