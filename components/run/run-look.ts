import { assertNever } from '@/lib/result';
import type { ActionState, RunState } from '@/lib/run/reduce-run';
import { RUN_WORDS } from './event-sentence';
import type { Look } from './status-look';

/** The state of a run in words, and the look that its mark has. */
export function runLookOf(run: RunState): { readonly look: Look; readonly word: string } {
  switch (run.status) {
    case 'queued':
      return { look: 'queued', word: 'Starting' };
    case 'running':
      return { look: 'running', word: run.isCancelRequested ? 'Stopping' : 'Running' };
    case 'completed':
      return { look: 'completed', word: capitalise(RUN_WORDS.completed) };
    case 'completed_with_failures':
      return { look: 'recovered', word: capitalise(RUN_WORDS.completed_with_failures) };
    case 'timed_out':
      return { look: 'timed-out', word: capitalise(RUN_WORDS.timed_out) };
    case 'cancelled':
      return { look: 'cancelled', word: capitalise(RUN_WORDS.cancelled) };
    case 'failed':
    case 'interrupted':
      return { look: 'failed', word: capitalise(RUN_WORDS[run.status]) };
    default:
      return assertNever(run.status);
  }
}

export const isRunOver = (run: RunState): boolean => run.status !== 'queued' && run.status !== 'running';

/** How far a run has come, and where its outputs came from. */
export interface RunTally {
  readonly endedCount: number;
  readonly totalCount: number;
  /** What stands for real answers, as words: "2 pinned". Live outputs are not mentioned. */
  readonly provenances: readonly string[];
}

export function tallyRun(run: RunState): RunTally {
  let endedCount = 0;
  const countByProvenance = new Map<string, number>();
  for (const action of run.actionById.values()) {
    if (isEnded(action)) endedCount++;
    if (action.status !== 'completed' || action.provenance === 'live') continue;
    countByProvenance.set(action.provenance, (countByProvenance.get(action.provenance) ?? 0) + 1);
  }
  const provenances = [...countByProvenance].map(([provenance, count]) =>
    count === run.actions.length ? provenance : `${count} ${provenance}`,
  );
  return { endedCount, totalCount: run.actions.length, provenances };
}

const isEnded = ({ status }: ActionState): boolean =>
  status === 'completed' || status === 'failed' || status === 'skipped';

const capitalise = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
