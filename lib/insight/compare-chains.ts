import { type Action, type Chain, dependenciesOf } from '@/lib/chain/chain';
import type { ActionId } from '@/lib/chain/ids';
import { actionToJson, chainToJson, printChain } from '@/lib/chain/print-chain';
import type { CardLayout } from '@/lib/chain/workbench';
import { fieldsReadBy } from '@/lib/edit/action-references';
import { renameInAction } from '@/lib/edit/rename-action';
import { type Edge, graphOf } from '@/lib/graph/chain-graph';
import { planOrder } from '@/lib/graph/plan-order';
import { formatPointer } from '@/lib/json/pointer';
import type { JsonObject } from '@/lib/json/value';
import { compareJson, type FieldChange } from './compare-json';
import { matchActions } from './match-actions';
import { isSameBehaviour } from './same-behaviour';

/** An action that only one of two chains has. */
export interface LoneAction {
  readonly id: ActionId;
  readonly definitionId: string;
}

export interface RenamedAction {
  readonly from: ActionId;
  readonly to: ActionId;
}

/** What an action that both chains have says differently. Paths begin at the action: `/inputs/customer_id`. */
export interface ChangedAction {
  readonly id: ActionId;
  /** Its id before; the same unless it was renamed. */
  readonly idBefore: ActionId;
  readonly changes: readonly FieldChange[];
}

export interface OrderChange {
  /** The fewest actions that, put elsewhere in the document, give the new order of those that both have; ids after. */
  readonly moved: readonly ActionId[];
  /** Whether this makes the actions start in another order. False where a cycle leaves no order. */
  readonly changesPlan: boolean;
}

export interface MovedCard {
  readonly id: ActionId;
  /** Null where it had no place yet, or has none any more. */
  readonly from: CardLayout | null;
  readonly to: CardLayout | null;
}

/**
 * What became of one chain in another, as plain data. What was is told in the ids and words of the first chain, what is
 * in those of the second: compared the other way round, added is removed and `from` is `to`.
 */
export interface ChainComparison {
  /** Both canonical texts are equal, byte for byte; then there is no change at all, and otherwise at least one. */
  readonly isSame: boolean;
  /** Runs of both chains do the same: see {@link isSameBehaviour}. */
  readonly isSameBehaviour: boolean;
  readonly renamed: readonly RenamedAction[];
  readonly added: readonly LoneAction[];
  readonly removed: readonly LoneAction[];
  readonly changed: readonly ChangedAction[];
  /** Dependencies, those of added and removed actions and on missing ones included. */
  readonly edgesAdded: readonly Edge[];
  readonly edgesRemoved: readonly Edge[];
  /** Everything of the document but its actions; paths begin at the document. */
  readonly head: readonly FieldChange[];
  readonly order: OrderChange | null;
  /** Null when the layouts were not given. No part of the document: these never count for `isSame`. */
  readonly movedCards: readonly MovedCard[] | null;
}

export interface Layouts {
  readonly before: ReadonlyMap<ActionId, CardLayout>;
  readonly after: ReadonlyMap<ActionId, CardLayout>;
}

/**
 * Compares two chains by meaning. Actions are matched by id, and what is left by definition and place in the graph, so a
 * rename is a rename. What a rename carries along (templates and dependencies that name the action) is no change of its
 * own. All lists are in document order, of the second chain where it has the action.
 *
 * Takes any two chains, drafts with cycles or missing dependencies included. Near-linear, and never recursive in the
 * graph: 2,000 actions against 2,000 take a fraction of a second.
 */
