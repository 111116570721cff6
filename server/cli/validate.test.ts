import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createFakeTerminal } from '@/testing/fake-terminal';
import { TUTORIAL_MAPPING } from '@/testing/tutorial-mapping';
import { CommandRefused } from './command-refused';
import { type ValidateOptions, validate } from './commands/validate';
import { printReportLines } from './validation-report';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'chainwright-validate-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const at = (name: string): string => path.join(folder, name);
function write(name: string, content: unknown): void {
  mkdirSync(path.dirname(at(name)), { recursive: true });
  writeFileSync(at(name), typeof content === 'string' ? content : JSON.stringify(content));
}
const read = (name: string): string => readFileSync(at(name), 'utf8');

async function run(
  patterns: readonly string[],
  options: Partial<ValidateOptions> = {},
  world: { readonly env?: Record<string, string>; readonly stdin?: string } = {},
) {
  const { terminal, out, err } = createFakeTerminal({ folder, ...world });
  const code = await validate(patterns, { strict: false, fix: false, json: false, ...options }, terminal);
  return { code, out: out(), err: err() };
}

const refusal = (patterns: readonly string[], options: Partial<ValidateOptions>): Promise<unknown> =>
  run(patterns, options).then(
    () => 'no refusal',
    (error: unknown) => (error instanceof CommandRefused ? [error.exitCode, error.message] : error),
  );

const action = (more: object = {}): object => ({ definition_id: 'd', ...more });
const chain = (actions: object, more: object = {}): object => ({ format: 'chainwright.chain/1', ...more, actions });

//  a ──► b ──► c, and an edge a ──► c that changes nothing; d reads c and does not wait for it.
const MENDABLE = {
  a: action(),
  b: action({ depends_on: ['a'], inputs: { x: '{{ a.x }}' } }),
  c: action({ depends_on: ['a', 'b'], inputs: { x: '{{ b.x }}' } }),
  d: action({ inputs: { x: '{{ c.x }}', n: 2 } }),
};

const DEFINITION = {
  name: 'Get Customer - Exported 2025-01-02 @ 10:11',
  integrationType: 'custom',
  actionType: 'custom',
  config: { request: { requestType: 'GET' } },
  contract: {
    input: { inputSchema: { type: 'object', properties: { id: { type: 'string' } } } },
    output: { successSchema: { type: 'object', properties: { n: { type: 'integer' } } } },
  },
  secure: false,
};

describe('several files', () => {
  it('names the problems of every one; a bad one hides no other; the last line counts', async () => {
    write('c/bad.json', '{"a": {"definition_id": ');
    write('c/good.json', TUTORIAL_MAPPING);
    write('c/mend.json', MENDABLE);
    const { code, out, err } = await run(['c', 'nowhere.json']);
    expect(code).toBe(2);
    expect(err).toBe('nowhere.json cannot be read: there is no such file.\n');
    expect(out).toMatch(/^c\/bad\.json:1:\d+: error json_syntax/);
    expect(out).toContain('c/good.json: no problems\n');
    expect(out).toMatch(/c\/mend\.json: error reference_not_upstream \/actions\/d.* \[--fix: Make d depend on c\]\n/);
    expect(out).toMatch(/\n3 files, 2 errors, 1 warning, \d infos?, 2 of them fixable with --fix\n$/);
    expect((await run(['c'])).code).toBe(3);
    expect(await run(['c/good.json', '-'], {}, { stdin: TUTORIAL_MAPPING })).toMatchObject({
      code: 0,
      out: 'c/good.json: no problems\nstandard input: no problems\n2 files, no problems\n',
    });
  });

  it('says nothing of problems where no file was looked at, or one could not be read', async () => {
    expect(await run(['nowhere.json'])).toMatchObject({ code: 2, out: '' });
    expect(JSON.parse((await run(['nowhere.json'], { json: true })).out)).toMatchObject({ files: [] });
    const unread = { file: 'a.json', imported: null, problems: [], fixed: [], failure: 'It is a socket.' };
    expect(printReportLines([unread])).toBe('1 file, 1 not read\n');
  });

  it('passes over other kinds of files that a search finds, says so, and refuses them by name', async () => {
    write('c/chain.json', chain({ a: action() }));
    write('c/package.json', { name: 'x', version: '1.0.0', scripts: {} });
    write('c/list.json', [1, 2]);
    write('c/tsconfig.json', '{ // strict\n }');
    write('c/get.definition.json', DEFINITION);
    write('c/map.json', { format: 'chainwright.connection-map/1', definitions: {} });
    write('c/chain.sidecar.json', { format: 'chainwright.sidecar/1' });
    write('c/readme.md', '# Chains');
    const { code, out, err } = await run(['c/*']);
    expect(out).toMatch(/^(c\/chain\.json: .*\n)+1 file, .*\n$/);
    expect(code).toBe(0);
    for (const name of ['package', 'list', 'tsconfig', 'get.definition', 'map', 'chain.sidecar']) {
      expect(err).toMatch(new RegExp(`^c/${name}\\.json is .*: passed over\\.$`, 'm'));
      expect((await run([`c/${name}.json`])).code).toBe(3);
    }
    expect(err).toContain('c/readme.md is evidently no chain: passed over.');
  });
});

