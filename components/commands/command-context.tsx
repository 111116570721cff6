'use client';

import { createContext, type ReactNode, useContext } from 'react';
import type { DragFrom } from '@/components/canvas/connect-state';
import type { EdgeRef } from '@/components/editor-store/selection-slice';
import type { ActionId } from '@/lib/chain/ids';
import type { CardLayout } from '@/lib/chain/workbench';
import type { Edit } from '@/lib/edit/edit';

/** Where a new action goes, and what it is connected to at once. */
export interface AddWish {
  readonly at?: CardLayout;
  readonly connectTo?: { readonly actionId: ActionId; readonly end: DragFrom };
}

/** What a person can do, by whatever means: mouse, key, menu and palette all end here. */
export interface Commands {
  /** Applies an edit; a refusal is told to the person. True when it was applied. */
  readonly edit: (edit: Edit, burst?: string) => boolean;
  readonly undo: () => void;
  readonly redo: () => void;
  readonly addDefinition: (definitionId: string, at?: CardLayout, connectTo?: AddWish['connectTo']) => void;
  readonly moveCards: (positions: ReadonlyMap<ActionId, CardLayout>) => void;
  readonly nudge: (dx: number, dy: number) => void;
  readonly connect: (from: ActionId, to: ActionId) => void;
  readonly connectAfterCut: (from: ActionId, to: ActionId, cut: EdgeRef) => void;
  readonly disconnect: (edges: readonly EdgeRef[]) => void;
  readonly deleteActions: (ids: readonly ActionId[], healEdges?: boolean) => void;
  /** Deletes what is selected: edges and actions. */
  readonly deleteSelection: (healEdges: boolean) => void;
  readonly duplicate: (ids: readonly ActionId[]) => void;
  readonly copy: () => void;
  readonly cut: () => void;
  readonly paste: () => void;
  readonly selectAll: () => void;
  /** Selects the neighbour along an edge, or beside the card. */
  readonly walk: (direction: 'left' | 'right' | 'up' | 'down') => void;
  readonly toggleDisabled: () => void;
  readonly tidyUp: () => void;
  readonly fitView: () => void;
  readonly zoomToActual: () => void;
  readonly showAction: (id: ActionId) => void;
  /** Puts the keyboard on a card, without moving the view. */
  readonly focusCard: (id: ActionId) => void;
  readonly openInspectorOf: (id: ActionId) => void;
  readonly openAdd: (wish: AddWish) => void;
  readonly openConnect: (id: ActionId) => void;
  readonly openRename: (id: ActionId) => void;
  readonly openPalette: () => void;
  readonly openShortcuts: () => void;
  readonly openExport: () => void;
  readonly openImport: () => void;
  /** Which definitions of the chosen connection stand for the ids of the chain. */
  readonly openConnectionMap: () => void;
  readonly nextProblem: () => void;
  readonly run: () => void;
  readonly runUpTo: (id: ActionId) => void;
  readonly stop: () => void;
}

const CommandContext = createContext<Commands | null>(null);

export function CommandProvider({ commands, children }: { readonly commands: Commands; readonly children: ReactNode }) {
  return <CommandContext.Provider value={commands}>{children}</CommandContext.Provider>;
}

export function useCommands(): Commands {
  const commands = useContext(CommandContext);
  if (commands === null) throw new Error('No commands above this component');
  return commands;
}
