import { readFile } from 'node:fs/promises';
import type { Environment } from '@/server/env-file';
import { CommandRefused } from './command-refused';
import { EXIT } from './exit-codes';
import { toPrintable } from './printable';

/** Everything a command has of the world around it. */
export interface Terminal {
  readonly env: Environment;
  readonly folder: string;
  /** Resolves when the text has gone out, so that an exit cannot cut it off. */
  readonly writeOut: (text: string) => Promise<void>;
  readonly writeError: (text: string) => void;
  /** Size of the terminal behind stderr (80 × 24 when it does not know); null when it is a file or a pipe. */
  readonly size: () => { readonly columns: number; readonly rows: number } | null;
  readonly readStdin: () => Promise<string>;
}

export function createTerminal(env: Environment): Terminal {
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
    readStdin: async () => {
      const chunks: Buffer[] = [];
      for await (const chunk of process.stdin as AsyncIterable<Buffer>) chunks.push(chunk);
      return decode(Buffer.concat(chunks), 'Standard input');
    },
  };
}

/** The text of a file, or of standard input for `-`. */
export async function readTextFile(terminal: Terminal, file: string): Promise<string> {
  if (file === '-') return terminal.readStdin();
  let bytes: Buffer;
  try {
    bytes = await readFile(file);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    const reason = code === 'ENOENT' ? 'there is no such file' : code === 'EISDIR' ? 'it is a directory' : code;
    throw new CommandRefused(`${toPrintable(file)} cannot be read: ${reason}.`, EXIT.usage);
  }
  return decode(bytes, file);
}

function decode(bytes: Buffer, name: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new CommandRefused(`${toPrintable(name)} is not UTF-8 text.`, EXIT.usage);
  }
}
