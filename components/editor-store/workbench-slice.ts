import type { StateCreator } from 'zustand';
import { settlePlaces } from '@/components/canvas/settle-places';
import type { Workbench } from '@/lib/chain/workbench';
import {
  applyDiff,
  diffWorkbench,
  invertDiff,
  isEmptyDiff,
  squashDiffs,
  type WorkbenchDiff,
} from '@/lib/chain/workbench-diff';
import { applyEdit } from '@/lib/edit/apply-edit';
import type { Edit, EditRefusal } from '@/lib/edit/edit';
import { ok, type Result } from '@/lib/result';
import type { EditorState } from './editor-store';
import { selectionWithin } from './selection-slice';

/** One step of undo: the diff that was applied, and what may still flow into it. */
interface HistoryStep {
  readonly diff: WorkbenchDiff;
  readonly burst: string | null;
  readonly atMs: number;
}

/** Edits of one burst that follow each other faster than this are one step of undo. */
const BURST_PAUSE_MS = 1000;
const HISTORY_STEPS_MAX = 200;

/** The workbench of the open chain. Every change passes `apply-edit`; undo and redo apply its diffs. */
export interface WorkbenchSlice {
  readonly workbench: Workbench;
  readonly undoSteps: readonly HistoryStep[];
  readonly redoSteps: readonly HistoryStep[];
  /**
   * Applies an edit as one step of undo.
   *
   * @param burst edits with the same word in quick succession (typing in one field, dragging one card) share a step.
   */
  readonly edit: (edit: Edit, burst?: string) => Result<null, EditRefusal>;
  readonly undo: () => void;
  readonly redo: () => void;
  /** Puts another workbench in its place, as after a conflict or an import; a step of undo like any other. */
  readonly adoptWorkbench: (workbench: Workbench, diff: WorkbenchDiff) => void;
}

export const createWorkbenchSlice =
  (initial: Workbench, nowMs: () => number): StateCreator<EditorState, [], [], WorkbenchSlice> =>
  (set, get) => {
    /** What is no longer there is no longer selected: the inspector shows what the canvas does. */
    const show = (workbench: Workbench): Partial<EditorState> => ({
      workbench,
      ...selectionWithin(workbench.chain, get()),
    });
    const record = (wanted: Workbench, wantedDiff: WorkbenchDiff, burst: string | null): void => {
      if (isEmptyDiff(wantedDiff)) return;
      // A sidecar or another page's chain may say nothing of cards that are shown: those stay where they are.
      const workbench = settlePlaces(wanted, get().workbench);
      const diff = workbench === wanted ? wantedDiff : diffWorkbench(get().workbench, workbench);
      if (isEmptyDiff(diff)) return;
      const { undoSteps } = get();
      const last = undoSteps.at(-1);
      const atMs = nowMs();
      const isSameBurst = burst !== null && last?.burst === burst && atMs - last.atMs < BURST_PAUSE_MS;
      const earlier = isSameBurst ? undoSteps.slice(0, -1) : undoSteps.slice(-(HISTORY_STEPS_MAX - 1));
      const step = { diff: isSameBurst ? squashDiffs(last.diff, diff) : diff, burst, atMs };
      set({ ...show(workbench), undoSteps: [...earlier, step], redoSteps: [] });
    };

    return {
      workbench: initial,
      undoSteps: [],
      redoSteps: [],

      edit: (edit, burst) => {
        const applied = applyEdit(get().workbench, edit);
        if (!applied.ok) return applied;
        record(applied.value.workbench, applied.value.diff, burst ?? null);
        return ok(null);
      },

      adoptWorkbench: (workbench, diff) => record(workbench, diff, null),

      undo: () => {
        const { undoSteps, redoSteps, workbench } = get();
        const step = undoSteps.at(-1);
        if (step === undefined) return;
        set({
          ...show(applyDiff(workbench, invertDiff(step.diff))),
          undoSteps: undoSteps.slice(0, -1),
          redoSteps: [...redoSteps, { ...step, burst: null }],
        });
      },

      redo: () => {
        const { undoSteps, redoSteps, workbench } = get();
        const step = redoSteps.at(-1);
        if (step === undefined) return;
        set({
          ...show(applyDiff(workbench, step.diff)),
          undoSteps: [...undoSteps, step],
          redoSteps: redoSteps.slice(0, -1),
        });
      },
    };
  };
