import type { StateCreator } from 'zustand';
import { type Chain, dependenciesOf } from '@/lib/chain/chain';
import type { ActionId } from '@/lib/chain/ids';
import type { EditorState } from './editor-store';

export type InspectorTab = 'inputs' | 'policy' | 'last-run' | 'relations' | 'notes';
export type DockTab = 'run' | 'problems' | 'log' | 'trace' | 'values';

/** An edge by its ends. */
export interface EdgeRef {
  readonly from: ActionId;
  readonly to: ActionId;
}

/** The field that should have the keyboard: a JSON pointer below its action, such as `/inputs/customer_id`. */
export interface FieldRef {
  readonly actionId: ActionId;
  readonly pointer: string;
  /** Counts requests, so that asking for the same field twice focuses it twice. */
  readonly request: number;
}

/** What a person has picked out and which panels stand open. Never saved with the chain, never undone. */
export interface SelectionSlice {
  readonly selectedIds: ReadonlySet<ActionId>;
  readonly selectedEdges: readonly EdgeRef[];
  readonly focusedField: FieldRef | null;
  readonly inspectorTab: InspectorTab;
  readonly isInspectorOpen: boolean;
  /** A person closed the inspector: selecting an action leaves it closed until it is asked for again. */
  readonly isInspectorUnwanted: boolean;
  readonly isPaletteOpen: boolean;
  /** Null while the dock is folded. */
  readonly dockTab: DockTab | null;
  readonly selectActions: (ids: Iterable<ActionId>) => void;
  readonly selectEdges: (edges: readonly EdgeRef[]) => void;
  /** Selects the action, opens the inspector there and puts the keyboard into the field. */
  readonly focusField: (actionId: ActionId, pointer: string) => void;
  readonly openInspector: (tab: InspectorTab | null) => void;
  readonly openDock: (tab: DockTab | null) => void;
  readonly togglePalette: () => void;
}

/** @param hasRoomForInspector a wide screen shows the inspector from the start, a narrow one with the first selected action. */
export const createSelectionSlice =
  (hasRoomForInspector: boolean): StateCreator<EditorState, [], [], SelectionSlice> =>
  (set, get) => ({
    selectedIds: new Set(),
    selectedEdges: [],
    focusedField: null,
    inspectorTab: 'inputs',
    isInspectorOpen: hasRoomForInspector,
    isInspectorUnwanted: false,
    isPaletteOpen: true,
    dockTab: null,

    selectActions: (ids) => {
      const next = new Set(ids);
      const current = get().selectedIds;
      if (next.size === current.size && [...next].every((id) => current.has(id))) return;
      const { isInspectorOpen, isInspectorUnwanted } = get();
      set({ selectedIds: next, isInspectorOpen: isInspectorOpen || (next.size === 1 && !isInspectorUnwanted) });
    },
    selectEdges: (selectedEdges) => {
      if (selectedEdges.length > 0 || get().selectedEdges.length > 0) set({ selectedEdges });
    },
    focusField: (actionId, pointer) =>
      set((state) => ({
        selectedIds: new Set([actionId]),
        isInspectorOpen: true,
        inspectorTab: pointer.startsWith('/inputs') || pointer === '' ? 'inputs' : tabOfPointer(pointer),
        focusedField: { actionId, pointer, request: (state.focusedField?.request ?? 0) + 1 },
      })),
    openInspector: (tab) =>
      set((state) => ({ isInspectorOpen: tab !== null, inspectorTab: tab ?? state.inspectorTab })),
    openDock: (dockTab) => set({ dockTab }),
    togglePalette: () => set((state) => ({ isPaletteOpen: !state.isPaletteOpen })),
  });

/** What of a selection a chain no longer has is left out; nothing when it has all of it. */
export function selectionWithin(
  { actions }: Chain,
  { selectedIds, selectedEdges }: SelectionSlice,
): Partial<Pick<SelectionSlice, 'selectedIds' | 'selectedEdges'>> {
  const ids = [...selectedIds].filter((id) => actions.has(id));
  const edges = selectedEdges.filter(({ from, to }) => {
    const reader = actions.get(to);
    return reader !== undefined && dependenciesOf(reader).includes(from);
  });
  return {
    ...(ids.length === selectedIds.size ? {} : { selectedIds: new Set(ids) }),
    ...(edges.length === selectedEdges.length ? {} : { selectedEdges: edges }),
  };
}

function tabOfPointer(pointer: string): InspectorTab {
  if (pointer.startsWith('/depends_on')) return 'relations';
  if (pointer.startsWith('/notes') || pointer.startsWith('/label')) return 'notes';
  return pointer.startsWith('/definition_id') ? 'inputs' : 'policy';
}
