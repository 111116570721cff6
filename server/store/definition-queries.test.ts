import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Definition } from '@/lib/definition/definition';
import { printDefinitions } from '@/lib/definition/definitions-snapshot';
import { fromPlain } from '@/lib/json/value';
import { arbitraryJsonObject } from '@/testing/arbitrary-json';
import { fuzzRuns } from '@/testing/fuzz-runs';
import { openTemporaryStore } from '@/testing/temporary-store';
import { silentLog } from '../observe/log';
import { createDefinitionQueries, DEFINITIONS_MAX } from './definition-queries';

const define = (id: string, name: string, more: Partial<Definition> = {}): Definition => ({
  id: `local:${id}`,
  name,
  description: '',
  inputSchema: null,
  outputSchema: fromPlain({ type: 'object' }),
  effect: null,
  origin: 'imported',
  ...more,
});

async function openDefinitions(store?: Awaited<ReturnType<typeof openTemporaryStore>>) {
  const { db } = store ?? (await openTemporaryStore());
  const heard: (readonly Definition[])[] = [];
  const logged: unknown[] = [];
  let now = 1000;
  const definitions = createDefinitionQueries({
    db,
    nowMs: () => now++,
    onChanged: (all) => void heard.push(all),
    log: { ...silentLog, error: (entry: unknown) => void logged.push(entry) },
  });
  return { db, definitions, heard, logged };
}

const idsOf = (definitions: readonly Definition[]) => definitions.map(({ id }) => id.replace('local:', ''));

describe('createDefinitionQueries', () => {
  it('gives back what was added, by name, and tells of it once it is stored', async () => {
    const { definitions, heard } = await openDefinitions();
    const [b, a] = [define('b', 'B', { effect: 'read', description: 'Reads.' }), define('a', 'A')];
    const added = await definitions.add([b, a]);
    expect(added).toEqual({ ok: true, value: [a, b] });
    expect(await definitions.list()).toEqual([a, b]);
    expect(heard).toEqual([[a, b]]);
  });

  it('keeps any schema byte for byte (property)', async () => {
    const { definitions } = await openDefinitions();
    await fc.assert(
      fc.asyncProperty(arbitraryJsonObject(), async (schema) => {
        const definition = define('any', 'Any', { inputSchema: schema, outputSchema: schema });
        await definitions.add([definition]);
        expect(printDefinitions(await definitions.list())).toBe(printDefinitions([definition]));
      }),
      { numRuns: fuzzRuns(50) },
    );
  });

  it('replaces one of the same name, whose id chains know', async () => {
    const { definitions } = await openDefinitions();
    await definitions.add([define('old-id', 'Get Case')]);
    await definitions.add([define('get-case', 'Get Case', { effect: 'read' })]);
    expect(await definitions.list()).toEqual([define('old-id', 'Get Case', { effect: 'read' })]);
  });

  it('gives another name for a taken id an id of its own', async () => {
    const { definitions } = await openDefinitions();
    await definitions.add([define('get-case', 'Get Case')]);
    const added = await definitions.add([define('get-case', 'get case!')]);
    expect(added.ok && idsOf(added.value)).toEqual(['get-case', 'get-case-2']);
  });

  it('adds none of a list that is too long together with what is there', async () => {
    const { definitions, heard } = await openDefinitions();
    const many = Array.from({ length: DEFINITIONS_MAX }, (_, i) => define(`d${i}`, `D${i}`));
    expect((await definitions.add(many.slice(1))).ok).toBe(true);
    const refused = await definitions.add([define('x', 'X'), define('y', 'Y')]);
    expect(refused).toMatchObject({ ok: false, error: [{ code: 'limit', message: expect.stringContaining('2001') }] });
    expect(await definitions.list()).toHaveLength(DEFINITIONS_MAX - 1);
    expect(heard).toHaveLength(1);
    // Replacing takes no room.
    expect((await definitions.add([define('x', 'X'), many[5]!])).ok).toBe(true);
  });

  it('adds none that would make all of them too large to be read at once', async () => {
    const { definitions } = await openDefinitions();
    const large = (id: string) => define(id, id, { description: 'x'.repeat(6 * 1024 * 1024) });
    expect((await definitions.add([large('a')])).ok).toBe(true);
    expect(await definitions.add([large('b')])).toMatchObject({ ok: false, error: [{ code: 'limit' }] });
    expect(idsOf(await definitions.list())).toEqual(['a']);
  });

  it('stores none when one of them cannot be written', async () => {
    const { definitions, heard } = await openDefinitions();
    const unwritable = define('nul\0', 'The store refuses this id');
    await expect(definitions.add([define('a', 'A'), unwritable])).rejects.toThrow('NUL');
    expect(await definitions.list()).toEqual([]);
    expect(heard).toEqual([]);
  });

  it('keeps a name with NUL', async () => {
    const { definitions } = await openDefinitions();
    await definitions.add([define('a', 'A\0B')]);
    expect((await definitions.list()).map(({ name }) => name)).toEqual(['A\0B']);
  });

  it('removes one, and says whether it was there', async () => {
    const { definitions, heard } = await openDefinitions();
    await definitions.add([define('a', 'A'), define('b', 'B')]);
    expect(await definitions.remove('local:a')).toBe(true);
    expect(await definitions.remove('local:a')).toBe(false);
    expect(idsOf(await definitions.list())).toEqual(['b']);
    expect(heard.map(idsOf)).toEqual([['a', 'b'], ['b']]);
  });

  it('passes over a row that cannot be read, and tells it in the log', async () => {
    const { db, definitions, logged } = await openDefinitions();
    await definitions.add([define('a', 'A'), define('b', 'B')]);
    await db.updateTable('definition').set({ definition_text: '{"format":' }).where('id', '=', 'local:a').execute();
    expect(idsOf(await definitions.list())).toEqual(['b']);
    expect(logged).toMatchObject([{ definitionId: 'local:a' }]);
  });
});