describe('what stands beside the documents', () => {
  it('is checked as far as options tell: definitions, a map, secrets of the environment', async () => {
    const settings = { webhook: { url: 'https://example.org/', secret_ref: 'STATUS' } };
    write('chain.json', chain({ a: action({ definition_id: 'local:get-customer' }), b: action() }, { settings }));
    write('get.json', DEFINITION);
    write('map.json', { format: 'chainwright.connection-map/1', definitions: { 'local:get-customer': 'T-1' } });
    const codes = async (options: Partial<ValidateOptions>, env: Record<string, string> = {}): Promise<unknown> => {
      const { out } = await run(['chain.json'], { ...options, json: true }, { env });
      const found = JSON.parse(out).files[0].problems as { severity: string; code: string; action?: string }[];
      return found.filter(({ severity }) => severity === 'warning').map((each) => `${each.code} ${each.action ?? ''}`);
    };
    expect(await codes({})).toEqual([]);
    expect(await codes({ definitions: ['get.json'] })).toEqual(['definition_unknown b']);
    expect(await codes({ definitions: ['get.json'], map: 'map.json' })).toEqual(['definition_unknown b']);
    write('map.json', { format: 'chainwright.connection-map/1', definitions: {} });
    expect(await codes({ map: 'map.json' })).toEqual(['definition_unmapped a']);
    expect(await codes({}, { CHAINWRIGHT_SECRET_OTHER: 'x' })).toEqual(['secret_unresolved ']);
    expect(await codes({}, { CHAINWRIGHT_SECRET_OTHER: 'x', CHAINWRIGHT_SECRET_STATUS: 'y' })).toEqual([]);
  });

  it('fails with --strict for warnings too', async () => {
    write('chain.json', chain({ a: action({ definition_id: 'local:x' }) }));
    write('map.json', { format: 'chainwright.connection-map/1', definitions: {} });
    expect((await run(['chain.json'], { map: 'map.json' })).code).toBe(0);
    expect((await run(['chain.json'], { map: 'map.json', strict: true })).code).toBe(3);
  });

  it('names literals that are no secrets, and says which of them are nowhere', async () => {
    const key = `AKIA${'IOSFODNN7EXAMPLQ'}`;
    write('chain.json', chain({ a: action({ inputs: { id: key } }) }));
    const plain = await run(['chain.json']);
    expect(plain).toMatchObject({ code: 3, err: '' });
    expect(plain.out).toContain('error secret_literal /actions/a/inputs/id');
    expect(plain.out).not.toContain(key);
    const allowed = await run(['chain.json'], { allowLiteral: ['/actions/a/inputs/id', '/actions/a/inputs/idd'] });
    expect(allowed).toMatchObject({
      code: 0,
      err: '--allow-literal: nothing stands at /actions/a/inputs/idd in chain.json.\n',
    });
  });

  it('is refused when it cannot be used', async () => {
    write('chain.json', chain({ a: action() }));
    write('broken.json', '{');
    expect(await refusal(['chain.json'], { definitions: ['chain.json'] })).toEqual([
      2,
      '--definitions takes a file of definitions, and chain.json is a chain document.',
    ]);
    expect(await refusal(['chain.json'], { map: 'nowhere' })).toEqual([
      2,
      '--map: nowhere cannot be read: there is no such file.',
    ]);
    expect(await refusal(['chain.json'], { map: 'broken.json' })).toEqual([2, expect.stringContaining('broken.json:')]);
    expect(await refusal(['chain.json'], { allowLiteral: ['actions'] })).toEqual([
      2,
      expect.stringContaining('pointer'),
    ]);
  });
});

