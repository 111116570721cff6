import { calculate, toFloat } from '../arithmetic';
import type { Budget } from '../budget';
import { isGreater, isLess } from '../operators';
import { strip } from '../python-text';
import { INTEGER_DIGITS_MAX } from '../read-literal';
import { TemplateFault } from '../template-fault';
import { findIndex, findNumber, findText, iterate, typeNameOf, Undefined, type Value } from '../values';
import { attributeGetter, CASE_SENSITIVE, foldCase } from './attributes';
import type { CallContext, Filter } from './callable';
import { roundHalfEven } from './round-float';

function numberOf(filter: string, value: Value): bigint | number {
  if (value instanceof Undefined) throw value.fault;
  const number = findNumber(value);
  if (number === undefined) throw new TemplateFault(`|${filter} takes a number, not ${typeNameOf(value)}.`);
  return number;
}

/** Python's `int(text, base)`; undefined where Python raises ValueError. */
function readInteger(text: string, base: number): bigint | undefined {
  const match = /^([-+]?)(0[bBoOxX])?_?([\p{Nd}a-zA-Z]+(?:_[\p{Nd}a-zA-Z]+)*)$/u.exec(strip(text));
  if (match === null) return undefined;
  const [, sign, prefix = '', spelled = ''] = match;
  const prefixBase = { b: 2, o: 8, x: 16 }[prefix.slice(1).toLowerCase()];
  let digits = spelled.replaceAll('_', '').toLowerCase();
  let radix = base;
  if (prefixBase !== undefined && (base === 0 || base === prefixBase)) radix = prefixBase;
  else if (prefix !== '') digits = prefix.toLowerCase() + digits;
  else if (base === 0) radix = 10;
  if (prefix === '' && /^_/.test(strip(text).replace(/^[-+]/, ''))) return undefined;
  if (digits.length > INTEGER_DIGITS_MAX) return undefined;
  let value = 0n;
  for (const digit of digits) {
    const worth = digitOf(digit);
    if (!(worth < radix)) return undefined;
    value = value * BigInt(radix) + BigInt(worth);
  }
  return sign === '-' ? -value : value;
}

/** The worth of a digit or letter; Python reads the digits of every script, which stand in runs of ten. */
function digitOf(char: string): number {
  if (!/\p{Nd}/u.test(char)) return Number.parseInt(char, 36);
  const code = char.codePointAt(0)!;
  let before = 0;
  while (/\p{Nd}/u.test(String.fromCodePoint(code - before - 1))) before++;
  return before % 10;
}

const FLOAT_TEXT = /^[-+]?(?:\d+(?:_\d+)*(?:\.(?:\d+(?:_\d+)*)?)?|\.\d+(?:_\d+)*)(?:[eE][-+]?\d+(?:_\d+)*)?$/;

