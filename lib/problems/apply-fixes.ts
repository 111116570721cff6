import type { Chain } from '@/lib/chain/chain';
import type { Workbench } from '@/lib/chain/workbench';
import { applyEdit } from '@/lib/edit/apply-edit';
import { adviseEdges } from '@/lib/edit/edge-advice';
import type { Edit } from '@/lib/edit/edit';
import { findChainProblems, type Known } from './find-problems';
import type { Problem, ProblemFix } from './problem';

export interface Fixed {
  /** The very workbench that was given when nothing was to be mended. */
  readonly workbench: Workbench;
  /** What was mended, in the order in which it was found. */
  readonly applied: readonly Problem[];
  /** What is wrong or doubtful now. */
  readonly left: readonly Problem[];
}

/** Each round mends all that can be mended at once; one mend may show another, but only a few deep. */
const ROUNDS_MAX = 20;

/**
 * Applies every fix that keeps the chain's evident meaning, until none is left that can be applied: edges that templates
 * imply, edges that other edges imply, a dependency on itself, a timeout that is never reached. Templates and inputs stay
 * as they are, every action can read what it could read before, and taking edges away changes no order of starting.
 *
 * Fixes that ask for a person's judgement are never applied. Of implied edges that would close a loop together, those that
 * come first in the document are added.
 *
 * @param known what the chain is checked against; literals that the workbench allows are allowed as well.
 */
export function applySafeFixes(workbench: Workbench, known: Known): Fixed {
  const problemsOf = ({ chain, allowedLiterals }: Workbench): readonly Problem[] =>
    findChainProblems(chain, { ...known, allowedLiterals: new Set([...known.allowedLiterals, ...allowedLiterals]) });
  const applied: Problem[] = [];
  let current = workbench;
  let left = problemsOf(current);
  for (let round = 0; round < ROUNDS_MAX; round++) {
    const mended = mendOnce(current, left);
    if (mended.applied.length === 0) break;
    for (const problem of mended.applied) applied.push(problem);
    current = mended.workbench;
    left = problemsOf(current);
  }
  return { workbench: current, applied, left };
}

interface Mended {
  readonly workbench: Workbench;
  readonly applied: readonly Problem[];
}

function mendOnce(workbench: Workbench, problems: readonly Problem[]): Mended {
  const implied = new Set(adviseEdges(workbench.chain).missing.map(({ from, to }) => JSON.stringify([from, to])));
  const mendable = problems.filter(({ fix }) => {
    if (fix?.isSafe !== true) return false;
    // An edge beside which another implied one would close a loop is not among them.
    return fix.edit.type !== 'connect' || implied.has(JSON.stringify([fix.edit.from, fix.edit.to]));
  });
  if (mendable.length === 0) return { workbench, applied: [] };
  const edits = distinctEdits(mendable);
  const connects = edits.filter(({ type }) => type === 'connect');
  const others = edits.filter(({ type }) => type !== 'connect');
  const atOnce = applyEdit(workbench, { type: 'batch', edits: [{ type: 'batch', edits: connects }, ...others] });
  if (atOnce.ok) return { workbench: atOnce.value.workbench, applied: mendable };
  return mendInTurn(workbench, mendable);
}

/** Several templates may ask for the same edge. */
const distinctEdits = (problems: readonly Problem[]): readonly Edit[] => [
  ...new Map(problems.map(({ fix }) => [JSON.stringify(fix!.edit), fix!.edit])).values(),
];

function mendInTurn(workbench: Workbench, problems: readonly Problem[]): Mended {
  let current = workbench;
  const applied: Problem[] = [];
  for (const problem of problems) {
    const edited = applyEdit(current, problem.fix!.edit);
    if (!edited.ok) continue;
    current = edited.value.workbench;
    applied.push(problem);
  }
  return { workbench: current, applied };
}

/**
 * One step that adds every edge which templates imply and `depends_on` lacks: a mapping written for a runner that keeps
 * all earlier results often leaves them out. Undefined when none is missing. Edges that would close a loop, with those
 * there or with another of them, are left out.
 */
export function impliedEdgesFix(chain: Chain): ProblemFix | undefined {
  const { missing } = adviseEdges(chain);
  const [first] = missing;
  if (first === undefined) return undefined;
  const label =
    missing.length === 1
      ? `Add the edge that a template implies: ${first.from} → ${first.to}`
      : `Add the ${missing.length.toLocaleString('en')} edges that the templates imply`;
  const edits = missing.map((edge) => ({ type: 'connect' as const, ...edge }));
  return { label, edit: { type: 'batch', edits }, isSafe: true };
}
