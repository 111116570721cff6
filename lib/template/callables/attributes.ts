import { lookUpItem } from '../lookup';
import { isTrue } from '../operators';
import { findText, Undefined, type Value } from '../values';
import type { CallContext, Parameter } from './callable';

/** The parameters of `min`, `max` and `unique`. */
export const CASE_SENSITIVE: readonly Parameter[] = [
  { name: 'case_sensitive', fallback: false },
  { name: 'attribute', fallback: null },
];

/** Strings in lower case, unless the filter was told that case matters. */
export function foldCase(caseSensitive: Value, { budget }: CallContext): (value: Value) => Value {
  if (isTrue(caseSensitive)) return (value) => value;
  return (value) => {
    const text = findText(value);
    if (text === undefined) return value;
    budget.allocate(text.length);
    return text.toLowerCase();
  };
}

type Parts = readonly Value[];

function partsOf(attribute: Value): Parts {
  const text = findText(attribute);
  if (text === undefined) return attribute === null ? [] : [attribute];
  return text.split('.').map((part) => (/^\d{1,15}$/.test(part) ? BigInt(part) : part));
}

function walk(item: Value, parts: Parts, context: CallContext, fallback: Value): Value {
  let value = item;
  for (const part of parts) {
    context.budget.step();
    value = lookUpItem(
      value,
      part,
      () => 'an item',
      (explain) => context.makeUndefined(explain()),
      context.budget,
    );
    if (fallback !== null && value instanceof Undefined) value = fallback;
  }
  return value;
}

/** Reads `attribute` (`"address.city"`, `"lines.0"`) of an item; null is the item itself. */
export function attributeGetter(
  attribute: Value,
  context: CallContext,
  process: (value: Value) => Value = (value) => value,
  fallback: Value = null,
): (item: Value) => Value {
  const parts = partsOf(attribute);
  return (item) => process(walk(item, parts, context, fallback));
}

/** The same for several attributes with commas between them, as `sort` takes them. */
export function attributesGetter(
  attribute: Value,
  context: CallContext,
  process: (value: Value) => Value,
): (item: Value) => readonly Value[] {
  const text = findText(attribute);
  const paths = text === undefined ? [partsOf(attribute)] : text.split(',').map(partsOf);
  return (item) => paths.map((parts) => process(walk(item, parts, context, null)));
}
