/**
 * Names for a sentence: `a, b, c`, or the first of them and how many more there are, `a, b, c, d, e and 1,995 more`. Those
 * shown are printed by `print`, which cuts names that can be of any length.
 */
export function listNames(
  names: readonly string[],
  shownMax = 5,
  print: (name: string) => string = (name) => name,
): string {
  const shown = names.slice(0, shownMax).map(print).join(', ');
  const more = names.length - shownMax;
  return more > 0 ? `${shown} and ${more.toLocaleString('en')} more` : shown;
}
