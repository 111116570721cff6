// @vitest-environment happy-dom
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { findChange } from './create-field-view';

describe('findChange', () => {
  it.each([
    ['Hello {{ a }}', 'Hello {{ renamed }}', { from: 9, to: 10, insert: 'renamed' }],
    ['aa', 'aaa', { from: 2, to: 2, insert: 'a' }],
    ['aaa', 'a', { from: 1, to: 3, insert: '' }],
    ['', 'x', { from: 0, to: 0, insert: 'x' }],
  ])('replaces what differs between %j and %j alone', (before, after, change) => {
    expect(findChange(before, after)).toEqual(change);
  });

  it('finds no change between equal texts', () => {
    expect(findChange('same', 'same')).toBeNull();
  });

  test('the change makes one text of the other (property)', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '{', '\n'), maxLength: 12 });
    fc.assert(
      fc.property(text, text, (before, after) => {
        const { from, to, insert } = findChange(before, after) ?? { from: 0, to: 0, insert: '' };
        expect(before.slice(0, from) + insert + before.slice(to)).toBe(after);
      }),
    );
  });
});
