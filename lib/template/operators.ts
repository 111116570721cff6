import type { Budget } from './budget';
import { formatPercent } from './callables/percent-format';
import { printValue } from './print-value';
import type { BinaryOperator, CompareOperator } from './syntax';
import { TemplateFault } from './template-fault';
import {
  capitalized,
  charactersOf,
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
  List,
  Markup,
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
    budget.step(Math.floor(text.length / 1000));
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
  if (s !== undefined && t !== undefined) return [compareText(s, t), 0];
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
export function compareText(a: string, b: string): number {
  if (a === b) return 0;
  let i = 0;
  while (i < a.length && a.charCodeAt(i) === b.charCodeAt(i)) i++;
  // A surrogate sorts above every other unit, since the pair stands for a higher character.
  const rank = (unit: number): number =>
    Number.isNaN(unit) ? -1 : unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
  return rank(a.charCodeAt(i)) - rank(b.charCodeAt(i));
}

/** Whether Python's `a < b`; for sorting. */
export const isLess = (a: Value, b: Value, budget: Budget): boolean => holdsOrder('<', a, b, budget);
export const isGreater = (a: Value, b: Value, budget: Budget): boolean => holdsOrder('>', a, b, budget);

function refuseUndefined(...values: readonly Value[]): void {
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
    budget.step(1 + Math.floor(text.length / 1000));
    return text.includes(part);
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

/** `-x` and `+x`. */
export function calculateSign(operator: '-' | '+', operand: Value): Value {
  refuseUndefined(operand);
  const number = findNumber(operand);
  if (number === undefined) throw new TemplateFault(`“${operator}” does not take ${typeNameOf(operand)}.`);
  return operator === '-' ? -number : number;
}

/** Python's arithmetic; also joins and repeats strings and lists, and formats by `%`. */
export function calculate(operator: BinaryOperator, a: Value, b: Value, budget: Budget): Value {
  const text = findText(a);
  if (operator === '%' && text !== undefined) {
    const formatted = formatPercent(text, b instanceof Tuple ? b.items : [b], findEntries(b) ?? null, budget);
    return a instanceof Markup ? new Markup(formatted) : formatted;
  }
  refuseUndefined(a, b);
  const x = findNumber(a);
  const y = findNumber(b);
  if (x !== undefined && y !== undefined) {
    return typeof x === 'bigint' && typeof y === 'bigint'
      ? calculateIntegers(operator, x, y, budget)
      : calculateFloats(operator, toFloat(x), toFloat(y));
  }
  const result =
    operator === '+'
      ? join(a, b, budget)
      : operator === '*'
        ? (repeat(a, b, budget) ?? repeat(b, a, budget))
        : undefined;
  if (result !== undefined) return result;
  throw new TemplateFault(`“${operator}” does not work between ${typeNameOf(a)} and ${typeNameOf(b)}.`);
}

/** Python refuses an int that no float can hold. */
export function toFloat(value: bigint | number): number {
  const float = Number(value);
  if (typeof value === 'bigint' && !Number.isFinite(float)) {
    throw new TemplateFault('This integer is too large for a float.');
  }
  return float;
}

/** Bits of an integer; 4,300 digits, the most Python prints, have 14,285. */
const INTEGER_BITS_MAX = 65_536;

const bitsOf = (value: bigint): number => value.toString(16).length * 4;

function calculateIntegers(operator: BinaryOperator, a: bigint, b: bigint, budget: Budget): Value {
  switch (operator) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      chargeInteger(bitsOf(a) + bitsOf(b), budget);
      return a * b;
    case '/':
      return divideIntegers(a, b);
    case '//':
      refuseZero(b);
      return (a - floorModulo(a, b)) / b;
    case '%':
      refuseZero(b);
      return floorModulo(a, b);
    case '**': {
      if (b < 0n) return calculateFloats('**', toFloat(a), toFloat(b));
      if (a !== 0n && a !== 1n && a !== -1n) {
        if (b > INTEGER_BITS_MAX) chargeInteger(Number.POSITIVE_INFINITY, budget);
        chargeInteger(bitsOf(a) * Number(b), budget);
      } else if (b > 1n) return a === -1n && b % 2n === 0n ? 1n : a;
      return a ** b;
    }
  }
}

function chargeInteger(bits: number, budget: Budget): void {
  if (bits > INTEGER_BITS_MAX) {
    throw new TemplateFault(`The template calculates a number of more than ${INTEGER_BITS_MAX} bits.`);
  }
  budget.step(Math.ceil(bits / 1024));
}

const floorModulo = (a: bigint, b: bigint): bigint => {
  const rest = a % b;
  return rest !== 0n && rest < 0n !== b < 0n ? rest + b : rest;
};

function refuseZero(divisor: bigint | number): void {
  if (Number(divisor) === 0) throw new TemplateFault('Division by zero.');
}

/** Correctly rounded also where the operands are beyond what a float holds. */
function divideIntegers(a: bigint, b: bigint): number {
  refuseZero(b);
  const limit = BigInt(Number.MAX_SAFE_INTEGER);
  if (a <= limit && a >= -limit && b <= limit && b >= -limit) return Number(a) / Number(b);
  // 64 more bits of quotient than a float has decide every rounding but an exact tie, which the sticky bit settles.
  const isNegative = a < 0n !== b < 0n;
  const x = a < 0n ? -a : a;
  const y = b < 0n ? -b : b;
  const shift = BigInt(Math.max(0, 128 - (x.toString(2).length - y.toString(2).length)));
  const quotient = ((x << shift) / y) | ((x << shift) % y === 0n ? 0n : 1n);
  const float = scaleDown(quotient, Number(shift));
  if (!Number.isFinite(float)) throw new TemplateFault('This integer is too large for a float.');
  return isNegative ? -float : float;
}

function scaleDown(value: bigint, shift: number): number {
  let float = Number(value);
  for (let left = shift; left > 0; left -= 1000) float /= 2 ** Math.min(left, 1000);
  return float;
}

function calculateFloats(operator: BinaryOperator, a: number, b: number): number {
  switch (operator) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '/':
      refuseZero(b);
      return a / b;
    case '//': {
      refuseZero(b);
      const rest = floorModuloFloat(a, b);
      const quotient = (a - rest) / b;
      const floored = Math.floor(quotient);
      return quotient - floored > 0.5 ? floored + 1 : floored;
    }
    case '%':
      refuseZero(b);
      return floorModuloFloat(a, b);
    case '**':
      return raiseFloat(a, b);
  }
}

