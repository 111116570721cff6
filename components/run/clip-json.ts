import { isNameableInTemplate } from '@/lib/chain/ids';
import type { JsonPath, PathSegment } from '@/lib/json/pointer';
import { printJson } from '@/lib/json/print-json';
import { isJsonArray, isJsonObject, type JsonType, type JsonValue, jsonTypeOf } from '@/lib/json/value';
import { DICT_METHODS } from '@/lib/template/lookup';
import { quoteString } from '@/lib/template/print-value';

/** One row of a value tree, already cut to what is shown. */
export interface TreeRow {
  /** Key or index below its parent; null for the value itself. */
  readonly segment: PathSegment | null;
  readonly path: JsonPath;
  readonly type: JsonType;
  readonly value: JsonValue;
  /** The scalar as JSON spells it, or a word about the container: `3 items`. */
  readonly text: string;
  readonly isClipped: boolean;
  readonly children: readonly TreeRow[];
  /** Children that the limit left out. */
  readonly hiddenCount: number;
}

/**
 * The first rows of a value, in document order, until about `lengthMax` characters of its JSON text are used up. Work and
 * rows are bounded by the limit, not by the size of the value: a list of a million items costs what its first page costs.
 */
export function clipJson(value: JsonValue, lengthMax: number): TreeRow {
  let left = lengthMax;
  const take = (at: JsonValue, segment: PathSegment | null, path: JsonPath): TreeRow => {
    const row = { segment, path, type: jsonTypeOf(at), value: at };
    if (!isJsonArray(at) && !isJsonObject(at)) {
      const { text, isClipped } = clipScalar(at, Math.max(left, 80));
      left -= text.length;
      return { ...row, text, isClipped, children: [], hiddenCount: 0 };
    }
    const children: TreeRow[] = [];
    const entries: Iterable<readonly [PathSegment, JsonValue]> = isJsonObject(at) ? at : at.entries();
    for (const [key, item] of entries) {
      if (left <= 0) break;
      left -= String(key).length + 4;
      children.push(take(item, key, [...path, key]));
    }
    const size = isJsonObject(at) ? at.size : at.length;
    const noun = isJsonObject(at) ? 'field' : 'item';
    const text = `${size} ${noun}${size === 1 ? '' : 's'}`;
    return { ...row, text, isClipped: false, children, hiddenCount: size - children.length };
  };
  return take(value, null, []);
}

function clipScalar(value: JsonValue, lengthMax: number): { readonly text: string; readonly isClipped: boolean } {
  if (typeof value === 'string' && value.length > lengthMax) {
    return { text: JSON.stringify(value.slice(0, lengthMax)), isClipped: true };
  }
  return { text: printJson(value), isClipped: false };
}

/** The path as a template reads it: `fetch_customer.orders[0]['items']`. */
export function formatTemplatePath(root: string, path: JsonPath): string {
  return path.reduce<string>((text, segment) => {
    if (typeof segment === 'number') return `${text}[${segment}]`;
    const isPlain = isNameableInTemplate(segment) && !DICT_METHODS.has(segment);
    return isPlain ? `${text}.${segment}` : `${text}[${quoteString(segment)}]`;
  }, root);
}
