import type { Problem } from '@/lib/problems/problem';
import { EXIT, type ExitCode } from './exit-codes';
import { toPrintable } from './printable';
import { printProblem } from './read-chain-file';
import type { Terminal } from './terminal';

/** Whether a reason against a plan is one against its input: `buildPlan` gives these paths below `/input`. */
export const isAboutInput = ({ path }: Problem): boolean => path === '/input' || path.startsWith('/input/');

/** An id that the tenant cannot have: what is missing is a map, not a mended document. */
const isUnmapped = ({ code }: Problem): boolean => code === 'definition_unmapped';

/**
 * Says on stderr what stands against a plan.
 *
 * @returns 3 when it is the document, else 2.
 */
export function tellObstacles(file: string, obstacles: readonly Problem[], terminal: Terminal): ExitCode {
  for (const problem of obstacles) {
    terminal.writeError(
      isAboutInput(problem)
        ? `--input${toPrintable(problem.path.slice('/input'.length))}: ${toPrintable(problem.message)}\n`
        : // A warning while drawing; here nobody could be called.
          printProblem(file, isUnmapped(problem) ? { ...problem, severity: 'error' } : problem),
    );
  }
  if (obstacles.some(isUnmapped)) {
    terminal.writeError('Say with --map FILE which definitions of the tenant they are, or ask for --simulator.\n');
  }
  const isOfDocument = obstacles.some((problem) => !isAboutInput(problem) && !isUnmapped(problem));
  return isOfDocument ? EXIT.invalidDocument : EXIT.usage;
}
