'use client';

import { Tabs } from 'radix-ui';
import { useState } from 'react';
import { useEditor } from '@/components/editor-store/editor-store-provider';
import { selectActionState } from '@/components/editor-store/run-slice';
import { loadBody as loadBodyFromServer } from '@/components/server-data/api-client';
import { StatusMark } from '@/components/ui/status-mark';
import { inputsOf } from '@/lib/chain/chain';
import { type ActionId, isNameableInTemplate } from '@/lib/chain/ids';
import type { ActionState } from '@/lib/run/reduce-run';
import { AttemptsList } from './attempts-list';
import { EmptyNote, NothingRunYet } from './empty-note';
import { FailureNotice } from './failure-notice';
import { InputComparison } from './input-comparison';
import { lookOf } from './status-look';
import type { LoadBody } from './use-body-text';
import { ValueView } from './value-view';

type DetailTab = 'input' | 'output' | 'attempts';

export interface AttemptDetailsProps {
  readonly actionId: ActionId;
  readonly loadBody?: LoadBody;
}

/** What one action did in the run on show: what it was sent, what came back, every attempt, and why it failed. */
export function AttemptDetails({ actionId, loadBody = loadBodyFromServer }: AttemptDetailsProps) {
  const runId = useEditor((state) => state.run?.runId);
  const runStartMs = useEditor((state) => state.run?.startedAtMs ?? 0);
  const state = useEditor(selectActionState(actionId));
  const action = useEditor((editor) => editor.workbench.chain.actions.get(actionId));
  const [chosenTab, setTab] = useState<DetailTab | null>(null);

  if (runId === undefined) return <NothingRunYet />;
  if (state === undefined) {
    return <EmptyNote>{actionId} was not part of this run. Run the chain again to include it.</EmptyNote>;
  }
  const { look, sentence, reason } = lookOf(state);
  const failure = failureOf(state);
  // Until a person chooses, what matters most is in front: the output, or what was sent when there is none.
  const tab = chosenTab ?? (state.status === 'completed' ? 'output' : 'input');
  return (
    <div className="@container flex min-h-0 flex-col gap-2 p-3">
      <div>
        <p className="flex items-center gap-1.5 text-sm">
          <StatusMark look={look} />
          <span className="min-w-0 truncate font-mono text-xs font-medium text-text-1">{actionId}</span>
          <span className="shrink-0 text-xs text-text-2">{sentence}</span>
        </p>
        {reason !== null && failure === null && <p className="mt-0.5 text-xs text-text-2">{reason}</p>}
      </div>
      {failure !== null && (
        <FailureNotice
          actionId={actionId}
          failure={failure}
          retriesEnded={state.status === 'failed' ? state.retriesEnded : null}
          traceId={runId}
          onShowAnswer={() => setTab('output')}
        />
      )}
      <Tabs.Root value={tab} onValueChange={(next) => setTab(next as DetailTab)}>
        <Tabs.List aria-label={`Details of ${actionId}`} className="mb-2 flex gap-1 border-b border-line-subtle">
          <DetailTrigger value="input">Input</DetailTrigger>
          <DetailTrigger value="output">Output</DetailTrigger>
          <DetailTrigger value="attempts">
            {state.attempts.length > 1 ? `Attempts (${state.attempts.length})` : 'Attempts'}
          </DetailTrigger>
        </Tabs.List>
        <Tabs.Content value="input" className="outline-none">
          <InputComparison
            template={action === undefined ? null : inputsOf(action)}
            sent={state.inputs}
            label={`Inputs of ${actionId}`}
            loadBody={loadBody}
          />
        </Tabs.Content>
        <Tabs.Content value="output" className="outline-none">
          <Outputs actionId={actionId} state={state} loadBody={loadBody} />
        </Tabs.Content>
        <Tabs.Content value="attempts" className="outline-none">
          <AttemptsList state={state} runStartMs={runStartMs} />
        </Tabs.Content>
      </Tabs.Root>
    </div>
  );
}

const DetailTrigger = ({ value, children }: { readonly value: DetailTab; readonly children: string }) => (
  <Tabs.Trigger
    value={value}
    className="-mb-px h-7 border-b-2 border-transparent px-2 text-xs text-text-2 hover:text-text-1 data-[state=active]:border-accent data-[state=active]:text-text-1"
  >
    {children}
  </Tabs.Trigger>
);

function failureOf(state: ActionState) {
  if (state.status === 'failed' || state.status === 'waiting') return state.failure;
  return state.status === 'completed' ? state.replaced : null;
}

/** The output that templates read, and the whole answer that it was taken from. */
function Outputs({
  actionId,
  state,
  loadBody,
}: {
  readonly actionId: ActionId;
  readonly state: ActionState;
  readonly loadBody: LoadBody;
}) {
  const output = state.status === 'completed' ? state.output : null;
  const envelope = state.status === 'completed' || state.status === 'failed' ? state.envelope : null;
  if (output === null && envelope === null) {
    return <p className="text-xs text-text-2">{state.status === 'failed' ? 'No answer came.' : 'No output yet.'}</p>;
  }
  return (
    <div className="grid gap-3 @lg:grid-cols-2">
      {output !== null && (
        <div className="min-w-0">
          <h3 className="mb-1 text-xs font-medium text-text-2">Output</h3>
          <ValueView
            body={output}
            loadBody={loadBody}
            label={`Output of ${actionId}`}
            templateRoot={isNameableInTemplate(actionId) ? actionId : null}
          />
        </div>
      )}
      {envelope !== null && (
        <div className="min-w-0">
          <h3 className="mb-1 text-xs font-medium text-text-2">Answer as it came</h3>
          <ValueView body={envelope} loadBody={loadBody} label={`Answer to ${actionId}`} templateRoot={null} />
        </div>
      )}
    </div>
  );
}
