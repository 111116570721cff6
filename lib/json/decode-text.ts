import { err, ok, type Result } from '@/lib/result';
import { findSizeProblem, type JsonProblem, placeOf } from './parse-json';

/**
 * The text of UTF-8 bytes, a leading byte order mark included. Strict: bytes that are not UTF-8 are a problem that names
 * the first of them, by its offset from 0 and by line and column; nothing is repaired, because a repaired text would be
 * another document than the file.
 *
 * @param sizeBytesMax looked at before anything else, so that 50 MB are answered at once; a byte order mark counts for
 *   nothing.
 */
export function decodeText(bytes: Uint8Array, sizeBytesMax: number): Result<string, JsonProblem> {
  const tooLarge = findSizeProblem(bytes.length - (hasMark(bytes) ? MARK_BYTES : 0), sizeBytesMax);
  if (tooLarge !== undefined) return err(tooLarge);
  const otherOffset = findUtf16(bytes);
  if (otherOffset !== undefined) return err(problemAt(bytes, otherOffset, UTF_16));
  try {
    return ok(createDecoder().decode(bytes));
  } catch {
    return err(problemAt(bytes, findBadByte(bytes), describeOtherKind(bytes) ?? NOT_UTF_8));
  }
}

const MARK_BYTES = 3;
const hasMark = ([first, second, third]: Uint8Array): boolean => first === 0xef && second === 0xbb && third === 0xbf;

const createDecoder = () => new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** What cannot be UTF-8 of a JSON text: a mark of UTF-16, or one of the first two bytes zero. */
function findUtf16([first, second]: Uint8Array): number | undefined {
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) return 0;
  if (first === 0 && second !== undefined) return 0;
  return second === 0 ? 1 : undefined;
}

const UTF_16 =
  'the file is UTF-16. Save it as UTF-8: in an editor under “Save with encoding”, in PowerShell with -Encoding utf8';
const NOT_UTF_8 = 'this byte is not UTF-8. Save the file as UTF-8: in an editor under “Save with encoding”';

/** Files that come along by mistake, by their first bytes. */
function describeOtherKind([first, second]: Uint8Array): string | undefined {
  if ((first === 0x50 && second === 0x4b) || (first === 0x1f && second === 0x8b)) {
    return 'the file is compressed. Unpack it, and choose the JSON file in it';
  }
  return undefined;
}

function problemAt(bytes: Uint8Array, offset: number, what: string): JsonProblem {
  const before = offset === 0 ? '' : createDecoder().decode(bytes.subarray(0, offset));
  const byte = `0x${bytes[offset]!.toString(16).padStart(2, '0')}`;
  const message = `Not UTF-8 text: at byte offset ${offset} (${byte}), ${what}.`;
  const source = before.startsWith('\uFEFF') ? before.slice(1) : before;
  return { code: 'json_syntax', message, path: '', ...placeOf(source, source.length) };
}

/** Where the first sequence begins that is no UTF-8. */
function findBadByte(bytes: Uint8Array): number {
  let offset = 0;
  while (offset < bytes.length) {
    const length = sequenceLengthAt(bytes, offset);
    if (length === 0) return offset;
    offset += length;
  }
  throw new Error('The decoder refused what the table of sequences allows');
}

/** Length of the well-formed sequence at the offset, 0 when there is none (table 3-7 of the Unicode Standard). */
function sequenceLengthAt(bytes: Uint8Array, offset: number): number {
  const lead = bytes[offset]!;
  if (lead < 0x80) return 1;
  const length = lead < 0xc2 || lead > 0xf4 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  const secondMin = lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80;
  const secondMax = lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf;
  for (let i = 1; i < length; i++) {
    const byte = bytes[offset + i] ?? 0;
    if (byte < (i === 1 ? secondMin : 0x80) || byte > (i === 1 ? secondMax : 0xbf)) return 0;
  }
  return length;
}
