import type { ActionId } from '@/lib/chain/ids';
import type { CardLayout } from '@/lib/chain/workbench';
import type { Edge } from '@/lib/graph/chain-graph';
import { parsePointer } from '@/lib/json/pointer';
import { printCompactJson } from '@/lib/json/print-json';
import { listNames } from '@/lib/list-names';
import { assertNever } from '@/lib/result';
import type { ChainComparison, LoneAction, MovedCard, OrderChange, RenamedAction } from './compare-chains';
import type { FieldChange } from './compare-json';

/** One thing that became different, fit for one line. */
export type ChainChange =
  | ({ readonly type: 'renamed' } & RenamedAction)
  | ({ readonly type: 'added' | 'removed' } & LoneAction)
  | { readonly type: 'action-field'; readonly id: ActionId; readonly change: FieldChange }
  | ({ readonly type: 'edge-added' | 'edge-removed' } & Edge)
  | { readonly type: 'head-field'; readonly change: FieldChange }
  | { readonly type: 'order'; readonly change: OrderChange }
  | { readonly type: 'card-moved'; readonly card: MovedCard };

/** Every change of a comparison: actions first, then edges, the chain itself, the order, the cards. Within these, in document order. */
export const listChanges = (comparison: ChainComparison): readonly ChainChange[] => [
  ...comparison.renamed.map((action) => ({ type: 'renamed', ...action }) as const),
  ...comparison.removed.map((action) => ({ type: 'removed', ...action }) as const),
  ...comparison.added.map((action) => ({ type: 'added', ...action }) as const),
  ...comparison.changed.flatMap(({ id, changes }) =>
    changes.map((change) => ({ type: 'action-field', id, change }) as const),
  ),
  ...comparison.edgesRemoved.map((edge) => ({ type: 'edge-removed', ...edge }) as const),
  ...comparison.edgesAdded.map((edge) => ({ type: 'edge-added', ...edge }) as const),
  ...comparison.head.map((change) => ({ type: 'head-field', change }) as const),
  ...(comparison.order === null ? [] : [{ type: 'order', change: comparison.order } as const]),
  ...(comparison.movedCards ?? []).map((card) => ({ type: 'card-moved', card }) as const),
];

/**
 * One change in words, on one line and of a few hundred characters at most: values are cut so that the first difference
 * stays in sight. Begins with a small letter unless an id or key does not, has no full stop, and may hold control
 * characters of the document.
 */
export function describeChange(change: ChainChange): string {
  switch (change.type) {
    case 'renamed':
      return `${change.from} is now ${change.to}`;
    case 'added':
    case 'removed':
      return `${change.id}, which ${change.type === 'added' ? 'calls' : 'called'} ${cut(change.definitionId)}`;
    case 'action-field':
      return `${change.id}: ${describeField(change.change)}`;
    case 'edge-added':
      return `${change.to} now waits for ${change.from}`;
    case 'edge-removed':
      return `${change.to} no longer waits for ${change.from}`;
    case 'head-field':
      return describeField(change.change);
    case 'order':
      return describeOrder(change.change);
    case 'card-moved':
      return `${change.card.id}: card ${describeMove(change.card)}`;
    default:
      return assertNever(change);
  }
}

function describeField(change: FieldChange): string {
  const name = nameField(change.path);
  switch (change.type) {
    case 'added':
      return `${name} added: ${cut(printCompactJson(change.to))}`;
    case 'removed':
      return `${name} removed: ${cut(printCompactJson(change.from))}`;
    case 'changed': {
      const [from, to] = cutTogether(printCompactJson(change.from), printCompactJson(change.to));
      return `${name} ${from} → ${to}`;
    }
    case 'reordered': {
      const [from, to] = cutTogether(change.from.join(', '), change.to.join(', '));
      return `keys${change.path === '' ? '' : ` of ${name}`} in another order: ${from} → ${to}`;
    }
    default:
      return assertNever(change);
  }
}

/** `/inputs/customer/id` as `inputs.customer.id`; a key that is no plain word stands in quotes. */
function nameField(path: string): string {
  const segments = parsePointer(path) ?? [path];
  return cut(segments.map((segment) => (/^[\w$-]+$/.test(segment) ? segment : JSON.stringify(segment))).join('.'));
}

function describeOrder({ moved, changesPlan }: OrderChange): string {
  const stand = moved.length === 1 ? 'stands' : 'stand';
  const effect = changesPlan ? 'actions start in another order' : 'actions start in the same order as before';
  return `${listNames(moved, MOVED_SHOWN_MAX)} ${stand} elsewhere in the document; ${effect}`;
}

/** Ids have up to 128 characters each. */
const MOVED_SHOWN_MAX = 3;

function describeMove({ from, to }: MovedCard): string {
  const place = ({ x, y }: CardLayout): string => `${x}, ${y}`;
  if (from === null) return to === null ? 'stays' : `placed at ${place(to)}`;
  return to === null ? `no longer placed at ${place(from)}` : `moved from ${place(from)} to ${place(to)}`;
}

/** Characters of a value that are shown. */
const SHOWN_MAX = 72;
/** Of these, how many stand before the first difference of two values. */
const LEAD = 20;

const cut = (text: string): string => cutFrom(text, 0);

/** Both from shortly before the place where they part; two long texts that differ at their end would look alike else. */
function cutTogether(from: string, to: string): readonly [string, string] {
  if (Math.max(from.length, to.length) <= SHOWN_MAX) return [from, to];
  let same = 0;
  while (same < from.length && from[same] === to[same]) same++;
  const start = same < SHOWN_MAX - LEAD ? 0 : same - LEAD;
  return [cutFrom(from, start), cutFrom(to, start)];
}

function cutFrom(text: string, start: number): string {
  const end = start + SHOWN_MAX;
  const head = isInsidePair(text, start) ? start + 1 : start;
  const tail = isInsidePair(text, end) ? end - 1 : end;
  return `${head > 0 ? '…' : ''}${text.slice(head, tail)}${text.length > tail ? '…' : ''}`;
}

/** Whether a cut here would halve a character. */
const isInsidePair = (text: string, at: number): boolean =>
  /^[\udc00-\udfff]/.test(text.charAt(at)) && /^[\ud800-\udbff]/.test(text.charAt(at - 1));
