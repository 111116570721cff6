import { clipText } from '@/lib/clip-text';
import { maskCredentials } from '@/lib/credential-formats';
import { findPlaces } from '@/lib/json/find-places';
import { POINTER_SEGMENT_MAX } from '@/lib/json/parse-json';
import { formatPointer, type JsonPath } from '@/lib/json/pointer';
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue, Numeral } from '@/lib/json/value';
import { findNearestName } from '@/lib/nearest-name';

/** Why a document is not taken in, and where. Nothing of a rejected document is used. */
export interface Rejection {
  readonly code: 'json_syntax' | 'duplicate_key' | 'schema' | 'action_id' | 'limit';
  /** What was found and what was expected, as a sentence of at most 4 KB. */
  readonly message: string;
  /** JSON pointer to the place; it ends early where a key is too long to be shown. */
  readonly path: string;
  /** Counted from 1, in UTF-16 units; present when the document came as text. */
  readonly line?: number;
  readonly column?: number;
}

/** At most this many rejections are listed; the last one then says how many more there are. */
export const REJECTIONS_MAX = 100;

/** At so many rejections a reader of long lists stops: nobody mends so much by hand, and a text can have millions. */
const REJECTIONS_COUNTED_MAX = 10_000;

export type Reject = (code: Rejection['code'], path: JsonPath, message: string) => void;

/** Collects what is wrong, so that a person mends a document in one go. Those beyond the listed ones are only counted. */
export interface Reader {
  readonly rejections: Rejection[];
  readonly reject: Reject;
  /** Reading on would find nothing that anybody is told. */
  readonly isFull: () => boolean;
}

export function createReader(): Reader {
  const rejections: Rejection[] = [];
  return {
    rejections,
    isFull: () => rejections.length >= REJECTIONS_COUNTED_MAX,
    reject: (code, path, message) =>
      void rejections.push(
        rejections.length > REJECTIONS_MAX
          ? UNLISTED
          : { code, message: clipText(message, MESSAGE_LENGTH_MAX), path: pointerTo(path) },
      ),
  };
}

/** Only counted: a text of twenty megabytes can be wrong in a million places. */
const UNLISTED: Rejection = { code: 'schema', message: 'One of many.', path: '' };

/** The first of them, up to {@link REJECTIONS_MAX}. */
export function listRejections(all: readonly Rejection[]): readonly Rejection[] {
  if (all.length <= REJECTIONS_MAX) return all;
  const shown = all.slice(0, REJECTIONS_MAX - 1);
  const more = `${all.length - shown.length} more places are wrong; mend these first.`;
  const message = all.length >= REJECTIONS_COUNTED_MAX ? `At least ${more}` : more;
  return [...shown, { code: 'schema', message, path: '' }];
}

/** The rejections of a document that was read from `text`, each with its line and column. */
export function withPlaces(rejections: readonly Rejection[], text: string): readonly Rejection[] {
  const places = findPlaces(text, new Set(rejections.map(({ path }) => path)));
  return rejections.map((rejection) => ({ ...rejection, ...places.get(rejection.path) }));
}

/** Keys that a record with fixed keys does not have. Those that begin with `x-` belong to whoever wrote them. */
export function rejectUnknownKeys(value: JsonObject, known: readonly string[], path: JsonPath, reader: Reader): void {
  for (const key of value.keys()) {
    if (reader.isFull()) return;
    if (!known.includes(key) && !key.startsWith('x-')) rejectUnknownKey(key, known, path, reader);
  }
}

/** Once more are wrong than are listed, nobody reads the advice, and hundreds of thousands of keys would wait for it. */
export function rejectUnknownKey(
  key: string,
  known: readonly string[],
  path: JsonPath,
  { rejections, reject }: Reader,
): void {
  const message = rejections.length > REJECTIONS_MAX ? 'Unknown key.' : describeUnknownKey(key, known);
  reject('schema', [...path, key], message);
}

function describeUnknownKey(key: string, known: readonly string[]): string {
  const nearest = findNearestName(key, known);
  const advice = nearest === undefined ? `known are ${known.join(', ')}` : `did you mean ${nearest}?`;
  return `Unknown key \`${clipText(maskCredentials(key), QUOTED_LENGTH_MAX)}\`; ${advice}${nearest === undefined ? '. Keys of your own begin with x-.' : ''}`;
}

/** A value for a sentence: what it is, with its text when that is short. Never goes down into it. */
export function describeValue(value: JsonValue): string {
  if (value === null) return 'null';
  if (value instanceof Numeral) return clipText(value.text, QUOTED_LENGTH_MAX);
  if (isJsonArray(value)) return 'a list';
  if (isJsonObject(value)) return 'an object';
  return typeof value === 'string' ? `the text ${quote(value)}` : String(value);
}

/** In double quotes, cut when it is long. A credential is masked before: what is left of a cut one would be told. */
export const quote = (text: string): string => JSON.stringify(clipText(maskCredentials(text), QUOTED_LENGTH_MAX));

const MESSAGE_LENGTH_MAX = 1000;
const QUOTED_LENGTH_MAX = 60;

/** The pointer of a place; it ends before a key that is too long to be shown. */
export function pointerTo(path: JsonPath): string {
  const end = path.findIndex((segment) => typeof segment === 'string' && segment.length > POINTER_SEGMENT_MAX);
  return formatPointer(end === -1 ? path : path.slice(0, end));
}
