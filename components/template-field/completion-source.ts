import {
  autocompletion,
  type Completion,
  type CompletionContext,
  type CompletionResult,
  closeCompletion,
  insertCompletionText,
  pickedCompletion,
  startCompletion,
} from '@codemirror/autocomplete';
import { type Extension, Prec } from '@codemirror/state';
import { type EditorView, keymap } from '@codemirror/view';
import { type CompletionScope, complete } from '@/lib/template/complete';

/** A completion that says type and sample at the right edge of its row. */
interface TemplateCompletion extends Completion {
  readonly side: string;
}

/** Rows beyond this cannot be read anyway; typing on narrows them. */
const ROWS_MAX = 60;

/** Offers what a template can read at the caret: actions upstream, their fields, filters. */
export const templateCompletion = (scope: () => CompletionScope): Extension => [
  autocompletion({
    override: [(context) => findCompletions(context, scope())],
    icons: false,
    maxRenderedOptions: ROWS_MAX,
    addToOptions: [{ position: 80, render: (completion) => renderSide(completion as TemplateCompletion) }],
  }),
  Prec.highest(
    keymap.of([
      { key: 'Ctrl-Space', run: startCompletion, stopPropagation: true },
      // Backs out of the list alone, not of the panel around the field.
      { key: 'Escape', run: closeCompletion, stopPropagation: true },
    ]),
  ),
];

/** What `complete` gives for the text before the caret, in the editor's terms; null where it has nothing to offer. */
export function findCompletions(context: CompletionContext, scope: CompletionScope): CompletionResult | null {
  const { from, to, options } = complete(context.state.doc.toString(), context.pos, scope);
  if (options.length === 0) return null;
  return {
    from,
    to,
    options: options.map(
      (option, index): TemplateCompletion => ({
        label: option.label,
        apply: option.from === undefined ? option.apply : applyEarlier(option.apply, from - option.from),
        side: option.detail,
        // As good a match as another stands where `complete` put it: nearest action first, shallow fields first.
        sortText: String(index).padStart(4, '0'),
        ...(option.info === undefined ? {} : { info: option.info }),
      }),
    ),
    validFor: /^[\p{L}\p{N}_]*$/u,
  };
}

/** Replaces some text before the word too: the dot, where the field needs brackets. */
const applyEarlier =
  (text: string, lengthBefore: number) =>
  (view: EditorView, completion: Completion, from: number, to: number): void =>
    view.dispatch({
      ...insertCompletionText(view.state, text, from - lengthBefore, to),
      annotations: pickedCompletion.of(completion),
    });

function renderSide(completion: TemplateCompletion): Node | null {
  if (completion.side === '') return null;
  const element = document.createElement('span');
  element.className = 'cm-completion-side';
  element.textContent = completion.side;
  return element;
}
