import type { Chain } from '@/lib/chain/chain';
import type { ActionId } from '@/lib/chain/ids';
import { type ActionProfile, likenessOf, type Pairing, profileOf, standsAlike } from './action-likeness';
import { placesOf } from './graph-place';

/** Below this, two actions have less in common than not: one was removed, the other added. */
const LIKENESS_MIN = 0.5;

/**
 * Which action of one chain is which of the other, by id before. An id that both have is the same action, whatever became
 * of it. The rest is matched within one definition, the most alike first: by neighbours in the graph whose counterpart is
 * known, inputs and other keys. Of several that are equally alike, those that stand first in the documents.
 *
 * Deterministic, and the same in both directions. Where many actions are left over, each is compared with those that say
 * the same or stand near it, not with all: close to linear in the number of actions, and never recursive.
 */
export function matchActions(before: Chain, after: Chain): ReadonlyMap<ActionId, ActionId> {
  const afterOf = new Map<ActionId, ActionId>();
  for (const id of before.actions.keys()) if (after.actions.has(id)) afterOf.set(id, id);
  const groups = groupStrangers(before, after);
  if (groups.length === 0) return afterOf;

  const pairing = { afterOf, beforeOf: new Map([...afterOf].map(([from, to]) => [to, from])), before, after };
  const accept = (pairs: readonly Scored[]): void => {
    for (const { before: one, after: other } of pairs) {
      pairing.afterOf.set(one.profile.id, other.profile.id);
      pairing.beforeOf.set(other.profile.id, one.profile.id);
    }
  };
  accept(groups.flatMap((group) => findOnlyTwins(group, pairing)));
  for (let round = 1; round <= ROUNDS_MAX; round++) {
    const scored = groups.flatMap((group) => scoreGroup(group, pairing));
    if (scored.length === 0) break;
    const clear = round < ROUNDS_MAX ? findClearPairs(scored) : [];
    accept(clear.length > 0 ? clear : takeGreedily(scored));
  }
  return afterOf;
}

/** A counterpart that is found makes others clearer; after this many rounds, likeness as it is known decides. */
const ROUNDS_MAX = 8;

interface Stranger {
  readonly profile: ActionProfile;
  /** Longest way from a start of the graph, and to an end. */
  readonly depth: number;
  readonly height: number;
}

/** Actions of one definition whose id only one chain has, in document order. */
interface Group {
  readonly before: readonly Stranger[];
  readonly after: readonly Stranger[];
}

function groupStrangers(before: Chain, after: Chain): readonly Group[] {
  const only = (one: Chain, other: Chain): readonly ActionId[] =>
    [...one.actions.keys()].filter((id) => !other.actions.has(id));
  const [left, right] = [only(before, after), only(after, before)];
  if (left.length === 0 || right.length === 0) return [];

  const strangers = new Set<string>([...left, ...right]);
  const listed = new Map<string, { readonly before: ActionId[]; readonly after: ActionId[] }>();
  const groupOf = (chain: Chain, id: ActionId) => {
    const { definition_id } = chain.actions.get(id)!;
    const group = listed.get(definition_id) ?? { before: [], after: [] };
    listed.set(definition_id, group);
    return group;
  };
  for (const id of left) groupOf(before, id).before.push(id);
  for (const id of right) groupOf(after, id).after.push(id);
  const describe = (chain: Chain): ((id: ActionId) => Stranger) => {
    const places = placesOf(chain);
    return (id) => ({ profile: profileOf(chain, id, strangers), ...places.get(id)! });
  };
  const [describeBefore, describeAfter] = [describe(before), describe(after)];
  return [...listed.values()]
    .filter((group) => group.before.length > 0 && group.after.length > 0)
    .map((group) => ({ before: group.before.map(describeBefore), after: group.after.map(describeAfter) }));
}

interface Scored {
  readonly before: Stranger;
  readonly after: Stranger;
  readonly likeness: number;
  /** Position of both among the strangers of their definition. */
  readonly ranks: readonly [number, number];
}

/** The pairs of a group that may be each other's counterpart, among those that have none yet. */
function scoreGroup(group: Group, pairing: Pairing): readonly Scored[] {
  const before = group.before.filter(({ profile }) => !pairing.afterOf.has(profile.id));
  const after = group.after.filter(({ profile }) => !pairing.beforeOf.has(profile.id));
  const scored: Scored[] = [];
  for (const [rank, others] of candidatesOf({ before, after }, pairing)) {
    for (const otherRank of others) {
      const pair = scorePair({ before, after }, rank, otherRank, pairing);
      if (pair.likeness >= LIKENESS_MIN) scored.push(pair);
    }
  }
  return scored;
}

function scorePair(group: Group, rank: number, otherRank: number, pairing: Pairing): Scored {
  const [before, after] = [group.before[rank]!, group.after[otherRank]!];
  const distance = Math.abs(before.depth - after.depth) + Math.abs(before.height - after.height);
  // Far less than any difference in likeness that means something: it only tells twins apart.
  const closeness = CLOSENESS_WEIGHT / (1 + distance);
  const likeness = likenessOf(before.profile, after.profile, pairing) + closeness;
  return { before, after, likeness, ranks: [rank, otherRank] };
}

const CLOSENESS_WEIGHT = 0.001;

/**
 * Those that say what exactly one on either side says, and whose neighbours may be each other's counterparts: most of a
 * chain whose ids all changed. It saves comparing them with everything near them.
 */
