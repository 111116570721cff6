/** The characters that Jinja2 writes as entities, and how. */
const HTML_ESCAPES: ReadonlyMap<string, string> = new Map([
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ["'", '&#39;'],
  ['"', '&#34;'],
]);

/** As MarkupSafe escapes it. */
export const escapeHtml = (text: string): string => text.replace(/[&<>'"]/g, (char) => HTML_ESCAPES.get(char)!);
