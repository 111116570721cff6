import type { Budget } from './budget';
import { indexOfText } from './search-text';
import type { CompareOperator } from './syntax';
import { TemplateFault } from './template-fault';
import {
  capitalized,
  type Entries,
  findEntries,
  findItems,
  findKey,
  findListItems,
  findNumber,
  findSize,
  findText,
  iterate,
  Lazy,
  Method,
  Tuple,
  typeNameOf,
  Undefined,
  type Value,
} from './values';

/** Python's truth: `[] {} '' 0 0.0 None False` are false. */
export function isTrue(value: Value): boolean {
  if (value === null || typeof value === 'boolean') return value === true;
  const number = findNumber(value);
  if (number !== undefined) return Number(number) !== 0;
  const text = findText(value);
  if (text !== undefined) return text !== '';
  if (value instanceof Undefined) {
    value.tolerate();
    return false;
  }
  const size = findSize(value);
  return size === undefined ? value instanceof Lazy || value instanceof Method : size > 0;
}

/** Python's `==`: numbers by value whatever their type, lists and dicts by what is in them. */
export function isEqual(a: Value, b: Value, budget: Budget): boolean {
  budget.step();
  if (a instanceof Undefined) {
    a.tolerate();
    return b instanceof Undefined;
  }
  if (b instanceof Undefined) {
    b.tolerate();
    return false;
  }
  const text = findText(a);
  if (text !== undefined) {
    budget.scan(text.length);
    return text === findText(b);
  }
  const number = findNumber(a);
  // Loosely on purpose: 2n == 2.0, exactly.
  // biome-ignore lint/suspicious/noDoubleEquals: compares bigint and number by value
  if (number !== undefined) return number == findNumber(b);
  const items = findItems(a);
  const others = findItems(b);
  if (items !== undefined && others !== undefined) {
    return a instanceof Tuple === b instanceof Tuple && areItemsEqual(items, others, budget);
  }
  const entries = findEntries(a);
  const otherEntries = findEntries(b);
  if (entries !== undefined && otherEntries !== undefined) return areDictsEqual(entries, otherEntries, budget);
  return a === b;
}

function areItemsEqual(a: readonly Value[], b: readonly Value[], budget: Budget): boolean {
  return a === b || (a.length === b.length && budget.deeper(() => a.every((item, i) => isEqual(item, b[i]!, budget))));
}

function areDictsEqual(a: Entries, b: Entries, budget: Budget): boolean {
  if (a === b) return true;
  if (a.size !== b.size) return false;
  return budget.deeper(() => {
    for (const [key, item] of a) {
      const otherKey = findKey(b, key);
      if (otherKey === undefined || !isEqual(item, b.get(otherKey)!, budget)) return false;
    }
    return true;
  });
}

/** One link of a comparison. */
export function compare(operator: CompareOperator, a: Value, b: Value, budget: Budget): boolean {
  switch (operator) {
    case '==':
      return isEqual(a, b, budget);
    case '!=':
      return !isEqual(a, b, budget);
    case 'in':
      return contains(b, a, budget);
    case 'not in':
      return !contains(b, a, budget);
    default:
      return holdsOrder(operator, a, b, budget);
  }
}

function holdsOrder(operator: '<' | '<=' | '>' | '>=', a: Value, b: Value, budget: Budget): boolean {
  // NaN is in no order to anything, so each operator is asked as it is.
  const [x, y] = findOrderedPair(a, b, budget, operator);
  if (operator === '<') return x < y;
  if (operator === '<=') return x <= y;
  return operator === '>' ? x > y : x >= y;
}

/** Two things that JavaScript orders as Python orders the two values. */
function findOrderedPair(a: Value, b: Value, budget: Budget, operator: string): [bigint | number, bigint | number] {
  budget.step();
  refuseUndefined(a, b);
  const x = findNumber(a);
  const y = findNumber(b);
  if (x !== undefined && y !== undefined) return [x, y];
  const s = findText(a);
  const t = findText(b);
  if (s !== undefined && t !== undefined) return [compareText(s, t, budget), 0];
  const items = findItems(a);
  const others = findItems(b);
  if (items !== undefined && others !== undefined && a instanceof Tuple === b instanceof Tuple) {
    return budget.deeper(() => {
      for (const [i, item] of items.entries()) {
        if (i >= others.length) break;
        if (!isEqual(item, others[i]!, budget)) return findOrderedPair(item, others[i]!, budget, operator);
      }
      return [items.length, others.length];
    });
  }
  throw new TemplateFault(`“${operator}” does not compare ${typeNameOf(a)} with ${typeNameOf(b)}.`);
}

/** Below zero, zero or above; by code points, as Python does. */
export function compareText(a: string, b: string, budget: Budget): number {
  budget.scan(Math.min(a.length, b.length));
  if (a === b) return 0;
  let i = 0;
  while (i < a.length && a.charCodeAt(i) === b.charCodeAt(i)) i++;
  // Behind the first half of a pair of surrogates the whole characters are what differs.
  if (i > 0 && isHighSurrogate(a, i - 1) && (isLowSurrogate(a, i) || isLowSurrogate(b, i))) i--;
  return (a.codePointAt(i) ?? -1) - (b.codePointAt(i) ?? -1);
}

const isHighSurrogate = (text: string, index: number): boolean => /[\uD800-\uDBFF]/.test(text.charAt(index));
const isLowSurrogate = (text: string, index: number): boolean => /[\uDC00-\uDFFF]/.test(text.charAt(index));

/** Whether Python's `a < b`; for sorting. */
export const isLess = (a: Value, b: Value, budget: Budget): boolean => holdsOrder('<', a, b, budget);
export const isGreater = (a: Value, b: Value, budget: Budget): boolean => holdsOrder('>', a, b, budget);

/** Throws the fault of the first value that is not there. */
export function refuseUndefined(...values: readonly Value[]): void {
  for (const value of values) if (value instanceof Undefined) throw value.fault;
}

/** Python's `item in container`. */
export function contains(container: Value, item: Value, budget: Budget): boolean {
  const text = findText(container);
  if (text !== undefined) {
    if (item instanceof Undefined) throw item.fault;
    const part = findText(item);
    if (part === undefined) {
      throw new TemplateFault(`Only a string can be looked for in a string, not ${typeNameOf(item)}.`);
    }
    budget.step();
    budget.scan(text.length);
    return indexOfText(text, part) !== -1;
  }
  const entries = findEntries(container);
  if (entries !== undefined) {
    if (item instanceof Undefined) {
      item.tolerate();
      return false;
    }
    if ((findListItems(item) ?? findEntries(item)) !== undefined) {
      throw new TemplateFault(`${capitalized(typeNameOf(item))} cannot be the key of a dict.`);
    }
    return findKey(entries, item) !== undefined;
  }
  for (const candidate of iterate(container, budget)) if (isEqual(candidate, item, budget)) return true;
  return false;
}
