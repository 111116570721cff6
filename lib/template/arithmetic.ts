import type { Budget } from './budget';
import { formatPercent } from './callables/percent-format';
import { escapeHtml } from './escape-html';
import { decompose } from './float-parts';
import { refuseUndefined } from './operators';
import { printValue } from './print-value';
import type { BinaryOperator } from './syntax';
import { TemplateFault } from './template-fault';
import {
  charactersOf,
  findEntries,
  findItems,
  findNumber,
  findText,
  List,
  Markup,
  Tuple,
  typeNameOf,
  type Value,
} from './values';

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
    const formatted = formatPercent(
      text,
      {
        values: b instanceof Tuple ? b.items : [b],
        entries: findEntries(b) ?? null,
        isLone: !(b instanceof Tuple),
        isEscaped: a instanceof Markup,
      },
      budget,
    );
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

/** The logarithm to base 2 of the size of an integer; 0 for zero. */
function bitsOf(value: bigint): number {
  if (value === 0n) return 0;
  const digits = (value < 0n ? -value : value).toString(16);
  // Thirteen hexadecimal digits are what a float holds exactly.
  return Math.log2(Number.parseInt(digits.slice(0, 13), 16)) + 4 * Math.max(0, digits.length - 13);
}

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

function divideIntegers(a: bigint, b: bigint): number {
  refuseZero(b);
  const quotient = quotientOf(a, b);
  if (!Number.isFinite(quotient)) throw new TemplateFault('This integer is too large for a float.');
  return quotient;
}

/** Correctly rounded also where the operands are beyond what a float holds; infinite where the quotient is. */
function quotientOf(a: bigint, b: bigint): number {
  const limit = BigInt(Number.MAX_SAFE_INTEGER);
  if (a <= limit && a >= -limit && b <= limit && b >= -limit) return Number(a) / Number(b);
  // 64 more bits of quotient than a float has decide every rounding but an exact tie, which the sticky bit settles.
  const isNegative = a < 0n !== b < 0n;
  const x = a < 0n ? -a : a;
  const y = b < 0n ? -b : b;
  const shift = BigInt(Math.max(0, 128 - (x.toString(2).length - y.toString(2).length)));
  const quotient = ((x << shift) / y) | ((x << shift) % y === 0n ? 0n : 1n);
  const float = scaleDown(quotient, Number(shift));
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
    case '//':
      refuseZero(b);
      return floorDivideFloat(a, b);
    case '%':
      refuseZero(b);
      return floorModuloFloat(a, b);
    case '**':
      return raiseFloat(a, b);
  }
}

/** As CPython does it, sign of zero included. */
function floorDivideFloat(a: number, b: number): number {
  const rest = a % b;
  const quotient = (a - rest) / b - (rest !== 0 && rest < 0 !== b < 0 ? 1 : 0);
  if (quotient === 0) return a / b < 0 ? -0 : 0;
  const floored = Math.floor(quotient);
  return quotient - floored > 0.5 ? floored + 1 : floored;
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
  const power = powerOf(a, b);
  if (Number.isNaN(power) && !Number.isNaN(a) && !Number.isNaN(b)) {
    throw new TemplateFault('This power is a complex number, which templates do not have.');
  }
  if (!Number.isFinite(power) && Number.isFinite(a) && Number.isFinite(b)) {
    throw new TemplateFault('This power is too large for a float.');
  }
  return power;
}

/** Exponents up to here are calculated exactly: 53 bits of mantissa to this power are still few. */
const EXACT_EXPONENT_MAX = 64;

/**
 * V8 may be one unit off in the last place where Python is right, so the powers that people write are calculated
 * without it: whole exponents exactly, a half as the root. What is left can differ in the seventeenth digit.
 */
function powerOf(a: number, b: number): number {
  if (b === 0.5 && a >= 0 && Number.isFinite(a)) return Math.sqrt(a);
  if (!Number.isInteger(b) || Math.abs(b) > EXACT_EXPONENT_MAX || !Number.isFinite(a) || a === 0) return a ** b;
  const { mantissa, exponent } = decompose(Math.abs(a));
  const raised = mantissa ** BigInt(Math.abs(b));
  const shift = exponent * Math.abs(b);
  const [over, under] = shift >= 0 ? [raised << BigInt(shift), 1n] : [raised, 1n << BigInt(-shift)];
  const size = b >= 0 ? quotientOf(over, under) : quotientOf(under, over);
  return a < 0 && b % 2 !== 0 ? -size : size;
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
    if (text === '') return sequence;
    budget.allocate(text.length * count);
    const repeated = text.repeat(count);
    return sequence instanceof Markup ? new Markup(repeated) : repeated;
  }
  const items = findItems(sequence);
  if (items === undefined) return undefined;
  if (items.length === 0) return sequence;
  budget.allocate(items.length * count);
  const repeated = Array.from({ length: count * items.length }, (_, i) => items[i % items.length]!);
  return sequence instanceof Tuple ? new Tuple(repeated) : new List(repeated);
}

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
  const items = text === undefined ? findItems(value) : charactersOf(text, budget);
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
