import { listRejections, type Rejection } from '@/lib/chain/rejection';
import type { Definition } from '@/lib/definition/definition';
import { parseDefinitions, printDefinitions } from '@/lib/definition/definitions-snapshot';
import { settleLocalIds } from '@/lib/definition/local-ids';
import { type JsonLimits, parseJson } from '@/lib/json/parse-json';
import { err, ok, type Result } from '@/lib/result';
import type { Log } from '../observe/log';
import type { StoreDatabase } from './database';

/** What all imported definitions may have as one text, and one of them alone. A browser reads them all at once. */
export const DEFINITIONS_LIMITS: JsonLimits = { sizeBytesMax: 10 * 1024 * 1024, depthMax: 128 };
export const DEFINITIONS_MAX = 2000;

/** Definitions that a person imported; those of connections are asked for at the connection and never stored. */
export interface DefinitionQueries {
  /** By name, then by id. */
  readonly list: () => Promise<readonly Definition[]>;
  /**
   * Adds all of them or none, and gives the list as it stands then. One of a name that is there replaces it and keeps its
   * id; another name for a taken id gets an id of its own.
   *
   * @returns A rejection when they would be too many, or too large together.
   */
  readonly add: (definitions: readonly Definition[]) => Promise<Result<readonly Definition[], readonly Rejection[]>>;
  /** False when there is no such definition. Chains that name it stay as they are. */
  readonly remove: (definitionId: string) => Promise<boolean>;
}

export interface DefinitionQueriesDeps {
  readonly db: StoreDatabase;
  readonly nowMs: () => number;
  /** Hears the whole list after each change that was committed. */
  readonly onChanged: (definitions: readonly Definition[]) => void;
  readonly log: Log;
}

export function createDefinitionQueries({ db, nowMs, onChanged, log }: DefinitionQueriesDeps): DefinitionQueries {
  const listFrom = async (source: Pick<StoreDatabase, 'selectFrom'>): Promise<readonly Definition[]> => {
    const rows = await source.selectFrom('definition').select(['id', 'definition_text']).execute();
    return rows.flatMap((row) => readRow(row, log)).sort(compareByName);
  };
  const tellChange = async (): Promise<readonly Definition[]> => {
    const definitions = await listFrom(db);
    onChanged(definitions);
    return definitions;
  };

  return {
    list: () => listFrom(db),

    add: async (definitions) => {
      const added = await db.transaction().execute(async (transaction) => {
        const existing = await listFrom(transaction);
        const settled = settleLocalIds(definitions, existing);
        const byId = new Map([...existing, ...settled].map((definition) => [definition.id, definition]));
        const tooMuch = findExcess([...byId.values()]);
        if (tooMuch !== undefined) return err([tooMuch]);
        const now = nowMs();
        for (const definition of settled) {
          const columns = {
            name: definition.name.replaceAll('\0', '␀'),
            definition_text: printDefinitions([definition]),
          };
          await transaction
            .insertInto('definition')
            .values({ id: definition.id, created_at: now, updated_at: now, ...columns })
            .onConflict((conflict) => conflict.column('id').doUpdateSet({ ...columns, updated_at: now }))
            .execute();
        }
        return ok(undefined);
      });
      return added.ok ? ok(await tellChange()) : added;
    },

    remove: async (definitionId) => {
      const { numDeletedRows } = await db
        .deleteFrom('definition')
        .where('id', '=', definitionId)
        .executeTakeFirstOrThrow();
      if (numDeletedRows > 0n) await tellChange();
      return numDeletedRows > 0n;
    },
  };
}

/** A row that cannot be read is passed over and told in the log: one must not keep all others, and the server, from working. */
function readRow(row: { readonly id: string; readonly definition_text: string }, log: Log): readonly Definition[] {
  const json = parseJson(row.definition_text, DEFINITIONS_LIMITS);
  const read = json.ok ? parseDefinitions(json.value) : err([json.error]);
  if (read.ok) return read.value;
  log.error({ definitionId: row.id, why: listRejections(read.error)[0]?.message }, 'imported definition unreadable');
  return [];
}

/** By code units: the same order on every machine, unlike `localeCompare`. */
function compareByName(a: Definition, b: Definition): number {
  if (a.name !== b.name) return a.name < b.name ? -1 : 1;
  return a.id < b.id ? -1 : 1;
}

function findExcess(definitions: readonly Definition[]): Rejection | undefined {
  const limit = (message: string): Rejection => ({ code: 'limit', path: '/definitions', message });
  if (definitions.length > DEFINITIONS_MAX) {
    return limit(
      `With these, ${definitions.length} definitions would be imported; at most ${DEFINITIONS_MAX} are kept. Remove some that no chain uses.`,
    );
  }
  const sizeBytes = Buffer.byteLength(printDefinitions(definitions));
  if (sizeBytes <= DEFINITIONS_LIMITS.sizeBytesMax) return undefined;
  const megabytes = (bytes: number): string => (bytes / 1024 / 1024).toFixed(1);
  return limit(
    `With these, the imported definitions would have ${megabytes(sizeBytes)} MB; at most ${megabytes(DEFINITIONS_LIMITS.sizeBytesMax)} MB are kept. Remove some that no chain uses.`,
  );
}
