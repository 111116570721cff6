import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parseEnv } from 'node:util';
import { err, ok, type Result } from '@/lib/result';

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The process environment over `.env.local` of a folder: what the process says wins. No such file is no error; one that
 * cannot be read is. Nothing is written into `process.env`.
 */
export function readEnvironment(folder: string, processEnv: Environment): Result<Environment, string> {
  const file = path.join(folder, '.env.local');
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    return code === 'ENOENT' ? ok(processEnv) : err(`${file} cannot be read (${code}).`);
  }
  return ok({ ...parseEnv(text), ...processEnv });
}
