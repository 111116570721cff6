import { isNameableInTemplate } from '@/lib/chain/ids';
import { findReferences } from './references';

/**
 * The text with every reference to the action `from` naming `to`; all else stays byte for byte, also what merely
 * looks like a reference: literal text, strings, fields of the same name. Text that does not parse comes back as it
 * is, and so does any text when no template can name `to`.
 */
export function renameReference(text: string, from: string, to: string): string {
  if (!isNameableInTemplate(to)) return text;
  const starts = new Map<number, number>();
  for (const { path, segments } of findReferences(text)) {
    const [segment] = segments;
    if (path[0] === from && segment !== undefined) starts.set(segment.start, segment.end);
  }
  let renamed = '';
  let copied = 0;
  for (const [start, end] of [...starts].sort(([a], [b]) => a - b)) {
    renamed += text.slice(copied, start) + to;
    copied = end;
  }
  return renamed + text.slice(copied);
}
