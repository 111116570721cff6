// @vitest-environment happy-dom
import { acceptCompletion, completionStatus, currentCompletions } from '@codemirror/autocomplete';
import { redo, undo } from '@codemirror/commands';
import { EditorView, runScopeHandlers } from '@codemirror/view';
import { act, cleanup, fireEvent, render, screen, waitFor } from '@testing-library/react';
import { useState } from 'react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { ActionId } from '@/lib/chain/ids';
import { fromPlain } from '@/lib/json/value';
import type { CompletionScope } from '@/lib/template/complete';
import { TemplateField, type TemplateFieldProps } from './template-field';

afterEach(cleanup);

const SCOPE: CompletionScope = {
  input: null,
  actions: new Map([
    [
      'fetch_customer' as ActionId,
      {
        schema: fromPlain({ type: 'object', properties: { items: { type: 'array' }, name: { type: 'string' } } }),
        sample: null,
      },
    ],
  ]),
};

const show = (props: Partial<TemplateFieldProps> = {}) => {
  const onChange = vi.fn<(value: string) => void>();
  const element = (over: Partial<TemplateFieldProps>) => (
    <TemplateField value="" onChange={onChange} label="customer_id of a" scope={SCOPE} {...props} {...over} />
  );
  const { rerender } = render(element({}));
  return { onChange, view: theView(), again: (over: Partial<TemplateFieldProps>) => rerender(element(over)) };
};

const theView = (): EditorView => EditorView.findFromDOM(document.querySelector<HTMLElement>('.cm-editor')!)!;

/** Types as a keyboard does: through the input handlers, else as plain text. */
function type(view: EditorView, text: string): void {
  for (const letter of text) {
    const { from, to } = view.state.selection.main;
    const insert = () =>
      view.state.update({
        changes: { from, to, insert: letter },
        selection: { anchor: from + letter.length },
        userEvent: 'input.type',
      });
    const isHandled = view.state
      .facet(EditorView.inputHandler)
      .some((handle) => handle(view, from, to, letter, insert));
    if (!isHandled) view.dispatch(insert());
  }
}

const press = (view: EditorView, key: string): boolean =>
  runScopeHandlers(view, new KeyboardEvent('keydown', { key }), 'editor');

