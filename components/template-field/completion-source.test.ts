import { CompletionContext } from '@codemirror/autocomplete';
import { EditorState } from '@codemirror/state';
import { describe, expect, it } from 'vitest';
import type { ActionId } from '@/lib/chain/ids';
import { fromPlain } from '@/lib/json/value';
import type { CompletionScope } from '@/lib/template/complete';
import { findCompletions } from './completion-source';

const SCOPE: CompletionScope = {
  input: fromPlain({ type: 'object', properties: { account_id: { type: 'string' } } }),
  actions: new Map([
    [
      'fetch_customer' as ActionId,
      {
        schema: fromPlain({
          type: 'object',
          properties: { customer_id: { type: 'string' }, items: { type: 'array' } },
        }),
        sample: fromPlain({ customer_id: 'C-1042' }),
      },
    ],
  ]),
};

/** Completions where `|` stands. */
function at(marked: string) {
  const pos = marked.indexOf('|');
  const state = EditorState.create({ doc: marked.replace('|', '') });
  return findCompletions(new CompletionContext(state, pos, true), SCOPE);
}

describe('findCompletions', () => {
  it('offers actions upstream and the chain inputs at the beginning of an expression', () => {
    const labels = at('{{ | }}')!.options.map((option) => option.label);
    expect(labels).toEqual(expect.arrayContaining(['fetch_customer', 'input', 'fetch_customer.customer_id']));
  });

  it('offers the fields of an action with type and sample at the right', () => {
    const result = at('{{ fetch_customer.cu| }}')!;
    expect(result.from).toBe('{{ fetch_customer.'.length);
    expect(result.options.find((option) => option.label === 'customer_id')).toMatchObject({
      apply: 'customer_id',
      side: 'string · "C-1042"',
    });
  });

  it('offers filters with a line of help', () => {
    // `at` marks the caret with a bar, which a filter needs itself.
    const state = EditorState.create({ doc: '{{ a | up }}' });
    const filters = findCompletions(new CompletionContext(state, 9, true), SCOPE)!;
    expect(filters.from).toBe(7);
    expect(filters.options.find(({ label }) => label === 'upper')).toMatchObject({ side: expect.stringMatching(/\w/) });
  });

  it('keeps the order of the completions where they match equally well', () => {
    const keys = at('{{ | }}')!.options.map((option) => option.sortText!);
    expect(keys).toEqual([...keys].sort());
  });

  it('offers nothing in plain text', () => {
    expect(at('fetch|')).toBeNull();
  });
});
