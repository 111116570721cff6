import type { Span } from './syntax';

/** A piece of a template's text: offsets in UTF-16 units, line and column from 1. */
export interface TemplateSpan extends Span {
  readonly line: number;
  readonly column: number;
}

/** Gives the line and column of pieces of a text. Lines end with LF, CRLF or CR. Reads the text once for all pieces. */
export function createLocator(text: string): (span: Span) => TemplateSpan {
  const lineStarts = [0];
  for (const { index, 0: ending } of text.matchAll(/\r\n?|\n/g)) lineStarts.push(index + ending.length);
  return ({ start, end }) => {
    let first = 0;
    let last = lineStarts.length - 1;
    while (first < last) {
      const middle = Math.ceil((first + last) / 2);
      if (lineStarts[middle]! <= start) first = middle;
      else last = middle - 1;
    }
    return { start, end, line: first + 1, column: start - lineStarts[first]! + 1 };
  };
}

/** Line and column of one piece. */
export const locate = (text: string, span: Span): TemplateSpan => createLocator(text)(span);
