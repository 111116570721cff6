import type { Edge, Node } from 'reactflow';
import { type Action, dependenciesOf } from '@/lib/chain/chain';
import type { ActionId } from '@/lib/chain/ids';
import type { CardLayout, Workbench } from '@/lib/chain/workbench';
import { positionsOf } from './card-positions';
import { ghostPlaces } from './ghost-places';

/** What the canvas needs to draw an action. Saved values only: no run status. */
export type ActionNode = Node<{ readonly action: Action }, 'action'>;
/** Stands for a dependency that names no action. */
export type GhostNode = Node<Record<string, never>, 'ghost'>;
export type CanvasNode = ActionNode | GhostNode;
export type ActionEdge = Edge<{ readonly from: ActionId; readonly to: ActionId }, 'action'>;

/** What React Flow measured or is dragging; it never reaches the workbench by itself. */
export interface Transient {
  readonly positions: ReadonlyMap<string, CardLayout>;
  readonly measured: ReadonlyMap<string, { readonly width: number; readonly height: number }>;
}
export const NOTHING_TRANSIENT: Transient = { positions: new Map(), measured: new Map() };

/** Edge ids are JSON, because action ids may hold any separator. */
export const edgeIdOf = (from: ActionId, to: ActionId): string => JSON.stringify([from, to]);

/** The id under which a card's full spoken name stands in the page; ids may hold spaces, which aria lists split at. */
export const cardNameId = (id: string): string => `card-${encodeURIComponent(id)}`;

/**
 * Gives React Flow's nodes for a workbench. A node whose card did not change is the very object of the last call, so React
 * Flow renders only what changed.
 */
export function createNodeBuilder(): (
  workbench: Workbench,
  selectedIds: ReadonlySet<ActionId>,
  transient: Transient,
) => CanvasNode[] {
  let known = new Map<string, CanvasNode>();
  return (workbench, selectedIds, transient) => {
    const positions = positionsOf(workbench);
    const next = new Map<string, CanvasNode>();
    const reuse = (node: CanvasNode, action: Action | null): void => {
      const old = known.get(node.id);
      const isSame =
        old !== undefined &&
        old.type === node.type &&
        old.position.x === node.position.x &&
        old.position.y === node.position.y &&
        old.selected === node.selected &&
        old.measured === node.measured &&
        (action === null || (old.type === 'action' && old.data.action === action));
      next.set(node.id, isSame ? old : node);
    };

    for (const [id, action] of workbench.chain.actions) {
      const measured = transient.measured.get(id);
      reuse(
        {
          id,
          type: 'action',
          position: transient.positions.get(id) ?? positions.get(id) ?? { x: 0, y: 0 },
          data: { action },
          selected: selectedIds.has(id),
          ariaRole: 'group',
          domAttributes: { 'aria-labelledby': cardNameId(id), 'aria-roledescription': 'action' },
          ...(measured === undefined ? {} : { measured }),
        },
        action,
      );
    }
    for (const [from, position] of ghostPlaces(workbench)) {
      const measured = transient.measured.get(from);
      reuse(
        {
          id: from,
          type: 'ghost',
          position,
          data: {},
          draggable: false,
          selectable: false,
          selected: false,
          ...(measured === undefined ? {} : { measured }),
        },
        null,
      );
    }
    known = next;
    return [...next.values()];
  };
}

/** React Flow's edges, in document order; unchanged ones are the objects of the last call. */
export function createEdgeBuilder(): (workbench: Workbench, selected: ReadonlySet<string>) => ActionEdge[] {
  let known = new Map<string, ActionEdge>();
  return (workbench, selected) => {
    const next = new Map<string, ActionEdge>();
    for (const [to, action] of workbench.chain.actions) {
      for (const from of dependenciesOf(action)) {
        const id = edgeIdOf(from, to);
        const isSelected = selected.has(id);
        const old = known.get(id);
        next.set(
          id,
          old !== undefined && old.selected === isSelected
            ? old
            : {
                id,
                type: 'action',
                source: from,
                target: to,
                data: { from, to },
                selected: isSelected,
                ariaLabel: `Edge from ${from} to ${to}`,
                interactionWidth: 24,
              },
        );
      }
    }
    known = next;
    return [...next.values()];
  };
}
