import { type Action, type Chain, dependenciesOf, inputsOf } from '@/lib/chain/chain';
import type { ActionId } from '@/lib/chain/ids';
import { actionToJson } from '@/lib/chain/print-chain';
import { graphOf, successorsOf } from '@/lib/graph/chain-graph';
import { printCompactJson } from '@/lib/json/print-json';
import { isJsonArray, isJsonObject, type JsonValue } from '@/lib/json/value';
import { isTemplate } from '@/lib/template/parse-template';
import { findReferences } from '@/lib/template/references';

/** What of an action counts when its counterpart in another chain is looked for. */
export interface ActionProfile {
  readonly id: ActionId;
  readonly definitionId: string;
  /** What it waits for, missing actions included. */
  readonly predecessors: ReadonlySet<ActionId>;
  readonly successors: ReadonlySet<ActionId>;
  /** Leaves of the inputs by path, without the names of actions whose counterpart is unknown. */
  readonly inputs: ReadonlyMap<string, string>;
  /** The other keys of the action but its definition and dependencies. */
  readonly others: ReadonlyMap<string, string>;
  /** Equal for actions that say the same. */
  readonly content: string;
}

/** Longer inputs are told apart by their first leaves; `content` covers all of them. */
const LEAVES_MAX = 100;

/** @param strangers ids that only one of the two chains has: they may be renamed, so naming one is no difference. */
export function profileOf(chain: Chain, id: ActionId, strangers: ReadonlySet<string>): ActionProfile {
  const action = chain.actions.get(id)!;
  const inputs = leavesOf(inputsOf(action), strangers);
  const others = othersOf(action, strangers);
  return {
    id,
    definitionId: action.definition_id,
    predecessors: new Set(dependenciesOf(action)),
    successors: new Set(successorsOf(graphOf(chain), id)),
    inputs: new Map(inputs.slice(0, LEAVES_MAX)),
    others: new Map(others),
    content: JSON.stringify([inputs, others]),
  };
}

/** Path and text of every leaf; an empty object or list is one too, but for the whole. */
function leavesOf(value: JsonValue, strangers: ReadonlySet<string>): readonly (readonly [string, string])[] {
  const leaves: (readonly [string, string])[] = [];
  // Depth is bounded: no door takes a document deeper than 64 brackets.
  const walk = (item: JsonValue, path: string): void => {
    if (isJsonArray(item) && item.length > 0) item.forEach((inner, index) => void walk(inner, `${path}/${index}`));
    else if (isJsonObject(item) && item.size > 0) for (const [key, inner] of item) walk(inner, `${path}/${key}`);
    else if (typeof item === 'string') leaves.push([path, JSON.stringify(withoutNames(item, strangers))]);
    else if (path !== '' || !isJsonObject(item)) leaves.push([path, printCompactJson(item)]);
  };
  walk(value, '');
  return leaves;
}

function othersOf(action: Action, strangers: ReadonlySet<string>): readonly (readonly [string, string])[] {
  return [...actionToJson(action)]
    .filter(([key]) => key !== 'definition_id' && key !== 'depends_on' && key !== 'inputs')
    .map(([key, value]) => [
      key,
      key === 'when' && typeof value === 'string' ? withoutNames(value, strangers) : printCompactJson(value),
    ]);
}

/** `{{ fetch.id }}` and `{{ fetch_customer.id }}` become one text when both names are strangers. */
function withoutNames(text: string, strangers: ReadonlySet<string>): string {
  if (!isTemplate(text)) return text;
  const spans = new Map<number, number>();
  for (const { path, segments } of findReferences(text)) {
    if (strangers.has(path[0] ?? '') && segments[0] !== undefined) spans.set(segments[0].start, segments[0].end);
  }
  let kept = '';
  let copied = 0;
  for (const [start, end] of [...spans].sort(([a], [b]) => a - b)) {
    kept += `${text.slice(copied, start)}\u0000`;
    copied = end;
  }
  return kept + text.slice(copied);
}

