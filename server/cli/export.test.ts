import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { EXPORT_KINDS, type ExportKind, exportChain } from '@/lib/exchange/export-chain';
import { importText } from '@/lib/exchange/import-chain';
import { NOTHING_KNOWN } from '@/lib/problems/find-problems';
import { createFakeTerminal } from '@/testing/fake-terminal';
import { TUTORIAL_MAPPING } from '@/testing/tutorial-mapping';
import { type ExportOptions, exportFile } from './commands/export';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'chainwright-export-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const write = (name: string, content: unknown): void =>
  writeFileSync(path.join(folder, name), typeof content === 'string' ? content : JSON.stringify(content));

async function run(to: ExportKind, options: Partial<ExportOptions> = {}, world: { isOutTerminal?: boolean } = {}) {
  const { terminal, out, err } = createFakeTerminal({ folder, ...world });
  const code = await exportFile('chain.json', { to, allowLossy: false, ...options }, terminal);
  return { code, out: out(), err: err() };
}

const DEFINITIONS = {
  format: 'chainwright.definitions/1',
  definitions: [{ id: 'your-definition-id-1', name: 'Fetch' }],
};
const LAYOUT = { format: 'chainwright.sidecar/1', layout: { fetch_customer: { x: 3, y: 4 } } };

it.each(EXPORT_KINDS)('gives the very bytes that the designer exports: %s', async (kind) => {
  write('chain.json', TUTORIAL_MAPPING);
  write('definitions.json', DEFINITIONS);
  write('beside.json', LAYOUT);
  const imported = importText(TUTORIAL_MAPPING);
  const definitions = importText(JSON.stringify(DEFINITIONS));
  const beside = importText(JSON.stringify(LAYOUT));
  if (!imported.ok || imported.value.kind !== 'mapping') throw new Error('no mapping');
  if (!definitions.ok || definitions.value.kind !== 'definitions') throw new Error('no definitions');
  if (!beside.ok || beside.value.kind !== 'sidecar') throw new Error('no sidecar');
  const expected = exportChain({
    kind,
    workbench: { ...imported.value.workbench, ...beside.value.sidecar },
    known: { ...NOTHING_KNOWN, definitions: new Map(definitions.value.definitions.map((each) => [each.id, each])) },
  });
  if (!expected.ok) throw new Error(expected.error.message);
  const { code, out } = await run(kind, { definitions: ['definitions.json'], sidecar: 'beside.json' });
  expect(code).toBe(0);
  expect(out).toBe(expected.value.text);
  if (kind === 'sidecar') expect(out).toContain('"x": 3');
});

it('writes chosen inputs into a mapping, and needs them', async () => {
  write('chain.json', {
    format: 'chainwright.chain/1',
    inputs: { type: 'object', properties: { id: { type: 'string' } }, required: ['id'] },
    actions: { a: { definition_id: 'd', inputs: { id: '{{ input.id }}' } } },
  });
  write('input.json', { id: '77' });
  const { code, out } = await run('mapping', { input: '@input.json' });
  expect(code).toBe(0);
  expect(JSON.parse(out)).toMatchObject({ a: { inputs: { id: '77' } } });
  expect(await run('mapping')).toMatchObject({ code: 2, out: '', err: expect.stringContaining('--input') });
  expect(await run('mapping', { input: '{}' })).toMatchObject({ code: 2, out: '', err: expect.stringContaining('id') });
});

it('tells on standard error what a mapping would lose, and gives it only when that is allowed', async () => {
  write('chain.json', { a: { definition_id: 'd', disabled: true }, b: { definition_id: 'd' } });
  const refused = await run('mapping');
  expect(refused).toMatchObject({ code: 3, out: '', err: expect.stringContaining('--allow-lossy') });
  expect(refused.err).toMatch(/^chain\.json: warning mapping_lossy \/actions\/a\/disabled: /m);
  const allowed = await run('mapping', { allowLossy: true });
  expect(allowed).toMatchObject({ code: 0, err: expect.stringMatching(/^chain\.json: warning mapping_lossy .*\n$/) });
  expect(JSON.parse(allowed.out)).toHaveProperty('b');
});

it('is stopped by errors of the document where they matter, and draws a cycle all the same', async () => {
  write('chain.json', { a: { definition_id: 'd', depends_on: ['b'] }, b: { definition_id: 'd', depends_on: ['a'] } });
  for (const kind of ['chain', 'mapping'] as const) {
    const refused = await run(kind);
    expect(refused).toMatchObject({ code: 3, out: '' });
    expect(refused.err).toContain('chain.json: error cycle');
  }
  expect(await run('dot')).toMatchObject({ code: 0, out: expect.stringContaining('digraph') });
  write('chain.json', '{');
  expect(await run('dot')).toMatchObject({ code: 3, out: '', err: expect.stringMatching(/^chain\.json:1:\d: error/) });
});

it('takes allowed literals from the option and from the sidecar alike', async () => {
  write('chain.json', { a: { definition_id: 'd', inputs: { id: `AKIA${'IOSFODNN7EXAMPLQ'}` } } });
  write('beside.json', { format: 'chainwright.sidecar/1', allowed_literals: ['/actions/a/inputs/id'] });
  expect((await run('chain')).code).toBe(3);
  expect((await run('chain', { allowLiteral: ['/actions/a/inputs/id'] })).code).toBe(0);
  expect((await run('chain', { sidecar: 'beside.json' })).code).toBe(0);
});

it('needs definitions for a snapshot, and tells on standard error which it does not know', async () => {
  write('chain.json', TUTORIAL_MAPPING);
  write('definitions.json', DEFINITIONS);
  const known = await run('definitions', { definitions: ['definitions.json'] });
  expect(known).toMatchObject({ code: 0, err: expect.stringContaining('your-definition-id-2') });
  expect(known.out).not.toContain('your-definition-id-2');
  expect(await run('definitions')).toMatchObject({ code: 2, out: '', err: expect.stringContaining('--definitions') });
});

it('escapes what would act on a terminal only when standard output is one', async () => {
  const name = 'x\u202e\u009b31m';
  write('chain.json', { format: 'chainwright.chain/1', name, actions: { a: { definition_id: 'd', label: name } } });
  const piped = await run('chain');
  expect(JSON.parse(piped.out).name).toBe(name);
  expect(piped.out).toContain(name);
  for (const kind of ['chain', 'mermaid', 'dot'] as const) {
    const shown = await run(kind, {}, { isOutTerminal: true });
    expect(shown.code).toBe(0);
    expect(shown.out).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
  }
  expect(JSON.parse((await run('chain', {}, { isOutTerminal: true })).out)).toEqual(JSON.parse(piped.out));
});
