import { findAtPath, formatPointer, type JsonPath } from '@/lib/json/pointer';
import { isJsonArray, isJsonObject, type JsonValue } from '@/lib/json/value';

/** One field of the inputs: what the document says and what was sent for it. */
export interface InputRow {
  /** `/customer/id`; empty when the inputs as a whole are one template. */
  readonly pointer: string;
  readonly template: JsonValue;
  /** Undefined when nothing was sent. */
  readonly resolved: JsonValue | undefined;
}

/** Fields beyond this are left to the tree of what was sent. */
export const INPUT_ROWS_MAX = 200;

/** Every leaf of the inputs as the document has them, beside what stood there when the call left. */
export function compareInputs(template: JsonValue, sent: JsonValue | undefined): readonly InputRow[] {
  const rows: InputRow[] = [];
  const walk = (at: JsonValue, path: JsonPath): void => {
    if (rows.length >= INPUT_ROWS_MAX) return;
    if (isJsonObject(at) && at.size > 0) {
      for (const [key, item] of at) walk(item, [...path, key]);
    } else if (isJsonArray(at) && at.length > 0) {
      at.forEach((item, index) => {
        walk(item, [...path, index]);
      });
    } else {
      const resolved = sent === undefined ? undefined : findAtPath(sent, path);
      rows.push({ pointer: formatPointer(path), template: at, resolved });
    }
  };
  walk(template, []);
  return rows;
}
