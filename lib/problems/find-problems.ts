import type { Chain } from '@/lib/chain/chain';
import { type ActionId, parseActionId } from '@/lib/chain/ids';
import { parseChain } from '@/lib/chain/parse-chain';
import type { Rejection } from '@/lib/chain/rejection';
import { maskCredentials } from '@/lib/credential-formats';
import { formatPointer, type JsonPath, parsePointer } from '@/lib/json/pointer';
import type { JsonValue } from '@/lib/json/value';
import { type Draft, type Known, subjectOf } from './draft';
import { PROBLEM_SEVERITY, type Problem } from './problem';
import { findConcurrencyProblems } from './rules/concurrency';
import { findContractProblems } from './rules/contracts';
import { findDefinitionProblems } from './rules/definitions';
import { findParityProblems } from './rules/parity';
import { findPolicyProblems } from './rules/policies';
import { findReferenceProblems } from './rules/references';
import { findSecretProblems } from './rules/secrets';
import { findStructureProblems } from './rules/structure';
import { findUnusedOutputs } from './rules/unused-outputs';

export { type Known, NOTHING_KNOWN } from './draft';

const RULES = [
  findStructureProblems,
  findConcurrencyProblems,
  findReferenceProblems,
  findDefinitionProblems,
  findContractProblems,
  findPolicyProblems,
  findSecretProblems,
  findUnusedOutputs,
  findParityProblems,
];

/**
 * Everything wrong or doubtful in a chain, the same in browser, server and command line.
 *
 * Ordered by action in document order (the chain's own problems first), then by place, then by code. Templates and
 * references are read once per action object, so after an edit only what changed is read again. Never throws.
 *
 * At most {@link PROBLEMS_MAX}: of more, infos are left out first, then warnings; errors left out are told by a `limit`.
 */
export function findChainProblems(chain: Chain, known: Known): readonly Problem[] {
  const subject = subjectOf(chain, known);
  // By action first: comparing the few problems of one action is quicker than comparing all with one another.
  const ofChain: Draft[] = [];
  const byAction = new Map<ActionId, Draft[]>(subject.graph.actionIds.map((id) => [id, []]));
  for (const rule of RULES) {
    for (const draft of rule(subject)) {
      const own = draft.action === undefined ? undefined : byAction.get(draft.action);
      (own ?? ofChain).push(draft);
    }
  }
  const problems: Problem[] = [];
  for (const drafts of withinLimit([ofChain, ...byAction.values()])) {
    // One by one: an action can have more than a call takes arguments.
    for (const problem of problemsOfGroup(drafts)) problems.push(problem);
  }
  return problems;
}

interface Group {
  readonly drafts: readonly Draft[];
  readonly problems: readonly Problem[];
}

/** By the first draft: rules give the same draft again while nothing that it speaks of has changed. */
const groupsByDraft = new WeakMap<Draft, Group>();

/** Sorted and printed again only where a draft is another one: after an edit that is one action in 2,000. */
function problemsOfGroup(drafts: readonly Draft[]): readonly Problem[] {
  const [first] = drafts;
  if (first === undefined) return [];
  const known = groupsByDraft.get(first);
  if (known?.drafts.length === drafts.length && drafts.every((draft, i) => draft === known.drafts[i])) {
    return known.problems;
  }
  const problems = drafts.length === 1 ? [problemOf(first)] : drafts.toSorted(compareDrafts).map(problemOf);
  groupsByDraft.set(first, { drafts, problems });
  return problems;
}

/** No person reads more, and a document of 5 MB can have half a million. */
const PROBLEMS_MAX = 20_000;

/** The groups with their gravest drafts, as many as are listed. */
function withinLimit(groups: readonly Draft[][]): readonly Draft[][] {
  const count = groups.reduce((sum, { length }) => sum + length, 0);
  if (count <= PROBLEMS_MAX) return groups;
  let room = PROBLEMS_MAX - 1;
  const kept: Draft[][] = groups.map(() => []);
  for (const severity of ['error', 'warning', 'info']) {
    for (const [i, drafts] of groups.entries()) {
      for (const draft of drafts) {
        if (PROBLEM_SEVERITY[draft.code] !== severity) continue;
        if (room > 0) kept[i]!.push(draft);
        else if (severity === 'error') return [[manyMore(count - PROBLEMS_MAX + 1)], ...kept];
        room--;
      }
    }
  }
  return kept;
}

const manyMore = (count: number): Draft => ({
  code: 'limit',
  at: [],
  message: `${count} more problems are not listed; mend these first.`,
});

const compareDrafts = (a: Draft, b: Draft): number =>
  comparePaths(a.at, b.at) ||
  (a.range?.line ?? 0) - (b.range?.line ?? 0) ||
  (a.range?.column ?? 0) - (b.range?.column ?? 0) ||
  compare(a.code, b.code);

/** Messages repeat names that people wrote; a credential among them stays out. */
function problemOf({ code, at, message, action, range, related, fix }: Draft): Problem {
  // Key by key: to copy the rest of an object takes ten times as long, and there can be thousands.
  const problem: { -readonly [Key in keyof Problem]: Problem[Key] } = {
    code,
    severity: PROBLEM_SEVERITY[code],
    message: maskCredentials(message),
    path: formatPointer(at),
  };
  if (action !== undefined) problem.action = action;
  if (range !== undefined) problem.range = range;
  if (related !== undefined) problem.related = related;
  if (fix !== undefined) problem.fix = { ...fix, label: maskCredentials(fix.label) };
  return problem;
}

/**
 * The same for any JSON: a document that cannot be read gives the reasons why not, one that can gives its chain's
 * problems. Never throws, whatever the value.
 */
export function findProblems(document: JsonValue, known: Known): readonly Problem[] {
  const parsed = parseChain(document);
  return parsed.ok ? findChainProblems(parsed.value, known) : parsed.error.map(problemOfRejection);
}

/** A rejection as a problem of the document, for the same list. */
export function problemOfRejection({ code, message, path }: Rejection): Problem {
  const action = actionAt(path);
  return {
    code,
    severity: PROBLEM_SEVERITY[code],
    message: maskCredentials(message),
    path,
    ...(action === undefined ? {} : { action }),
  };
}

function actionAt(pointer: string): ActionId | undefined {
  const [root, key] = parsePointer(pointer) ?? [];
  if (root !== 'actions' || key === undefined) return undefined;
  const id = parseActionId(key);
  return id.ok ? id.value : undefined;
}

function comparePaths(a: JsonPath, b: JsonPath): number {
  for (let i = 0; i < a.length && i < b.length; i++) {
    const [left, right] = [a[i]!, b[i]!];
    if (left === right) continue;
    if (typeof left === 'number' && typeof right === 'number') return left - right;
    return compare(String(left), String(right));
  }
  return a.length - b.length;
}

/** By code units: the same order on every machine, unlike `localeCompare`. */
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
