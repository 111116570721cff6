'use client';

import { useEffect, useId, useRef } from 'react';
import type { CompletionScope } from '@/lib/template/complete';
import { createFieldView, type FieldNaming, type FieldView } from './create-field-view';
import { FieldNotes, type FieldPreview, type FieldProblem } from './field-notes';
import { showProblems, spanOf } from './problem-marks';

export interface TemplateFieldProps {
  readonly value: string;
  readonly onChange: (value: string) => void;
  /** The accessible name. */
  readonly label: string;
  /** What completion offers. */
  readonly scope: CompletionScope;
  /** The value that the template gives; null while it has none yet, undefined where there is no template. */
  readonly preview?: FieldPreview | null | undefined;
  readonly problems?: readonly FieldProblem[];
  /** Counts requests: each new number puts the keyboard into the field. */
  readonly focusRequest?: number;
  readonly isMultiline?: boolean;
  readonly placeholder?: string;
}

const NO_PROBLEMS: readonly FieldProblem[] = [];

/** One growing line for a text that may hold templates, with its value and its problems beneath. */
export function TemplateField({
  value,
  onChange,
  label,
  scope,
  preview,
  problems = NO_PROBLEMS,
  focusRequest,
  isMultiline = false,
  placeholder = '',
}: TemplateFieldProps) {
  const notesId = useId();
  const frame = useRef<HTMLDivElement>(null);
  const field = useRef<FieldView | null>(null);
  const isInvalid = problems.some((problem) => problem.severity === 'error');
  const naming: FieldNaming = { label, placeholder, isMultiline, isInvalid, notesId };
  const latest = useRef({ value, onChange, scope, naming, problems });
  latest.current = { value, onChange, scope, naming, problems };
  /** The next value is the answer to what was just typed here. */
  const awaitsEcho = useRef(false);

  useEffect(() => {
    const created = createFieldView({
      parent: frame.current!,
      text: latest.current.value,
      naming: latest.current.naming,
      scope: () => latest.current.scope,
      onChange: (text) => {
        awaitsEcho.current = true;
        latest.current.onChange(text);
        // The answer comes before the browser does anything else; what comes later is not the answer.
        setTimeout(() => {
          awaitsEcho.current = false;
        }, 0);
      },
      onBlur: () => created.replaceText(latest.current.value),
    });
    field.current = created;
    return () => {
      field.current = null;
      created.view.destroy();
    };
  }, []);

  useEffect(() => {
    // Text that is typed may come back spelled otherwise (`[1, 2]` as `[1,2]`): not under the hands of the typist.
    if (!awaitsEcho.current) field.current?.replaceText(value);
    awaitsEcho.current = false;
  }, [value]);

  useEffect(() => {
    field.current?.rename({ label, placeholder, isMultiline, isInvalid, notesId });
  }, [label, placeholder, isMultiline, isInvalid, notesId]);

  const marked = JSON.stringify(problems.map(({ severity, range }) => ({ severity, range })));
  useEffect(() => {
    if (field.current !== null) showProblems(field.current.view, JSON.parse(marked));
  }, [marked]);

  useEffect(() => {
    const view = field.current?.view;
    if (focusRequest === undefined || view === undefined) return;
    const range = latest.current.problems.find((problem) => problem.range !== undefined)?.range;
    const anchor = range === undefined ? view.state.doc.length : spanOf(view.state.doc, range).from;
    view.dispatch({ selection: { anchor }, scrollIntoView: true });
    view.focus();
    frame.current?.scrollIntoView?.({ block: 'nearest' });
  }, [focusRequest]);

  return (
    <div className="min-w-0">
      <div
        ref={frame}
        data-invalid={isInvalid ? '' : undefined}
        className={`rounded-md border border-line-field bg-surface-raised hover:border-text-3 focus-within:border-accent focus-within:outline-2 focus-within:-outline-offset-1 focus-within:outline-accent data-invalid:border-danger ${isMultiline ? 'min-h-20' : 'min-h-8'}`}
      />
      <FieldNotes id={notesId} preview={preview} problems={problems} />
    </div>
  );
}