export function compareChains(before: Chain, after: Chain, layouts?: Layouts): ChainComparison {
  const afterOf = matchActions(before, after);
  const beforeOf = new Map([...afterOf].map(([from, to]) => [to, from]));
  const renames = new Map([...afterOf].filter(([from, to]) => from !== to));
  const pairs = [...after.actions].flatMap(([id, action]): readonly Pair[] => {
    const idBefore = beforeOf.get(id);
    if (idBefore === undefined) return [];
    const written = before.actions.get(idBefore)!;
    return [{ id, idBefore, written, renamed: withRenames(written, renames), after: action }];
  });
  return {
    isSame: before === after || printChain(before) === printChain(after),
    isSameBehaviour: isSameBehaviour(before, after),
    renamed: pairs
      .filter(({ id, idBefore }) => id !== idBefore)
      .map(({ id, idBefore }) => ({ from: idBefore, to: id })),
    added: loneActions(after, beforeOf),
    removed: loneActions(before, afterOf),
    changed: pairs
      .map((pair) => ({ id: pair.id, idBefore: pair.idBefore, changes: compareActions(pair) }))
      .filter(({ changes }) => changes.length > 0),
    ...compareEdges(before, after, pairs, { afterOf, beforeOf }),
    head: compareJson({ before: headOf(before), after: headOf(after), records: HEAD_RECORDS }),
    order: compareOrder(before, after, { afterOf, beforeOf }),
    movedCards: layouts === undefined ? null : compareLayouts(layouts, pairs),
  };
}

/** One action as the first chain writes it, as it would read after the renames, and as the second chain writes it. */
interface Pair {
  readonly id: ActionId;
  readonly idBefore: ActionId;
  readonly written: Action;
  readonly renamed: Action;
  readonly after: Action;
}

interface Counterparts {
  readonly afterOf: ReadonlyMap<ActionId, ActionId>;
  readonly beforeOf: ReadonlyMap<ActionId, ActionId>;
}

/** No new id is an old one of another action, so renames do not meet and may be done one after the other. */
function withRenames(action: Action, renames: ReadonlyMap<ActionId, ActionId>): Action {
  if (renames.size === 0) return action;
  const named = new Set<string>([...dependenciesOf(action), ...fieldsReadBy(action).keys()]);
  let renamed = action;
  for (const name of named) {
    const to = renames.get(name as ActionId);
    if (to !== undefined) renamed = renameInAction(renamed, name as ActionId, to);
  }
  return renamed;
}

const loneActions = (chain: Chain, counterparts: ReadonlyMap<ActionId, ActionId>): readonly LoneAction[] =>
  [...chain.actions]
    .filter(([id]) => !counterparts.has(id))
    .map(([id, { definition_id }]) => ({ id, definitionId: definition_id }));

const ACTION_RECORDS: ReadonlySet<string> = new Set(['/inputs', '/retry']);
const HEAD_RECORDS: ReadonlySet<string> = new Set(['/inputs', '/settings', '/settings/retry', '/settings/webhook']);

function compareActions({ written, renamed, after }: Pair): readonly FieldChange[] {
  if (written === after) return [];
  const fields = compareJson({
    before: withoutDependencies(renamed),
    after: withoutDependencies(after),
    written: withoutDependencies(written),
    records: ACTION_RECORDS,
  });
  return [...fields, ...compareDependencyLists(written.depends_on, renamed.depends_on, after.depends_on)];
}

function withoutDependencies(action: Action): JsonObject {
  const { depends_on: _depends_on, ...rest } = action;
  return actionToJson(rest);
}

/** What edges cannot tell: the order of those that stay, and a list that came or went without holding any. */
function compareDependencyLists(
  written: readonly ActionId[] | undefined,
  renamed: readonly ActionId[] | undefined,
  after: readonly ActionId[] | undefined,
): readonly FieldChange[] {
  const [old, now] = [new Set(renamed), new Set(after)];
  const stayed = [...old].filter((id) => now.has(id));
  const isInOrder = [...now].filter((id) => old.has(id)).every((id, index) => id === stayed[index]);
  const cameOrWentEmpty = (written === undefined) !== (after === undefined) && old.size + now.size === 0;
  if (isInOrder && !cameOrWentEmpty) return [];
  const path = formatPointer(['depends_on']);
  if (written === undefined) return after === undefined ? [] : [{ type: 'added', path, to: after }];
  if (after === undefined) return [{ type: 'removed', path, from: written }];
  return [{ type: 'changed', path, from: written, to: after }];
}

