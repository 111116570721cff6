import {
  type EditorState,
  type Extension,
  RangeSetBuilder,
  StateEffect,
  StateField,
  type Text,
} from '@codemirror/state';
import { Decoration, type DecorationSet, EditorView } from '@codemirror/view';
import type { Severity, TemplateRange } from '@/lib/problems/problem';

export interface MarkedProblem {
  readonly severity: Severity;
  readonly range?: TemplateRange;
}

const setProblems = StateEffect.define<readonly MarkedProblem[]>();

const MARKS = {
  error: Decoration.mark({ class: 'cm-problem cm-problem-error' }),
  warning: Decoration.mark({ class: 'cm-problem cm-problem-warning' }),
  info: Decoration.mark({ class: 'cm-problem cm-problem-info' }),
} as const satisfies Record<Severity, Decoration>;

const marks = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update: (current, transaction) => {
    const latest = transaction.effects.findLast((effect) => effect.is(setProblems));
    if (latest !== undefined) return markProblems(transaction.state, latest.value);
    // Problems are found a moment after the last key; until then the marks move along with the text.
    return current.map(transaction.changes);
  },
  provide: (field) => EditorView.decorations.from(field),
});

/** Underlines problems in the text. */
export const problemMarks = (): Extension => marks;

export const showProblems = (view: EditorView, problems: readonly MarkedProblem[]): void =>
  view.dispatch({ effects: setProblems.of(problems) });

function markProblems(state: EditorState, problems: readonly MarkedProblem[]): DecorationSet {
  const spans = problems
    .filter((problem) => problem.range !== undefined)
    .map(({ range, severity }) => ({ ...spanOf(state.doc, range!), severity }))
    .filter(({ from, to }) => from < to)
    .sort((a, b) => a.from - b.from);
  const builder = new RangeSetBuilder<Decoration>();
  for (const { from, to, severity } of spans) builder.add(from, to, MARKS[severity]);
  return builder.finish();
}

/** A place of 1-based line and column as offsets; at least one character wide, and never outside of the text. */
export function spanOf(
  doc: Text,
  { line, column, length }: TemplateRange,
): { readonly from: number; readonly to: number } {
  const start = doc.line(Math.min(Math.max(line, 1), doc.lines)).from + Math.max(column, 1) - 1;
  const from = Math.min(start, Math.max(0, doc.length - 1));
  return { from, to: Math.min(from + Math.max(length, 1), doc.length) };
}
