import { history, historyKeymap, standardKeymap } from '@codemirror/commands';
import { Annotation, Compartment, EditorState, type Extension, Prec } from '@codemirror/state';
import { drawSelection, EditorView, highlightSpecialChars, keymap, placeholder, tooltips } from '@codemirror/view';
import type { CompletionScope } from '@/lib/template/complete';
import { templateCompletion } from './completion-source';
import { fieldTheme } from './field-theme';
import { problemMarks } from './problem-marks';
import { templateLanguage } from './template-language';

export interface FieldNaming {
  readonly label: string;
  readonly placeholder: string;
  readonly isMultiline: boolean;
  readonly isInvalid: boolean;
  /** Id of the element that holds preview and problems. */
  readonly notesId: string;
}

export interface FieldViewDeps {
  readonly parent: HTMLElement;
  readonly text: string;
  readonly naming: FieldNaming;
  /** Read when a completion is asked for, so that a new scope needs no new editor. */
  readonly scope: () => CompletionScope;
  /** A person changed the text; never called for {@link FieldView.replaceText}. */
  readonly onChange: (text: string) => void;
  readonly onBlur: () => void;
}

export interface FieldView {
  readonly view: EditorView;
  readonly rename: (naming: FieldNaming) => void;
  /** Takes over a text from outside. The caret stays where it is unless the change is around it. */
  readonly replaceText: (text: string) => void;
}

const fromOutside = Annotation.define<boolean>();

/** One CodeMirror editor as a form field: Tab leaves it, Enter stays in it, Mod+Enter is not its own. */
export function createFieldView({ parent, text, naming, scope, onChange, onBlur }: FieldViewDeps): FieldView {
  const named = new Compartment();
  const view = new EditorView({
    parent,
    state: EditorState.create({
      doc: text,
      extensions: [
        // Any other line break is a character of the value and must stay what it is.
        EditorState.lineSeparator.of('\n'),
        named.of(namingOf(naming)),
        templateLanguage(),
        templateCompletion(scope),
        problemMarks(),
        history(),
        drawSelection(),
        highlightSpecialChars(),
        EditorView.lineWrapping,
        // The list must not be cut off by a panel that scrolls.
        tooltips({ parent: document.body, position: 'fixed' }),
        keymap.of([...historyKeymap, ...standardKeymap]),
        fieldTheme,
        EditorView.updateListener.of((update) => {
          const isOurs = update.transactions.some((transaction) => transaction.annotation(fromOutside) === true);
          if (update.docChanged && !isOurs) onChange(update.state.doc.toString());
        }),
        EditorView.domEventHandlers({ blur: () => onBlur() }),
      ],
    }),
  });

  return {
    view,
    rename: (next) => view.dispatch({ effects: named.reconfigure(namingOf(next)) }),
    replaceText: (next) => {
      const change = findChange(view.state.doc.toString(), next);
      if (change === null) return;
      view.dispatch({ changes: change, annotations: [fromOutside.of(true)], userEvent: 'set' });
    },
  };
}

function namingOf({ label, placeholder: hint, isMultiline, isInvalid, notesId }: FieldNaming): Extension {
  return [
    EditorView.contentAttributes.of({
      'aria-label': label,
      'aria-multiline': String(isMultiline),
      'aria-describedby': notesId,
      ...(isInvalid ? { 'aria-invalid': 'true' } : {}),
    }),
    hint === '' ? [] : placeholder(hint),
    isMultiline ? [] : Prec.high(keymap.of([{ key: 'Enter', run: () => true, shift: () => true }])),
  ];
}

/** The smallest single replacement that makes `after` of `before`; null when they are equal. */
export function findChange(
  before: string,
  after: string,
): { readonly from: number; readonly to: number; readonly insert: string } | null {
  if (before === after) return null;
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before[start] === after[start]) start++;
  let end = 0;
  while (end < shorter - start && before[before.length - 1 - end] === after[after.length - 1 - end]) end++;
  return { from: start, to: before.length - end, insert: after.slice(start, after.length - end) };
}
