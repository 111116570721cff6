export interface Rankable {
  readonly label: string;
  readonly group?: string;
  readonly hint?: string;
}

/**
 * How well a choice answers a search, from 0 (not at all) to 1: its label's words first, then its group, then what else
 * stands in the label, and what is said beside it last. Case does not matter.
 */
export function rankChoice({ label, group = '', hint = '' }: Rankable, search: string): number {
  const wanted = search.trim().toLowerCase();
  if (wanted === '') return 1;
  const text = label.toLowerCase();
  if (text === wanted) return 1;
  if (text.startsWith(wanted)) return 0.95;
  const words = wordsOf(text);
  const parts = wordsOf(wanted);
  if (parts.length > 0 && parts.every((part) => words.some((word) => word.startsWith(part)))) return 0.9;
  if (wordsOf(group.toLowerCase()).some((word) => word.startsWith(wanted))) return 0.8;
  if (text.includes(wanted)) return 0.7;
  const all = `${text} ${group} ${hint}`.toLowerCase();
  if (all.includes(wanted)) return 0.5;
  if (parts.length > 1 && parts.every((part) => all.includes(part))) return 0.4;
  return hasInOrder(text, wanted) ? 0.1 : 0;
}

const wordsOf = (text: string): readonly string[] => text.split(/[^\p{L}\p{N}]+/u).filter((word) => word !== '');

/** Whether all letters come in this order, as when a person leaves some out. */
function hasInOrder(text: string, letters: string): boolean {
  let from = 0;
  for (const letter of letters) {
    if (letter === ' ') continue;
    from = text.indexOf(letter, from) + 1;
    if (from === 0) return false;
  }
  return true;
}
