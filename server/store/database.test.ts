import { spawnSync } from 'node:child_process';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openTemporaryStore, temporaryFolder } from '@/testing/temporary-store';
import { findLastHolder, openStore } from './database';

const modeOf = (path: string): string => (statSync(path).mode & 0o777).toString(8);

async function refusalOf(folder: string) {
  const opened = await openStore(folder);
  if (!opened.ok) return opened.error;
  await opened.value.close();
  throw new Error('The store was opened');
}

describe('openStore', () => {
  it('makes a folder and files that only their owner can read', async () => {
    const folder = join(temporaryFolder(), 'data');
    const store = await openTemporaryStore(folder);
    await store.db.insertInto('body').values({ sha256: 'x', text: '1', created_at: 0 }).execute();
    expect(store.isNew).toBe(true);
    expect([folder, store.path, `${store.path}-wal`, join(folder, 'chainwright.pid')].map(modeOf)).toEqual([
      '700',
      '600',
      '600',
      '600',
    ]);
  });

  it('opens again what it has closed, in the same process', async () => {
    const folder = temporaryFolder();
    const first = await openTemporaryStore(folder);
    await first.db.insertInto('body').values({ sha256: 'x', text: '"kept"', created_at: 0 }).execute();
    await first.close();
    expect(findLastHolder(folder)).toBeUndefined();
    const second = await openTemporaryStore(folder);
    expect(second.isNew).toBe(false);
    expect(await second.db.selectFrom('body').select('text').execute()).toEqual([{ text: '"kept"' }]);
  });

  it('refuses a second process, naming the first and its address', async () => {
    const folder = temporaryFolder();
    const store = await openTemporaryStore(folder);
    store.announceAddress('http://127.0.0.1:3000');
    const script = `
      const { openStore } = await import('./server/store/database.ts');
      const opened = await openStore(${JSON.stringify(folder)});
      process.stdout.write(JSON.stringify(opened.ok ? { type: 'opened' } : opened.error));
    `;
    const second = spawnSync(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
      encoding: 'utf8',
    });
    expect(second.stderr).toBe('');
    const refusal = JSON.parse(second.stdout) as { readonly type: string; readonly message: string };
    expect(refusal.type).toBe('held');
    expect(refusal.message).toContain(`process ${process.pid} at http://127.0.0.1:3000`);
    // The holder goes on undisturbed.
    await store.db.insertInto('body').values({ sha256: 'x', text: '1', created_at: 0 }).execute();
  });

  it('refuses a file that is no database, and leaves it as it is', async () => {
    const folder = temporaryFolder();
    const path = join(folder, 'chainwright.db');
    const content = 'my notes, kept under an unlucky name\n'.repeat(50);
    writeFileSync(path, content);
    const refusal = await refusalOf(folder);
    expect(refusal.type).toBe('damaged');
    expect(refusal.message).toContain(path);
    expect(readFileSync(path, 'utf8')).toBe(content);
  });

  it('refuses a store with a broken page, and leaves it as it is', async () => {
    const folder = temporaryFolder();
    const store = await openTemporaryStore(folder);
    for (let i = 0; i < 50; i++) {
      const text = JSON.stringify('x'.repeat(2000));
      await store.db
        .insertInto('body')
        .values({ sha256: `body-${i}`, text, created_at: 0 })
        .execute();
    }
    await store.close();
    const bytes = readFileSync(store.path);
    bytes.fill(0xa5, bytes.length - 4096 * 8, bytes.length - 4096 * 4);
    writeFileSync(store.path, bytes);
    expect((await refusalOf(folder)).type).toBe('damaged');
    expect(readFileSync(store.path).equals(bytes)).toBe(true);
  });

  it('refuses a store of a newer version', async () => {
    const folder = temporaryFolder();
    const store = await openTemporaryStore(folder);
    await store.db
      .insertInto('kysely_migration' as never)
      .values({ name: '9999_of_tomorrow', timestamp: '2099-01-01T00:00:00.000Z' } as never)
      .execute();
    await store.close();
    const refusal = await refusalOf(folder);
    expect(refusal.type).toBe('newer');
    expect(refusal.message).toContain('newer Chainwright');
  });

  it('refuses a folder that cannot be made', async () => {
    const file = join(temporaryFolder(), 'file');
    writeFileSync(file, '');
    expect((await refusalOf(join(file, 'data'))).type).toBe('unwritable');
  });

  it('throws where libsql would abort the process or cut a text', async () => {
    const { db } = await openTemporaryStore();
    const insert = (text: unknown) =>
      db
        .insertInto('body')
        .values({ sha256: 'x', text: text as string, created_at: 0 })
        .execute();
    await expect(insert(true)).rejects.toThrow('boolean');
    await expect(insert('a\0b')).rejects.toThrow('NUL');
    expect(await db.selectFrom('body').selectAll().execute()).toEqual([]);
  });
});
