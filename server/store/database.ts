import {
  chmodSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join, resolve } from 'node:path';
import { Kysely, Migrator, type SqliteDatabase, SqliteDialect, type SqliteStatement } from 'kysely';
import Database from 'libsql';
import { err, ok, type Result } from '@/lib/result';
import type { FinalRunStatus, RunStatus } from '@/lib/run/events';
import { migrationProvider } from './migrations';

export interface ChainTable {
  id: string;
  /** Counts saves, from 1. */
  revision: number;
  name: string;
  action_count: number;
  chain_hash: string;
  document_text: string;
  workbench_text: string;
  created_at: number;
  updated_at: number;
}

export interface RunTable {
  id: string;
  /** The whole plan as JSON; plan and events together are the run. */
  plan: string;
  chain_id: string | null;
  chain_name: string;
  chain_hash: string;
  trace_id: string;
  connection_id: string;
  connection_name: string;
  connection_purpose: 'simulator' | 'test' | 'production';
  run_again_of: string | null;
  /** Of the engine that started the run; null until its first event. */
  engine_version: number | null;
  status: RunStatus | FinalRunStatus;
  last_seq: number;
  /** Raised by every claim: an append that names an older one is refused. */
  claim_epoch: number;
  /** Claims since the last event that was more than a take-over. */
  idle_claims: number;
  cancel_requested_at: number | null;
  created_at: number;
  finished_at: number | null;
}

export interface RunEventTable {
  run_id: string;
  seq: number;
  /** The event as JSON, byte for byte what viewers are sent. */
  event: string;
}

export interface BodyTable {
  sha256: string;
  text: string;
  created_at: number;
}

/** Definitions that a person imported. */
export interface DefinitionTable {
  /** Begins with `local:`. */
  id: string;
  /** For people who look into the file; the text has it too. */
  name: string;
  /** A snapshot (`chainwright.definitions/1`) of this one. */
  definition_text: string;
  created_at: number;
  updated_at: number;
}

export interface ConnectionMapTable {
  connection_id: string;
  /** `chainwright.connection-map/1`. */
  map_text: string;
  updated_at: number;
}

export interface StoreTables {
  chain: ChainTable;
  run: RunTable;
  run_event: RunEventTable;
  body: BodyTable;
  definition: DefinitionTable;
  connection_map: ConnectionMapTable;
}

export type StoreDatabase = Kysely<StoreTables>;

export interface Store {
  readonly db: StoreDatabase;
  readonly path: string;
  /** Whether the file was made just now. */
  readonly isNew: boolean;
  /** Writes into the pid file where the holder of the store can be reached. */
  readonly announceAddress: (url: string) => void;
  /** Gives the file free and takes the pid file away. */
  readonly close: () => Promise<void>;
}

/** Why a store was not opened. The message says what to do; nothing was changed. */
export interface StoreRefusal {
  readonly type: 'held' | 'damaged' | 'newer' | 'unwritable';
  readonly message: string;
}

const FILE_NAME = 'chainwright.db';
const PID_FILE_NAME = 'chainwright.pid';
/** A check reads the whole file; beyond this size, SQLite's own checks while reading have to do. */
const CHECKED_BYTES_MAX = 256 * 1024 * 1024;
const STATEMENTS_MAX = 200;

/**
 * Opens the store of a data directory, making both when they are not there (directory 0700, file 0600), and brings its
 * schema up to date.
 *
 * One process holds a store: SQLite's exclusive lock refuses a second one and ends with its process, SIGKILL included. The
 * pid file is only for the words of that refusal. A damaged file is refused and left as it is.
 */
export async function openStore(dataDir: string): Promise<Result<Store, StoreRefusal>> {
  const path = join(resolve(dataDir), FILE_NAME);
  const pidPath = join(resolve(dataDir), PID_FILE_NAME);
  let raw: Database.Database | undefined;
  let isNew = false;
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    // Made here, because SQLite gives a new file (and so its WAL) the mode that the umask leaves.
    isNew = !existsSync(path);
    if (isNew) closeSync(openSync(path, 'a', 0o600));
    raw = new Database(path);
    raw.prepare('PRAGMA locking_mode=EXCLUSIVE').all();
    // Before anything is written: switching to the WAL changes the header even of a damaged file.
    if (statSync(path).size <= CHECKED_BYTES_MAX) checkPages(raw);
    takeHold(raw);
  } catch (error) {
    raw?.close();
    return err(refusalOf(error, path, pidPath));
  }

  writePidFile(pidPath, null);
  const db: StoreDatabase = new Kysely<StoreTables>({ dialect: new SqliteDialect({ database: guardBindings(raw) }) });
  const close = async (): Promise<void> => {
    await db.destroy();
    rmSync(pidPath, { force: true });
  };

  const { error } = await new Migrator({ db, provider: migrationProvider }).migrateToLatest();
  if (error !== undefined) {
    await close();
    return err(refusalOf(error, path, pidPath));
  }
  return ok({ db, path, isNew, close, announceAddress: (url) => writePidFile(pidPath, url) });
}

