import { type ParseErrorCode, visit } from 'jsonc-parser';
import { clipText } from '@/lib/clip-text';
import { err, ok, type Result } from '@/lib/result';
import { formatPointer, type PathSegment } from './pointer';
import { describeSyntax, findTrailingComma } from './syntax-words';
import { isNumeralText, type JsonText, type JsonValue, Numeral } from './value';

export interface JsonLimits {
  /** UTF-8 bytes of text. */
  readonly sizeBytesMax: number;
  /** Brackets open at once. */
  readonly depthMax: number;
  /** Values at any depth, each of which takes memory and time however short it is; no limit of their own when absent. */
  readonly valuesMax?: number;
}

/** Limits of a chain document (chain-document.md). */
export const DOCUMENT_LIMITS: JsonLimits = { sizeBytesMax: 5 * 1024 * 1024, depthMax: 64 };

/** Why text is not the JSON we take, and where. Lines and columns count from 1, in UTF-16 units. */
export interface JsonProblem {
  readonly code: 'json_syntax' | 'duplicate_key' | 'limit';
  readonly message: string;
  readonly path: string;
  readonly line: number;
  readonly column: number;
}

/**
 * Reads JSON text without losing anything: order of keys, spelling of numbers, any key. A leading byte order mark is
 * passed over. A key that stands twice in one object is a problem: `JSON.parse` would keep the last one silently.
 *
 * Reading ends at the first problem, and brackets are counted while reading, so 100,000 of them are an answer and not
 * a stack overflow. A count made ahead would have to know where strings and comments end exactly as the reader does:
 * `"` and a carriage return, or a quote in a comment, would hide brackets from it.
 */
export function parseJson(text: string, limits: JsonLimits = DOCUMENT_LIMITS): Result<JsonValue, JsonProblem> {
  const source = withoutByteOrderMark(text);
  const tooLarge = findSizeProblem(countUtf8Bytes(source), limits.sizeBytesMax);
  if (tooLarge !== undefined) return err(tooLarge);
  try {
    return ok(read(source, limits));
  } catch (stop) {
    if (stop instanceof Stop) return err(stop.problem);
    throw stop;
  }
}

/** Says so when that many UTF-8 bytes are too many. */
export function findSizeProblem(sizeBytes: number, sizeBytesMax: number): JsonProblem | undefined {
  if (sizeBytes <= sizeBytesMax) return undefined;
  const [found, limit] = [formatMegabytes(sizeBytes), formatMegabytes(sizeBytesMax)];
  const over = sizeBytes - sizeBytesMax;
  // Rounded, the two can look the same.
  const size = found === limit ? `${limit} and ${over.toLocaleString('en')} ${over === 1 ? 'byte' : 'bytes'}` : found;
  const message = `The text has ${size}; at most ${limit} are accepted.`;
  return { code: 'limit', message, path: '', line: 1, column: 1 };
}

/** Ends the walk at its first problem: `visit` has no other way out, and reading on would recurse without bound. */
class Stop {
  readonly problem: JsonProblem;

  constructor(problem: JsonProblem) {
    this.problem = problem;
  }
}

type Open = { readonly map: Map<string, JsonValue>; key: string | null } | { readonly list: JsonValue[] };