function compareEdges(before: Chain, after: Chain, pairs: readonly Pair[], { afterOf }: Counterparts) {
  const renamedById = new Map(pairs.map(({ id, renamed }) => [id, renamed]));
  const edgesAdded: Edge[] = [];
  for (const [to, action] of after.actions) {
    const had = new Set(renamedById.get(to)?.depends_on);
    for (const from of dependenciesOf(action)) if (!had.has(from)) edgesAdded.push({ from, to });
  }
  const edgesRemoved: Edge[] = [];
  for (const [to, action] of before.actions) {
    const has = new Set(after.actions.get(afterOf.get(to) ?? to)?.depends_on);
    for (const from of dependenciesOf(action)) if (!has.has(afterOf.get(from) ?? from)) edgesRemoved.push({ from, to });
  }
  return { edgesAdded, edgesRemoved };
}

/** The document without its actions. */
function headOf(chain: Chain): JsonObject {
  const head = new Map(chainToJson({ ...chain, actions: new Map() }));
  head.delete('actions');
  return head;
}

function compareOrder(before: Chain, after: Chain, { afterOf, beforeOf }: Counterparts): OrderChange | null {
  const rankOf = new Map<ActionId, number>();
  for (const id of before.actions.keys()) {
    const idAfter = afterOf.get(id);
    if (idAfter !== undefined) rankOf.set(idAfter, rankOf.size);
  }
  const common = [...after.actions.keys()].filter((id) => beforeOf.has(id));
  const ranks = common.map((id) => rankOf.get(id)!);
  const stayed = findLongestRise(ranks);
  if (stayed.size === common.length) return null;
  return {
    moved: common.filter((_, index) => !stayed.has(index)),
    changesPlan: changesPlan(after, [...rankOf.keys()], beforeOf),
  };
}

/** Whether the second chain, its actions put back into the order of the first, would start them in another order. */
function changesPlan(after: Chain, inOldOrder: readonly ActionId[], beforeOf: Counterparts['beforeOf']): boolean {
  const waiting = [...inOldOrder].reverse();
  const putBack = new Map(
    [...after.actions.keys()].map((id) => {
      const put = beforeOf.has(id) ? waiting.pop()! : id;
      return [put, after.actions.get(put)!] as const;
    }),
  );
  const now = planOrder(graphOf(after));
  const then = planOrder(graphOf({ ...after, actions: putBack }));
  if (!now.ok || !then.ok) return false;
  const order = then.value.flat();
  return now.value.flat().some((id, index) => id !== order[index]);
}

/** Positions of one longest rising subsequence of different numbers. O(n log n). */
function findLongestRise(numbers: readonly number[]): ReadonlySet<number> {
  /** By length less one: the position of the smallest number that ends a rise of that length. */
  const ends: number[] = [];
  const previous: (number | undefined)[] = [];
  for (const [position, value] of numbers.entries()) {
    let low = 0;
    let high = ends.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (numbers[ends[middle]!]! < value) low = middle + 1;
      else high = middle;
    }
    previous.push(ends[low - 1]);
    ends[low] = position;
  }
  const rise = new Set<number>();
  for (let position = ends.at(-1); position !== undefined; position = previous[position]) rise.add(position);
  return rise;
}

function compareLayouts(layouts: Layouts, pairs: readonly Pair[]): readonly MovedCard[] {
  return pairs
    .map(({ id, idBefore }) => ({
      id,
      from: layouts.before.get(idBefore) ?? null,
      to: layouts.after.get(id) ?? null,
    }))
    .filter(({ from, to }) => from?.x !== to?.x || from?.y !== to?.y);
}
