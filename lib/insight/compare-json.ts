import { formatPointer, type JsonPath, type PathSegment } from '@/lib/json/pointer';
import { isJsonArray, isJsonObject, isSameJson, type JsonObject, type JsonValue } from '@/lib/json/value';

/**
 * One difference between two values. `path` is a JSON pointer; what was removed stands there in the first value, everything
 * else in the second. Numbers count by their spelling: `2` and `2.0` differ.
 */
export type FieldChange =
  | { readonly type: 'added'; readonly path: string; readonly to: JsonValue }
  | { readonly type: 'removed'; readonly path: string; readonly from: JsonValue }
  | { readonly type: 'changed'; readonly path: string; readonly from: JsonValue; readonly to: JsonValue }
  /** An object holds the keys that both have in another order. */
  | {
      readonly type: 'reordered';
      readonly path: string;
      readonly from: readonly string[];
      readonly to: readonly string[];
    };

export interface JsonComparison {
  readonly before: JsonObject;
  readonly after: JsonObject;
  /** What is told as `from` where `before` was rewritten for the comparison; of the same shape. `before` unless given. */
  readonly written?: JsonObject;
  /** Pointers of objects that count as empty where they are absent, so that their keys are told one by one. */
  readonly records?: ReadonlySet<string>;
}

/**
 * The differences leaf by leaf, none if and only if both print the same text. A part that only one side has is one
 * change, whatever it holds. Lists are compared by index, once equal items at their start and end are set aside: an item
 * inserted in the middle is one change.
 */
export function compareJson({
  before,
  after,
  written = before,
  records = NONE,
}: JsonComparison): readonly FieldChange[] {
  const changes: FieldChange[] = [];
  compareObjects({ path: [], before, after, written, records, changes });
  return changes;
}

const NONE: ReadonlySet<string> = new Set();
const EMPTY: JsonObject = new Map();

interface Walk<T> {
  readonly path: JsonPath;
  readonly before: T;
  readonly after: T;
  readonly written: T;
  readonly records: ReadonlySet<string>;
  readonly changes: FieldChange[];
}

/** Depth is bounded: no door takes a document deeper than 64 brackets. */
function compareValues(walk: Walk<JsonValue>): void {
  const { path, before, after, written, changes } = walk;
  if (isJsonObject(before) && isJsonObject(after) && isJsonObject(written)) {
    compareObjects({ ...walk, before, after, written });
  } else if (isJsonArray(before) && isJsonArray(after) && isJsonArray(written)) {
    compareLists({ ...walk, before, after, written });
  } else if (!isSameJson(before, after)) {
    changes.push({ type: 'changed', path: formatPointer(path), from: written, to: after });
  }
}

function compareObjects(walk: Walk<JsonObject>): void {
  const { path, before, after, written, changes } = walk;
  for (const [key, value] of before) {
    const next = after.get(key);
    const told = written.get(key) ?? value;
    if (next !== undefined) compareValues(below(walk, key, value, next, told));
    else if (isRecord(walk, key, value)) compareValues(below(walk, key, value, EMPTY, told));
    else changes.push({ type: 'removed', path: formatPointer([...path, key]), from: told });
  }
  for (const [key, next] of after) {
    if (before.has(key)) continue;
    if (isRecord(walk, key, next)) compareValues(below(walk, key, EMPTY, next, EMPTY));
    else changes.push({ type: 'added', path: formatPointer([...path, key]), to: next });
  }
  const from = [...before.keys()].filter((key) => after.has(key));
  const to = [...after.keys()].filter((key) => before.has(key));
  if (from.some((key, index) => key !== to[index])) {
    changes.push({ type: 'reordered', path: formatPointer(path), from, to });
  }
}

function compareLists(walk: Walk<readonly JsonValue[]>): void {
  const { path, before, after, written, changes } = walk;
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && isSameJson(before[start]!, after[start]!)) start++;
  let end = 0;
  while (end < shorter - start && isSameJson(before.at(-1 - end)!, after.at(-1 - end)!)) end++;

  for (let index = start; index < before.length - end; index++) {
    if (index < after.length - end) {
      compareValues(below(walk, index, before[index]!, after[index]!, written[index]!));
    } else changes.push({ type: 'removed', path: formatPointer([...path, index]), from: written[index]! });
  }
  for (let index = Math.max(start, before.length - end); index < after.length - end; index++) {
    changes.push({ type: 'added', path: formatPointer([...path, index]), to: after[index]! });
  }
}

const below = (
  { path, records, changes }: Walk<unknown>,
  segment: PathSegment,
  before: JsonValue,
  after: JsonValue,
  written: JsonValue,
): Walk<JsonValue> => ({ path: [...path, segment], before, after, written, records, changes });

/** An empty object has no key to be told by: that it came or went is a change of its own. */
const isRecord = ({ path, records }: Walk<unknown>, key: string, value: JsonValue): boolean =>
  isJsonObject(value) && value.size > 0 && records.has(formatPointer([...path, key]));
