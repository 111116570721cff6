import { Text } from '@codemirror/state';
import { describe, expect, it } from 'vitest';
import { spanOf } from './problem-marks';

const doc = Text.of(['{{ a', '  .b }}']);

describe('spanOf', () => {
  it.each([
    [
      { line: 1, column: 4, length: 1 },
      { from: 3, to: 4 },
    ],
    [
      { line: 2, column: 4, length: 1 },
      { from: 8, to: 9 },
    ],
    [
      { line: 1, column: 4, length: 99 },
      { from: 3, to: 12 },
    ],
    [
      { line: 1, column: 4, length: 0 },
      { from: 3, to: 4 },
    ],
    [
      { line: 9, column: 99, length: 5 },
      { from: 11, to: 12 },
    ],
  ])('finds %j', (range, span) => {
    expect(spanOf(doc, range)).toEqual(span);
  });

  it('gives nothing to mark in an empty text', () => {
    expect(spanOf(Text.empty, { line: 1, column: 1, length: 3 })).toEqual({ from: 0, to: 0 });
  });
});
