'use client';

import { RotateCw, Square, WifiOff } from 'lucide-react';
import type { ReactNode } from 'react';
import type { EditorState } from '@/components/editor-store/editor-store';
import { useEditor } from '@/components/editor-store/editor-store-provider';
import { Button } from '@/components/ui/button';
import { PurposeBadge } from '@/components/ui/purpose-badge';
import { StatusMark } from '@/components/ui/status-mark';
import { hashChain } from '@/lib/chain/print-chain';
import type { RunState } from '@/lib/run/reduce-run';
import { CopyButton } from './copy-button';
import { isRunOver, runLookOf, tallyRun } from './run-look';
import { formatDuration, formatElapsed } from './status-look';
import { useNow, useSampled } from './use-sampled';

const selectRun = (state: EditorState) => state.run;

/** Its process ended and nobody drives it: what had completed is kept. */
const ABANDONED_LOOK = { look: 'failed', word: 'Interrupted' } as const;

/** What can be done with the run on show. */
export interface RunActions {
  readonly onStop: () => void;
  readonly onRunAgain: () => void;
  readonly onResume: () => void;
}

/** One line about the run on show: state, progress, time, where it ran, what it ran. */
export function RunHeader({ onStop, onRunAgain, onResume }: RunActions) {
  const run = useSampled(selectRun);
  const streamStatus = useEditor((state) => state.streamStatus);
  const isAbandoned = useEditor((state) => state.isRunAbandoned);
  if (run === null) return null;

  const { look, word } = isAbandoned ? ABANDONED_LOOK : runLookOf(run);
  const { endedCount, totalCount, provenances } = tallyRun(run);
  const isOver = isAbandoned || isRunOver(run);
  return (
    <div
      role="group"
      aria-label="The run"
      className="flex min-h-9 shrink-0 flex-wrap items-center gap-x-3 gap-y-0.5 border-b border-line-subtle px-3 py-1 text-xs text-text-2"
    >
      <span className="flex items-center gap-1.5 text-sm font-medium text-text-1">
        <StatusMark look={look} />
        {word}
      </span>
      {!isAbandoned && <RunTime run={run} />}
      {totalCount > 0 && (
        <span className="tabular-nums">
          {endedCount} of {totalCount}
        </span>
      )}
      {run.connection !== null && (
        <span className="flex items-center gap-1.5">
          {run.connection.name}
          <PurposeBadge purpose={run.connection.purpose} />
        </span>
      )}
      {provenances.map((text) => (
        <Badge key={text} className="bg-simulated-soft text-simulated">
          {text}
        </Badge>
      ))}
      <IdWithCopy name="trace" label="Copy trace id" id={run.runId} />
      {run.chainHash !== null && <IdWithCopy name="chain" label="Copy chain hash" id={run.chainHash} />}
      {run.chainHash !== null && <ChangedSince chainHash={run.chainHash} />}
      {streamStatus === 'lost' && !isOver && (
        <span role="status" className="flex items-center gap-1 text-warning">
          <WifiOff size={14} strokeWidth={1.75} aria-hidden />
          Connection lost, the run continues on the server
        </span>
      )}
      <span className="ml-auto">
        {isAbandoned && (
          <Button className="!h-7 mr-1.5" look="primary" onClick={onResume}>
            Resume
          </Button>
        )}
        {isOver ? (
          <Button className="!h-7" icon={<RotateCw size={14} strokeWidth={1.75} aria-hidden />} onClick={onRunAgain}>
            Run again
          </Button>
        ) : (
          <Button
            className="!h-7"
            look="danger"
            disabled={run.isCancelRequested}
            icon={<Square size={12} strokeWidth={1.75} fill="currentColor" aria-hidden />}
            onClick={onStop}
          >
            Stop
          </Button>
        )}
      </span>
    </div>
  );
}

/** From start to end, or to now. */
function RunTime({ run }: { readonly run: RunState }) {
  const nowMs = useNow(run.startedAtMs !== null && run.finishedAtMs === null);
  if (run.startedAtMs === null) return null;
  return (
    <span className="tabular-nums">
      {run.finishedAtMs === null
        ? formatElapsed(nowMs - run.startedAtMs)
        : formatDuration(run.finishedAtMs - run.startedAtMs)}
    </span>
  );
}

function IdWithCopy({ name, label, id }: { readonly name: string; readonly label: string; readonly id: string }) {
  return (
    <span className="flex items-center gap-1" title={id}>
      {name} <code className="text-[11px]">{id.slice(0, 8)}</code>
      <CopyButton label={label} text={() => id} className="-ml-0.5" />
    </span>
  );
}

/** What is on the canvas is what ran, or the difference is said. */
function ChangedSince({ chainHash }: { readonly chainHash: string }) {
  const hasChanged = useEditor((state) => hashChain(state.workbench.chain) !== chainHash);
  return hasChanged ? <Badge className="bg-warning-soft text-warning">design changed since this run</Badge> : null;
}

const Badge = ({ className, children }: { readonly className: string; readonly children: ReactNode }) => (
  <span className={`rounded-sm px-1.5 py-px text-[11px] leading-4 font-medium whitespace-nowrap ${className}`}>
    {children}
  </span>
);
