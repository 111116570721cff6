import type { ActionId } from '@/lib/chain/ids';
import type { Problem, Severity } from '@/lib/problems/problem';

/** The gravest first. */
export const SEVERITIES: readonly Severity[] = ['error', 'warning', 'info'];

export interface ProblemGroup {
  /** Null for the chain itself. */
  readonly action: ActionId | null;
  /** The gravest first, and of one severity in the order given. */
  readonly problems: readonly Problem[];
}

/** The problems of each action, in the order given, with those of one severity alone if asked for. */
export function groupProblems(problems: readonly Problem[], only: Severity | null): readonly ProblemGroup[] {
  const groups = new Map<ActionId | null, Problem[]>();
  for (const problem of problems) {
    if (only !== null && problem.severity !== only) continue;
    const key = problem.action ?? null;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [problem]);
    else group.push(problem);
  }
  const rank = ({ severity }: Problem): number => SEVERITIES.indexOf(severity);
  return [...groups].map(([action, own]) => ({ action, problems: own.toSorted((a, b) => rank(a) - rank(b)) }));
}

/** How many there are of each severity. */
export const countProblems = (problems: readonly Problem[]): Readonly<Record<Severity, number>> => {
  const counts = { error: 0, warning: 0, info: 0 };
  for (const { severity } of problems) counts[severity]++;
  return counts;
};
