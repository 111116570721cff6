'use client';

import { memo, useState } from 'react';
import type { EditorState } from '@/components/editor-store/editor-store';
import { Button } from '@/components/ui/button';
import type { RunEvent } from '@/lib/run/events';
import { NothingRunYet } from './empty-note';
import { sentenceOf } from './event-sentence';
import { ScrollRegion } from './scroll-region';
import { useSampled } from './use-sampled';

const LINES_FIRST = 500;

const selectEvents = (state: EditorState) => state.runEvents;

/** The run in sentences, each with its time since the start. */
export function RunLogTab() {
  const events = useSampled(selectEvents);
  const [lineCount, setLineCount] = useState(LINES_FIRST);
  const first = events[0];
  if (first === undefined) return <NothingRunYet />;

  const shown = events.slice(-lineCount);
  return (
    <ScrollRegion label="Log of the run" className="h-full py-1 text-xs">
      {shown.length < events.length && (
        <p className="flex items-center gap-2 px-3 py-1 text-text-2">
          {events.length - shown.length} earlier lines
          <Button className="!h-6" onClick={() => setLineCount(lineCount * 4)}>
            Show more
          </Button>
        </p>
      )}
      <ol>
        {shown.map((event) => (
          <Line key={event.seq} event={event} startMs={first.atMs} />
        ))}
      </ol>
    </ScrollRegion>
  );
}

const Line = memo(function Line({ event, startMs }: { readonly event: RunEvent; readonly startMs: number }) {
  const isFailure = event.type === 'action.failed' || (event.type === 'run.finished' && event.status !== 'completed');
  return (
    <li className="flex gap-3 px-3 py-0.5 leading-5 [contain-intrinsic-size:auto_24px] [content-visibility:auto]">
      <time
        dateTime={new Date(event.atMs).toISOString()}
        title={new Date(event.atMs).toLocaleString()}
        className="w-20 shrink-0 text-right text-text-3 tabular-nums"
      >
        +{((event.atMs - startMs) / 1000).toFixed(3)} s
      </time>
      <span className={`min-w-0 [overflow-wrap:anywhere] ${isFailure ? 'text-danger' : 'text-text-1'}`}>
        {sentenceOf(event)}
      </span>
    </li>
  );
});