function read(source: string, { depthMax, valuesMax = Number.POSITIVE_INFINITY }: JsonLimits): JsonValue {
  const open: Open[] = [];
  let count = 0;
  let root: JsonValue | undefined;
  /** The same few numbers stand in a large text again and again. */
  const numerals = new Map<string, Numeral>();

  const stop = (code: JsonProblem['code'], message: string, offset: number): never => {
    throw new Stop({ code, message, path: pathOf(open), ...placeOf(source, offset) });
  };
  const stopAtError = (code: ParseErrorCode, offset: number): never => {
    const frame = open.at(-1);
    const comma = frame === undefined ? undefined : findTrailingComma(source, offset, 'map' in frame ? '}' : ']');
    if (comma === undefined) return stop('json_syntax', describeSyntax(code, source, offset), offset);
    // The comma follows a whole item: what is wrong belongs to the bracket and not to the item before.
    const message = `Not JSON: a comma before ${source[offset]} with nothing after it. Delete the comma.`;
    throw new Stop({ code: 'json_syntax', message, path: pathOf(open.slice(0, -1)), ...placeOf(source, comma) });
  };
  const place = (value: JsonValue): void => {
    const frame = open.at(-1);
    if (frame === undefined) root = value;
    else if ('list' in frame) frame.list.push(value);
    else if (frame.key !== null) frame.map.set(frame.key, value);
  };
  const countAt = (offset: number): void => {
    if (++count <= valuesMax) return;
    stop('limit', `The text holds more than ${valuesMax.toLocaleString('en')} values; leave some of them out.`, offset);
  };
  const begin = (frame: Open, offset: number): void => {
    countAt(offset);
    if (open.length >= depthMax)
      stop('limit', `Brackets are nested deeper than ${depthMax}; flatten the value.`, offset);
    open.push(frame);
  };
  const end = (): void => {
    const frame = open.pop();
    if (frame === undefined) return;
    // A list that grew has room for sixteen more: millions of short ones would fill the memory with nothing.
    place('map' in frame ? frame.map : frame.list.slice());
  };
  const numeralOf = (spelling: string): Numeral => {
    const known = numerals.get(spelling);
    if (known !== undefined) return known;
    const numeral = new Numeral(spelling);
    if (numerals.size < NUMERALS_REMEMBERED_MAX) numerals.set(spelling, numeral);
    return numeral;
  };

  visit(
    source,
    {
      onObjectBegin: (offset) => begin({ map: new Map(), key: null }, offset),
      onObjectProperty: (key, offset) => {
        const frame = open.at(-1);
        if (frame === undefined || !('map' in frame)) return;
        frame.key = key;
        if (frame.map.has(key)) stop('duplicate_key', `The key ${quote(key)} stands twice in one object.`, offset);
      },
      onObjectEnd: end,
      onArrayBegin: (offset) => begin({ list: [] }, offset),
      onArrayEnd: end,
      onLiteralValue: (value, offset, length) => {
        countAt(offset);
        if (typeof value !== 'number') return place(value);
        const spelling = source.slice(offset, offset + length);
        if (!numerals.has(spelling) && !isNumeralText(spelling))
          stop('json_syntax', `Not JSON: ${quote(spelling)} is no number.`, offset);
        place(numeralOf(spelling));
      },
      onError: (code, offset) => stopAtError(code, offset),
    },
    { disallowComments: true, allowTrailingComma: false },
  );
  if (root === undefined) throw new Error('A walk without an error gave no value');
  return root;
}

const NUMERALS_REMEMBERED_MAX = 1000;

/** Where the reader stands. The pointer ends before a key too long to be shown. */
function pathOf(open: readonly Open[]): string {
  const path: PathSegment[] = [];
  for (const frame of open) {
    const segment = 'map' in frame ? frame.key : frame.list.length;
    if (segment === null || (typeof segment === 'string' && segment.length > POINTER_SEGMENT_MAX)) break;
    path.push(segment);
  }
  return formatPointer(path);
}

export const withoutByteOrderMark = (text: string): string => (text.startsWith('\uFEFF') ? text.slice(1) : text);

/** Reads JSON that this program printed or has already accepted; anything else is a defect. */
export function parseTrustedJson(text: JsonText): JsonValue {
  const parsed = parseJson(text, { sizeBytesMax: Number.MAX_SAFE_INTEGER, depthMax: TRUSTED_DEPTH_MAX });
  if (!parsed.ok) throw new Error(`Stored JSON cannot be read: ${parsed.error.message}`);
  return parsed.value;
}

/** The reader below recurses; deeper text is never accepted at any door. */
const TRUSTED_DEPTH_MAX = 512;

/** What `TextEncoder` would give, without making the bytes. Half a surrogate pair is counted as two of its three. */
function countUtf8Bytes(text: string): number {
  let sizeBytes = text.length;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit >= 0x80) sizeBytes += unit < 0x800 || (unit >= 0xd800 && unit <= 0xdfff) ? 1 : 2;
  }
  return sizeBytes;
}

/** Line and column of an offset, counted from 1 in UTF-16 units. */
export function placeOf(source: string, offset: number): { readonly line: number; readonly column: number } {
  const before = source.slice(0, offset);
  return { line: before.split('\n').length, column: offset - before.lastIndexOf('\n') };
}

/** Longer keys would make a pointer that nobody can read. */
export const POINTER_SEGMENT_MAX = 256;

const quote = (text: string): string => JSON.stringify(clipText(text, 60));
const formatMegabytes = (bytes: number): string => `${(bytes / 1024 / 1024).toFixed(1)} MB`;