describe('--fix', () => {
  it('writes canonical text for a chain, says what it mended, and reports what is left', async () => {
    write('chain.json', chain(MENDABLE));
    chmodSync(at('chain.json'), 0o640);
    const { code, out } = await run(['chain.json'], { fix: true });
    expect(code).toBe(0);
    expect(out).toContain('chain.json: fixed reference_not_upstream: Make d depend on c\n');
    expect(out).toContain('chain.json: fixed edge_redundant: ');
    expect(out).toContain('1 file, 2 problems fixed');
    expect(read('chain.json')).toContain('{\n  "format": "chainwright.chain/1",\n  "actions": {\n');
    expect(JSON.parse(read('chain.json')).actions).toMatchObject({
      c: { depends_on: ['b'] },
      d: { depends_on: ['c'] },
    });
    expect(statSync(at('chain.json')).mode & 0o777).toBe(0o640);
    expect(readdirSync(folder)).toEqual(['chain.json']);
  });

  it('leaves a mapping a mapping: depends_on alone is written anew', async () => {
    const text =
      '{\n "a": {"definition_id":"d", "inputs": {"n": 2.0}},\n "b": {"definition_id":"d", "inputs": {"x": "{{ a.x }}"}}\n}';
    write('mapping.json', text);
    const { code, out } = await run(['mapping.json'], { fix: true, json: true });
    expect(read('mapping.json')).toBe(text.replace('"d", "inputs": {"x"', '"d", "depends_on":["a"], "inputs": {"x"'));
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      files: [
        {
          problems: expect.not.arrayContaining([expect.objectContaining({ severity: 'error' })]),
          fixed: [{ code: 'reference_not_upstream', fix: { label: 'Make b depend on a' } }],
        },
      ],
      summary: { files: 1, errors: 0, fixed: 1 },
    });
  });

  it('tells in JSON beforehand which fixes it would apply, and applies no other', async () => {
    write('chain.json', chain({ a: action({ depends_on: ['nobody'] }), b: action({ inputs: { x: '{{ a.x }}' } }) }));
    const before = JSON.parse((await run(['chain.json'], { json: true })).out);
    expect(before.summary).toMatchObject({ errors: 2, fixable: 1 });
    expect(before.files[0].problems).toMatchObject([
      { code: 'dependency_missing', fix: { isAppliedByFix: false } },
      { code: 'reference_not_upstream', fix: { label: 'Make b depend on a', isAppliedByFix: true } },
    ]);
    expect((await run(['chain.json'], { fix: true })).code).toBe(3);
    expect(JSON.parse(read('chain.json')).actions.a.depends_on).toEqual(['nobody']);
  });

  it('does not touch a file in which nothing is to be mended, nor one that is rejected', async () => {
    const plain = JSON.stringify(chain({ a: action() }));
    write('plain.json', plain);
    write('bad.json', '{"a": {"definition_id": "d", "definition_id": "e"}}');
    const inodes = ['plain.json', 'bad.json'].map((name) => statSync(at(name)).ino);
    expect((await run(['plain.json', 'bad.json'], { fix: true })).code).toBe(3);
    expect(['plain.json', 'bad.json'].map((name) => statSync(at(name)).ino)).toEqual(inodes);
    expect(read('plain.json')).toBe(plain);
  });

  it('writes the target of a link and keeps the link', async () => {
    write('real/chain.json', chain(MENDABLE));
    symlinkSync('real/chain.json', at('link.json'));
    await run(['link.json'], { fix: true });
    expect(lstatSync(at('link.json')).isSymbolicLink()).toBe(true);
    expect(JSON.parse(read('real/chain.json')).actions.d.depends_on).toEqual(['c']);
    expect(readdirSync(at('real'))).toEqual(['chain.json']);
  });

  it('is refused for standard input', async () => {
    expect(await refusal(['-'], { fix: true })).toEqual([2, expect.stringContaining('standard input')]);
    expect(existsSync(at('-'))).toBe(false);
  });
});
