import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { printChain } from '@/lib/chain/print-chain';
import { exampleWorkbench } from '@/lib/exchange/example-chain';
import { importText } from '@/lib/exchange/import-chain';
import { parseJson } from '@/lib/json/parse-json';
import { type BuiltCommand, buildCommand, type Ended } from '@/testing/built-command';
import { TUTORIAL_MAPPING } from '@/testing/tutorial-mapping';

let command: BuiltCommand;
let folder: string;

beforeAll(async () => {
  command = await buildCommand();
});
afterAll(() => command.remove());
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'chainwright-diff-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const write = (name: string, text: string): void => writeFileSync(path.join(folder, name), text);
const diff = (args: readonly string[], stdin?: string): Promise<Ended> =>
  command.run(['diff', ...args], stdin === undefined ? { folder } : { folder, stdin });

const EXAMPLE = printChain(exampleWorkbench().chain);
const RENAMED = EXAMPLE.replaceAll('fetch_customer', 'get_customer');

describe('diff', () => {
  it('exits 0 for the same chain, however it is laid out', async () => {
    write('a.json', EXAMPLE);
    write('b.json', JSON.stringify(JSON.parse(EXAMPLE)));
    expect(await diff(['a.json', 'b.json'])).toEqual({
      code: 0,
      stdout: 'a.json and b.json hold the same chain.\n',
      stderr: '',
    });
  });

  it('exits 1 and tells one change a line under headings, in the same order every time', async () => {
    write('a.json', EXAMPLE);
    const changed = RENAMED.replace('"status": "processed"', '"status": "done"')
      .replace('"name": "Customer enrichment"', '"name": "Enrichment"')
      .replace(/"depends_on": \[\s*"enrich_data"\s*\]/, '"depends_on": ["enrich_data", "get_customer"]');
    write('b.json', changed);
    expect(await diff(['a.json', 'b.json'])).toEqual({
      code: 1,
      stdout: [
        'a.json → b.json',
        '',
        'Actions',
        '  → fetch_customer is now get_customer',
        '  ~ update_crm: inputs.status "processed" → "done"',
        '',
        'Dependencies',
        '  + update_crm now waits for get_customer',
        '',
        'Chain',
        '  ~ name "Customer enrichment" → "Enrichment"',
        '',
        '1 renamed, 1 changed, 1 dependency added, 1 change of the chain itself. Runs may do something else.',
        '',
      ].join('\n'),
      stderr: '',
    });
  });

  it('says when runs do the same although the documents differ', async () => {
    write('a.json', EXAMPLE);
    write('b.json', EXAMPLE.replace('"label": "Enrich data"', '"label": "Enrich"'));
    const { code, stdout } = await diff(['a.json', 'b.json']);
    expect(code).toBe(1);
    expect(stdout).toContain('1 changed. Runs of both do the same.');
  });

  it('takes a mapping and the chain imported from it for the same', async () => {
    const imported = importText(TUTORIAL_MAPPING);
    if (!imported.ok || imported.value.kind !== 'mapping') throw new Error('The mapping was not imported');
    write('mapping.json', TUTORIAL_MAPPING);
    write('chain.json', printChain(imported.value.workbench.chain));
    expect((await diff(['mapping.json', 'chain.json'])).code).toBe(0);
  });

  it('compares drafts: cycles and missing dependencies are no obstacle', async () => {
    write('a.json', TUTORIAL_MAPPING.replace('"depends_on": []', '"depends_on": ["update_crm", "ghost"]'));
    write('b.json', TUTORIAL_MAPPING);
    const { code, stdout } = await diff(['a.json', 'b.json']);
    expect(code).toBe(1);
    expect(stdout).toContain('- fetch_customer no longer waits for ghost');
  });

  it('reads either of them from standard input, and not both', async () => {
    write('a.json', EXAMPLE);
    expect(await diff(['-', 'a.json'], EXAMPLE)).toMatchObject({
      code: 0,
      stdout: 'standard input and a.json hold the same chain.\n',
    });
    expect((await diff(['a.json', '-'], RENAMED)).code).toBe(1);
    const both = await diff(['-', '-'], EXAMPLE);
    expect(both).toMatchObject({ code: 2, stdout: '' });
    expect(both.stderr).toContain('Standard input holds one chain only');
  });

  it.each([
    ['one file only', ['a.json'], 2, "missing required argument 'after'"],
    ['three files', ['a.json', 'a.json', 'a.json'], 2, 'too many arguments'],
    ['no such file', ['a.json', 'nowhere.json'], 2, 'nowhere.json cannot be read'],
    ['a folder', ['.', 'a.json'], 2, 'cannot be read'],
    ['no JSON', ['a.json', 'bad.json'], 3, 'bad.json:1:'],
    ['no chain', ['list.json', 'a.json'], 3, 'error schema'],
  ] as const)('exits as documented and prints nothing on stdout: %s', async (_, args, code, words) => {
    write('a.json', EXAMPLE);
    write('bad.json', '{"a": {');
    write('list.json', '[]');
    const ended = await diff(args);
    expect(ended).toMatchObject({ code, stdout: '' });
    expect(ended.stderr).toContain(words);
  });

  it('names what is wrong with both files at once', async () => {
    write('bad.json', '{"a": {');
    write('list.json', '[]');
    const { code, stderr } = await diff(['bad.json', 'list.json']);
    expect(code).toBe(3);
    expect(stderr).toMatch(/^bad\.json:.*[\s\S]*\nlist\.json.*error schema/);
  });

  it('never prints control characters of a document as they are', async () => {
    const hostile = (label: string): string =>
      JSON.stringify({ 'a\u202e': { definition_id: 'd\u001b[31m', inputs: { 'k\u009b2J': label }, label } });
    write('a.json', hostile('\u0007'));
    write('b.json', hostile('\u001b[2J'));
    for (const args of [
      ['a.json', 'b.json'],
      ['a.json', 'b.json', '--json'],
    ]) {
      const { code, stdout } = await diff(args);
      expect(code).toBe(1);
      expect(stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
      expect(stdout).toContain('\\u001b[2J');
    }
  });

  it('shows help with examples and exits 0', async () => {
    const { code, stdout } = await diff(['--help']);
    expect(code).toBe(0);
    expect(stdout).toContain('git show HEAD:chain.json | chainwright diff - chain.json');
    expect(stdout).toContain('Exit codes:');
  });
});

describe('diff --json', () => {
  it('prints one document, numbers as they are spelled', async () => {
    const mapping = (number: string): string =>
      `{"a": {"definition_id": "d", "inputs": {"n": ${number}}}, "old": {"definition_id": "x", "depends_on": ["a"]}}`;
    write('a.json', mapping('2'));
    write('b.json', mapping('9007199254740993.0').replace('"old"', '"__proto__"').replace('"x"', '"y"'));
    const { code, stdout, stderr } = await diff(['a.json', 'b.json', '--json']);
    expect([code, stderr]).toEqual([1, '']);
    const parsed = parseJson(stdout);
    expect(parsed.ok).toBe(true);
    expect(stdout).toContain('"to": 9007199254740993.0');
    expect(JSON.parse(stdout)).toEqual({
      before: { file: 'a.json', hash: expect.stringMatching(/^[0-9a-f]{64}$/) },
      after: { file: 'b.json', hash: expect.stringMatching(/^[0-9a-f]{64}$/) },
      isSame: false,
      isSameBehaviour: false,
      renamed: [],
      removed: [{ id: 'old', definitionId: 'x' }],
      added: [{ id: '__proto__', definitionId: 'y' }],
      changed: [
        { id: 'a', idBefore: 'a', changes: [{ type: 'changed', path: '/inputs/n', from: 2, to: 9007199254740992 }] },
      ],
      edgesRemoved: [{ from: 'a', to: 'old' }],
      edgesAdded: [{ from: 'a', to: '__proto__' }],
      head: [],
      order: null,
    });
  });

  it('tells renames and another order of the actions', async () => {
    write('a.json', '{"a": {"definition_id": "d"}, "b": {"definition_id": "e"}}');
    write('b.json', '{"b": {"definition_id": "e"}, "c": {"definition_id": "d"}}');
    const { stdout } = await diff(['a.json', 'b.json', '--json']);
    expect(JSON.parse(stdout)).toMatchObject({
      renamed: [{ from: 'a', to: 'c' }],
      order: { moved: ['b'], changesPlan: true },
    });
  });

  it('says nothing but that they are the same where they are', async () => {
    write('a.json', EXAMPLE);
    const { code, stdout } = await diff(['a.json', 'a.json', '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ isSame: true, isSameBehaviour: true, changed: [], order: null });
  });
});
