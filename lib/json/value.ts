import type { Brand } from '@/lib/result';

/** JSON as the text that came over the wire: number spelling and key order survive, nobody parses what nobody reads. */
export type JsonText = Brand<string, 'JsonText'>;

/**
 * A JSON number with its spelling: `2.0` and `9007199254740993` leave as they came.
 * Read it as a JavaScript number only where a number is meant, never on the way to the wire.
 */
export class Numeral {
  /** The number as JSON text spells it. */
  readonly text: string;

  constructor(text: string) {
    if (!isNumeralText(text)) throw new Error(`Not a JSON number: ${text.slice(0, 40)}`);
    this.text = text;
    Object.freeze(this);
  }

  static of(value: number): Numeral {
    return new Numeral(Object.is(value, -0) ? '-0' : JSON.stringify(value));
  }

  /** Python's int or float: a fraction or an exponent makes a float, whatever its value. */
  get isInteger(): boolean {
    return !/[.eE]/.test(this.text);
  }

  toNumber(): number {
    return Number(this.text);
  }
}

/** Whether JSON's grammar takes the text as a number. */
export const isNumeralText = (text: string): boolean => /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/.test(text);

export type JsonObject = ReadonlyMap<string, JsonValue>;

/**
 * A JSON value that keeps what JSON text says: objects are Maps (order of keys, any key, `__proto__`
 * and `10` included), numbers keep their spelling. Never a JavaScript object: it moves integer-like keys to the front.
 */
export type JsonValue = null | boolean | string | Numeral | readonly JsonValue[] | JsonObject;

export const isJsonObject = (value: JsonValue | undefined): value is JsonObject => value instanceof Map;
export const isJsonArray = (value: JsonValue | undefined): value is readonly JsonValue[] => Array.isArray(value);

export type JsonType = 'null' | 'boolean' | 'string' | 'number' | 'array' | 'object';

export function jsonTypeOf(value: JsonValue): JsonType {
  if (value === null) return 'null';
  if (value instanceof Numeral) return 'number';
  if (isJsonArray(value)) return 'array';
  if (isJsonObject(value)) return 'object';
  return typeof value as 'boolean' | 'string';
}

/** Whether more brackets are open at once than `depthMax`. Does not recurse, so any value may be asked about. */
export function isDeeperThan(value: JsonValue, depthMax: number): boolean {
  let level: JsonValue[] = [value];
  for (let depth = 0; level.length > 0; depth++) {
    const next: JsonValue[] = [];
    for (const item of level) {
      if (!isJsonArray(item) && !isJsonObject(item)) continue;
      if (depth === depthMax) return true;
      for (const inner of item.values()) next.push(inner);
    }
    level = next;
  }
  return false;
}

/** Same canonical text: keys in the same order, numbers spelled alike. `2` and `2.0` differ. */
export function isSameJson(a: JsonValue, b: JsonValue): boolean {
  if (a === b) return true;
  if (a instanceof Numeral) return b instanceof Numeral && a.text === b.text;
  if (isJsonArray(a)) return isJsonArray(b) && a.length === b.length && a.every((item, i) => isSameJson(item, b[i]!));
  if (!isJsonObject(a) || !isJsonObject(b) || a.size !== b.size) return false;
  const others = b.entries();
  for (const [key, value] of a) {
    const [otherKey, otherValue] = others.next().value!;
    if (key !== otherKey || !isSameJson(value, otherValue)) return false;
  }
  return true;
}

/** What `fromPlain` takes: JSON made by our own code, where key order and spelling are ours to choose. */
export type PlainJson = null | boolean | string | number | readonly PlainJson[] | { readonly [key: string]: PlainJson };

/** Our own literal as a JsonValue. Not for text from outside: parse that, or numbers lose their spelling. */
export function fromPlain(value: PlainJson): JsonValue {
  if (typeof value === 'number') return Numeral.of(value);
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map(fromPlain);
  return new Map(Object.entries(value).map(([key, item]) => [key, fromPlain(item)]));
}

/**
 * As ordinary JavaScript values, for libraries that know nothing else (JSON Schema checks): numbers lose their
 * spelling, objects have no prototype. Never printed, never stored.
 */
export function toPlain(value: JsonValue): unknown {
  if (value instanceof Numeral) return value.toNumber();
  if (isJsonArray(value)) return value.map(toPlain);
  if (!isJsonObject(value)) return value;
  const plain: Record<string, unknown> = Object.create(null);
  for (const [key, item] of value) plain[key] = toPlain(item);
  return plain;
}
