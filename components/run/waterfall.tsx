'use client';

import { type KeyboardEvent, memo, useCallback, useEffect, useId, useMemo, useRef, useState } from 'react';
import type { EditorState } from '@/components/editor-store/editor-store';
import { useEditor, useEditorStore } from '@/components/editor-store/editor-store-provider';
import { StatusMark } from '@/components/ui/status-mark';
import type { ActionId } from '@/lib/chain/ids';
import { buildTimeline, type TimelineBar, type TimelineRow } from '@/lib/insight/timeline';
import type { ActionState } from '@/lib/run/reduce-run';
import { formatDuration, type Look, lookOf } from './status-look';
import { useNow, useSampled } from './use-sampled';
import { axisTicks, barPlace, rowsInSight } from './waterfall-scale';

const ROW_HEIGHT = 28;
/** Name, time axis, duration; the header and every row share them. */
const COLUMNS = 'grid grid-cols-[minmax(136px,30%)_minmax(0,1fr)_64px] gap-2 px-3';

const selectEvents = (state: EditorState) => state.runEvents;
const selectRun = (state: EditorState) => state.run;

/** The run as rows of bars over time. The selected row is the selected action of the canvas. */
export function Waterfall() {
  const store = useEditorStore();
  const events = useSampled(selectEvents);
  const run = useSampled(selectRun);
  const selectedIds = useEditor((state) => state.selectedIds);
  const isTicking = run?.status === 'running';
  const nowMs = useNow(isTicking);
  const { rows, totalMs } = useMemo(() => buildTimeline(events, nowMs), [events, nowMs]);
  const listId = useId();
  const list = useRef<HTMLDivElement>(null);
  const view = useScrollView(list);

  const ticks = axisTicks(totalMs, 5);
  const [first, end] = rowsInSight(view, ROW_HEIGHT, rows.length);
  const current = rows.findIndex((row) => selectedIds.has(row.actionId));
  const optionId = (index: number): string => `${listId}-${index}`;

  const select = (index: number): void => {
    const row = rows[index];
    if (row === undefined) return;
    store.getState().selectActions([row.actionId]);
    const element = list.current;
    if (element === null) return;
    const top = index * ROW_HEIGHT;
    if (top < element.scrollTop) element.scrollTop = top;
    else if (top + ROW_HEIGHT > element.scrollTop + element.clientHeight) {
      element.scrollTop = top + ROW_HEIGHT - element.clientHeight;
    }
  };

  const selectAction = useCallback((actionId: ActionId) => store.getState().selectActions([actionId]), [store]);

  const onKeyDown = (event: KeyboardEvent): void => {
    const targets: Readonly<Record<string, number>> = {
      ArrowDown: Math.min(current + 1, rows.length - 1),
      ArrowUp: Math.max(current - 1, 0),
      Home: 0,
      End: rows.length - 1,
    };
    const target = targets[event.key];
    if (target === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    // Arrows on the canvas follow edges; here they walk the rows.
    event.stopPropagation();
    select(target);
  };

  return (
    <div className="flex h-full min-h-0 flex-col">
      <div
        aria-hidden
        className={`${COLUMNS} h-6 shrink-0 items-center border-b border-line-subtle text-[11px] text-text-3`}
      >
        <span>Action</span>
        <span className="relative h-4">
          {ticks.map((tick) => (
            <span key={tick.atMs} className="absolute top-0 whitespace-nowrap" style={{ left: `${tick.leftPercent}%` }}>
              {tick.atMs === 0 ? '0' : formatDuration(tick.atMs)}
            </span>
          ))}
        </span>
        <span className="text-right">Time</span>
      </div>
      <div
        ref={list}
        role="listbox"
        tabIndex={0}
        aria-label="Calls of the run over time"
        aria-activedescendant={current >= first && current < end ? optionId(current) : undefined}
        onKeyDown={onKeyDown}
        className="min-h-0 flex-1 overflow-y-auto focus-visible:-outline-offset-2"
      >
        <div style={{ height: first * ROW_HEIGHT }} />
        {rows.slice(first, end).map((row, offset) => (
          <Row
            key={row.actionId}
            id={optionId(first + offset)}
            row={row}
            state={run?.actionById.get(row.actionId)}
            totalMs={totalMs}
            position={first + offset + 1}
            count={rows.length}
            isSelected={selectedIds.has(row.actionId)}
            onSelect={selectAction}
          />
        ))}
        <div style={{ height: (rows.length - end) * ROW_HEIGHT }} />
      </div>
    </div>
  );
}

/** Scroll position and height of a scrolling element, kept current. */
function useScrollView(ref: { readonly current: HTMLElement | null }): {
  readonly scrollTop: number;
  readonly height: number;
} {
  const [view, setView] = useState({ scrollTop: 0, height: 280 });
  useEffect(() => {
    const element = ref.current;
    if (element === null) return;
    const read = (): void => setView({ scrollTop: element.scrollTop, height: element.clientHeight });
    read();
    element.addEventListener('scroll', read, { passive: true });
    const sizes = new ResizeObserver(read);
    sizes.observe(element);
    return () => {
      element.removeEventListener('scroll', read);
      sizes.disconnect();
    };
  }, [ref]);
  return view;
}

interface RowProps {
  readonly id: string;
  readonly row: TimelineRow;
  readonly state: ActionState | undefined;
  readonly totalMs: number;
  readonly position: number;
  readonly count: number;
  readonly isSelected: boolean;
  readonly onSelect: (actionId: ActionId) => void;
}

const Row = memo(function Row({ id, row, state, totalMs, position, count, isSelected, onSelect }: RowProps) {
  const { look, sentence, reason } = lookOf(state);
  const lastedMs = row.startMs === null ? null : (row.endMs ?? totalMs) - row.startMs;
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the listbox takes the keys for all of its options.
    <div
      id={id}
      role="option"
      tabIndex={-1}
      aria-selected={isSelected}
      aria-setsize={count}
      aria-posinset={position}
      aria-label={`${row.actionId}, ${sentence}`}
      title={reason ?? undefined}
      onClick={() => onSelect(row.actionId)}
      className={`${COLUMNS} h-7 cursor-pointer items-center text-xs hover:bg-surface-hover aria-selected:bg-surface-selected`}
    >
      <span className="flex min-w-0 items-center gap-1.5">
        <StatusMark look={look} size={14} />
        <span className="truncate font-mono text-text-1">{row.actionId}</span>
      </span>
      <span className="relative h-full">
        {row.bars.map((bar) => (
          <Bar key={`${bar.type} ${bar.startMs}`} bar={bar} totalMs={totalMs} look={look} />
        ))}
      </span>
      <span className="text-right text-text-2 tabular-nums">
        {row.status === 'skipped' ? 'skipped' : lastedMs === null ? '' : formatDuration(lastedMs)}
      </span>
    </div>
  );
});

