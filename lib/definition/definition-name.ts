/**
 * The name that a person gave, without what exports add at its end: ` - Exported 2024-11-19 @ 14:10`, as often as it
 * stands there. Trimmed; empty when nothing else is left.
 */
export function stripExportSuffix(name: string): string {
  let stripped = name.trimEnd();
  for (;;) {
    // Found from the end: a search from the beginning would cost the square of the length for a name of suffixes.
    const start = stripped.lastIndexOf(' - Exported ');
    if (start === -1 || !EXPORT_SUFFIX.test(stripped.slice(start))) return stripped.trim();
    stripped = stripped.slice(0, start).trimEnd();
  }
}

const EXPORT_SUFFIX = /^ - Exported \d[\d./-]{5,9} @ \d{1,2}:\d{2}(?::\d{2})?(?: ?[AaPp][Mm])?$/;

/**
 * A name as part of an id or of a file's name: `Get Customer (v2)` → `get-customer-v2`. Letters, marks and digits of any script in lower
 * case, joined by `-`; at most 80 characters; empty when the name has none.
 */
export const slugOf = (name: string): string =>
  [
    ...name
      .normalize('NFC')
      .toLowerCase()
      .replace(/[^\p{L}\p{M}\p{N}]+/gu, '-')
      .replace(/^-/, ''),
  ]
    .slice(0, SLUG_LENGTH_MAX)
    .join('')
    .replace(/-$/, '');

const SLUG_LENGTH_MAX = 80;
