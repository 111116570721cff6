'use client';

import { PanelBottomClose } from 'lucide-react';
import { Tabs } from 'radix-ui';
import type { ReactNode } from 'react';
import { useEditor, useEditorStore } from '@/components/editor-store/editor-store-provider';
import type { DockTab } from '@/components/editor-store/selection-slice';
import { loadBody as loadBodyFromServer } from '@/components/server-data/api-client';
import { IconButton } from '@/components/ui/button';
import type { ActionId } from '@/lib/chain/ids';
import type { RunState } from '@/lib/run/reduce-run';
import { AttemptDetails } from './attempt-details';
import { EmptyNote, NothingRunYet } from './empty-note';
import { type RunActions, RunHeader } from './run-header';
import { RunLogTab } from './run-log-tab';
import { ScrollRegion } from './scroll-region';
import { TraceTab } from './trace-tab';
import type { LoadBody } from './use-body-text';
import { ValuesTab } from './values-tab';
import { Waterfall } from './waterfall';

export interface RunDockProps extends RunActions {
  readonly onClose: () => void;
  readonly problemsTab: ReactNode;
  readonly problemCount: number;
  /** Fetches a value that was too large for its event. */
  readonly loadBody?: LoadBody;
}

const TABS: readonly { readonly id: DockTab; readonly label: string }[] = [
  { id: 'run', label: 'Run' },
  { id: 'problems', label: 'Problems' },
  { id: 'log', label: 'Log' },
  { id: 'trace', label: 'Trace' },
  { id: 'values', label: 'Values' },
];

/** The bottom panel: the run on show from five sides, and the problems of the chain. */
export function RunDock({
  onClose,
  problemsTab,
  problemCount,
  loadBody = loadBodyFromServer,
  ...actions
}: RunDockProps) {
  const store = useEditorStore();
  const tab = useEditor((state) => state.dockTab) ?? 'run';
  const hasRun = useEditor((state) => state.run !== null);

  const panels: Readonly<Record<DockTab, ReactNode>> = {
    run: hasRun ? <RunTab actions={actions} loadBody={loadBody} /> : <NothingRunYet />,
    problems: problemsTab,
    log: <RunLogTab />,
    trace: <TraceTab />,
    values: <ValuesTab loadBody={loadBody} />,
  };
  return (
    <Tabs.Root value={tab} onValueChange={(next) => store.getState().openDock(next as DockTab)} asChild>
      <section aria-label="Run dock" className="flex h-full min-h-0 min-w-0 flex-col bg-surface-panel">
        <div className="flex h-9 shrink-0 items-center border-b border-line-subtle px-2">
          <Tabs.List aria-label="Run dock" className="flex h-full min-w-0 gap-0.5">
            {TABS.map(({ id, label }) => (
              <Tabs.Trigger
                key={id}
                value={id}
                className="-mb-px flex h-9 items-center gap-1.5 border-b-2 border-transparent px-2 text-sm whitespace-nowrap text-text-2 hover:text-text-1 focus-visible:-outline-offset-2 data-[state=active]:border-accent data-[state=active]:font-medium data-[state=active]:text-text-1"
              >
                {label}
                {id === 'problems' && problemCount > 0 && (
                  <span className="rounded-full bg-surface-hover px-1.5 text-[11px] leading-4 text-text-1 tabular-nums">
                    {problemCount}
                  </span>
                )}
              </Tabs.Trigger>
            ))}
          </Tabs.List>
          <IconButton label="Fold the dock" className="ml-auto" onClick={onClose}>
            <PanelBottomClose size={16} strokeWidth={1.75} aria-hidden />
          </IconButton>
        </div>
        {TABS.map(({ id }) => (
          <Tabs.Content key={id} value={id} tabIndex={-1} className="min-h-0 flex-1 overflow-y-auto outline-none">
            {panels[id]}
          </Tabs.Content>
        ))}
      </section>
    </Tabs.Root>
  );
}

/** Header over two halves: the waterfall, and what the selected action did. */
function RunTab({ actions, loadBody }: { readonly actions: RunActions; readonly loadBody: LoadBody }) {
  const selectedId = useEditor((state) => (state.selectedIds.size === 1 ? [...state.selectedIds][0] : undefined));
  const failedId = useEditor(
    (state) => state.run?.actions.find(({ actionId }) => isFailed(state.run, actionId))?.actionId,
  );
  // With nothing selected, what a person looks for first is what went wrong.
  const shownId = selectedId ?? failedId;
  return (
    <div className="@container flex h-full min-h-0 flex-col">
      <RunHeader {...actions} />
      <div className="grid min-h-0 flex-1 grid-cols-[minmax(0,1fr)] @xl:grid-cols-[minmax(0,1fr)_minmax(0,1fr)]">
        <Waterfall />
        <ScrollRegion
          label="Details of the selected action"
          className="hidden min-h-0 min-w-0 border-l border-line-subtle @xl:block"
        >
          {shownId === undefined ? (
            <EmptyNote>Select an action here or on the canvas to see what it sent and what came back.</EmptyNote>
          ) : (
            <AttemptDetails key={shownId} actionId={shownId} loadBody={loadBody} />
          )}
        </ScrollRegion>
      </div>
    </div>
  );
}

const isFailed = (run: RunState | null, actionId: ActionId): boolean =>
  run?.actionById.get(actionId)?.status === 'failed';
