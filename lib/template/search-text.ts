import type { Budget } from './budget';

/** Below this a search costs no more than the native one may, whatever stands in the texts. */
const PRODUCT_MAX = 1_000_000;
const SHORT = 16;

/**
 * `text.indexOf(part, from)` in linear time. The native one takes the product of both lengths for texts such as
 * `aaa…` and `baa…`, which is hours for a megabyte.
 */
export function indexOfText(text: string, part: string, from = 0): number {
  if (part.length <= SHORT || text.length * part.length <= PRODUCT_MAX) return text.indexOf(part, from);
  return searchWith(fallbackTable(part), text, part, from);
}

/** Knuth, Morris and Pratt's table: how long a beginning of `part` ends at each place. */
function fallbackTable(part: string): Int32Array {
  const table = new Int32Array(part.length);
  for (let i = 1, length = 0; i < part.length; i++) {
    while (length > 0 && part[i] !== part[length]) length = table[length - 1]!;
    if (part[i] === part[length]) length++;
    table[i] = length;
  }
  return table;
}

function searchWith(table: Int32Array, text: string, part: string, from: number): number {
  let matched = 0;
  for (let i = from; i < text.length; i++) {
    while (matched > 0 && text[i] !== part[matched]) matched = table[matched - 1]!;
    if (text[i] === part[matched]) matched++;
    if (matched === part.length) return i - part.length + 1;
  }
  return -1;
}

/** `text.split(part)` in linear time; `part` is not empty. */
export function splitAt(text: string, part: string): string[] {
  if (part.length <= SHORT || text.length * part.length <= PRODUCT_MAX) return text.split(part);
  const table = fallbackTable(part);
  const pieces: string[] = [];
  let from = 0;
  for (let at = searchWith(table, text, part, 0); at !== -1; at = searchWith(table, text, part, from)) {
    pieces.push(text.slice(from, at));
    from = at + part.length;
  }
  pieces.push(text.slice(from));
  return pieces;
}

/**
 * Python's `str.replace`, at most `limit` times; a negative limit is none. An empty `old` stands between all
 * characters. Charged before it is made.
 */
export function replaceCharged(text: string, old: string, fresh: string, limit: number, budget: Budget): string {
  budget.allocate(text.length);
  const pieces = old === '' ? ['', ...Array.from(text), ''] : splitAt(text, old);
  const found = pieces.length - 1;
  const replaced = limit < 0 ? found : Math.min(found, limit);
  budget.allocate(replaced * fresh.length);
  const rest = pieces.slice(replaced + 1).map((piece) => old + piece);
  return pieces.slice(0, replaced + 1).join(fresh) + rest.join('');
}
