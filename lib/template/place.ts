import type { Span } from './syntax';

/** A piece of a template's text: offsets in UTF-16 units, line and column from 1. */
export interface TemplateSpan extends Span {
  readonly line: number;
  readonly column: number;
}

/** Line and column of a piece. Lines end with LF, CRLF or CR. */
export function locate(text: string, { start, end }: Span): TemplateSpan {
  let line = 1;
  let lineStart = 0;
  for (let i = 0; i < start; i++) {
    const char = text[i];
    if (char !== '\n' && (char !== '\r' || text[i + 1] === '\n')) continue;
    line++;
    lineStart = i + 1;
  }
  return { start, end, line, column: start - lineStart + 1 };
}