function floorModuloFloat(a: number, b: number): number {
  const rest = a % b;
  if (rest === 0) return b < 0 ? -0 : 0;
  return rest < 0 !== b < 0 ? rest + b : rest;
}

function raiseFloat(a: number, b: number): number {
  if (a === 0 && b < 0) throw new TemplateFault('Zero cannot be raised to a negative power.');
  if (a === 1) return 1;
  if (a === -1 && !Number.isFinite(b) && !Number.isNaN(b)) return 1;
  const power = a ** b;
  if (Number.isNaN(power) && !Number.isNaN(a) && !Number.isNaN(b)) {
    throw new TemplateFault('This power is a complex number, which templates do not have.');
  }
  if (!Number.isFinite(power) && Number.isFinite(a) && Number.isFinite(b)) {
    throw new TemplateFault('This power is too large for a float.');
  }
  return power;
}

function join(a: Value, b: Value, budget: Budget): Value | undefined {
  const s = findText(a);
  const t = findText(b);
  if (s !== undefined && t !== undefined) {
    if (a instanceof Markup || b instanceof Markup) {
      const text = toEscaped(a) + toEscaped(b);
      budget.allocate(text.length);
      return new Markup(text);
    }
    budget.allocate(s.length + t.length);
    return s + t;
  }
  const items = findItems(a);
  const others = findItems(b);
  if (items === undefined || others === undefined || a instanceof Tuple !== b instanceof Tuple) return undefined;
  budget.allocate(items.length + others.length);
  return a instanceof Tuple ? new Tuple([...items, ...others]) : new List([...items, ...others]);
}

function repeat(sequence: Value, times: Value, budget: Budget): Value | undefined {
  const factor = findNumber(times);
  if (typeof factor !== 'bigint') return undefined;
  const count = factor < 0n ? 0 : Number(factor);
  const text = findText(sequence);
  if (text !== undefined) {
    budget.allocate(text.length * count);
    const repeated = text === '' ? '' : text.repeat(count);
    return sequence instanceof Markup ? new Markup(repeated) : repeated;
  }
  const items = findItems(sequence);
  if (items === undefined) return undefined;
  budget.allocate(items.length * count);
  const repeated =
    items.length === 0 ? [] : Array.from({ length: count * items.length }, (_, i) => items[i % items.length]!);
  return sequence instanceof Tuple ? new Tuple(repeated) : new List(repeated);
}

const HTML_ESCAPES: ReadonlyMap<string, string> = new Map([
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ["'", '&#39;'],
  ['"', '&#34;'],
]);

export const escapeHtml = (text: string): string => text.replace(/[&<>'"]/g, (char) => HTML_ESCAPES.get(char)!);

const toEscaped = (value: Value): string => (value instanceof Markup ? value.text : escapeHtml(findText(value)!));

/** `a ~ b`: both as text, one after the other. */
export function concatenate(parts: readonly Value[], budget: Budget): string {
  const texts = parts.map((part) => printValue(part, budget));
  budget.allocate(texts.reduce((sum, text) => sum + text.length, 0));
  return texts.join('');
}

/** Python's slice of a string, list or tuple; an absent bound is null. */
export function slice(
  value: Value,
  bounds: { readonly from: number | null; readonly to: number | null; readonly step: number | null },
  budget: Budget,
): Value | undefined {
  const text = findText(value);
  const items = text === undefined ? findItems(value) : charactersOf(text);
  if (items === undefined) return undefined;
  const step = bounds.step ?? 1;
  if (step === 0) throw new TemplateFault('The step of a slice cannot be zero.');
  const length = items.length;
  const lowest = step > 0 ? 0 : -1;
  const highest = step > 0 ? length : length - 1;
  const clamp = (bound: number | null, absent: number): number =>
    bound === null ? absent : Math.min(highest, Math.max(lowest, bound < 0 ? bound + length : bound));
  const from = clamp(bounds.from, step > 0 ? 0 : length - 1);
  const to = clamp(bounds.to, step > 0 ? length : -1);
  const picked: Value[] = [];
  for (let i = from; step > 0 ? i < to : i > to; i += step) picked.push(items[i]!);
  budget.allocate(picked.length);
  if (text !== undefined) {
    const joined = picked.join('');
    return value instanceof Markup ? new Markup(joined) : joined;
  }
  return value instanceof Tuple ? new Tuple(picked) : new List(picked);
}
