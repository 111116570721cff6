import type { Workbench } from '@/lib/chain/workbench';
import { type ExportKind, type ExportRefusal, exportChain } from '@/lib/exchange/export-chain';
import { EXIT, type ExitCode } from '../exit-codes';
import { toPrintable, toPrintableJson, toPrintableLines } from '../printable';
import { printProblem, printRejection, readChainFile, readJsonOption } from '../read-chain-file';
import { type KnownOptions, readKnown, readSidecar, tellUnusedPointers } from '../read-known';
import type { Terminal } from '../terminal';

export interface ExportOptions extends KnownOptions {
  readonly to: ExportKind;
  readonly input?: string;
  readonly allowLossy: boolean;
  readonly sidecar?: string;
}

/**
 * Writes a chain to stdout in another form: exactly the bytes that the designer's Export dialog gives. Only where stdout
 * is a terminal, characters that would act on it are shown instead. What a mapping gives up, and what is
 * not known for a snapshot, is told on stderr.
 *
 * @returns 3 when the document stands in the way (errors, or losses that nobody allowed), 2 when what was given beside it
 *   does (an input that is missing or does not fit, definitions that are not known).
 */
export async function exportFile(file: string, options: ExportOptions, terminal: Terminal): Promise<ExitCode> {
  const imported = await readChainFile(terminal, file);
  if (!imported.ok) {
    for (const rejection of imported.error) terminal.writeError(printRejection(file, rejection));
    return EXIT.invalidDocument;
  }
  const given = await readKnown(terminal, options);
  tellUnusedPointers(given, imported.value, file, terminal);

  const sidecar = options.sidecar === undefined ? null : await readSidecar(terminal, options.sidecar);
  const allowedLiterals = new Set([...(sidecar?.allowedLiterals ?? []), ...given.allowedLiterals]);
  const workbench: Workbench = { ...imported.value.workbench, ...sidecar, allowedLiterals };
  const input = options.input === undefined ? null : await readJsonOption(terminal, '--input', options.input);
  const exported = exportChain({
    kind: options.to,
    workbench,
    known: { ...given, allowedLiterals },
    allowLossy: options.allowLossy,
    ...(input === null ? {} : { input: input.value }),
  });
  const told = exported.ok ? exported.value.losses : exported.error.problems;
  for (const note of exported.ok ? exported.value.notes : []) terminal.writeError(`${toPrintable(note)}\n`);
  for (const problem of told) terminal.writeError(printProblem(file, problem));
  if (!exported.ok) {
    terminal.writeError(`${toPrintable(exported.error.message)}${ADVICE[exported.error.reason]}\n`);
    return EXIT_OF[exported.error.reason];
  }
  const { text, mediaType } = exported.value;
  const toShowable = mediaType.endsWith('json') ? toPrintableJson : toPrintableLines;
  await terminal.writeOut(terminal.isOutTerminal ? toShowable(text) : text);
  return EXIT.completed;
}

/** The words are those of the Export dialog; here the way out is an option. */
const ADVICE: Record<ExportRefusal['reason'], string> = {
  errors: '',
  losses: ' To allow it, add --allow-lossy.',
  input: ' Give it with --input JSON or --input @FILE.',
  unknown: ' Name the files with --definitions FILE.',
};

const EXIT_OF: Record<ExportRefusal['reason'], ExitCode> = {
  errors: EXIT.invalidDocument,
  losses: EXIT.invalidDocument,
  input: EXIT.usage,
  unknown: EXIT.usage,
};
