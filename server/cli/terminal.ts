import { createReadStream, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { err, ok, type Result } from '@/lib/result';
import type { Environment } from '@/server/env-file';
import { CommandRefused } from './command-refused';
import { EXIT } from './exit-codes';
import { toPrintable } from './printable';

/** Everything a command has of the world around it. */
export interface Terminal {
  readonly env: Environment;
  /** Absolute; names of files are relative to it. */
  readonly folder: string;
  /** Resolves when the text has gone out, so that an exit cannot cut it off. */
  readonly writeOut: (text: string) => Promise<void>;
  readonly writeError: (text: string) => void;
  /** Size of the terminal behind stderr (80 × 24 when it does not know); null when it is a file or a pipe. */
  readonly size: () => { readonly columns: number; readonly rows: number } | null;
  /** Whether stdout is a terminal, where control characters would act. */
  readonly isOutTerminal: boolean;
  readonly stdin: () => AsyncIterable<Uint8Array>;
}

export function createTerminal(env: Environment): Terminal {
  let isStdinRead = false;
  return {
    env,
    folder: process.cwd(),
    writeOut: (text) =>
      new Promise((resolve, reject) => {
        process.stdout.write(text, (error) => (error ? reject(error) : resolve()));
      }),
    writeError: (text) => void process.stderr.write(text),
    size: () =>
      process.stderr.isTTY === true ? { columns: process.stderr.columns || 80, rows: process.stderr.rows || 24 } : null,
    isOutTerminal: process.stdout.isTTY === true,
    stdin: () => {
      if (isStdinRead) throw new CommandRefused('Standard input can stand for one file only.', EXIT.usage);
      isStdinRead = true;
      return process.stdin;
    },
  };
}

/** More than any document may have, so that its own limit is told with its size; a stream without end stops here. */
const READ_BYTES_MAX = 64 * 1024 * 1024;

const TOO_LARGE = 'it has more than 64 MB, and a chain document at most 5';

/** The bytes of a file, or of standard input for `-`; or in a few words why they cannot be had. */
export async function readBytes(terminal: Terminal, file: string): Promise<Result<Uint8Array, string>> {
  try {
    if (file === '-') return await gather(terminal.stdin());
    const target = path.resolve(terminal.folder, file);
    const found = statSync(target);
    // A pipe or a device has no size, and may have no end.
    if (!found.isFile()) return await gather(createReadStream(target));
    // At once: nothing else waits in this process, and each step of an asynchronous read is a trip to another thread.
    return found.size > READ_BYTES_MAX ? err(TOO_LARGE) : ok(readFileSync(target));
  } catch (error) {
    if (error instanceof CommandRefused) throw error;
    return err(reasonOf(error));
  }
}

async function gather(source: AsyncIterable<Uint8Array>): Promise<Result<Uint8Array, string>> {
  const chunks: Uint8Array[] = [];
  let sizeBytes = 0;
  for await (const chunk of source) {
    chunks.push(chunk);
    sizeBytes += chunk.length;
    if (sizeBytes > READ_BYTES_MAX) return err(TOO_LARGE);
  }
  return ok(Buffer.concat(chunks));
}

/** The text of a file that an option names; it stands outside the document, so whatever is wrong with it is a usage error. */
export async function readTextFile(terminal: Terminal, file: string): Promise<string> {
  const bytes = await readBytes(terminal, file);
  const name = toPrintable(nameOf(file));
  if (!bytes.ok) throw new CommandRefused(`${name} cannot be read: ${bytes.error}.`, EXIT.usage);
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes.value);
  } catch {
    throw new CommandRefused(`${name} is not UTF-8 text.`, EXIT.usage);
  }
}

/** What messages call the file. */
export const nameOf = (file: string): string => (file === '-' ? 'standard input' : file);

/** In a few words why the file system refused. */
export function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
  return REASONS.get(code) ?? code;
}

const REASONS: ReadonlyMap<string, string> = new Map([
  ['ENOENT', 'there is no such file'],
  ['EISDIR', 'it is a directory'],
  ['EACCES', 'it is not allowed'],
  ['EPERM', 'it is not allowed'],
  ['ENOSPC', 'the disk is full'],
  ['EROFS', 'the disk is read-only'],
  ['ELOOP', 'its symbolic links go in a circle'],
  ['ERR_INVALID_ARG_VALUE', 'that is no name of a file'],
]);
