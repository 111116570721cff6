import type { Rejection } from '@/lib/chain/rejection';
import type { ImportedChain } from '@/lib/exchange/import-chain';
import type { Problem } from '@/lib/problems/problem';
import { toPrintable, toPrintableJson } from './printable';
import { printProblem, printRejection } from './read-chain-file';
import { nameOf } from './terminal';

/** What `validate` found out about one file. */
export interface FileReport {
  readonly file: string;
  /** Null for one that could not be read or is rejected. */
  readonly imported: ImportedChain | null;
  /** Those of a rejected document have a line and a column, and no fix. */
  readonly problems: readonly ReportedProblem[];
  /** What `--fix` has mended in the file. */
  readonly fixed: readonly Problem[];
  /** Why the file could not be read or written; null when all went well. */
  readonly failure: string | null;
}

interface ReportedProblem extends Problem {
  /** `--fix` would apply the fix to this file. */
  readonly isFixable: boolean;
  readonly rejection?: Rejection;
}

/** One line a problem, a word for a file that has none, and a last line that counts; empty without a file. */
export function printReportLines(reports: readonly FileReport[]): string {
  const lines = reports.flatMap(({ file, problems, fixed, failure }) => {
    const name = toPrintable(nameOf(file));
    const told = [
      ...fixed.map(({ code, fix }) => `${name}: fixed ${code}: ${toPrintable(fix?.label ?? '')}\n`),
      ...problems.map((problem) =>
        problem.rejection === undefined ? printProblem(file, problem) : printRejection(file, problem.rejection),
      ),
    ];
    return problems.length === 0 && failure === null ? [...told, `${name}: no problems\n`] : told;
  });
  // Where nothing was looked at, standard error says why.
  return reports.length === 0 ? '' : `${lines.join('')}${summaryOf(reports)}\n`;
}

/** One JSON document; text of people stands in it as JSON strings that a terminal may show. */
export function printReportDocument(reports: readonly FileReport[]): string {
  const document = {
    files: reports.map(({ file, problems, fixed, failure }) => ({
      file: nameOf(file),
      problems: problems.map(({ isFixable, rejection, ...problem }) => ({
        ...plain(problem),
        ...(rejection?.line === undefined ? {} : { line: rejection.line }),
        ...(rejection?.column === undefined ? {} : { column: rejection.column }),
        ...(problem.fix === undefined ? {} : { fix: { label: problem.fix.label, isAppliedByFix: isFixable } }),
      })),
      ...(fixed.length === 0
        ? {}
        : { fixed: fixed.map((problem) => ({ ...plain(problem), fix: { label: problem.fix?.label } })) }),
      ...(failure === null ? {} : { failure }),
    })),
    summary: count(reports),
  };
  return `${toPrintableJson(JSON.stringify(document, null, 2))}\n`;
}

const plain = ({ code, severity, message, path, action, range, related }: Problem) => ({
  code,
  severity,
  message,
  path,
  ...(action === undefined ? {} : { action }),
  ...(range === undefined ? {} : { range }),
  ...(related === undefined ? {} : { related }),
});

const count = (reports: readonly FileReport[]) => {
  const problems = reports.flatMap((report) => report.problems);
  const of = (wanted: Problem['severity']): number => problems.filter(({ severity }) => severity === wanted).length;
  return {
    files: reports.length,
    errors: of('error'),
    warnings: of('warning'),
    infos: of('info'),
    fixable: problems.filter(({ isFixable }) => isFixable).length,
    fixed: reports.reduce((sum, { fixed }) => sum + fixed.length, 0),
  };
};

/** `3 files, 2 errors, 1 warning, 1 of them fixable with --fix`. */
function summaryOf(reports: readonly FileReport[]): string {
  const { files, errors, warnings, infos, fixable, fixed } = count(reports);
  const counted = [
    [fixed, 'problem fixed', 'problems fixed'],
    [errors, 'error', 'errors'],
    [warnings, 'warning', 'warnings'],
    [infos, 'info', 'infos'],
  ] as const;
  const parts = counted.flatMap(([n, one, many]) => (n === 0 ? [] : [`${n} ${n === 1 ? one : many}`]));
  const failed = reports.filter(({ failure }) => failure !== null);
  const unread = failed.filter(({ imported }) => imported === null).length;
  // Of a file that was not read nobody knows whether it has problems.
  const left = errors + warnings + infos + unread === 0 ? ['no problems'] : [];
  const failures = [
    ...(unread === 0 ? [] : [`${unread} not read`]),
    ...(failed.length === unread ? [] : [`${failed.length - unread} not written`]),
  ];
  const mending = fixable === 0 ? [] : [`${fixable} of them fixable with --fix`];
  return [`${files} ${files === 1 ? 'file' : 'files'}`, ...parts, ...failures, ...left, ...mending].join(', ');
}
