import type { Dirent } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { toPrintable } from './printable';
import { reasonOf } from './terminal';

/** A file to look at. */
export interface FoundFile {
  /** As it is to be called in messages: as it was given, or below the folder as that was given. `-` is standard input. */
  readonly file: string;
  /** Named by itself. One that a folder or a pattern gave may turn out to be something else than what was looked for. */
  readonly isNamed: boolean;
  /** The folders and patterns that gave it. */
  readonly searches: ReadonlySet<string>;
}

export interface FoundFiles {
  readonly files: readonly FoundFile[];
  /** What of the arguments led nowhere: a sentence each. */
  readonly mistakes: readonly string[];
  /** Folders that could not be looked into: a sentence each. */
  readonly notes: readonly string[];
}

/**
 * The files that the arguments of a command mean: files, folders (every `*.json` below them), patterns (`*`, `?`, `[…]`,
 * `{…}`, and `**` for any depth) that the shell left alone, and `-`.
 *
 * Each file stands once, in the order of the arguments and by name below each. `node_modules` and names that begin with a
 * dot are passed over unless a pattern says them. Links to files count as files; links to folders are not followed, so
 * links in a circle do no harm (a link that is itself the argument is).
 */
export async function findFiles(patterns: readonly string[], folder: string): Promise<FoundFiles> {
  const found = new Map<string, { readonly file: string; isNamed: boolean; readonly searches: Set<string> }>();
  const mistakes: string[] = [];
  const notes: string[] = [];

  function add(file: string, search: string | null): void {
    const key = file === '-' && search === null ? '-' : path.resolve(folder, file);
    const entry = found.get(key) ?? { file, isNamed: false, searches: new Set() };
    if (search === null) entry.isNamed = true;
    else entry.searches.add(search);
    found.set(key, entry);
  }

  for (const given of patterns) {
    if (given === '-') {
      add(given, null);
      continue;
    }
    const entry = await stat(path.resolve(folder, given)).catch((error: unknown) => reasonOf(error));
    if (typeof entry !== 'string' && !entry.isDirectory()) {
      add(given, null);
      continue;
    }
    const search = typeof entry === 'string' ? await readPattern(given) : { ...EVERY_JSON_FILE, base: given };
    if (search === null) {
      mistakes.push(`${toPrintable(given)} cannot be read: ${String(entry)}.`);
      continue;
    }
    const files = await walk(search, folder, notes);
    if (files.length === 0) mistakes.push(`${toPrintable(given)} ${search.nothing}.`);
    for (const file of files) add(file, given);
  }
  return { files: [...found.values()], mistakes, notes };
}

interface Search {
  /** Where it begins, as given. */
  readonly base: string;
  /** `name/of/file` below the base. */
  readonly matches: (below: string) => boolean;
  /** Folders below the base that it goes down. */
  readonly depthMax: number;
  readonly isPassedOver: (name: string) => boolean;
  /** What to say when it finds nothing. */
  readonly nothing: string;
}

const EVERY_JSON_FILE: Omit<Search, 'base'> = {
  matches: (below) => below.endsWith('.json'),
  depthMax: Number.POSITIVE_INFINITY,
  isPassedOver: (name) => name === 'node_modules' || name.startsWith('.'),
  nothing: 'holds no .json file',
};

/** Null for a plain name. */
async function readPattern(given: string): Promise<Search | null> {
  const { default: picomatch } = await import('picomatch');
  const pattern = path.sep === '\\' ? given.replaceAll('\\', '/') : given;
  const { base, glob, isGlob } = picomatch.scan(pattern);
  if (!isGlob || glob === '') return null;
  const saysDot = /(^|[/{,])\./.test(glob);
  const saysModules = glob.includes('node_modules');
  return {
    base,
    matches: picomatch(glob, { dot: saysDot, posix: true }),
    depthMax: glob.includes('**') ? Number.POSITIVE_INFINITY : glob.split('/').length - 1,
    isPassedOver: (name) => (!saysModules && name === 'node_modules') || (!saysDot && name.startsWith('.')),
    nothing: 'matches no file',
  };
}

/** By name, folder after folder; a folder waits its turn in a list, so depth costs no stack. */
async function walk(search: Search, folder: string, notes: string[]): Promise<readonly string[]> {
  const files: string[] = [];
  const open: { readonly below: string; readonly depth: number }[] = [{ below: '', depth: 0 }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { below, depth } = next;
    const entries = await entriesOf(path.join(search.base, below), folder, notes);
    for (const { name, kind } of entries) {
      if (search.isPassedOver(name)) continue;
      const inside = below === '' ? name : `${below}/${name}`;
      if (kind === 'folder' && depth < search.depthMax) open.push({ below: inside, depth: depth + 1 });
      if (kind === 'file' && search.matches(inside)) files.push(fileBelow(search.base, inside));
      if (kind === 'nowhere' && search.matches(inside)) {
        notes.push(`${toPrintable(fileBelow(search.base, inside))} is passed over: it is a link that leads nowhere.`);
      }
    }
  }
  return files.sort(byCodeUnits);
}

interface Entry {
  readonly name: string;
  readonly kind: 'file' | 'folder' | 'nowhere' | 'other';
}

async function entriesOf(directory: string, folder: string, notes: string[]): Promise<readonly Entry[]> {
  let entries: readonly Dirent[];
  try {
    entries = await readdir(path.resolve(folder, directory), { withFileTypes: true });
  } catch (error) {
    notes.push(`${toPrintable(directory)} is passed over: ${reasonOf(error)}.`);
    return [];
  }
  return Promise.all(
    entries.map(async (entry): Promise<Entry> => {
      if (entry.isDirectory()) return { name: entry.name, kind: 'folder' };
      if (!entry.isSymbolicLink()) return { name: entry.name, kind: entry.isFile() ? 'file' : 'other' };
      const target = await stat(path.resolve(folder, directory, entry.name)).catch(() => null);
      if (target === null) return { name: entry.name, kind: 'nowhere' };
      return { name: entry.name, kind: target.isFile() ? 'file' : 'other' };
    }),
  );
}

/** A file that happens to be called `-` must not read standard input. */
function fileBelow(base: string, inside: string): string {
  const file = path.join(base, inside);
  return file === '-' ? `.${path.sep}-` : file;
}

/** The same order on every machine, unlike `localeCompare`. */
const byCodeUnits = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
