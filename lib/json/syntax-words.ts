import type { ParseErrorCode } from 'jsonc-parser';

/**
 * Why a text is not JSON, as a sentence for the person who chose it, and what to do: texts that are something else
 * altogether (a web page, YAML, a Python script) are told as what they are.
 *
 * Texts in double quotes are never quoted: a file that breaks off in the middle of a credential does not give it away.
 *
 * @param offset where reading stopped.
 */
export function describeSyntax(code: ParseErrorCode, source: string, offset: number): string {
  const kind = source.trim() === '' ? EMPTY : findOtherKind(source, offset);
  if (kind !== undefined) return kind;
  return `Not JSON: ${describeSpelling(source, offset) ?? `${ERROR_WORDS[code]}, at ${describeFound(source, offset)}`}.`;
}

/** Where the comma stands that makes `bracket` at the offset wrong; undefined when that is not what is wrong. */
export function findTrailingComma(source: string, offset: number, bracket: '}' | ']'): number | undefined {
  if (source[offset] !== bracket) return undefined;
  let at = offset - 1;
  while (at >= 0 && isSpace(source[at])) at--;
  if (source[at] !== ',') return undefined;
  let before = at - 1;
  while (before >= 0 && isSpace(source[before])) before--;
  // `{,}` and `[1,,]` want a value there, not less commas.
  return /[[{,:]/.test(source[before] ?? ',') ? undefined : at;
}

const isSpace = (character: string | undefined): boolean => character !== undefined && ' \t\r\n'.includes(character);

const EMPTY = 'The text is empty; JSON was expected. Was the file saved?';

/** Texts that are no attempt at JSON, told by how they begin; the reader must have stopped right there. */
function findOtherKind(source: string, offset: number): string | undefined {
  if (source.slice(0, offset).trim() !== '') return undefined;
  const head = source.slice(offset, offset + HEAD_LENGTH).trimStart();
  if (WEB_PAGE.test(head)) {
    return 'This is a web page (HTML), not JSON. Was a login page saved instead of the file? Sign in where the file comes from, and download it again.';
  }
  if (head.startsWith('<')) return 'This is XML, not JSON. Export it as JSON where it comes from.';
  if (head.startsWith('```')) return 'This is Markdown around a text. Copy only what stands between the lines of ```.';
  if (PROGRAM.test(head)) {
    return 'This is a program, not JSON. Copy only the part from { to }, with keys and texts in double quotes.';
  }
  if (YAML.test(withoutComments(head))) {
    return 'This looks like YAML, not JSON. Convert it to JSON first; every YAML tool can do that.';
  }
  return undefined;
}

/** How much of a text is looked at to tell its kind. */
const HEAD_LENGTH = 2000;

const WEB_PAGE = /^<(?:!doctype\s+html|html|head|body|script|meta)\b/i;

/** `ACTIONS = {`, `actions: dict[str, Any] = {`, `export const chain = {`, `import json`. */
const PROGRAM =
  /^(?:(?:import|from|def|class|function|async|export|const|let|var) \w|[\w.]{1,80}(?: ?: ?[\w[\], .]{1,80})? ?=(?!=))/;

/** A document mark, a `key: value`, a key alone on its line, or an item of a list. */
const YAML = /^(?:---|%YAML|[\w.$/-]{1,128}:(?:[ \t]|\r?\n|$)|- \S)/;

/** Without the lines at the beginning that hold nothing, or a comment of YAML. */
function withoutComments(head: string): string {
  const lines = head.split('\n');
  const first = lines.findIndex((line) => line.trim() !== '' && !line.trimStart().startsWith('#'));
  return first === -1 ? '' : lines.slice(first).join('\n').trimStart();
}

/** JSON as other languages, or people, write it. */
function describeSpelling(source: string, offset: number): string | undefined {
  const rest = source.slice(offset, offset + 40);
  const before = source.slice(Math.max(0, offset - 40), offset);
  if (rest.startsWith("'")) return 'a text in single quotes; keys and texts stand in double quotes';
  if (/^[“”„‟«»‘’`]/.test(rest)) return 'a typographic quote; keys and texts stand in straight double quotes (")';
  if (/^(?:\/[/*]|#)/.test(rest))
    return 'comments are not allowed; delete it, or keep it under a key that begins with x-';
  const word = /^[-+]?[\p{L}_$][\p{L}\p{N}_$]*/u.exec(rest)?.[0];
  if (word === undefined) return undefined;
  const instead = WORDS.get(word);
  if (instead !== undefined) return `${word} does not exist here; ${instead}`;
  if (/[{,]\s*$/.test(before) && /^\s*:/.test(rest.slice(word.length))) return `the key ${word} needs double quotes`;
  return undefined;
}

/** What Python and JavaScript write where JSON has something else, or nothing. */
const WORDS: ReadonlyMap<string, string> = new Map([
  ...['NaN', 'nan', 'Infinity', '-Infinity', '+Infinity', '-NaN', 'inf', '-inf'].map(
    (word) => [word, 'numbers are finite: write a number, or null'] as const,
  ),
  ...['None', 'undefined', 'nil', 'NULL', 'Null'].map((word) => [word, 'write null'] as const),
  ...['True', 'TRUE'].map((word) => [word, 'write true'] as const),
  ...['False', 'FALSE'].map((word) => [word, 'write false'] as const),
]);

function describeFound(source: string, offset: number): string {
  const found = source.slice(offset, offset + 20);
  if (found === '') return 'the end of the text';
  if (found.startsWith('"')) return 'a text in double quotes';
  const text = found.includes('"') ? `${found.slice(0, found.indexOf('"'))}"…` : found;
  return JSON.stringify(text);
}

/** The reader's codes, in the words of somebody who looks at the text. */
const ERROR_WORDS: Record<ParseErrorCode, string> = {
  1: 'no value begins like this',
  2: 'this is no number',
  3: 'a key in double quotes is missing',
  4: 'a value is missing',
  5: 'a colon is missing',
  6: 'a comma is missing',
  7: 'a closing } is missing',
  8: 'a closing ] is missing',
  9: 'the text goes on after the value',
  10: 'comments are not allowed',
  11: 'a comment does not end',
  12: 'a text does not end on its line',
  13: 'a number breaks off',
  14: 'a \\u escape needs four hex digits',
  15: 'this escape does not exist',
  16: 'a control character must be escaped',
};
