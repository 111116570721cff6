import { type ActionId, countCharacters } from '@/lib/chain/ids';

/** Actions named at each end of a path that is too long to be printed whole. */
const ENDS_MAX = 4;
/** A path of so many actions is printed whole, when it is short enough. */
const WHOLE_MAX = 2 * ENDS_MAX + 2;
/** Characters of a printed path: ends of two ids each of 128 characters fit, and leave a message below 4 KB. */
const LENGTH_MAX = 560;

const ARROW = ' → ';

/**
 * A path of actions for a sentence: `a → b → c`. A long one is shortened in the middle, to at most four actions at each
 * end: `a1 → a2 → a3 → a4 → … 1,992 more … → a1997 → a1998 → a1999 → a2000`.
 */
export function printPath(path: readonly ActionId[]): string {
  const whole = path.length <= WHOLE_MAX ? path.join(ARROW) : undefined;
  if (whole !== undefined && (countCharacters(whole) <= LENGTH_MAX || path.length <= 3)) return whole;
  let ends = Math.min(ENDS_MAX, Math.floor((path.length - 1) / 2));
  while (ends > 1 && countCharacters(printShortened(path, ends)) > LENGTH_MAX) ends--;
  return printShortened(path, ends);
}

function printShortened(path: readonly ActionId[], ends: number): string {
  const left = path.length - 2 * ends;
  // The first number that is printed for a language costs 15 ms: a short count can do without.
  const more = `… ${left < 1000 ? left : left.toLocaleString('en')} more …`;
  return [...path.slice(0, ends), more, ...path.slice(-ends)].join(ARROW);
}

/** The same for a cycle in walking order: it ends with the action that it begins with. */
export const printCycle = (cycle: readonly ActionId[]): string => printPath([...cycle, ...cycle.slice(0, 1)]);
