'use client';

import { useState } from 'react';
import type { EditorState } from '@/components/editor-store/editor-store';
import { StatusMark } from '@/components/ui/status-mark';
import { type ActionId, isNameableInTemplate } from '@/lib/chain/ids';
import type { ActionState } from '@/lib/run/reduce-run';
import { EmptyNote, NothingRunYet } from './empty-note';
import { ScrollRegion } from './scroll-region';
import { lookOf } from './status-look';
import type { LoadBody } from './use-body-text';
import { useSampled } from './use-sampled';
import { ValueView } from './value-view';

/** Outputs that stand open from the start; a long chain opens the others by hand. */
const OPEN_COUNT = 8;

const selectRun = (state: EditorState) => state.run;

/** The outputs of all actions that completed, in plan order. */
export function ValuesTab({ loadBody }: { readonly loadBody: LoadBody }) {
  const run = useSampled(selectRun);
  if (run === null) return <NothingRunYet />;

  const completed = run.actions.flatMap(({ actionId }) => {
    const state = run.actionById.get(actionId);
    return state?.status === 'completed' ? [{ actionId, state }] : [];
  });
  if (completed.length === 0) return <EmptyNote>No action has completed yet. Its output will stand here.</EmptyNote>;
  return (
    <ScrollRegion label="Outputs of the run" className="h-full px-3 py-2">
      {completed.map(({ actionId, state }, index) => (
        <OutputOf
          key={actionId}
          actionId={actionId}
          state={state}
          loadBody={loadBody}
          isOpenAtFirst={index < OPEN_COUNT}
        />
      ))}
    </ScrollRegion>
  );
}

function OutputOf({
  actionId,
  state,
  loadBody,
  isOpenAtFirst,
}: {
  readonly actionId: ActionId;
  readonly state: Extract<ActionState, { status: 'completed' }>;
  readonly loadBody: LoadBody;
  readonly isOpenAtFirst: boolean;
}) {
  const [isOpen, setOpen] = useState(isOpenAtFirst);
  const { look, chips } = lookOf(state);
  return (
    <section aria-label={`Output of ${actionId}`} className="mb-2">
      <h3>
        <button
          type="button"
          aria-expanded={isOpen}
          onClick={() => setOpen(!isOpen)}
          className="flex min-h-6 w-full items-center gap-2 rounded-sm text-left hover:bg-surface-hover"
        >
          <StatusMark look={look} size={14} />
          <span className="min-w-0 truncate font-mono text-xs font-medium text-text-1">{actionId}</span>
          <span className="shrink-0 text-xs text-text-2">{chips.map((chip) => chip.text).join(' · ')}</span>
        </button>
      </h3>
      {isOpen && (
        <div className="pl-[22px]">
          <ValueView
            body={state.output}
            loadBody={loadBody}
            label={`Output of ${actionId}`}
            templateRoot={isNameableInTemplate(actionId) ? actionId : null}
          />
        </div>
      )}
    </section>
  );
}
