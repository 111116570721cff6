import type { Budget } from '../budget';
import { escapeHtml } from '../escape-html';
import { printRepr, printValue } from '../print-value';
import { TemplateFault } from '../template-fault';
import {
  characterCountOf,
  charactersOf,
  type Entries,
  findKey,
  findListItems,
  findNumber,
  findText,
  Markup,
  printFloat,
  typeNameOf,
  Undefined,
  type Value,
} from '../values';
import { printFixed, printScientific } from './round-float';

const CONVERSION = /%(?:\(([^)]{0,200})\))?([-+ #0]*)(\*|\d+)?(?:\.(\*|\d+))?[hlL]?([\s\S]?)/y;

/** Wider fields are refused before they are made. */
const WIDTH_MAX = 1_000_000;
/** Digits that JavaScript can print after the point. */
const PRECISION_MAX = 100;

/** What a format is filled in with: a lone value, several, or a dict for `%(name)s`, which counts as a lone value too. */
export interface FormatValues {
  readonly values: readonly Value[];
  readonly entries: Entries | null;
  /** The one value stands by itself, not in a tuple. */
  readonly isLone: boolean;
  /** The format counts as escaped, so what is filled in is escaped first. */
  readonly isEscaped: boolean;
}

/** Python's `text % values`. */
export function formatPercent(
  text: string,
  { values, entries, isLone, isEscaped }: FormatValues,
  budget: Budget,
): string {
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
  const format = (match: RegExpExecArray): string => {
    const [whole, name, flags = '', widthText, precisionText, kind = ''] = match;
    if (whole === '%%') return '%';
    let named: Value | undefined;
    if (name !== undefined) {
      if (entries === null) throw new TemplateFault('The format names its values, so it takes a dict.');
      const key = findKey(entries, name);
      if (key === undefined) throw new TemplateFault(`The format asks for ${name}, which is not in the dict.`);
      named = entries.get(key);
      isNamed = true;
    }
    const width = takeSize(widthText) ?? 0;
    const precision = takeSize(precisionText);
    if (kind === '%') return '%';
    budget.allocate(Math.abs(width));
    const value = named ?? take();
    const converted = convert(kind, value, flags, precision, budget);
    const body = isEscaped && 'sra'.includes(kind) && !(value instanceof Markup) ? escapeHtml(converted) : converted;
    const isZeroPadded = flags.includes('0') && 'diueEfFgGxXo'.includes(kind);
    return pad(body, Math.abs(width), { isLeft: flags.includes('-') || width < 0, isZeroPadded }, budget);
  };

  // Piece by piece, each charged before the next is made.
  const pieces: string[] = [];
  const push = (piece: string): void => {
    budget.allocate(piece.length);
    pieces.push(piece);
  };
  let copied = 0;
  CONVERSION.lastIndex = 0;
  for (let at = text.indexOf('%'); at !== -1; at = text.indexOf('%', copied)) {
    budget.step();
    CONVERSION.lastIndex = at;
    const match = CONVERSION.exec(text)!;
    push(text.slice(copied, at));
    copied = at + match[0].length;
    push(format(match));
  }
  push(text.slice(copied));
  // Of a lone list, dict or undefined value Python lets it pass, since keys could have been asked of it.
  const [only] = values;
  const isSubscriptable = only !== undefined && (findListItems(only) !== undefined || only instanceof Undefined);
  if (!isNamed && entries === null && used < values.length && !(isLone && isSubscriptable)) {
    throw new TemplateFault('The format asks for fewer values than are given.');
  }
  return pieces.join('');
}

function convert(kind: string, value: Value, flags: string, precision: number | undefined, budget: Budget): string {
  switch (kind) {
    case 's':
      return cut(printValue(value, budget), precision, budget);
    case 'r':
    case 'a':
      return cut(printRepr(value, budget), precision, budget);
    case 'c': {
      const text = findText(value);
      if (text !== undefined && characterCountOf(text, budget) === 1) return text;
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

const cut = (text: string, precision: number | undefined, budget: Budget): string =>
  precision === undefined ? text : charactersOf(text, budget).slice(0, precision).join('');

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
  if (kind === 'e') return printScientific(size, places);
  const significant = Math.max(1, places);
  const scientific = printScientific(size, significant - 1);
  const exponent = Number(scientific.slice(scientific.indexOf('e') + 1));
  const isFixed = exponent >= -4 && exponent < significant;
  const text = isFixed ? printFixed(size, significant - 1 - exponent) : scientific;
  return keepsZeros
    ? text
    : text.replace(
        /^(-?\d+)(\.\d*?)0*(e|$)/,
        (_, whole: string, part: string, end: string) => whole + (part === '.' ? '' : part) + end,
      );
}

function pad(
  body: string,
  width: number,
  { isLeft, isZeroPadded }: { readonly isLeft: boolean; readonly isZeroPadded: boolean },
  budget: Budget,
): string {
  if (width === 0) return body;
  const missing = width - characterCountOf(body, budget);
  if (missing <= 0) return body;
  if (isLeft) return body + ' '.repeat(missing);
  if (!isZeroPadded) return ' '.repeat(missing) + body;
  const sign = /^(?:[-+ ])?(?:0[xXo])?/.exec(body)![0];
  return sign + '0'.repeat(missing) + body.slice(sign.length);
}
