/**
 * Names for a sentence: `a, b, c`, or the first of them and how many more there are, `a, b, c, d, e and 1,995 more`. The
 * caller cuts names that can be of any length.
 */
export function listNames(names: readonly string[], shownMax = 5): string {
  const shown = names.slice(0, shownMax).join(', ');
  const more = names.length - shownMax;
  return more > 0 ? `${shown} and ${more.toLocaleString('en')} more` : shown;
}