/** What is known so far of who is whom; both ways. */
export interface Pairing {
  readonly afterOf: ReadonlyMap<ActionId, ActionId>;
  readonly beforeOf: ReadonlyMap<ActionId, ActionId>;
  readonly before: Chain;
  readonly after: Chain;
}

/** Where the action stands counts twice as much as what it sends, and what else it says hardly counts. */
const WEIGHTS = { predecessors: 6, successors: 6, inputs: 6, others: 2 } as const;

/**
 * How alike two actions of the same definition are, from 0 to 1: neighbours that are known to be each other's counterpart,
 * leaves of the inputs, and other keys. Having none of something on both sides is alike too, but says half as much.
 *
 * The same for both directions of a comparison, to the last bit.
 */
export function likenessOf(a: ActionProfile, b: ActionProfile, pairing: Pairing): number {
  const isSameContent = a.content === b.content;
  const parts = [
    [WEIGHTS.predecessors, likenessOfNeighbours('predecessors', a, b, pairing)],
    [WEIGHTS.successors, likenessOfNeighbours('successors', a, b, pairing)],
    [WEIGHTS.inputs, likenessOfTexts(a.inputs, b.inputs, isSameContent)],
    [WEIGHTS.others, likenessOfTexts(a.others, b.others, isSameContent)],
  ] as const;
  let sum = 0;
  let weights = 0;
  for (const [weight, likeness] of parts) {
    sum += likeness === 'neither' ? weight / 2 : weight * likeness;
    weights += likeness === 'neither' ? weight / 2 : weight;
  }
  return sum / weights;
}

/** Whether at least half of the neighbours on either side are each other's counterparts, or all of them may be. */
export const standsAlike = (a: ActionProfile, b: ActionProfile, pairing: Pairing): boolean =>
  (['predecessors', 'successors'] as const).every((side) => {
    const likeness = likenessOfNeighbours(side, a, b, pairing);
    return likeness === 'neither' || likeness >= 0.5;
  });

type Likeness = number | 'neither';

/** A path that both have with other texts below it counts half. */
function likenessOfTexts(
  a: ReadonlyMap<string, string>,
  b: ReadonlyMap<string, string>,
  isSameContent: boolean,
): Likeness {
  if (a.size + b.size === 0) return 'neither';
  if (isSameContent) return 1;
  let shared = 0;
  for (const [path, text] of a) {
    const other = b.get(path);
    if (other !== undefined) shared += other === text ? 1 : 0.5;
  }
  return (2 * shared) / (a.size + b.size);
}

/** Neighbours whose counterpart is unknown count half when they call the same definition: they may be counterparts. */
function likenessOfNeighbours(
  side: 'predecessors' | 'successors',
  { id: aId, [side]: a }: ActionProfile,
  { id: bId, [side]: b }: ActionProfile,
  { afterOf, beforeOf, before, after }: Pairing,
): Likeness {
  if (a.size + b.size === 0) return 'neither';
  let shared = 0;
  const open: string[] = [];
  for (const id of a) {
    const counterpart = id === aId ? bId : afterOf.get(id);
    const definitionId = before.actions.get(id)?.definition_id;
    if (counterpart !== undefined) shared += b.has(counterpart) ? 1 : 0;
    else if (definitionId !== undefined) open.push(definitionId);
    // An action that neither chain has is the same one to both.
    else if (!after.actions.has(id) && b.has(id)) shared += 1;
  }
  if (open.length > 0) {
    const otherOpen = [...b]
      .filter((id) => id !== bId && !beforeOf.has(id))
      .flatMap((id) => after.actions.get(id)?.definition_id ?? []);
    shared += countCommon(open, otherOpen) / 2;
  }
  return (2 * shared) / (a.size + b.size);
}

/** How many can be paired with an equal one of the other list. */
function countCommon(a: readonly string[], b: readonly string[]): number {
  const left = new Map<string, number>();
  for (const item of a) left.set(item, (left.get(item) ?? 0) + 1);
  let common = 0;
  for (const item of b) {
    const count = left.get(item) ?? 0;
    if (count === 0) continue;
    left.set(item, count - 1);
    common += 1;
  }
  return common;
}
