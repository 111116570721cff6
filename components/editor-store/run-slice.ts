import type { StateCreator } from 'zustand';
import type { ActionId, RunId } from '@/lib/chain/ids';
import type { RunEvent } from '@/lib/run/events';
import { type ActionState, emptyRun, type RunState, reduceRun } from '@/lib/run/reduce-run';
import type { EditorState } from './editor-store';

/** How the stream of the shown run stands; "lost" says nothing about the run, which goes on in the server. */
export type StreamStatus = 'closed' | 'connecting' | 'live' | 'lost';

/**
 * The run shown on the canvas. It never touches the chain document: a card's status is looked up here by action id, so
 * watching a run cannot dirty, save or undo anything.
 */
export interface RunSlice {
  readonly run: RunState | null;
  /** Every event of the shown run, in order: the Log and Trace tabs read them. */
  readonly runEvents: readonly RunEvent[];
  readonly streamStatus: StreamStatus;
  /** Nobody drives the run on show although its log has no end: it stands as interrupted until somebody resumes it. */
  readonly isRunAbandoned: boolean;
  /** A run was asked for and has not shown a sign of life yet. One intention starts one run. */
  readonly isStartingRun: boolean;
  /** Shows a run from its beginning; null leaves the run view. */
  readonly showRun: (runId: RunId | null, isAbandoned?: boolean) => void;
  /**
   * Folds a batch from the stream and tells subscribers once.
   *
   * @returns The `seq` after which the server must resend when the batch has a gap, else null. Events of any other run are
   *   ignored: they come from a stream that is being closed.
   */
  readonly receiveRunEvents: (events: readonly RunEvent[]) => number | null;
  readonly receiveStreamStatus: (status: StreamStatus) => void;
  readonly receiveStart: (isStarting: boolean) => void;
}

export const createRunSlice: StateCreator<EditorState, [], [], RunSlice> = (set, get) => ({
  run: null,
  runEvents: [],
  streamStatus: 'closed',
  isRunAbandoned: false,
  isStartingRun: false,

  showRun: (runId, isAbandoned = false) => {
    const { run, isRunAbandoned } = get();
    if (run !== null && run.runId === runId && isRunAbandoned === isAbandoned) return;
    set({
      run: runId === null ? null : emptyRun(runId),
      runEvents: [],
      streamStatus: 'closed',
      isRunAbandoned: isAbandoned,
    });
  },

  receiveRunEvents: (events) => {
    const shown = get().run;
    if (shown === null) return null;
    const own = events.filter((event) => event.runId === shown.runId && event.seq > shown.lastSeq);
    const first = own[0];
    if (first === undefined) return null;
    if (first.seq > shown.lastSeq + 1) return shown.lastSeq;
    set((state) => ({ run: reduceRun(shown, own), runEvents: [...state.runEvents, ...own], isStartingRun: false }));
    return null;
  },

  receiveStreamStatus: (streamStatus) => {
    if (get().streamStatus === streamStatus) return;
    // Without a connection the sign of life may never come; a person must be able to try again.
    set(streamStatus === 'lost' ? { streamStatus, isStartingRun: false } : { streamStatus });
  },

  receiveStart: (isStartingRun) => set({ isStartingRun }),
});

/** The state of one action in the shown run. A stored object, so `Object.is` decides rendering. */
export const selectActionState =
  (actionId: ActionId) =>
  (state: RunSlice): ActionState | undefined =>
    state.run?.actionById.get(actionId);

/** Whether a run goes on, so that another one must not be started beside it by the same hand. */
export const isRunActive = ({ run, isRunAbandoned }: RunSlice): boolean =>
  run !== null && run.lastSeq > 0 && run.finishedAtMs === null && !isRunAbandoned;
