import { join } from 'node:path';
import { Kysely, Migrator, SqliteDialect } from 'kysely';
import Database from 'libsql';
import { describe, expect, it } from 'vitest';
import { exampleWorkbench } from '@/lib/exchange/example-chain';
import { openTemporaryStore, temporaryFolder } from '@/testing/temporary-store';
import { silentLog } from '../observe/log';
import { noFailpoint } from '../runs/failpoint';
import { createChainQueries } from './chain-queries';
import type { StoreTables } from './database';
import { createDefinitionQueries } from './definition-queries';
import { createMapQueries } from './map-queries';
import { migrationProvider } from './migrations';

const nowMs = () => 1000;

/** A store as the version with this last migration left it. */
async function makeStoreOf(folder: string, migration: string, fill: (db: Kysely<StoreTables>) => Promise<unknown>) {
  const database = new Database(join(folder, 'chainwright.db'));
  const db = new Kysely<StoreTables>({ dialect: new SqliteDialect({ database: database as never }) });
  const { error } = await new Migrator({ db, provider: migrationProvider }).migrateTo(migration);
  if (error !== undefined) throw error;
  await fill(db);
  await db.destroy();
}

describe('the migrations', () => {
  it('bring a store of the first version up to date, and keep what it holds', async () => {
    const folder = temporaryFolder();
    let chainId = '';
    await makeStoreOf(folder, '0001_chains_and_runs', async (db) => {
      const saved = await createChainQueries({ db, nowMs, failpoint: noFailpoint }).create(exampleWorkbench());
      chainId = saved.chainId;
      await db.insertInto('body').values({ sha256: 'x', text: '"kept"', created_at: 5 }).execute();
      await expect(db.selectFrom('definition').selectAll().execute()).rejects.toThrow('no such table');
    });

    const { db, isNew } = await openTemporaryStore(folder);
    expect(isNew).toBe(false);
    const chains = createChainQueries({ db, nowMs, failpoint: noFailpoint });
    expect(await chains.find(chainId)).toMatchObject({ chainId, revision: 1 });
    expect(await db.selectFrom('body').selectAll().execute()).toEqual([{ sha256: 'x', text: '"kept"', created_at: 5 }]);

    const definitions = createDefinitionQueries({ db, nowMs, onChanged: () => undefined, log: silentLog });
    expect(await definitions.list()).toEqual([]);
    expect(await createMapQueries({ db, nowMs }).find('environment')).toEqual(new Map());
  });

  it('stand in the order of their names, and a released one is there still', async () => {
    const names = Object.keys(await migrationProvider.getMigrations());
    expect(names).toEqual(names.toSorted());
    expect(names.slice(0, 2)).toEqual(['0001_chains_and_runs', '0002_definitions_and_maps']);
  });
});