function Bar({ bar, totalMs, look }: { readonly bar: TimelineBar; readonly totalMs: number; readonly look: Look }) {
  const { leftPercent, widthPercent } = barPlace(bar, totalMs);
  const style = { left: `${leftPercent}%`, width: `${widthPercent}%` };
  const lasted = formatDuration(bar.endMs - bar.startMs);
  if (bar.type === 'waiting') {
    return (
      <span
        title={`waited ${lasted} for a free slot`}
        style={style}
        className="absolute top-[13px] h-0.5 bg-line-field"
      />
    );
  }
  if (bar.type === 'back-off') {
    return (
      <span
        title={`waited ${lasted} before attempt ${bar.beforeAttempt}`}
        style={style}
        className="absolute top-2 h-3 bg-[repeating-linear-gradient(135deg,currentColor_0_1.5px,transparent_1.5px_5px)] text-status-waiting"
      />
    );
  }
  return (
    <span
      title={`attempt ${bar.attempt}: ${lasted}, ${bar.outcome}`}
      style={style}
      className={`absolute top-2 h-3 min-w-[2px] rounded-[2px] ${callColour(bar, look)}`}
    />
  );
}

/** An attempt has the colour of its own outcome. */
function callColour(bar: Extract<TimelineBar, { type: 'call' }>, look: Look): string {
  if (bar.outcome === 'running') return 'bg-status-running';
  if (bar.outcome === 'lost') return 'bg-status-cancelled';
  if (bar.outcome === 'completed') return look === 'recovered' ? 'bg-status-recovered' : 'bg-status-completed';
  if (look === 'timed-out') return 'bg-status-timed-out';
  return look === 'cancelled' ? 'bg-status-cancelled' : 'bg-status-failed';
}
