import { isJsonArray, isJsonObject, type JsonValue, Numeral } from '@/lib/json/value';
import type { Budget } from './budget';
import { INTEGER_DIGITS_MAX } from './read-literal';
import type { Span } from './syntax';
import { TemplateFault } from './template-fault';

/**
 * All that an expression can give. What comes from the scope is a {@link JsonValue} and stays the very same object, so
 * it leaves as it was written; what a template makes has classes of its own. A bigint is Python's int, a number its
 * float. Dicts are Maps: a lookup sees own keys and nothing else, whatever they are called.
 */
export type Value = JsonValue | bigint | number | List | Tuple | Dict | Lazy | Markup | Method | Undefined;

/** A list that a template makes. */
export class List {
  readonly items: readonly Value[];

  constructor(items: readonly Value[]) {
    this.items = items;
  }
}

/** Python's tuple: prints with round brackets and never equals a list. */
export class Tuple {
  readonly items: readonly Value[];

  constructor(items: readonly Value[]) {
    this.items = items;
  }
}

export type DictKey = null | boolean | string | bigint | number;
export type Entries = ReadonlyMap<DictKey, Value>;

/** A dict that a template makes. */
export class Dict {
  readonly entries: Entries;

  constructor(entries: Entries) {
    this.entries = entries;
  }
}

/** What Python calls an iterator or a view: can be walked through, has no indices. */
export class Lazy {
  /** As Jinja2 would print it, such as `generator`. */
  readonly kind: string;
  readonly walk: () => Iterable<Value>;
  /** Python's views of dicts know theirs. */
  readonly size: number | undefined;

  constructor(kind: string, walk: () => Iterable<Value>, size?: number) {
    this.kind = kind;
    this.walk = walk;
    this.size = size;
  }
}

/** A string that counts as escaped: what `escape` and `tojson` give. Text joined to it by `+` is escaped first. */
export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** A method that Python has on strings, lists and dicts, looked up but not called. */
export class Method {
  readonly owner: Value;
  readonly name: string;

  constructor(owner: Value, name: string) {
    this.owner = owner;
    this.name = name;
  }
}

export type UndefinedMode = 'strict' | 'lenient';

/** What a name or field gives that is not there. It becomes a fault where it is used, by the rules of its mode. */
export class Undefined {
  readonly mode: UndefinedMode;
  readonly at: Span | null;
  readonly #describe: () => string;

  /** @param describe the sentence for people; asked for only when there is a fault */
  constructor(mode: UndefinedMode, at: Span | null, describe: () => string) {
    this.mode = mode;
    this.at = at;
    this.#describe = describe;
  }

