import { createStore, type StoreApi } from 'zustand';
import type { Workbench } from '@/lib/chain/workbench';
import { createRunSlice, type RunSlice } from './run-slice';
import { createSelectionSlice, type SelectionSlice } from './selection-slice';
import { createWorkbenchSlice, type WorkbenchSlice } from './workbench-slice';

export type EditorState = WorkbenchSlice & RunSlice & SelectionSlice;
export type EditorStore = StoreApi<EditorState>;

/** One store per open chain: document, run on show and selection, each in a slice of its own. */
export const createEditorStore = (initial: Workbench, nowMs: () => number, hasRoomForInspector = true): EditorStore =>
  createStore<EditorState>()((...set) => ({
    ...createWorkbenchSlice(initial, nowMs)(...set),
    ...createRunSlice(...set),
    ...createSelectionSlice(hasRoomForInspector)(...set),
  }));
