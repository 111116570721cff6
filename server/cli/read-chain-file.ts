import type { Rejection } from '@/lib/chain/parse-chain';
import { type Imported, importText } from '@/lib/exchange/import-chain';
import { parseJson } from '@/lib/json/parse-json';
import type { JsonText } from '@/lib/json/value';
import type { Problem } from '@/lib/problems/problem';
import { err, ok, type Result } from '@/lib/result';
import { CommandRefused } from './command-refused';
import { EXIT } from './exit-codes';
import { toPrintable } from './printable';
import { readTextFile, type Terminal } from './terminal';

/** The chain in a file (or standard input for `-`): the exported document or the tutorial's bare mapping. */
export async function readChainFile(terminal: Terminal, file: string): Promise<Result<Imported, readonly Rejection[]>> {
  const text = await readTextFile(terminal, file);
  const imported = importText(text, nameOf(file));
  return imported.ok ? ok(imported.value) : err(imported.error);
}

/** What messages call the file. */
export const nameOf = (file: string): string => (file === '-' ? 'standard input' : file);

/**
 * The value of an option that takes JSON, or `@file` (`@-` is standard input). Stays text: numbers keep their spelling.
 */
export async function readJsonOption(terminal: Terminal, option: string, value: string): Promise<JsonText> {
  const text = value.startsWith('@') ? await readTextFile(terminal, value.slice(1)) : value;
  const parsed = parseJson(text);
  if (parsed.ok) return text as JsonText;
  const { message, line, column } = parsed.error;
  throw new CommandRefused(`${option}, line ${line}, column ${column}: ${toPrintable(message)}`, EXIT.usage);
}

/** One line a rejection: `chain.json:3:14: error schema /actions/a: …`. */
export const printRejection = (file: string, { code, message, path, line, column }: Rejection): string => {
  const place = line === undefined ? '' : `:${line}${column === undefined ? '' : `:${column}`}`;
  return `${toPrintable(nameOf(file))}${place}: error ${code}${placeWords(path)}: ${toPrintable(message)}\n`;
};

/** One line a problem, in the form of {@link printRejection}. */
export const printProblem = (file: string, { code, severity, message, path, range }: Problem): string => {
  const inside = range === undefined ? '' : ` (line ${range.line}, column ${range.column})`;
  return `${toPrintable(nameOf(file))}: ${severity} ${code}${placeWords(path)}${inside}: ${toPrintable(message)}\n`;
};

const placeWords = (path: string): string => (path === '' ? '' : ` ${toPrintable(path)}`);
