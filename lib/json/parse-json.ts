import { type ParseErrorCode, printParseErrorCode, visit } from 'jsonc-parser';
import { err, ok, type Result } from '@/lib/result';
import { formatPointer, type PathSegment } from './pointer';
import { isNumeralText, type JsonText, type JsonValue, Numeral } from './value';

export interface JsonLimits {
  /** UTF-8 bytes of text. */
  readonly sizeBytesMax: number;
  /** Brackets open at once. */
  readonly depthMax: number;
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
 * passed over.
 *
 * Depth and size are found by one linear scan first, so 100,000 brackets are an answer and not a stack overflow. A key
 * that stands twice in one object is a problem: `JSON.parse` would keep the last one silently.
 */
export function parseJson(text: string, limits: JsonLimits = DOCUMENT_LIMITS): Result<JsonValue, JsonProblem> {
  const source = text.startsWith('\uFEFF') ? text.slice(1) : text;
  const beyond = findBeyondLimits(source, limits);
  if (beyond !== undefined) return err(beyond);

  type Open = { readonly map: Map<string, JsonValue>; key: string } | { readonly list: JsonValue[] };
  const open: Open[] = [];
  let root: JsonValue | undefined;
  let problem: JsonProblem | undefined;

  const pathHere = (): PathSegment[] => open.map((frame) => ('map' in frame ? frame.key : frame.list.length));
  const place = (value: JsonValue): void => {
    const frame = open.at(-1);
    if (frame === undefined) root = value;
    else if ('map' in frame) frame.map.set(frame.key, value);
    else frame.list.push(value);
  };
  const report = (code: JsonProblem['code'], message: string, path: readonly PathSegment[], offset: number): void => {
    problem ??= { code, message, path: formatPointer(path), ...placeOf(source, offset) };
  };

  visit(
    source,
    {
      onObjectBegin: () => {
        const map = new Map<string, JsonValue>();
        place(map);
        open.push({ map, key: '' });
      },
      onObjectProperty: (key, offset) => {
        const frame = open.at(-1);
        if (frame === undefined || !('map' in frame)) return;
        frame.key = key;
        if (frame.map.has(key)) {
          report('duplicate_key', `The key ${quote(key)} stands twice in one object.`, pathHere(), offset);
        }
        // Reserved at once, so that a twin is seen even while the first value is still being read.
        frame.map.set(key, null);
      },
      onObjectEnd: () => void open.pop(),
      onArrayBegin: () => {
        const list: JsonValue[] = [];
        place(list);
        open.push({ list });
      },
      onArrayEnd: () => void open.pop(),
      onLiteralValue: (value, offset, length) => {
        const spelling = source.slice(offset, offset + length);
        if (typeof value !== 'number') place(value);
        else if (isNumeralText(spelling)) place(new Numeral(spelling));
        else report('json_syntax', `Not JSON: ${quote(spelling)} is no number.`, pathHere(), offset);
      },
      onError: (code, offset) => report('json_syntax', describeError(code, source, offset), pathHere(), offset),
    },
    { disallowComments: true, allowTrailingComma: false },
  );

  if (problem !== undefined) return err(problem);
  if (root === undefined) {
    return err({ code: 'json_syntax', message: 'The text is empty; JSON was expected.', path: '', line: 1, column: 1 });
  }
  return ok(root);
}

/** Reads JSON that this program printed or has already accepted; anything else is a defect. */
export function parseTrustedJson(text: JsonText): JsonValue {
  const parsed = parseJson(text, { sizeBytesMax: Number.MAX_SAFE_INTEGER, depthMax: TRUSTED_DEPTH_MAX });
  if (!parsed.ok) throw new Error(`Stored JSON cannot be read: ${parsed.error.message}`);
  return parsed.value;
}

/** The reader below recurses; deeper text is never accepted at any door. */
const TRUSTED_DEPTH_MAX = 512;

function findBeyondLimits(source: string, limits: JsonLimits): JsonProblem | undefined {
  let depth = 0;
  let sizeBytes = 0;
  let inString = false;
  for (let i = 0; i < source.length; i++) {
    const unit = source.charCodeAt(i);
    sizeBytes += unit < 0x80 ? 1 : unit < 0x800 || (unit >= 0xd800 && unit <= 0xdfff) ? 2 : 3;
    if (inString) {
      if (unit === BACKSLASH) {
        i++;
        sizeBytes++;
      } else if (unit === QUOTE || unit === NEWLINE) inString = false;
    } else if (unit === QUOTE) inString = true;
    else if (unit === BRACE_OPEN || unit === BRACKET_OPEN) {
      depth++;
      if (depth > limits.depthMax) {
        const message = `Brackets are nested deeper than ${limits.depthMax}; flatten the value.`;
        return { code: 'limit', message, path: '', ...placeOf(source, i) };
      }
    } else if (unit === BRACE_CLOSE || unit === BRACKET_CLOSE) depth--;
  }
  if (sizeBytes > limits.sizeBytesMax) {
    const message = `The text has ${formatMegabytes(sizeBytes)}; at most ${formatMegabytes(limits.sizeBytesMax)} are accepted.`;
    return { code: 'limit', message, path: '', line: 1, column: 1 };
  }
  return undefined;
}

const [QUOTE, BACKSLASH, NEWLINE] = [0x22, 0x5c, 0x0a];
const [BRACE_OPEN, BRACE_CLOSE, BRACKET_OPEN, BRACKET_CLOSE] = [0x7b, 0x7d, 0x5b, 0x5d];

function placeOf(source: string, offset: number): { line: number; column: number } {
  const before = source.slice(0, offset);
  const line = before.split('\n').length;
  return { line, column: offset - before.lastIndexOf('\n') };
}

function describeError(code: ParseErrorCode, source: string, offset: number): string {
  const words = printParseErrorCode(code)
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase();
  const found = offset >= source.length ? 'the end of the text' : quote(source.slice(offset, offset + 20));
  return `Not JSON: ${words}, at ${found}.`;
}

const quote = (text: string): string => JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
const formatMegabytes = (bytes: number): string => `${(bytes / 1024 / 1024).toFixed(1)} MB`;
