/**
 * The text, or its beginning and `…` when it is longer than `lengthMax` UTF-16 units: names in messages can be of any
 * length. Never ends in half a surrogate pair.
 */
export function clipText(text: string, lengthMax: number): string {
  if (text.length <= lengthMax) return text;
  return `${text.slice(0, lengthMax).replace(/[\uD800-\uDBFF]$/, '')}…`;
}
