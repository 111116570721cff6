import type { Rejection } from '@/lib/chain/rejection';
import { type Imported, type ImportedChain, importBytes } from '@/lib/exchange/import-chain';
import { parseJson } from '@/lib/json/parse-json';
import type { JsonText, JsonValue } from '@/lib/json/value';
import type { Problem, ProblemFix } from '@/lib/problems/problem';
import { assertNever, err, ok, type Result } from '@/lib/result';
import { CommandRefused } from './command-refused';
import { EXIT } from './exit-codes';
import { toPrintable } from './printable';
import { nameOf, readBytes, readTextFile, type Terminal } from './terminal';

/** The chain in a file (or standard input for `-`): the exported document or the tutorial's bare mapping. */
export async function readChainFile(
  terminal: Terminal,
  file: string,
): Promise<Result<ImportedChain, readonly Rejection[]>> {
  const bytes = await readBytes(terminal, file);
  if (!bytes.ok) throw new CommandRefused(describeUnreadable(file, bytes.error), EXIT.usage);
  const imported = importBytes(bytes.value, nameOf(file));
  return imported.ok ? onlyChain(imported.value, file) : imported;
}

export const describeUnreadable = (file: string, reason: string): string =>
  `${toPrintable(nameOf(file))} cannot be read: ${reason}.`;

/** The other kinds of files are sound, and yet no chains. */
export function onlyChain(imported: Imported, file: string): Result<ImportedChain, readonly Rejection[]> {
  if (imported.kind === 'chain' || imported.kind === 'mapping') return ok(imported);
  const message = `${nameOf(file)} is ${nameKind(imported)}, and no chain; name the chain document itself.`;
  return err([{ code: 'schema', message, path: '' }]);
}

export function nameKind({ kind }: Imported): string {
  switch (kind) {
    case 'chain':
      return 'a chain document';
    case 'mapping':
      return 'a mapping of actions';
    case 'definitions':
      return 'a file of definitions';
    case 'sidecar':
      return 'a sidecar, which lies beside a chain';
    case 'connection-map':
      return 'a connection map';
    default:
      return assertNever(kind);
  }
}

/** The value of an option that takes JSON, or `@file` (`@-` is standard input), with the text that it was read from. */
export async function readJsonOption(
  terminal: Terminal,
  option: string,
  given: string,
): Promise<{ readonly text: JsonText; readonly value: JsonValue }> {
  const text = given.startsWith('@') ? await readTextFile(terminal, given.slice(1)) : given;
  const parsed = parseJson(text);
  if (parsed.ok) return { text: text as JsonText, value: parsed.value };
  const { message, line, column } = parsed.error;
  throw new CommandRefused(`${option}, line ${line}, column ${column}: ${toPrintable(message)}`, EXIT.usage);
}

/** One line a rejection: `chain.json:3:14: error schema /actions/a: …`. */
export const printRejection = (file: string, { code, message, path, line, column }: Rejection): string => {
  const place = line === undefined ? '' : `:${line}${column === undefined ? '' : `:${column}`}`;
  return `${toPrintable(nameOf(file))}${place}: error ${code}${placeWords(path)}: ${toPrintable(message)}\n`;
};

/** One line a problem, in the form of {@link printRejection}, with the fix that there is. */
export const printProblem = (file: string, { code, severity, message, path, range, fix }: Problem): string => {
  const inside = range === undefined ? '' : ` (line ${range.line}, column ${range.column})`;
  const mending = fix === undefined ? '' : ` [${toPrintable(wayOut(fix))}]`;
  return `${toPrintable(nameOf(file))}: ${severity} ${code}${placeWords(path)}${inside}: ${toPrintable(message)}${mending}\n`;
};

/** Which option takes the fix; those that ask for judgement stay with the person. */
function wayOut({ label, edit, isSafe }: ProblemFix): string {
  if (edit.type === 'allow-literal') return `if it is none: --allow-literal ${edit.pointer}`;
  return isSafe ? `--fix: ${label}` : `fix available: ${label}`;
}

const placeWords = (path: string): string => (path === '' ? '' : ` ${toPrintable(path)}`);
