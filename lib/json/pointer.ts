import { isJsonArray, isJsonObject, type JsonValue } from './value';

/** One step down: a key of an object, or an index of an array. */
export type PathSegment = string | number;
export type JsonPath = readonly PathSegment[];

/** A JSON pointer (RFC 6901): `/actions/a~1b/inputs/0`; the whole document is `""`. */
export const formatPointer = (path: JsonPath): string =>
  path.map((segment) => `/${String(segment).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');

/** The segments of a pointer, all as strings; an array takes `"0"` as well as `0`. Undefined when it is not a pointer. */
export function parsePointer(pointer: string): readonly string[] | undefined {
  if (pointer === '') return [];
  if (!pointer.startsWith('/') || /~(?![01])/.test(pointer)) return undefined;
  return pointer
    .slice(1)
    .split('/')
    .map((segment) => segment.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** The value at a path, or undefined where the path leads nowhere. */
export function findAtPath(value: JsonValue, path: JsonPath): JsonValue | undefined {
  let at: JsonValue | undefined = value;
  for (const segment of path) {
    if (isJsonArray(at)) at = at[arrayIndex(segment)];
    else if (isJsonObject(at)) at = at.get(String(segment));
    else return undefined;
  }
  return at;
}

/**
 * A copy with the value at `path` replaced, or taken out when `next` is undefined (an array closes the gap). What is
 * not on the path is shared with the original. A missing last key is appended, as is an item behind the last one; a path
 * that leads nowhere throws.
 */
export function replaceAtPath(value: JsonValue, path: JsonPath, next: JsonValue | undefined): JsonValue {
  const [segment, ...rest] = path;
  if (segment === undefined) {
    if (next === undefined) throw new Error('The whole value cannot be taken out');
    return next;
  }
  if (isJsonArray(value)) {
    const index = arrayIndex(segment);
    if (Number.isNaN(index)) throw new Error(`Nothing stands at ${formatPointer(path)}`);
    const item = value[index];
    if (rest.length > 0 && item === undefined) throw new Error(`Nothing stands at ${formatPointer(path)}`);
    if (rest.length === 0 && next === undefined) return value.filter((_, i) => i !== index);
    const copy = [...value];
    copy[Math.min(index, copy.length)] = rest.length === 0 ? next! : replaceAtPath(item!, rest, next);
    return copy;
  }
  if (!isJsonObject(value)) throw new Error(`Nothing stands at ${formatPointer(path)}`);
  const key = String(segment);
  const copy = new Map(value);
  if (rest.length > 0) {
    const item = value.get(key);
    if (item === undefined) throw new Error(`Nothing stands at ${formatPointer(path)}`);
    copy.set(key, replaceAtPath(item, rest, next));
  } else if (next === undefined) copy.delete(key);
  else copy.set(key, next);
  return copy;
}

/** RFC 6901 indices only: no sign, no leading zero. NaN finds nothing. */
const arrayIndex = (segment: PathSegment): number =>
  /^(?:0|[1-9]\d*)$/.test(String(segment)) ? Number(segment) : Number.NaN;
