import { FAILURE_WORDS } from '@/lib/failure/failure-words';
import { assertNever } from '@/lib/result';
import type { SkipReason } from '@/lib/run/events';
import type { ActionState, ActionStatus, RunState } from '@/lib/run/reduce-run';
import { toPrintable } from './printable';
import type { Progress } from './progress';

export interface LiveTableDeps {
  readonly write: (text: string) => void;
  /** Asked at each drawing: a terminal changes its size. */
  readonly size: () => { readonly columns: number; readonly rows: number };
  readonly nowMs: () => number;
  readonly hasColour: boolean;
}

const REDRAW_MS = 200;

/**
 * A table of the run on a terminal, drawn over itself: one line an action, the interesting ones first when they do not
 * all fit. What it leaves at the end is the run's last state.
 */
export function createLiveTable(deps: LiveTableDeps): Progress {
  let state: RunState | null = null;
  let drawnLines = 0;

  function draw(isLast: boolean): void {
    if (state === null) return;
    const { columns, rows } = deps.size();
    const lines = tableLines(state, {
      nowMs: deps.nowMs(),
      columns,
      rows: isLast ? Number.MAX_SAFE_INTEGER : rows,
      hasColour: deps.hasColour,
    });
    const up = drawnLines === 0 ? '' : `\u001b[${drawnLines}A`;
    deps.write(`${up}\r\u001b[J${lines.join('\n')}\n`);
    drawnLines = lines.length;
  }

  // Only the time of running calls moves by itself; a process that is done must not wait for it.
  const timer = setInterval(() => draw(false), REDRAW_MS);
  timer.unref();

  return {
    show: (_, next) => {
      state = next;
      draw(false);
    },
    end: () => {
      clearInterval(timer);
      draw(true);
    },
  };
}

interface TableLook {
  readonly nowMs: number;
  readonly columns: number;
  /** Lines of the terminal; the table stays below it. */
  readonly rows: number;
  readonly hasColour: boolean;
}

/** The table as lines, none wider than the terminal: a wrapped line would spoil the next drawing. */
export function tableLines(state: RunState, look: TableLook): readonly string[] {
  const actions = state.actions.map(({ actionId }) => ({ actionId, action: state.actionById.get(actionId) }));
  const room = Math.max(1, look.rows - 3);
  const shown =
    actions.length <= room
      ? actions
      : actions
          .map((entry, position) => ({ ...entry, position }))
          .sort((a, b) => rankOf(a.action) - rankOf(b.action) || a.position - b.position)
          .slice(0, room)
          .sort((a, b) => a.position - b.position);
  const idWidth = Math.min(40, Math.max(0, ...shown.map(({ actionId }) => [...toPrintable(actionId)].length)));

  const lines = shown.map(({ actionId, action }) => {
    const status = action?.status ?? 'idle';
    const id = shorten(toPrintable(actionId), idWidth).padEnd(idWidth);
    const text = `${MARKS[status]} ${id}  ${status.padEnd(9)}  ${describeAction(action, look.nowMs)}`;
    return colour(shorten(text.trimEnd(), look.columns - 1), COLOURS[status], look.hasColour);
  });
  if (shown.length < actions.length) lines.push(`  … and ${actions.length - shown.length} more`);
  lines.push(shorten(summaryOf(state), look.columns - 1));
  return lines;
}

const MARKS: Record<ActionStatus, string> = {
  idle: '·',
  queued: '·',
  running: '▸',
  waiting: '↻',
  completed: '✓',
  failed: '✗',
  skipped: '–',
};

/** ANSI foreground colours; null is the terminal's own. */
const COLOURS: Record<ActionStatus, number | null> = {
  idle: 90,
  queued: 90,
  running: 36,
  waiting: 33,
  completed: 32,
  failed: 31,
  skipped: 90,
};

const RANK: Record<ActionStatus, number> = {
  failed: 0,
  running: 1,
  waiting: 2,
  queued: 3,
  completed: 4,
  skipped: 5,
  idle: 6,
};
const rankOf = (action: ActionState | undefined): number => RANK[action?.status ?? 'idle'];

function describeAction(action: ActionState | undefined, nowMs: number): string {
  switch (action?.status) {
    case undefined:
    case 'idle':
    case 'queued':
      return '';
    case 'running':
      return `${seconds(nowMs - action.sinceMs)}${action.attempt > 1 ? `  attempt ${action.attempt}` : ''}`;
    case 'waiting': {
      const words = FAILURE_WORDS[action.failure.kind].label.toLowerCase();
      return `attempt ${action.attempt} ${words}; again in ${seconds(action.retryAtMs - nowMs)}`;
    }
    case 'completed': {
      const origin = action.replaced === null ? action.provenance : `fallback for ${action.replaced.kind}`;
      return `${seconds(action.latencyMs)}${action.attempt > 1 ? `  attempt ${action.attempt}` : ''}  ${origin}`;
    }
    case 'failed':
      return `${action.failure.kind}: ${toPrintable(action.failure.message)}`;
    case 'skipped':
      return describeSkip(action.because);
    default:
      return assertNever(action);
  }
}

function describeSkip(because: SkipReason): string {
  switch (because.type) {
    case 'condition':
      return 'its condition is false';
    case 'disabled':
      return 'disabled';
    case 'cancelled':
      return 'the run was cancelled';
    case 'deadline':
      return 'the deadline had passed';
    case 'interrupted':
      return 'the run was interrupted';
    case 'upstream':
      return `needs ${toPrintable(because.by)}`;
    case 'halted':
      return `halted by ${toPrintable(because.by)}`;
    default:
      return assertNever(because);
  }
}

function summaryOf(state: RunState): string {
  const counts = new Map<ActionStatus, number>();
  for (const { status } of state.actionById.values()) counts.set(status, (counts.get(status) ?? 0) + 1);
  const parts = [...counts].map(([status, count]) => `${count} ${status}`);
  const origin = state.connection?.purpose === 'simulator' ? ' · simulated' : '';
  return `${state.status.replaceAll('_', ' ')} · ${parts.join(', ')}${origin}`;
}

const seconds = (ms: number): string => `${(Math.max(0, ms) / 1000).toFixed(2)} s`;

function shorten(text: string, width: number): string {
  const units = [...text];
  return units.length <= width ? text : `${units.slice(0, Math.max(0, width - 1)).join('')}…`;
}

const colour = (text: string, code: number | null, hasColour: boolean): string =>
  code === null || !hasColour ? text : `\u001b[${code}m${text}\u001b[0m`;