/** Exclusive from the first look at the WAL on: no shared memory file is made, and a second process meets SQLITE_BUSY. */
function takeHold(raw: Database.Database): void {
  for (const pragma of ['journal_mode=WAL', 'synchronous=FULL', 'foreign_keys=ON'])
    raw.prepare(`PRAGMA ${pragma}`).all();
  raw.exec('BEGIN IMMEDIATE; COMMIT');
}

function checkPages(raw: Database.Database): void {
  const [first] = raw.prepare('PRAGMA quick_check(1)').all() as readonly { readonly quick_check: string }[];
  if (first?.quick_check !== 'ok') throw new DamagedStore(first?.quick_check ?? 'no answer');
}

class DamagedStore extends Error {}

/**
 * The database as Kysely uses it. Statements are prepared once. Two bindings that libsql gets wrong are defects here instead:
 * a boolean aborts the whole process, and a text is cut at its first NUL.
 */
function guardBindings(raw: Database.Database): SqliteDatabase {
  const statements = new Map<string, SqliteStatement>();
  const check = (parameters: readonly unknown[]): unknown[] => {
    for (const parameter of parameters) {
      if (typeof parameter === 'boolean') throw new Error('A boolean cannot be bound; use 0 and 1');
      if (typeof parameter === 'string' && parameter.includes('\0')) throw new Error('Text with NUL cannot be bound');
    }
    return [...parameters];
  };
  const prepare = (sql: string): SqliteStatement => {
    const statement = raw.prepare(sql);
    return {
      reader: statement.reader,
      all: (parameters) => statement.all(check(parameters)),
      run: (parameters) => statement.run(check(parameters)),
      iterate: (parameters) => statement.iterate(check(parameters)),
    };
  };
  return {
    prepare: (sql) => {
      const known = statements.get(sql);
      if (known !== undefined) return known;
      const statement = prepare(sql);
      if (statements.size >= STATEMENTS_MAX) statements.clear();
      statements.set(sql, statement);
      return statement;
    },
    close: () => {
      statements.clear();
      // libsql keeps the file, and with it the lock, until every statement is collected; leaving the WAL lets go at once.
      for (const sql of ['PRAGMA journal_mode=DELETE', 'PRAGMA locking_mode=NORMAL', 'SELECT 1 FROM sqlite_master']) {
        raw.prepare(sql).all();
      }
      raw.close();
    },
  };
}

function refusalOf(error: unknown, path: string, pidPath: string): StoreRefusal {
  const code = (error as { readonly code?: unknown }).code;
  const message = error instanceof Error ? error.message : String(error);
  if (code === 'SQLITE_BUSY' || code === 'SQLITE_LOCKED') {
    return {
      type: 'held',
      message: `The store ${path} is held by ${describeHolder(pidPath)}. Use that one, stop it, or choose another folder with --data-dir.`,
    };
  }
  if (code === 'SQLITE_NOTADB' || code === 'SQLITE_CORRUPT' || error instanceof DamagedStore) {
    return {
      type: 'damaged',
      message: `The store ${path} is damaged (${message}). Nothing was changed. Put a copy of the folder back, or move the file away to begin with an empty store.`,
    };
  }
  if (message.startsWith('corrupted migrations')) {
    return {
      type: 'newer',
      message: `The store ${path} was written by a newer Chainwright. Start that version, or choose another folder with --data-dir.`,
    };
  }
  return {
    type: 'unwritable',
    message: `The store ${path} cannot be opened for writing (${message}). Check the folder's owner and free space, or choose another with --data-dir.`,
  };
}

function describeHolder(pidPath: string): string {
  const holder = readPidFile(pidPath);
  if (holder === undefined) return 'another process';
  return `process ${holder.pid}${holder.url === null ? '' : ` at ${holder.url}`}`;
}

/** Who said last that it holds the store of a data directory; it may be gone since. */
export const findLastHolder = (dataDir: string): StoreHolder | undefined =>
  readPidFile(join(resolve(dataDir), PID_FILE_NAME));

export interface StoreHolder {
  readonly pid: number;
  /** Null while it has not said where it can be reached. */
  readonly url: string | null;
}

function readPidFile(pidPath: string): StoreHolder | undefined {
  try {
    const { pid, url } = JSON.parse(readFileSync(pidPath, 'utf8')) as { readonly pid: unknown; readonly url: unknown };
    return typeof pid === 'number' ? { pid, url: typeof url === 'string' ? url : null } : undefined;
  } catch {
    // No pid file, or half of one: the lock alone decides, the file only lends its words.
    return undefined;
  }
}

function writePidFile(pidPath: string, url: string | null): void {
  writeFileSync(pidPath, `${JSON.stringify({ pid: process.pid, url })}\n`, { mode: 0o600 });
  chmodSync(pidPath, 0o600);
}
