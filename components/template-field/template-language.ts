import { startCompletion } from '@codemirror/autocomplete';
import { closePercentBrace, jinjaLanguage } from '@codemirror/lang-jinja';
import { HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import { type EditorState, type Extension, Prec, type TransactionSpec } from '@codemirror/state';
import { EditorView, keymap } from '@codemirror/view';
import { tags } from '@lezer/highlight';

const HIGHLIGHT = HighlightStyle.define([
  { tag: tags.variableName, color: 'var(--syntax-action)' },
  { tag: tags.propertyName, color: 'var(--syntax-field)' },
  { tag: tags.special(tags.variableName), color: 'var(--syntax-keyword)' },
  { tag: [tags.string, tags.number, tags.bool], color: 'var(--syntax-string)' },
  { tag: [tags.keyword, tags.controlKeyword, tags.definitionKeyword, tags.modifier], color: 'var(--syntax-keyword)' },
  { tag: [tags.logicOperator, tags.operatorKeyword], color: 'var(--syntax-keyword)' },
  { tag: [tags.brace, tags.punctuation, tags.operator], color: 'var(--text-3)' },
  { tag: tags.blockComment, color: 'var(--text-3)', fontStyle: 'italic' },
]);

/** Colours for a template, and the braces that close themselves. */
export const templateLanguage = (): Extension => [
  jinjaLanguage,
  syntaxHighlighting(HIGHLIGHT),
  closePercentBrace,
  EditorView.inputHandler.of((view, from, to, text) => {
    const spec = from === to ? typeBrace(view.state, from, text) : null;
    if (spec === null) return false;
    view.dispatch(spec);
    // Moving the caret without a change would close the list, so the space asks for it again.
    if (text === '{' || text === ' ') startCompletion(view);
    return true;
  }),
  Prec.high(keymap.of([{ key: 'Backspace', run: deleteEmptyBraces }])),
];

/** What typing one character at `at` does beyond inserting it; null for nothing beyond. */
export function typeBrace(state: EditorState, at: number, typed: string): TransactionSpec | null {
  const before = state.sliceDoc(0, at);
  const after = state.sliceDoc(at);

  if (typed === '{') {
    // `{{{` is no beginning, and braces that already close further on need no second pair.
    if (!/(^|[^{])\{$/.test(before) || /^[^{]*\}\}/.test(after)) return null;
    return {
      changes: { from: at, insert: '{  }}' },
      selection: { anchor: at + 2 },
      userEvent: 'input.type',
      scrollIntoView: true,
    };
  }
  if (typed === '}') {
    const closing = /^\s*\}\}|^\}/.exec(after)?.[0];
    const inside = before.slice(before.lastIndexOf('{{') + 2);
    const isInDict = before.includes('{{') && count(inside, '{') > count(inside, '}');
    if (closing === undefined || !before.includes('{{') || isInDict) return null;
    // Types over one brace, so that typing both of them ends behind the pair. Who typed the space before it too gets one.
    const gap = closing.indexOf('}');
    if (gap > 0 && /\s$/.test(before)) {
      return {
        changes: { from: at, to: at + gap },
        selection: { anchor: at + 1 },
        userEvent: 'input.type',
        scrollIntoView: true,
      };
    }
    return { selection: { anchor: at + gap + 1 }, userEvent: 'select', scrollIntoView: true };
  }
  // Who types the space after `{{` out of habit gets the one that stands there already.
  if (typed === ' ' && before.endsWith('{{ ') && after.startsWith(' }}')) return { selection: { anchor: at } };
  return null;
}

/** Takes back a pair of braces that was opened by mistake, while nothing stands in it. */
function deleteEmptyBraces(view: EditorView): boolean {
  const { empty, head } = view.state.selection.main;
  if (!empty) return false;
  const opening = /\{\{ $/.exec(view.state.sliceDoc(0, head));
  if (opening === null || view.state.sliceDoc(head, head + 3) !== ' }}') return false;
  view.dispatch({ changes: { from: head - 3, to: head + 3 }, userEvent: 'delete.backward' });
  return true;
}

const count = (text: string, part: string): number => text.split(part).length - 1;
