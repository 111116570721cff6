import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { importText } from '@/lib/exchange/import-chain';
import { forecastChain } from '@/lib/plan/forecast';
import { createFakeTerminal } from '@/testing/fake-terminal';
import { type PlanOptions, plan } from './commands/plan';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'chainwright-plan-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

async function run(document: unknown, options: Partial<PlanOptions> = {}, files: Record<string, unknown> = {}) {
  writeFileSync(path.join(folder, 'chain.json'), JSON.stringify(document));
  for (const [name, content] of Object.entries(files)) writeFileSync(path.join(folder, name), JSON.stringify(content));
  const { terminal, out, err } = createFakeTerminal({ folder });
  const code = await plan('chain.json', { json: false, ...options }, terminal);
  return { code, out: out(), err: err() };
}

//  read ──► both ──► off ──► after
//  write ─┘
const CHAIN = {
  format: 'chainwright.chain/1',
  name: 'Ways',
  inputs: { type: 'object', properties: { id: { type: 'string' } }, required: ['id'] },
  settings: { timeout_sec: 10, retry: { max_attempts: 1 }, deadline_sec: 3600 },
  actions: {
    read: { definition_id: 'r', effect: 'read', inputs: { id: '{{ input.id }}' } },
    write: { definition_id: 'w', retry: { max_attempts: 3, initial_delay_sec: 1, jitter: 'none' } },
    both: { definition_id: 'b', depends_on: ['read', 'write'], effect: 'idempotent', when: '{{ read.ok }}' },
    off: { definition_id: 'o', depends_on: ['both'], disabled: true },
    after: { definition_id: 'a', depends_on: ['off'] },
  },
};

it('tells people order, groups, worst case, critical path and writes', async () => {
  expect(await run(CHAIN)).toEqual({
    code: 0,
    err: '',
    out: `chain.json (Ways): 5 actions in 4 groups, at most 5 at a time.

Group 1, 2 side by side
  read   read        at most 10 s
  write  write       at most 33 s, up to 3 attempts

Group 2
  both   idempotent  at most 10 s, only when its condition holds

Group 3
  off    disabled

Group 4
  after  skipped, because off is not called

Worst case:    43 s, deadline 1 h
               2 min 20 s when servers ask for waits (Retry-After)
Critical path: write → both, 43 s
Writes:        write
`,
  });
});

it('tells programs the same as one JSON document', async () => {
  const { code, out } = await run(CHAIN, { json: true });
  const document = JSON.parse(out);
  const imported = importText(JSON.stringify(CHAIN));
  if (!imported.ok || imported.value.kind !== 'chain') throw new Error('no chain');
  const forecast = forecastChain(imported.value.workbench.chain);
  if (!forecast.ok) throw new Error('no order');
  expect(code).toBe(0);
  expect(document).toMatchObject({
    file: 'chain.json',
    name: 'Ways',
    order: forecast.value.order,
    generations: [['read', 'write'], ['both'], ['off'], ['after']],
    maxConcurrency: 5,
    deadlineSec: 3600,
    worstSec: 43,
    criticalPath: { path: ['write', 'both'], worstSec: 43 },
    writes: ['write'],
  });
  expect(document.actions[1]).toEqual({
    action: 'write',
    definitionId: 'w',
    effect: 'write',
    dependsOn: [],
    isDisabled: false,
    isConditional: false,
    skippedBy: null,
    attempts: 3,
    waitsSec: [1, 2],
    worstSec: 33,
    worstRetryAfterSec: 130,
    earliestStartSec: 0,
    slackSec: 0,
  });
  expect(document.actions[4]).toMatchObject({ action: 'after', attempts: 0, skippedBy: 'off' });
});

it('checks an input that is given, and asks for none', async () => {
  expect(await run(CHAIN, { input: '{"id":"7"}' })).toMatchObject({ code: 0, err: '' });
  expect(await run(CHAIN, { input: '@input.json' }, { 'input.json': {} })).toEqual({
    code: 2,
    out: '',
    err: '--input/id: id is missing.\n',
  });
});

it('exits 3 for a document that cannot run, and 2 for ids that the map lacks', async () => {
  const cyclic = { a: { definition_id: 'd', depends_on: ['b'] }, b: { definition_id: 'd', depends_on: ['a'] } };
  const refused = await run(cyclic);
  expect([refused.code, refused.out]).toEqual([3, '']);
  expect(refused.err).toContain('chain.json: error cycle');
  expect((await run('[]')).code).toBe(3);

  const local = { a: { definition_id: 'local:get' }, b: { definition_id: 'local:put' } };
  expect((await run(local)).code).toBe(0);
  const map = { format: 'chainwright.connection-map/1', definitions: { 'local:get': 'T-1' } };
  const unmapped = await run(local, { map: 'map.json' }, { 'map.json': map });
  expect([unmapped.code, unmapped.out]).toEqual([2, '']);
  expect(unmapped.err).toMatch(/error definition_unmapped \/actions\/b\/definition_id: .*\n.*--map FILE/);
  map.definitions = { ...map.definitions, 'local:put': 'T-2' } as never;
  const mapped = await run(local, { map: 'map.json', json: true }, { 'map.json': map });
  expect(JSON.parse(mapped.out).actions).toMatchObject([{ definitionId: 'T-1' }, { definitionId: 'T-2' }]);
});

it('lets a literal be none of the secrets that it looks like', async () => {
  const document = { a: { definition_id: 'd', inputs: { id: `AKIA${'IOSFODNN7EXAMPLQ'}` } } };
  expect((await run(document)).code).toBe(3);
  expect((await run(document, { allowLiteral: ['/actions/a/inputs/id'] })).code).toBe(0);
});