describe('TemplateField', () => {
  it('is a text field with the name of its input', () => {
    show({ value: 'C-1', problems: [{ severity: 'error', message: 'Wrong.' }] });
    const box = screen.getByRole('textbox', { name: 'customer_id of a' });
    expect(box.getAttribute('aria-invalid')).toBe('true');
    expect(box.getAttribute('aria-multiline')).toBe('false');
    expect(document.getElementById(box.getAttribute('aria-describedby')!)?.textContent).toContain('Wrong.');
  });

  it('tells each change once', () => {
    const { view, onChange } = show();
    type(view, 'ab');
    expect(onChange.mock.calls).toEqual([['a'], ['ab']]);
  });

  it('closes braces, completes an action and its field, and puts brackets where a dot would not reach', async () => {
    const { view, onChange } = show();
    type(view, '{{');
    expect(view.state.doc.toString()).toBe('{{  }}');
    type(view, 'fetch_customer.it');
    await waitFor(() => expect(currentCompletions(view.state).map((option) => option.label)).toContain('items'));
    // The list takes no key in its first moment, lest a person picks what has only just appeared.
    await waitFor(() => expect(acceptCompletion(view)).toBe(true));
    expect(view.state.doc.toString()).toBe("{{ fetch_customer['items'] }}");
    expect(onChange).toHaveBeenLastCalledWith("{{ fetch_customer['items'] }}");
    expect(completionStatus(view.state)).toBeNull();
  });

  it('keeps Enter to itself in one line, writes it in many, and never takes Tab', () => {
    const { view, again } = show({ value: 'ab' });
    expect(press(view, 'Enter')).toBe(true);
    expect(view.state.doc.toString()).toBe('ab');
    expect(press(view, 'Tab')).toBe(false);
    again({ isMultiline: true });
    press(view, 'Enter');
    expect(view.state.doc.lines).toBe(2);
  });

  it('leaves Mod+Enter to the designer, which runs the chain', () => {
    const { view } = show();
    const event = new KeyboardEvent('keydown', { key: 'Enter', ctrlKey: true });
    expect(runScopeHandlers(view, event, 'editor')).toBe(false);
  });

  it('takes over a value from outside without telling it back and without moving the caret', () => {
    const { view, onChange, again } = show({ value: 'Hello {{ a }}' });
    view.dispatch({ selection: { anchor: 2 } });
    again({ value: 'Hello {{ renamed }}' });
    expect(view.state.doc.toString()).toBe('Hello {{ renamed }}');
    expect(view.state.selection.main.head).toBe(2);
    expect(onChange).not.toHaveBeenCalled();
  });

  it('keeps text as it is typed while its value is spelled otherwise, and shows the value on leaving', async () => {
    function Compacting() {
      const [value, setValue] = useState('');
      return (
        <TemplateField
          value={value}
          onChange={(text) => setValue(text.replaceAll(' ', ''))}
          label="list"
          scope={SCOPE}
        />
      );
    }
    render(<Compacting />);
    const view = theView();
    act(() => type(view, '[1, 2]'));
    expect(view.state.doc.toString()).toBe('[1, 2]');
    act(() => void view.contentDOM.dispatchEvent(new FocusEvent('blur')));
    await waitFor(() => expect(view.state.doc.toString()).toBe('[1,2]'));
  });

  it('keeps its own undo', () => {
    const { view, onChange } = show({ value: '' });
    type(view, 'ab');
    undo(view);
    expect(onChange).toHaveBeenLastCalledWith('');
    redo(view);
    expect(onChange).toHaveBeenLastCalledWith('ab');
  });

  it('keeps carriage returns and other characters of a value byte for byte', () => {
    const value = 'a\r\nb\u2028c\rd';
    const { view, onChange } = show({ value, isMultiline: true });
    view.dispatch({ selection: { anchor: value.length } });
    type(view, '!');
    expect(onChange).toHaveBeenLastCalledWith(`${value}!`);
  });

  it('underlines a problem where it stands', () => {
    show({
      value: '{{ fetch.nme }}',
      problems: [{ severity: 'error', message: 'No such field.', range: { line: 1, column: 10, length: 3 } }],
    });
    const marks = [...document.querySelectorAll('.cm-problem-error')].map((mark) => mark.textContent);
    expect(marks.join('')).toBe('nme');
  });

  it('shows the value beneath, or that there is none yet', () => {
    const { again } = show({ preview: { text: '"C-1042"', type: 'string', source: 'last run' } });
    expect(document.body.textContent).toContain('= "C-1042"· string · last run');
    again({ preview: null });
    expect(screen.getByText('no value yet')).not.toBeNull();
  });

  it('offers the fix of a problem', () => {
    const apply = vi.fn();
    show({ problems: [{ severity: 'warning', message: 'Not upstream.', fix: { label: 'Add the edge', apply } }] });
    fireEvent.click(screen.getByRole('button', { name: 'Add the edge' }));
    expect(apply).toHaveBeenCalledOnce();
  });

  it('takes the keyboard each time it is asked to, at the first problem', () => {
    const problems = [{ severity: 'error', message: 'No.', range: { line: 1, column: 4, length: 2 } }] as const;
    const { view, again } = show({ value: '{{ ab }}', problems });
    expect(view.hasFocus).toBe(false);
    again({ focusRequest: 1 });
    expect(view.contentDOM.ownerDocument.activeElement).toBe(view.contentDOM);
    expect(view.state.selection.main.head).toBe(3);
    act(() => view.contentDOM.blur());
    again({ focusRequest: 2 });
    expect(view.contentDOM.ownerDocument.activeElement).toBe(view.contentDOM);
  });
});
