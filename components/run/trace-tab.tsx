'use client';

import { Download } from 'lucide-react';
import { memo } from 'react';
import type { EditorState } from '@/components/editor-store/editor-store';
import { Button } from '@/components/ui/button';
import { printAuditLines } from '@/lib/run/audit-line';
import type { RunEvent } from '@/lib/run/events';
import { NothingRunYet } from './empty-note';
import { saveFile } from './save-file';
import { ScrollRegion } from './scroll-region';
import { useSampled } from './use-sampled';

const EVENTS_SHOWN_MAX = 300;

const selectEvents = (state: EditorState) => state.runEvents;

/** The audit trace of the run, as it is written for machines, and as a file of JSON lines. */
export function TraceTab() {
  const events = useSampled(selectEvents);
  const runId = events[0]?.runId;
  if (runId === undefined) return <NothingRunYet />;

  const download = (): void => {
    const lines = events.flatMap(printAuditLines).map((line) => `${line}\n`);
    saveFile(`trace-${runId}.jsonl`, lines.join(''), 'application/jsonl');
  };
  const shown = events.slice(-EVENTS_SHOWN_MAX);
  return (
    <div className="flex h-full flex-col">
      <p className="flex shrink-0 items-center gap-3 border-b border-line-subtle px-3 py-1 text-xs text-text-2">
        {shown.length === events.length
          ? 'One line for each event; inputs and outputs are not in it.'
          : `The last ${shown.length} of ${events.length} events; the file has them all.`}
        <Button
          className="ml-auto !h-7"
          icon={<Download size={14} strokeWidth={1.75} aria-hidden />}
          onClick={download}
        >
          Download
        </Button>
      </p>
      <ScrollRegion label="Audit trace" className="min-h-0 flex-1 py-1">
        <ol className="font-mono text-xs">
          {shown.map((event) => (
            <AuditLines key={event.seq} event={event} />
          ))}
        </ol>
      </ScrollRegion>
    </div>
  );
}

const AuditLines = memo(function AuditLines({ event }: { readonly event: RunEvent }) {
  return printAuditLines(event).map((line) => (
    <li
      key={line}
      className="px-3 py-0.5 text-text-1 [contain-intrinsic-size:auto_20px] [content-visibility:auto] [overflow-wrap:anywhere]"
    >
      {line}
    </li>
  ));
});
