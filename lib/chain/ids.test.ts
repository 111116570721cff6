import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arbitraryText } from '@/testing/arbitrary-json';
import { ACTION_ID_LENGTH_MAX, freshActionId, isNameableInTemplate, parseActionId } from './ids';

describe('parseActionId', () => {
  it.each([
    'a',
    'fetch customer',
    '10',
    '__proto__',
    'constructor',
    'a/b',
    '{{ x }}',
    '👩‍🚀',
    'inputs',
    'Input',
    'x'.repeat(128),
    '👩'.repeat(128),
  ])('takes %j', (text) => {
    expect(parseActionId(text)).toEqual({ ok: true, value: text });
  });

  it.each([
    ['', 'at least one character'],
    ['x'.repeat(ACTION_ID_LENGTH_MAX + 1), 'at most 128 characters; this one has 129'],
    ['👩'.repeat(129), 'at most 128 characters; this one has 129'],
    ['a\nb', 'control characters'],
    ['\u0000', 'control characters'],
    ['a\u007f', 'control characters'],
    ['a\u0085', 'control characters'],
    ['\ud83d', 'half a surrogate pair'],
    ['\udc69a', 'half a surrogate pair'],
    ['input', 'templates read the chain’s own inputs'],
  ])('refuses %j and says why', (text, reason) => {
    const parsed = parseActionId(text);
    expect(parsed.ok === false && parsed.error).toContain(reason);
  });
});

describe('isNameableInTemplate', () => {
  it.each(['a', '_', '__proto__', 'fetch_customer', 'A1', 'café', '名前', 'constructor', 'items', 'end'])(
    'names %s',
    (id) => {
      expect(isNameableInTemplate(id)).toBe(true);
    },
  );

  it.each(['', '1a', 'a-b', 'a b', 'a.b', 'a\n', '10', '👩', 'for', 'None', 'true', 'self', 'loop', 'not', 'a$'])(
    'cannot name %j',
    (id) => {
      expect(isNameableInTemplate(id)).toBe(false);
    },
  );
});

describe('freshActionId', () => {
  it.each([
    ['Get customer!', 'get_customer'],
    ['Überweisung', 'u_berweisung'],
    ['  ', 'action'],
    ['名前', 'action'],
    ['2 of 3', 'action_2_of_3'],
    ['input', 'input_2'],
    ['For', 'for_2'],
    ['x'.repeat(100), 'x'.repeat(60)],
  ])('makes of %j the id %s', (wish, id) => {
    expect(freshActionId(wish, () => false)).toBe(id);
  });

  it('counts on past taken ids', () => {
    const taken = new Set(['get', 'get_2', 'get_3']);
    expect(freshActionId('get', (id) => taken.has(id))).toBe('get_4');
  });

  it('is always new, valid and nameable (property)', () => {
    fc.assert(
      fc.property(arbitraryText, fc.nat(5), (wish, takenCount) => {
        const taken = new Set<string>();
        for (let i = 0; i < takenCount; i++) taken.add(freshActionId(wish, (id) => taken.has(id)));
        const id = freshActionId(wish, (other) => taken.has(other));
        expect(taken.size).toBe(takenCount);
        expect(taken.has(id)).toBe(false);
        expect(parseActionId(id).ok).toBe(true);
        expect(isNameableInTemplate(id)).toBe(true);
      }),
    );
  });
});
