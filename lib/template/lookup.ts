import { clipText } from '@/lib/clip-text';
import { findNearestName } from '@/lib/nearest-name';
import type { Budget } from './budget';
import {
  charactersOf,
  findEntries,
  findIndex,
  findItems,
  findKey,
  findText,
  Method,
  typeNameOf,
  Undefined,
  type Value,
} from './values';

/** Methods that Python has on a dict; `x.items` is the method, `x['items']` the field. */
export const DICT_METHODS: ReadonlySet<string> = new Set(
  'clear copy fromkeys get items keys pop popitem setdefault update values'.split(' '),
);

const LIST_METHODS: ReadonlySet<string> = new Set(
  'append clear copy count extend index insert pop remove reverse sort'.split(' '),
);

const TUPLE_METHODS: ReadonlySet<string> = new Set(['count', 'index']);

const STRING_METHODS: ReadonlySet<string> = new Set(
  (
    'capitalize casefold center count encode endswith expandtabs find format format_map index isalnum isalpha isascii ' +
    'isdecimal isdigit isidentifier islower isnumeric isprintable isspace istitle isupper join ljust lower lstrip ' +
    'maketrans partition removeprefix removesuffix replace rfind rindex rjust rpartition rsplit rstrip split ' +
    'splitlines startswith strip swapcase title translate upper zfill'
  ).split(' '),
);

/** Whether Python has a method of that name on the value's type. */
export function hasMethod(target: Value, name: string): boolean {
  if (findEntries(target) !== undefined) return DICT_METHODS.has(name);
  if (findText(target) !== undefined) return STRING_METHODS.has(name);
  const items = findItems(target);
  return items !== undefined && (typeNameOf(target) === 'a tuple' ? TUPLE_METHODS : LIST_METHODS).has(name);
}

/** Makes the undefined value of a lookup that found nothing. The sentence is asked for only when it is needed. */
export type OnMissing = (describe: () => string) => Undefined;

/**
 * `target.name`: a method of the type first, then the key. Nothing else is ever seen: no prototype, no property of
 * JavaScript.
 *
 * @param place how to name the target to people, such as `the output of fetch_customer`
 */
export function lookUpAttribute(target: Value, name: string, place: () => string, onMissing: OnMissing): Value {
  if (target instanceof Undefined) throw target.fault;
  if (hasMethod(target, name)) return new Method(target, name);
  const found = findField(target, name);
  // Null is a value that is there, so `??` would be wrong.
  return found === undefined ? onMissing(() => describeMissing(target, name, place())) : found;
}

/** `target[key]`: the key or index first, then, for a string, a method of that name. */
export function lookUpItem(
  target: Value,
  key: Value,
  place: () => string,
  onMissing: OnMissing,
  budget: Budget,
): Value {
  if (target instanceof Undefined) throw target.fault;
  const name = findText(key);
  const found = name === undefined ? findElement(target, key, budget) : findField(target, name);
  if (found !== undefined) return found;
  if (name !== undefined && hasMethod(target, name)) return new Method(target, name);
  if (key instanceof Undefined) throw key.fault;
  return onMissing(() =>
    name === undefined ? describeMissingElement(target, key, place()) : describeMissing(target, name, place()),
  );
}

function findField(target: Value, name: string): Value | undefined {
  return findEntries(target)?.get(name);
}

function findElement(target: Value, key: Value, budget: Budget): Value | undefined {
  const entries = findEntries(target);
  if (entries !== undefined) {
    const found = findKey(entries, key);
    return found === undefined ? undefined : entries.get(found);
  }
  const index = findIndex(key);
  if (index === undefined) return undefined;
  const text = findText(target);
  return text === undefined ? findItems(target)?.at(index) : charactersOf(text, budget).at(index);
}

/** A place at the beginning of a sentence; code keeps its case. */
export const beginning = (place: string): string =>
  /^(?:the|an) /.test(place) ? place.charAt(0).toUpperCase() + place.slice(1) : place;

/** Longer names would fill the message. */
const shorten = (name: string): string => clipText(name, 60);

function describeMissing(target: Value, name: string, place: string): string {
  const entries = findEntries(target);
  if (entries === undefined) {
    return target === null
      ? `${beginning(place)} is None, so it has no ${shorten(name)}.`
      : `${beginning(place)} is ${typeNameOf(target)}, so it has no ${shorten(name)}.`;
  }
  const nearest = findNearestName(name, textKeysOf(entries));
  return `${shorten(name)} is not in ${place}.${nearest === undefined ? '' : ` Did you mean ${shorten(nearest)}?`}`;
}

function* textKeysOf(entries: ReadonlyMap<unknown, unknown>): Iterable<string> {
  let count = 0;
  for (const key of entries.keys()) {
    // Beyond some hundreds a suggestion costs more than it gives.
    if (++count > 500) return;
    if (typeof key === 'string') yield key;
  }
}

function describeMissingElement(target: Value, key: Value, place: string): string {
  const index = findIndex(key);
  const count = findItems(target)?.length;
  if (index !== undefined && count !== undefined) {
    return `${beginning(place)} has no item ${index}; it has ${count === 1 ? '1 item' : `${count} items`}.`;
  }
  if (target === null) return `${beginning(place)} is None, so it has no items.`;
  return `${beginning(place)} is ${typeNameOf(target)}, so it has no item ${index ?? typeNameOf(key)}.`;
}
