import { findChainProblems, NOTHING_KNOWN, problemOfRejection } from '@/lib/problems/find-problems';
import type { Problem } from '@/lib/problems/problem';
import { EXIT, type ExitCode } from '../exit-codes';
import { toPrintable, toPrintableJson } from '../printable';
import { nameOf, printProblem, printRejection, readChainFile } from '../read-chain-file';
import type { Terminal } from '../terminal';

export interface ValidateOptions {
  readonly strict: boolean;
  readonly json: boolean;
}

/**
 * Names the problems of each file: text on stdout, one line a problem, or with `--json` one JSON document. What needs a
 * connection (whether a definition exists) is not checked.
 *
 * @returns 0 when no file has an error (with `--strict`: no warning either), else 3.
 */
export async function validate(
  files: readonly string[],
  { strict, json }: ValidateOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  const reports: { readonly file: string; readonly problems: readonly Problem[] }[] = [];
  let text = '';
  for (const file of files) {
    const imported = await readChainFile(terminal, file);
    if (!imported.ok) {
      reports.push({ file, problems: imported.error.map(problemOfRejection) });
      text += imported.error.map((rejection) => printRejection(file, rejection)).join('');
      continue;
    }
    const { workbench, problems: noticed } = imported.value;
    const problems = [...noticed, ...findChainProblems(workbench.chain, NOTHING_KNOWN)];
    reports.push({ file, problems });
    text += problems.map((problem) => printProblem(file, problem)).join('');
    if (problems.length === 0) text += `${toPrintable(nameOf(file))}: no problems\n`;
  }

  const isBad = reports.some(({ problems }) =>
    problems.some(({ severity }) => severity === 'error' || (strict && severity === 'warning')),
  );
  const document = {
    files: reports.map(({ file, problems }) => ({
      file: nameOf(file),
      problems: problems.map(({ code, severity, message, path, action, range, related }) => ({
        code,
        severity,
        message,
        path,
        ...(action === undefined ? {} : { action }),
        ...(range === undefined ? {} : { range }),
        ...(related === undefined ? {} : { related }),
      })),
    })),
  };
  await terminal.writeOut(json ? `${toPrintableJson(JSON.stringify(document, null, 2))}\n` : text);
  return isBad ? EXIT.invalidDocument : EXIT.completed;
}
