/**
 * The name that a person gave, without what exports add at its end: ` - Exported 2024-11-19 @ 14:10`, as often as it
 * stands there. Trimmed; empty when nothing else is left.
 */
export function stripExportSuffix(name: string): string {
  let stripped = name.trimEnd();
  for (let match = EXPORT_SUFFIX.exec(stripped); match !== null; match = EXPORT_SUFFIX.exec(stripped)) {
    stripped = stripped.slice(0, match.index).trimEnd();
  }
  return stripped.trim();
}

const EXPORT_SUFFIX = / - Exported \d[\d./-]{5,9} @ \d{1,2}:\d{2}(?::\d{2})?(?: ?[AP]M)?$/i;

/**
 * A name as part of an id: `Get Customer (v2)` → `get-customer-v2`. Letters, marks and digits of any script in lower
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
