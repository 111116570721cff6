/** Python's idea of white space and lines, which is not JavaScript's: no byte order mark, but the separators 1C–1F and 85. */

const SPACE = /[\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/;

const isSpace = (char: string | undefined): boolean => char !== undefined && SPACE.test(char);

/** `str.lstrip` of white space. */
export function stripStart(text: string): string {
  let start = 0;
  while (start < text.length && isSpace(text[start])) start++;
  return text.slice(start);
}

/** `str.rstrip` of white space. */
export function stripEnd(text: string): string {
  let end = text.length;
  while (end > 0 && isSpace(text[end - 1])) end--;
  return text.slice(0, end);
}

export const strip = (text: string): string => stripEnd(stripStart(text));

/** `str.splitlines`: a line end at the very end begins no further line. */
export function splitLines(text: string): string[] {
  const lines = text.split(/\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]/);
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

/** `str.split` without an argument: at runs of white space, nothing empty. */
export function splitWords(text: string): string[] {
  const words: string[] = [];
  let start = -1;
  for (let i = 0; i <= text.length; i++) {
    const isGap = i === text.length || isSpace(text[i]);
    if (isGap && start !== -1) {
      words.push(text.slice(start, i));
      start = -1;
    } else if (!isGap && start === -1) start = i;
  }
  return words;
}

/** `str.capitalize`. */
export function capitalize(text: string): string {
  const first = String.fromCodePoint(text.codePointAt(0) ?? 0x20);
  return text === '' ? '' : toTitleCase(first) + text.slice(first.length).toLowerCase();
}

/** One character in title case: `ß` becomes `Ss`. */
function toTitleCase(char: string): string {
  const [head = '', ...tail] = char.toUpperCase();
  return head + tail.join('').toLowerCase();
}
