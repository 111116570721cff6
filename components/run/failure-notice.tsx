'use client';

import { Clipboard, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { useEditorStore } from '@/components/editor-store/editor-store-provider';
import { Button } from '@/components/ui/button';
import { CodeText } from '@/components/ui/code-text';
import { type Action, inputsOf } from '@/lib/chain/chain';
import type { ActionId } from '@/lib/chain/ids';
import type { ActionFailure } from '@/lib/failure/action-failure';
import { FAILURE_WORDS, type NextStep, type Remedy } from '@/lib/failure/failure-words';
import { findAtPath } from '@/lib/json/pointer';
import type { RetriesEnded } from '@/lib/run/events';
import { CopyButton } from './copy-button';
import { RETRIES_ENDED_WORDS } from './event-sentence';
import { describeFailure } from './status-look';

export interface FailureNoticeProps {
  readonly actionId: ActionId;
  readonly failure: ActionFailure;
  /** Null while another attempt is to come, or a fallback stood in. */
  readonly retriesEnded: RetriesEnded | null;
  /** What a report names beside the failure. */
  readonly traceId: string;
  readonly onShowAnswer: () => void;
}

/** A failure explained: what happened, why it may have, what to do next, with the button that does it. */
export function FailureNotice({ actionId, failure, retriesEnded, traceId, onShowAnswer }: FailureNoticeProps) {
  const words = FAILURE_WORDS[failure.kind];
  const nextSteps: readonly NextStep[] = words.nextSteps.filter((step) => !isNotOffered(step.remedy));
  return (
    <div
      role="group"
      aria-label={`Why ${actionId} failed`}
      className="rounded-md border border-line-subtle bg-danger-soft p-3 text-xs"
    >
      <h3 className="text-sm font-medium text-danger">{describeFailure(failure)}</h3>
      <p className="mt-0.5 text-text-1 [overflow-wrap:anywhere]">
        <CodeText text={failure.message} />
      </p>
      {failure.where !== null && (
        <p className="mt-0.5 text-text-2">
          In <code>{failure.where.path.slice(1)}</code>, line {failure.where.line}, column {failure.where.column}.
        </p>
      )}
      {failure.mayHaveHappened && (
        <p className="mt-1 flex items-start gap-1 font-medium text-warning">
          <TriangleAlert size={14} strokeWidth={1.75} aria-hidden className="mt-px shrink-0" />
          The call may have taken effect. Look before you repeat it.
        </p>
      )}
      {retriesEnded !== null && (
        <p className="mt-1 text-text-2">
          <CodeText text={RETRIES_ENDED_WORDS[retriesEnded]} />
        </p>
      )}
      <div className="mt-2 grid gap-x-4 gap-y-2 @lg:grid-cols-2">
        <div>
          <h4 className="font-medium text-text-2">Likely causes</h4>
          <ul className="list-disc pl-4 text-text-1">
            {words.causes.map((cause) => (
              <li key={cause}>
                <CodeText text={cause} />
              </li>
            ))}
          </ul>
        </div>
        <div>
          <h4 className="font-medium text-text-2">What to do next</h4>
          <ol className="list-decimal pl-4 text-text-1">
            {nextSteps.map((step) => (
              <li key={step.text} className="[overflow-wrap:anywhere]">
                <CodeText text={step.text} />{' '}
                <RemedyButton
                  remedy={step.remedy}
                  actionId={actionId}
                  failure={failure}
                  traceId={traceId}
                  onShowAnswer={onShowAnswer}
                />
              </li>
            ))}
          </ol>
        </div>
      </div>
    </div>
  );
}

/** Steps that the designer cannot do yet are not advised: a button is missed less than a promise. */
const isNotOffered = (remedy: Remedy | null): boolean => remedy === 'run-again' || remedy === 'mock-action';

interface RemedyProps extends Omit<FailureNoticeProps, 'retriesEnded'> {
  readonly remedy: Remedy | null;
}

function RemedyButton({ remedy, actionId, failure, traceId, onShowAnswer }: RemedyProps) {
  const store = useEditorStore();
  const openInspector = (tab: 'policy' | 'inputs'): void => {
    store.getState().selectActions([actionId]);
    store.getState().openInspector(tab);
  };
  switch (remedy) {
    case 'edit-timeout':
    case 'edit-retry':
    case 'edit-condition':
      return <StepButton onClick={() => openInspector('policy')}>Open policy</StepButton>;
    case 'edit-definition':
      return <StepButton onClick={() => openInspector('inputs')}>Open inspector</StepButton>;
    case 'edit-inputs':
      return (
        <StepButton
          onClick={() =>
            store
              .getState()
              .focusField(actionId, pointerOf(failure, store.getState().workbench.chain.actions.get(actionId)))
          }
        >
          {failure.where === null ? 'Open inputs' : 'Go to the field'}
        </StepButton>
      );
    case 'show-answer':
      return <StepButton onClick={onShowAnswer}>Show the answer</StepButton>;
    case 'copy-report':
      return (
        <CopyButton label="Copy report" text={() => `${traceId} ${actionId} ${failure.kind}: ${failure.message}`}>
          <Clipboard size={12} strokeWidth={1.75} aria-hidden /> Copy report
        </CopyButton>
      );
    default:
      return null;
  }
}

/** The field below the action. A failure says `/when` of the condition; an input may have that name too. */
function pointerOf({ where }: ActionFailure, action: Action | undefined): string {
  if (where === null) return '/inputs';
  const isInput = action?.when === undefined || findAtPath(inputsOf(action), ['when']) !== undefined;
  return where.path === '/when' && !isInput ? '/when' : `/inputs${where.path}`;
}

const StepButton = ({ onClick, children }: { readonly onClick: () => void; readonly children: ReactNode }) => (
  <Button look="quiet" className="!h-6 !px-1.5 !text-xs !text-accent-text" onClick={onClick}>
    {children}
  </Button>
);