  /** The fault of a use that no mode allows. */
  get fault(): TemplateFault {
    return new TemplateFault(this.#describe(), this.at);
  }

  /** Refuses a use that only the lenient mode allows. */
  tolerate(): void {
    if (this.mode === 'strict') throw this.fault;
  }
}

/** The items of a list; undefined for everything else, tuples included. */
export function findListItems(value: Value): readonly Value[] | undefined {
  if (value instanceof List) return value.items;
  return Array.isArray(value) ? value : undefined;
}

/** The items of a list or tuple. */
export const findItems = (value: Value): readonly Value[] | undefined =>
  value instanceof Tuple ? value.items : findListItems(value);

/** What a dict holds; undefined for everything else. */
export function findEntries(value: Value): Entries | undefined {
  if (value instanceof Dict) return value.entries;
  return value instanceof Map ? value : undefined;
}

/** The text of a string, escaped or not; undefined for everything else. */
export const findText = (value: Value): string | undefined =>
  typeof value === 'string' ? value : value instanceof Markup ? value.text : undefined;

/** Python's name of the type, for people. */
export function typeNameOf(value: Value): string {
  if (value === null) return 'None';
  if (typeof value === 'boolean') return 'a boolean';
  if (typeof value === 'bigint' || (value instanceof Numeral && value.isInteger)) return 'an integer';
  if (typeof value === 'number' || value instanceof Numeral) return 'a float';
  if (findText(value) !== undefined) return 'a string';
  if (findEntries(value) !== undefined) return 'a dict';
  if (value instanceof Tuple) return 'a tuple';
  if (value instanceof Lazy) return `a ${value.kind}`;
  if (value instanceof Method) return 'a method';
  if (value instanceof Undefined) return 'undefined';
  return 'a list';
}

/** Int or float of a number or boolean, Python's `bool` being an int; undefined for everything else. */
export function findNumber(value: Value): bigint | number | undefined {
  if (typeof value === 'bigint' || typeof value === 'number') return value;
  if (typeof value === 'boolean') return value ? 1n : 0n;
  if (!(value instanceof Numeral)) return undefined;
  if (!value.isInteger) return value.toNumber();
  if (value.text.length > INTEGER_DIGITS_MAX) {
    throw new TemplateFault(`Numbers of more than ${INTEGER_DIGITS_MAX} digits cannot be calculated with.`);
  }
  return BigInt(value.text);
}

/** Whole number for indices, widths and counts; what is far beyond any length is clamped. */
export function findIndex(value: Value): number | undefined {
  const number = findNumber(value);
  if (typeof number !== 'bigint') return undefined;
  const limit = BigInt(Number.MAX_SAFE_INTEGER);
  return Number(number > limit ? limit : number < -limit ? -limit : number);
}

const SURROGATE = /[\uD800-\uDFFF]/;

/** The characters of a string as Python counts them: a pair of surrogates is one. */
export function charactersOf(text: string, budget: Budget): readonly string[] {
  budget.allocate(text.length);
  return SURROGATE.test(text) ? Array.from(text) : text.split('');
}

/** Python's length of a string. */
export function characterCountOf(text: string, budget: Budget): number {
  budget.scan(text.length);
  if (!SURROGATE.test(text)) return text.length;
  let count = 0;
  for (const _ of text) count++;
  return count;
}

/** The dict's key that equals a value, as Python finds it (`1`, `1.0` and `True` are one key); undefined if none does. */
export function findKey(dict: Entries, value: Value): DictKey | undefined {
  const text = findText(value);
  if (text !== undefined) return dict.has(text) ? text : undefined;
  if (value === null) return dict.has(null) ? null : undefined;
  const number = findNumber(value);
  if (number === undefined) return undefined;
  for (const candidate of [number, ...alikeKeys(number)]) if (dict.has(candidate)) return candidate;
  return undefined;
}

function* alikeKeys(number: bigint | number): Iterable<DictKey> {
  if (typeof number === 'bigint') {
    if (BigInt(Number(number)) === number) yield Number(number);
  } else if (Number.isInteger(number)) yield BigInt(number);
  const float = Number(number);
  if (float === 0 || float === 1) yield float === 1;
}

/** A value as a key of a dict that a template makes. */
export function toDictKey(value: Value): DictKey {
  const text = findText(value);
  if (text !== undefined) return text;
  if (value === null || typeof value === 'boolean') return value;
  const number = findNumber(value);
  if (number !== undefined) return number;
  throw new TemplateFault(`${capitalized(typeNameOf(value))} cannot be the key of a dict.`);
}

export const capitalized = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** Walks through a value as Python's `for` does: items, characters, keys. Charges a step for each. */
export function* iterate(value: Value, budget: Budget): Iterable<Value> {
  for (const item of findIterable(value, budget) ?? refuseIteration(value)) {
    budget.step();
    yield item;
  }
}

function findIterable(value: Value, budget: Budget): Iterable<Value> | undefined {
  if (value instanceof Lazy) return value.walk();
  const inside = findItems(value) ?? findEntries(value)?.keys();
  if (inside !== undefined) return inside;
  const text = findText(value);
  if (text !== undefined) return charactersOf(text, budget);
  if (value instanceof Undefined) {
    value.tolerate();
    return [];
  }
  return undefined;
}

function refuseIteration(value: Value): never {
  throw new TemplateFault(`${capitalized(typeNameOf(value))} has no items to go through.`);
}

export function isIterable(value: Value): boolean {
  if (value instanceof Undefined) value.tolerate();
  return value instanceof Undefined || value instanceof Lazy || (findText(value) ?? findSize(value)) !== undefined;
}

/** How many items a list, tuple, dict or view has. */
export const findSize = (value: Value): number | undefined =>
  value instanceof Lazy ? value.size : (findItems(value)?.length ?? findEntries(value)?.size);

/** Python's `len`. */
export function lengthOf(value: Value, budget: Budget): number {
  const size = findSize(value);
  if (size !== undefined) return size;
  const text = findText(value);
  if (text !== undefined) return characterCountOf(text, budget);
  if (value instanceof Undefined) {
    value.tolerate();
    return 0;
  }
  throw new TemplateFault(
    `${capitalized(typeNameOf(value))} has no length.${value instanceof Lazy ? ' Add |list before.' : ''}`,
  );
}

/**
 * As JSON. What came from the scope is given as it is: the same object, numbers spelled as they came. Tuples and
 * iterators become lists, keys become text as Python's `json` writes them.
 */
export function toJsonValue(value: Value, budget: Budget): JsonValue {
  budget.step();
  if (typeof value === 'bigint') return new Numeral(value.toString());
  if (typeof value === 'number') return floatToNumeral(value);
  if (value instanceof Markup) return value.text;
  if (value instanceof Undefined) throw value.fault;
  if (value instanceof Method) throw unusedMethod(value);
  if (value instanceof Dict) {
    return budget.deeper(
      () => new Map([...value.entries].map(([key, item]) => [jsonKeyOf(key), toJsonPart(item, budget)])),
    );
  }
  if (value instanceof List || value instanceof Tuple || value instanceof Lazy) {
    return budget.deeper(() => Array.from(iterate(value, budget), (item) => toJsonPart(item, budget)));
  }
  return value;
}

/** Charged by its size: `[fetch_customer] * 100000` is short here and endless once it is printed. */
function toJsonPart(value: Value, budget: Budget): JsonValue {
  const part = toJsonValue(value, budget);
  budget.allocate(sizeOf(part));
  return part;
}

const sizes = new WeakMap<object, number>();

/** About how many characters a value takes as JSON. Measured once per list or dict. */
export function sizeOf(value: JsonValue): number {
  if (typeof value === 'string') return value.length + 2;
  if (value instanceof Numeral) return value.text.length;
  if (value === null || typeof value === 'boolean') return 4;
  const known = sizes.get(value);
  if (known !== undefined) return known;
  let size = 2;
  if (isJsonArray(value)) for (const item of value) size += sizeOf(item) + 1;
  else if (isJsonObject(value)) for (const [key, item] of value) size += key.length + sizeOf(item) + 4;
  sizes.set(value, size);
  return size;
}

/** A dict's key as Python's `json` writes it. */
export function jsonKeyOf(key: DictKey): string {
  if (typeof key === 'string') return key;
  if (typeof key === 'number') return floatToNumeral(key).text;
  return String(key);
}

/** JSON's spelling of a float, the one Python's `json` gives: `1.0`, `1e-07`. */
function floatToNumeral(value: number): Numeral {
  if (!Number.isFinite(value)) throw new TemplateFault('JSON has no infinity and no NaN.');
  return new Numeral(printFloat(value));
}

export function unusedMethod(method: Method): TemplateFault {
  const hint = findEntries(method.owner) !== undefined ? ` Write ['${method.name}'] for the field.` : '';
  return new TemplateFault(`.${method.name} is a method here, not a field.${hint}`);
}

/** Python's `repr` of a float. */
export function printFloat(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  const [mantissa, exponentText] = value.toExponential().split('e') as [string, string];
  const exponent = Number(exponentText);
  if (exponent < -4 || exponent >= 16) {
    return `${mantissa}e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;
  }
  if (Object.is(value, -0)) return '-0.0';
  // Between these bounds JavaScript prints without an exponent, but for the very small.
  const text = exponent < 0 ? value.toFixed(Math.min(100, mantissaDigits(mantissa) - 1 - exponent)) : String(value);
  return text.includes('.') ? text : `${text}.0`;
}

const mantissaDigits = (mantissa: string): number => mantissa.replace(/[-.]/g, '').length;
