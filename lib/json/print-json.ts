import { sha256 } from '@noble/hashes/sha2';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils';
import { isJsonArray, isJsonObject, type JsonText, type JsonValue, Numeral } from './value';

/**
 * JSON text laid out as `JSON.stringify(value, null, 2)` does it, numbers as they were written and keys in their order.
 * No newline at the end: a document adds its own.
 */
export const printJson = (value: JsonValue): JsonText => print(value, '\n') as JsonText;

/** The same as it stands `depth` brackets deep in a larger text: every line but the first is indented by that much. */
export const printJsonAtDepth = (value: JsonValue, depth: number): string => print(value, `\n${'  '.repeat(depth)}`);

/** The same on one line, without spaces: what goes over the wire and into the log. */
export const printCompactJson = (value: JsonValue): JsonText => print(value, null) as JsonText;

/** SHA-256 of the text's UTF-8 bytes, in lower-case hex: what `sha256sum` prints for the file. */
export const sha256Hex = (text: string): string => bytesToHex(sha256(utf8ToBytes(text)));

/** @param lineBreak newline and indentation of this level, null for one line. */
function print(value: JsonValue, lineBreak: string | null): string {
  if (value instanceof Numeral) return value.text;
  if (isJsonArray(value)) {
    return enclose('[', ']', lineBreak, value, (item, inner) => print(item, inner));
  }
  if (isJsonObject(value)) {
    const colon = lineBreak === null ? ':' : ': ';
    return enclose(
      '{',
      '}',
      lineBreak,
      [...value],
      ([key, item], inner) => JSON.stringify(key) + colon + print(item, inner),
    );
  }
  return JSON.stringify(value);
}

function enclose<T>(
  start: string,
  end: string,
  lineBreak: string | null,
  items: readonly T[],
  printItem: (item: T, inner: string | null) => string,
): string {
  if (items.length === 0) return start + end;
  const inner = lineBreak === null ? null : `${lineBreak}  `;
  const parts = items.map((item) => printItem(item, inner));
  return lineBreak === null ? start + parts.join(',') + end : start + inner + parts.join(`,${inner}`) + lineBreak + end;
}