function findOnlyTwins(group: Group, pairing: Pairing): readonly Scored[] {
  const sayers = (side: readonly Stranger[]) => bucketsOf(side, ({ profile }) => [profile.content]);
  const others = sayers(group.after);
  return [...sayers(group.before)].flatMap(([content, [rank, second]]) => {
    const [otherRank, otherSecond] = others.get(content) ?? [];
    if (rank === undefined || otherRank === undefined || second !== undefined || otherSecond !== undefined) return [];
    const pair = scorePair(group, rank, otherRank, pairing);
    return standsAlike(pair.before.profile, pair.after.profile, pairing) ? [pair] : [];
  });
}

/** A group of up to 20 on both sides is compared each with each. */
const PAIRS_MAX = 400;
/** In a larger one, how many neighbours to either side of the same rank are looked at. */
const WINDOW = 4;
/** More neighbours of one action than this are no hint who is whom. */
const FAN_MAX = 8;

/** Which positions of the second list are worth comparing with each of the first. */
function candidatesOf({ before, after }: Group, pairing: Pairing): ReadonlyMap<number, ReadonlySet<number>> {
  const candidates = new Map<number, Set<number>>(before.map((_, rank) => [rank, new Set()]));
  if (before.length * after.length <= PAIRS_MAX) {
    for (const ranks of candidates.values()) after.forEach((_, rank) => void ranks.add(rank));
    return candidates;
  }
  const pairUp = (left: readonly number[], right: readonly number[]): void => {
    for (const [index, rank] of left.entries()) {
      const near = right.slice(Math.max(0, index - WINDOW), index + WINDOW + 1);
      for (const other of near) candidates.get(rank)!.add(other);
    }
  };
  const byPlace = (side: readonly Stranger[]) => (a: number, b: number) =>
    side[a]!.depth - side[b]!.depth || side[a]!.height - side[b]!.height || a - b;
  const [left, right] = [[...before.keys()], [...after.keys()]];
  pairUp(left, right);
  pairUp([...left].sort(byPlace(before)), [...right].sort(byPlace(after)));

  const sameContent = (side: readonly Stranger[]) => bucketsOf(side, ({ profile }) => [profile.content]);
  const [contents, otherContents] = [sameContent(before), sameContent(after)];
  for (const [content, ranks] of contents) {
    const others = otherContents.get(content) ?? [];
    pairUp(ranks, others);
    pairUp([...ranks].sort(byPlace(before)), [...others].sort(byPlace(after)));
  }

  // Below or above the same counterparts: named by the id after.
  const neighbours = (side: readonly Stranger[], nameOf: (id: ActionId) => ActionId | undefined) =>
    bucketsOf(side, ({ profile: { predecessors, successors } }) => [
      ...[...predecessors].map(nameOf).flatMap((id) => (id === undefined ? [] : [`below ${id}`])),
      ...[...successors].map(nameOf).flatMap((id) => (id === undefined ? [] : [`above ${id}`])),
    ]);
  const isPaired = (id: ActionId): ActionId | undefined => (pairing.beforeOf.has(id) ? id : undefined);
  const otherNeighbours = neighbours(after, isPaired);
  for (const [place, ranks] of neighbours(before, (id) => pairing.afterOf.get(id))) {
    const others = otherNeighbours.get(place) ?? [];
    if (ranks.length > FAN_MAX || others.length > FAN_MAX) continue;
    for (const rank of ranks) for (const other of others) candidates.get(rank)!.add(other);
  }
  return candidates;
}

/** Positions by what they have in common. */
function bucketsOf(
  side: readonly Stranger[],
  namesOf: (stranger: Stranger) => readonly string[],
): ReadonlyMap<string, readonly number[]> {
  const buckets = new Map<string, number[]>();
  for (const [rank, stranger] of side.entries()) {
    for (const name of namesOf(stranger)) {
      const bucket = buckets.get(name);
      if (bucket === undefined) buckets.set(name, [rank]);
      else bucket.push(rank);
    }
  }
  return buckets;
}

/** Likeness from which a pair is taken before any less alike one is looked at: it may tell who those are. */
const LEVELS = [0.9, 0.75, 0.6, LIKENESS_MIN];

/** Pairs in which neither has another candidate as good, of the highest level that has any. */
function findClearPairs(scored: readonly Scored[]): readonly Scored[] {
  const best = new Map<Stranger, { likeness: number; count: number }>();
  for (const { before, after, likeness } of scored) {
    for (const stranger of [before, after]) {
      const known = best.get(stranger);
      if (known === undefined || likeness > known.likeness) best.set(stranger, { likeness, count: 1 });
      else if (likeness === known.likeness) known.count += 1;
    }
  }
  const isClear = ({ before, after, likeness }: Scored): boolean =>
    [before, after].every((stranger) => best.get(stranger)!.likeness === likeness && best.get(stranger)!.count === 1);
  const clear = scored.filter(isClear);
  const level = LEVELS.find((lowest) => clear.some(({ likeness }) => likeness >= lowest)) ?? 0;
  return clear.filter(({ likeness }) => likeness >= level);
}

/** The most alike first, then those that stand first in both documents; each stranger once. */
function takeGreedily(scored: readonly Scored[]): readonly Scored[] {
  const inOrder = [...scored].sort(
    (a, b) =>
      b.likeness - a.likeness ||
      a.ranks[0] + a.ranks[1] - b.ranks[0] - b.ranks[1] ||
      Math.min(...a.ranks) - Math.min(...b.ranks),
  );
  const taken = new Set<Stranger>();
  return inOrder.filter(({ before, after }) => {
    if (taken.has(before) || taken.has(after)) return false;
    taken.add(before).add(after);
    return true;
  });
}
