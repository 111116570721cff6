import path from 'node:path';
import { type ImportedChain, importBytes, importText } from '@/lib/exchange/import-chain';
import { findChainProblems, type Known, problemOfRejection } from '@/lib/problems/find-problems';
import { invariant } from '@/lib/result';
import { CommandRefused } from '../command-refused';
import { EXIT, type ExitCode } from '../exit-codes';
import { type FoundFile, findFiles } from '../find-files';
import { looksLikeChain } from '../looks-like-chain';
import { isMendable, mendText } from '../mend-file';
import { toPrintable } from '../printable';
import { describeUnreadable, nameKind, onlyChain } from '../read-chain-file';
import { describeUnusedPointers, findUnusedPointers, type KnownOptions, readKnown, secretNamesOf } from '../read-known';
import { replaceFile } from '../replace-file';
import { nameOf, readBytes, type Terminal } from '../terminal';
import { type FileReport, printReportDocument, printReportLines } from '../validation-report';

export interface ValidateOptions extends KnownOptions {
  readonly strict: boolean;
  readonly fix: boolean;
  readonly json: boolean;
}

/**
 * Names the problems of each file: text on stdout, one line a problem, or with `--json` one JSON document. A file that is
 * bad or cannot be read keeps no other from being looked at. What needs a connection is checked as far as options tell.
 *
 * With `--fix`, fixes that keep the meaning are written into the files, and what is named are the problems left.
 *
 * @returns 2 when a file cannot be read or an argument leads to no chain; else 3 when a file has an error (with `--strict`
 *   or a warning); else 0.
 */
export async function validate(
  patterns: readonly string[],
  options: ValidateOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  if (options.fix && patterns.includes('-')) {
    throw new CommandRefused('--fix writes into files, and standard input is none: name a file.', EXIT.usage);
  }
  const known: Known = { ...(await readKnown(terminal, options)), secretNames: secretNamesOf(terminal) };
  const { files, mistakes, notes } = await findFiles(patterns, terminal.folder);
  for (const sentence of [...notes, ...mistakes]) terminal.writeError(`${sentence}\n`);

  const reports: FileReport[] = [];
  const fruitful = new Set<string>();
  for (const found of files) {
    const report = await look(found, known, options, terminal);
    if (report === null) continue;
    reports.push(report);
    for (const search of found.searches) fruitful.add(search);
  }
  const fruitless = new Set(files.flatMap(({ searches }) => [...searches]).filter((search) => !fruitful.has(search)));
  for (const search of fruitless) terminal.writeError(`${toPrintable(search)} leads to no chain.\n`);
  tellUnusedPointers(reports, known, terminal);

  const text = options.json ? printReportDocument(reports) : printReportLines(reports);
  await terminal.writeOut(text);
  if (mistakes.length + fruitless.size > 0 || reports.some(({ failure }) => failure !== null)) return EXIT.usage;
  const isBad = reports.some(({ problems }) =>
    problems.some(({ severity }) => severity === 'error' || (options.strict && severity === 'warning')),
  );
  return isBad ? EXIT.invalidDocument : EXIT.completed;
}

/** Null for a file that a search came upon and that is something else than a chain. */
async function look(
  { file, isNamed }: FoundFile,
  known: Known,
  { fix }: ValidateOptions,
  terminal: Terminal,
): Promise<FileReport | null> {
  const bytes = await readBytes(terminal, file);
  if (!bytes.ok) {
    const failure = describeUnreadable(file, bytes.error);
    terminal.writeError(`${failure}\n`);
    return { file, imported: null, problems: [], fixed: [], failure };
  }
  const passOver = (what: string): null => {
    terminal.writeError(`${toPrintable(file)} is ${what}: passed over.\n`);
    return null;
  };
  const found = importBytes(bytes.value, nameOf(file));
  if (!isNamed && !found.ok && !looksLikeChain(file, bytes.value)) return passOver('evidently no chain');
  const imported = found.ok ? onlyChain(found.value, file) : found;
  if (!isNamed && found.ok && !imported.ok) return passOver(nameKind(found.value));
  if (!imported.ok) {
    const problems = imported.error.map((rejection) => ({
      ...problemOfRejection(rejection),
      rejection,
      isFixable: false,
    }));
    return { file, imported: null, problems, fixed: [], failure: null };
  }
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes.value);
  const mended = fix ? mendText(text, imported.value, known) : { text, applied: [] };
  if (mended.text === text) return { file, ...checked(imported.value, known), fixed: [], failure: null };

  const written = await replaceFile(path.resolve(terminal.folder, file), mended.text);
  if (!written.ok) {
    const failure = `${toPrintable(file)} cannot be written: ${written.error}.`;
    terminal.writeError(`${failure}\n`);
    return { file, ...checked(imported.value, known), fixed: [], failure };
  }
  const again = importText(mended.text, nameOf(file));
  const left = again.ok ? onlyChain(again.value, file) : again;
  invariant(left.ok, `${file} is no chain any more after its fixes`);
  return { file, ...checked(left.value, known), fixed: mended.applied, failure: null };
}

function checked(imported: ImportedChain, known: Known): Pick<FileReport, 'imported' | 'problems'> {
  const found = [...imported.problems, ...findChainProblems(imported.workbench.chain, known)];
  return {
    imported,
    problems: found.map((problem) => ({ ...problem, isFixable: isMendable(problem, imported.kind) })),
  };
}

function tellUnusedPointers(reports: readonly FileReport[], { allowedLiterals }: Known, terminal: Terminal): void {
  const chains = reports.flatMap(({ imported }) => (imported === null ? [] : [imported]));
  if (chains.length === 0) return;
  const unused = chains.reduce(findUnusedPointers, [...allowedLiterals]);
  const where = reports.length === 1 ? toPrintable(nameOf(reports[0]!.file)) : 'any of the files';
  if (unused.length > 0) terminal.writeError(describeUnusedPointers(unused, where));
}
