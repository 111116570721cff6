import { jinja } from '@codemirror/lang-jinja';
import { ensureSyntaxTree } from '@codemirror/language';
import { EditorState } from '@codemirror/state';
import { describe, expect, it } from 'vitest';
import { html } from './lang-html-stub';
import { typeBrace } from './template-language';

/** Types one character where `|` stands, and gives the text with `|` at the caret; null when nothing is special. */
function type(marked: string, typed: string): string | null {
  const at = marked.indexOf('|');
  const state = EditorState.create({ doc: marked.replace('|', '') });
  const spec = typeBrace(state, at, typed);
  if (spec === null) return null;
  const after = state.update(spec).state;
  const { head } = after.selection.main;
  return `${after.sliceDoc(0, head)}|${after.sliceDoc(head)}`;
}

describe('typing braces', () => {
  it.each([
    ['{|', '{{ | }}'],
    ['Hello {|!', 'Hello {{ | }}!'],
    ['{{ a }} {|', '{{ a }} {{ | }}'],
  ])('closes a second { in %j', (before, after) => {
    expect(type(before, '{')).toBe(after);
  });

  it.each(['|', 'a|', '{{|', '{|a }}'])('leaves { alone in %j', (before) => {
    expect(type(before, '{')).toBeNull();
  });

  it('does not double the space after {{', () => {
    expect(type('{{ | }}', ' ')).toBe('{{ | }}');
    expect(type('{{ a | }}', ' ')).toBeNull();
  });

  it('types over the closing braces one by one', () => {
    expect(type('{{ a| }}', '}')).toBe('{{ a }|}');
    expect(type('{{ a }|}', '}')).toBe('{{ a }}|');
    expect(type('{{ a | }}', '}')).toBe('{{ a }|}');
  });

  it.each(['|', "{{ {'a': 1| }}", '{{ a }}|'])('inserts } in %j', (before) => {
    expect(type(before, '}')).toBeNull();
  });
});

describe('the stand-in for lang-html', () => {
  it('lets lang-jinja read a template inside of any text', () => {
    const doc = '<b>{{ fetch.name | upper }}</b>';
    const state = EditorState.create({ doc, extensions: jinja({ base: html() }) });
    const names: string[] = [];
    ensureSyntaxTree(state, doc.length, 5000)!.iterate({ enter: (node) => void names.push(node.name) });
    expect(names).toEqual(expect.arrayContaining(['Interpolation', 'VariableName', 'PropertyName', 'FilterName']));
    expect(names).not.toContain('Element');
  });
});
