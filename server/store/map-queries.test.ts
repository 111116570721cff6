import { expect, it } from 'vitest';
import { openTemporaryStore, temporaryFolder } from '@/testing/temporary-store';
import { createMapQueries } from './map-queries';

it('keeps one map for each connection, over a restart, in its order', async () => {
  const folder = temporaryFolder();
  const first = await openTemporaryStore(folder);
  const maps = createMapQueries({ db: first.db, nowMs: () => 1 });
  const map = new Map([
    ['local:b', 'T-2'],
    ['__proto__', 'T-3'],
    ['local:a', 'T-1'],
  ]);
  await maps.save('environment', map);
  await maps.save('other', new Map([['x', 'y']]));
  await first.close();

  const second = await openTemporaryStore(folder);
  const again = createMapQueries({ db: second.db, nowMs: () => 2 });
  expect([...(await again.find('environment'))]).toEqual([...map]);
  expect(await again.find('third')).toEqual(new Map());
});

it('replaces a map as a whole', async () => {
  const { db } = await openTemporaryStore();
  const maps = createMapQueries({ db, nowMs: () => 1 });
  await maps.save('environment', new Map([['local:a', 'T-1']]));
  await maps.save('environment', new Map([['local:b', 'T-2']]));
  expect([...(await maps.find('environment'))]).toEqual([['local:b', 'T-2']]);
});

it('fails rather than call what nobody mapped when a map is damaged', async () => {
  const { db } = await openTemporaryStore();
  const maps = createMapQueries({ db, nowMs: () => 1 });
  await maps.save('environment', new Map([['local:a', 'T-1']]));
  await db.updateTable('connection_map').set({ map_text: '{"format":"other"}' }).execute();
  await expect(maps.find('environment')).rejects.toThrow('environment');
});