/** Python's `float(text)`; undefined where Python raises ValueError. */
function readFloat(text: string): number | undefined {
  const spelled = strip(text);
  if (FLOAT_TEXT.test(spelled)) return Number(spelled.replaceAll('_', ''));
  const word = /^([-+]?)(inf|infinity|nan)$/i.exec(spelled);
  if (word === null) return undefined;
  if (word[2]!.toLowerCase() === 'nan') return Number.NaN;
  return word[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
}

function toInteger(value: Value, fallback: Value, base: Value, budget: Budget): Value {
  if (value instanceof Undefined) throw value.fault;
  const text = findText(value);
  budget.scan(text?.length ?? 0);
  const radix = findIndex(base) ?? 10;
  if (text !== undefined && (radix === 0 || (radix >= 2 && radix <= 36))) {
    const integer = readInteger(text, radix);
    if (integer !== undefined) return integer;
  }
  const number = text === undefined ? findNumber(value) : readFloat(text);
  if (number === undefined || typeof number === 'bigint') return number ?? fallback;
  if (Number.isNaN(number)) return fallback;
  if (!Number.isFinite(number)) throw new TemplateFault('Infinity is no integer.');
  return BigInt(Math.trunc(number));
}

function toFloatValue(value: Value, fallback: Value, budget: Budget): Value {
  if (value instanceof Undefined) throw value.fault;
  const text = findText(value);
  budget.scan(text?.length ?? 0);
  const number = text === undefined ? findNumber(value) : readFloat(text);
  return number === undefined ? fallback : toFloat(number);
}

function round(value: Value, precision: Value, method: Value): Value {
  const kind = findText(method);
  if (kind !== 'common' && kind !== 'ceil' && kind !== 'floor') {
    throw new TemplateFault('|round takes the method common, ceil or floor.');
  }
  const number = numberOf('round', value);
  const places = findIndex(precision);
  if (places === undefined) throw new TemplateFault('|round takes a whole number of digits.');
  if (kind === 'common') return typeof number === 'bigint' ? roundInteger(number, places) : roundFloat(number, places);
  if (Math.abs(places) > 308) throw new TemplateFault('|round takes at most 308 digits.');
  const scale = places < 0 ? 10 ** places : Number(10n ** BigInt(places));
  const scaled = toFloat(number) * scale;
  if (!Number.isFinite(scaled)) throw new TemplateFault('This number cannot be rounded.');
  return (kind === 'ceil' ? Math.ceil(scaled) : Math.floor(scaled)) / scale;
}

function roundInteger(value: bigint, places: number): bigint {
  if (places >= 0) return value;
  if (-places > INTEGER_DIGITS_MAX) return 0n;
  const unit = 10n ** BigInt(-places);
  const rest = ((value % unit) + unit) % unit;
  const floor = value - rest;
  const isUp = rest * 2n > unit || (rest * 2n === unit && (floor / unit) % 2n !== 0n);
  return isUp ? floor + unit : floor;
}

function roundFloat(value: number, places: number): number {
  if (!Number.isFinite(value)) return value;
  if (places > 323) return value;
  return places < -308 ? 0 * value : roundHalfEven(value, places).value;
}

function findExtreme(
  value: Value,
  [caseSensitive, attribute]: readonly Value[],
  context: CallContext,
  isBetter: typeof isLess,
): Value {
  const keyOf = attributeGetter(attribute!, context, foldCase(caseSensitive!, context));
  let best: { readonly item: Value; readonly key: Value } | undefined;
  for (const item of iterate(value, context.budget)) {
    const key = keyOf(item);
    if (best === undefined || isBetter(key, best.key, context.budget)) best = { item, key };
  }
  return best === undefined ? context.makeUndefined('There is no item, the list is empty.') : best.item;
}

export const NUMBER_FILTERS: readonly (readonly [string, Filter])[] = [
  [
    'abs',
    {
      help: 'the number without its sign',
      parameters: [],
      apply: (value) => {
        const number = numberOf('abs', value);
        return number < 0 ? -number : typeof number === 'number' ? Math.abs(number) : number;
      },
    },
  ],
  [
    'int',
    {
      help: 'a whole number; the default (0) if it is none',
      parameters: [
        { name: 'default', fallback: 0n },
        { name: 'base', fallback: 10n },
      ],
      apply: (value, [fallback, base], { budget }) => toInteger(value, fallback!, base!, budget),
    },
  ],
  [
    'float',
    {
      help: 'a number with fraction; the default (0.0) if it is none',
      parameters: [{ name: 'default', fallback: 0 }],
      apply: (value, [fallback], { budget }) => toFloatValue(value, fallback!, budget),
    },
  ],
  [
    'round',
    {
      help: 'rounded to so many digits; method common, ceil or floor',
      parameters: [
        { name: 'precision', fallback: 0n },
        { name: 'method', fallback: 'common' },
      ],
      apply: (value, [precision, method]) => round(value, precision!, method!),
    },
  ],
  [
    'min',
    {
      help: 'the smallest item',
      parameters: CASE_SENSITIVE,
      apply: (value, args, context) => findExtreme(value, args, context, isLess),
    },
  ],
  [
    'max',
    {
      help: 'the largest item',
      parameters: CASE_SENSITIVE,
      apply: (value, args, context) => findExtreme(value, args, context, isGreater),
    },
  ],
  [
    'sum',
    {
      help: 'all items added up, or a field of each',
      parameters: [
        { name: 'attribute', fallback: null },
        { name: 'start', fallback: 0n },
      ],
      apply: (value, [attribute, start], context) => {
        const keyOf = attributeGetter(attribute!, context);
        let total: Value = start ?? 0n;
        if (findText(total) !== undefined) throw new TemplateFault('|sum does not add text; use |join.');
        for (const item of iterate(value, context.budget)) total = calculate('+', total, keyOf(item), context.budget);
        return total;
      },
    },
  ],
];
