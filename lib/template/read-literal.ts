import { err, ok, type Result } from '@/lib/result';

const FLOAT = /\d+(?:_\d+)*(?:(?:\.\d+(?:_\d+)*)?[eE][+-]?\d+(?:_\d+)*|\.\d+(?:_\d+)*)/y;
const INTEGER = /0[bB](?:_?[01])+|0[oO](?:_?[0-7])+|0[xX](?:_?[\da-fA-F])+|[1-9](?:_?\d)*|0(?:_?0)*/y;

/** The number that begins at an offset, by Jinja2's rules: in `a.0.1` both indices are integers. */
export function matchNumber(
  text: string,
  offset: number,
): { readonly type: 'integer' | 'float'; readonly end: number } | undefined {
  if (text[offset - 1] !== '.') {
    FLOAT.lastIndex = offset;
    const float = FLOAT.exec(text);
    if (float !== null) return { type: 'float', end: offset + float[0].length };
  }
  INTEGER.lastIndex = offset;
  const integer = INTEGER.exec(text);
  return integer === null ? undefined : { type: 'integer', end: offset + integer[0].length };
}

/** Python refuses longer ones too: reading them costs the square of their length. */
export const INTEGER_DIGITS_MAX = 4300;

export const parseInteger = (text: string): bigint => BigInt(text.replaceAll('_', ''));

export const parseFloatLiteral = (text: string): number => Number(text.replaceAll('_', ''));

/** A Python identifier. */
export const isIdentifier = (text: string): boolean => /^[\p{XID_Start}_][\p{XID_Continue}]*$/u.test(text);

const SIMPLE_ESCAPES: ReadonlyMap<string, string> = new Map([
  ['\\', '\\'],
  ["'", "'"],
  ['"', '"'],
  ['\n', ''],
  ['a', '\x07'],
  ['b', '\b'],
  ['f', '\f'],
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
  ['v', '\v'],
]);

const HEX_ESCAPES: ReadonlyMap<string, number> = new Map([
  ['x', 2],
  ['u', 4],
  ['U', 8],
]);

/**
 * What a quoted string holds, by Python's escapes; one that it does not know stays as written (`\d`).
 * The error is `open` when the closing quote is missing, else a sentence.
 */
export function decodeString(spelling: string): Result<string, string> {
  const quoted = spelling.replace(/\r\n?/g, '\n');
  const quote = quoted[0];
  let value = '';
  for (let i = 1; i < quoted.length; ) {
    const char = quoted[i]!;
    if (char === quote) return i === quoted.length - 1 ? ok(value) : err('open');
    if (char !== '\\') {
      value += char;
      i++;
      continue;
    }
    const escaped = quoted[i + 1];
    if (escaped === undefined) return err('open');
    const simple = SIMPLE_ESCAPES.get(escaped);
    const hexDigits = HEX_ESCAPES.get(escaped);
    if (simple !== undefined) {
      value += simple;
      i += 2;
    } else if (hexDigits !== undefined) {
      const hex = quoted.slice(i + 2, i + 2 + hexDigits);
      if (hex.length < hexDigits || !/^[\da-fA-F]+$/.test(hex) || Number.parseInt(hex, 16) > 0x10ffff) {
        return err(`\\${escaped} needs ${hexDigits} hexadecimal digits of a character.`);
      }
      value += String.fromCodePoint(Number.parseInt(hex, 16));
      i += 2 + hexDigits;
    } else if (escaped === 'N') {
      return err('Characters by name (\\N{…}) are not available; write the character itself.');
    } else {
      const octal = /^[0-7]{1,3}/.exec(quoted.slice(i + 1, i + 4))?.[0];
      value += octal === undefined ? `\\${escaped}` : String.fromCodePoint(Number.parseInt(octal, 8));
      i += 1 + (octal?.length ?? 1);
    }
  }
  return err('open');
}
