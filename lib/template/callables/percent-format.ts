import type { Budget } from '../budget';
import { printRepr, printValue } from '../print-value';
import { TemplateFault } from '../template-fault';
import {
  charactersOf,
  type Entries,
  findKey,
  findNumber,
  findText,
  printFloat,
  typeNameOf,
  Undefined,
  type Value,
} from '../values';
import { printFixed } from './round-float';

const CONVERSION = /%(?:\(([^)]*)\))?([-+ #0]*)(\*|\d+)?(?:\.(\*|\d+))?[hlL]?([\s\S]?)/g;

/** Wider fields are refused before they are made. */
const WIDTH_MAX = 1_000_000;
/** Digits that JavaScript can print after the point. */
const PRECISION_MAX = 100;

/** Python's `text % values`. @param entries the values by name, for `%(name)s` */
export function formatPercent(text: string, values: readonly Value[], entries: Entries | null, budget: Budget): string {
  let used = 0;
  let isNamed = false;
  const take = (): Value => {
    const value = values[used];
    if (value === undefined) throw new TemplateFault('The format asks for more values than are given.');
    used++;
    return value;
  };
  const takeSize = (spelling: string | undefined): number | undefined => {
    if (spelling === undefined) return undefined;
    const size = spelling === '*' ? findNumber(take()) : BigInt(spelling.slice(0, 20));
    if (typeof size !== 'bigint') throw new TemplateFault('“*” in a format takes an integer.');
    if (size > WIDTH_MAX || size < -WIDTH_MAX) throw new TemplateFault(`A field is at most ${WIDTH_MAX} wide.`);
    return Number(size);
  };
  budget.step(1 + Math.floor(text.length / 100));
  const formatted = text.replace(CONVERSION, (whole, name: string | undefined, flags: string, ...rest) => {
    const [widthText, precisionText, kind] = rest as [string | undefined, string | undefined, string];
    budget.step();
    if (kind === '%' && whole === '%%') return '%';
    let named: Value | undefined;
    if (name !== undefined) {
      if (entries === null) throw new TemplateFault('The format names its values, so it takes a dict.');
      const key = findKey(entries, name);
      if (key === undefined) throw new TemplateFault(`The format asks for ${name}, which is not in the dict.`);
      named = entries.get(key);
      isNamed = true;
    }
    let width = takeSize(widthText);
    const precision = takeSize(precisionText);
    if (kind === '%') return '%';
    const isLeft = flags.includes('-') || (width ?? 0) < 0;
    width = Math.abs(width ?? 0);
    budget.allocate(width);
    const body = convert(kind, named ?? take(), flags, precision, budget);
    return pad(body, width, isLeft, flags.includes('0') && 'diueEfFgGxXo'.includes(kind));
  });
  if (!isNamed && entries === null && used < values.length) {
    throw new TemplateFault('The format asks for fewer values than are given.');
  }
  budget.allocate(formatted.length);
  return formatted;
}

function convert(kind: string, value: Value, flags: string, precision: number | undefined, budget: Budget): string {
  switch (kind) {
    case 's':
      return cut(printValue(value, budget), precision);
    case 'r':
    case 'a':
      return cut(printRepr(value, budget), precision);
    case 'c': {
      const text = findText(value);
      if (text !== undefined && charactersOf(text).length === 1) return text;
      const code = findNumber(value);
      if (typeof code === 'bigint' && code >= 0n && code <= 0x10ffffn) return String.fromCodePoint(Number(code));
      throw new TemplateFault('“%c” takes one character.');
    }
    case 'd':
    case 'i':
    case 'u':
      return signed(truncated(kind, value), flags, (size) => digits(size.toString(), precision));
    case 'x':
    case 'X':
    case 'o':
      return convertRadix(kind, value, flags, precision);
    case 'e':
    case 'E':
    case 'f':
    case 'F':
    case 'g':
    case 'G':
      return convertFloat(kind, value, flags, precision);
    default:
      throw new TemplateFault(kind === '' ? 'The format ends with a lone “%”.' : `“%${kind}” is no format.`);
  }
}

const cut = (text: string, precision: number | undefined): string =>
  precision === undefined ? text : charactersOf(text).slice(0, precision).join('');

const digits = (text: string, precision: number | undefined): string => text.padStart(precision ?? 0, '0');

function numberFor(kind: string, value: Value): bigint | number {
  if (value instanceof Undefined) throw value.fault;
  const number = findNumber(value);
  if (number === undefined) throw new TemplateFault(`“%${kind}” takes a number, not ${typeNameOf(value)}.`);
  return number;
}

function truncated(kind: string, value: Value): bigint {
  const number = numberFor(kind, value);
  if (typeof number === 'bigint') return number;
  if (!Number.isFinite(number)) throw new TemplateFault(`“%${kind}” cannot print ${printFloat(number)}.`);
  return BigInt(Math.trunc(number));
}

function signed(value: bigint, flags: string, print: (size: bigint) => string): string {
  const body = print(value < 0n ? -value : value);
  return (value < 0n ? '-' : flags.includes('+') ? '+' : flags.includes(' ') ? ' ' : '') + body;
}

function convertRadix(kind: 'x' | 'X' | 'o', value: Value, flags: string, precision: number | undefined): string {
  const number = numberFor(kind, value);
  if (typeof number !== 'bigint') throw new TemplateFault(`“%${kind}” takes an integer, not ${typeNameOf(value)}.`);
  const prefix = flags.includes('#') ? `0${kind}` : '';
  const text = signed(number, flags, (size) => prefix + digits(size.toString(kind === 'o' ? 8 : 16), precision));
  return kind === 'X' ? text.toUpperCase() : text;
}

function convertFloat(kind: string, value: Value, flags: string, precision: number | undefined): string {
  const number = Number(numberFor(kind, value));
  const places = precision ?? 6;
  if (places > PRECISION_MAX)
    throw new TemplateFault(`A format prints at most ${PRECISION_MAX} digits after the point.`);
  const sign = number < 0 || Object.is(number, -0) ? '-' : flags.includes('+') ? '+' : flags.includes(' ') ? ' ' : '';
  const text = sign + printFloatAs(kind.toLowerCase(), Math.abs(number), places, flags.includes('#'));
  return kind === kind.toUpperCase() ? text.toUpperCase() : text;
}

function printFloatAs(kind: string, size: number, places: number, keepsZeros: boolean): string {
  if (!Number.isFinite(size)) return printFloat(size);
  if (kind === 'f') return printFixed(size, places);
  if (kind === 'e') return pythonExponent(size.toExponential(places));
  const significant = Math.max(1, places);
  const exponent = Number(size.toExponential(significant - 1).split('e')[1]);
  const isFixed = exponent >= -4 && exponent < significant;
  const text = isFixed
    ? printFixed(size, significant - 1 - exponent)
    : pythonExponent(size.toExponential(significant - 1));
  return keepsZeros
    ? text
    : text.replace(
        /^(-?\d+)(\.\d*?)0*(e|$)/,
        (_, whole: string, part: string, end: string) => whole + (part === '.' ? '' : part) + end,
      );
}

const pythonExponent = (text: string): string =>
  text.replace(/e([+-])(\d)$/, (_, sign: string, digit: string) => `e${sign}0${digit}`);

function pad(body: string, width: number, isLeft: boolean, isZeroPadded: boolean): string {
  const missing = width - charactersOf(body).length;
  if (missing <= 0) return body;
  if (isLeft) return body + ' '.repeat(missing);
  if (!isZeroPadded) return ' '.repeat(missing) + body;
  const sign = /^(?:[-+ ])?(?:0[xXo])?/.exec(body)![0];
  return sign + '0'.repeat(missing) + body.slice(sign.length);
}
