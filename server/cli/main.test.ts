import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Metafile } from 'esbuild';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { hashChain, printChain } from '@/lib/chain/print-chain';
import { exampleWorkbench } from '@/lib/exchange/example-chain';
import { importText } from '@/lib/exchange/import-chain';
import { bundleCommandLine } from '@/scripts/bundle-command-line.js';
import { type Simulator, startSimulator } from '@/server/simulator/simulator';
import { type ScriptedCxone, startScriptedCxone } from '@/testing/scripted-cxone';
import { TUTORIAL_MAPPING } from '@/testing/tutorial-mapping';

const PROJECT = fileURLToPath(new URL('../..', import.meta.url));
/** Inside the project, so that its packages are found; of this process alone, so that two runs of the tests do not meet. */
const BUNDLE = path.join(PROJECT, `node_modules/.cache/chainwright-cli-test-${process.pid}`);

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface Given {
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string;
  /** Sees stderr grow; may send signals. */
  readonly onStderr?: (text: string, signal: (name: NodeJS.Signals) => void) => void;
}

let folder: string;
let bundle: Metafile['outputs'];
let simulator: Simulator;
let tenant: Record<string, string>;

beforeAll(async () => {
  // As `npm run build` does it: a process starts in a third of the time that it takes from the sources.
  const metafile = await bundleCommandLine(BUNDLE, { extension: '.mjs' });
  bundle = metafile.outputs;
  simulator = await startSimulator({ latencyMs: 0 });
  tenant = {
    CXONE_BASE_URL: simulator.baseUrl,
    CXONE_CLIENT_ID: simulator.clientId,
    CXONE_CLIENT_SECRET: simulator.clientSecret,
  };
});
afterAll(async () => {
  await simulator.close();
  rmSync(BUNDLE, { recursive: true });
});

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'chainwright-cli-'));
  writeFileSync(path.join(folder, 'mapping.json'), TUTORIAL_MAPPING);
});
afterEach(() => rmSync(folder, { recursive: true }));

/** The command line as a process of its own, in an empty folder and with no variables but the given ones. */
function chainwright(args: readonly string[], { env = {}, stdin = '', onStderr }: Given = {}): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [path.join(BUNDLE, 'cli.mjs'), ...args], {
      cwd: folder,
      env: { NODE_ENV: 'test', PATH: process.env['PATH'] ?? '', ...env },
    });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
      onStderr?.(stderr, (name) => child.kill(name));
    });
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stdout, stderr }));
    child.stdin.on('error', reject).end(stdin);
  });
}

const write = (name: string, text: string): void => writeFileSync(path.join(folder, name), text);
const auditEvents = (lines: string): readonly string[] =>
  lines
    .trimEnd()
    .split('\n')
    .map((line) => (JSON.parse(line) as { event: string }).event);

describe('a run that completes', () => {
  it('prints the result of the tutorial’s mapping and nothing else, and audit lines on stderr', async () => {
    const { code, stdout, stderr } = await chainwright(['run', 'mapping.json', '--simulator']);
    expect(code).toBe(0);
    const result = JSON.parse(stdout);
    expect(Object.keys(result).slice(0, 4)).toEqual(['trace_id', 'results', 'latency', 'failures']);
    expect(result).toMatchObject({
      status: 'completed',
      simulated: true,
      failures: {},
      results: {
        fetch_customer: { account_id: '12345' },
        update_crm: { record_id: result.results.enrich_data.record_id, status: 'processed' },
      },
    });
    expect(auditEvents(stderr)).toMatchObject({ 0: 'run_started', 10: 'run_finished', length: 11 });
  });

  it('runs the exported example with an input from a file, on a tenant of the environment', async () => {
    write('chain.json', printChain(exampleWorkbench().chain));
    write('input.json', '{"account_id":"777"}');
    const { code, stdout } = await chainwright(['run', 'chain.json', '--input', '@input.json'], { env: tenant });
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      simulated: false,
      results: { fetch_customer: { account_id: '777' } },
      provenance: { fetch_customer: 'live' },
    });
  });

  it('reads the document from standard input, credentials from .env.local and the base URL from the flag', async () => {
    write('.env.local', 'CXONE_CLIENT_ID=simulator-client\nCXONE_CLIENT_SECRET=simulator-secret\n');
    const { code, stdout } = await chainwright(['run', '-', '--base-url', simulator.baseUrl], {
      stdin: TUTORIAL_MAPPING,
    });
    expect(code).toBe(0);
    expect(JSON.parse(stdout).status).toBe('completed');
  });

  it('appends audit lines to a file instead of stderr', async () => {
    write('audit.jsonl', '{"event":"earlier"}\n');
    const { code, stderr } = await chainwright(['run', 'mapping.json', '--audit', 'audit.jsonl'], { env: tenant });
    expect([code, stderr]).toEqual([0, '']);
    const lines = readFileSync(path.join(folder, 'audit.jsonl'), 'utf8');
    expect(auditEvents(lines)).toMatchObject({ 0: 'earlier', 1: 'run_started', 11: 'run_finished', length: 12 });
  });

  it('leaves no secret in what it prints', async () => {
    const { stdout, stderr } = await chainwright(['run', 'mapping.json'], { env: tenant });
    expect(stdout + stderr).not.toContain(simulator.clientSecret);
  });
});

describe('a run with what stands beside its document', () => {
  const LOCAL = TUTORIAL_MAPPING.replaceAll('your-definition-id', 'local:get');
  const MAP = {
    format: 'chainwright.connection-map/1',
    definitions: Object.fromEntries([1, 2, 3].map((n) => [`local:get-${n}`, `your-definition-id-${n}`])),
  };

  it('calls the ids of the tenant under --map, and refuses local ids that nobody maps', async () => {
    write('local.json', LOCAL);
    write('map.json', JSON.stringify(MAP));
    const mapped = await chainwright(['run', 'local.json', '--map', 'map.json'], { env: tenant });
    expect(mapped.code).toBe(0);
    expect(JSON.parse(mapped.stdout).results.fetch_customer).toMatchObject({ account_id: '12345' });

    const unmapped = await chainwright(['run', 'local.json'], { env: tenant });
    expect(unmapped).toMatchObject({ code: 2, stdout: '' });
    expect(unmapped.stderr).toMatch(/error definition_unmapped \/actions\/fetch_customer.*“local:get-1”/);
    expect(unmapped.stderr).toContain('--map FILE');
  });

  it('has the simulator answer the definitions of a file, and no tenant', async () => {
    write('local.json', '{"a": {"definition_id": "local:get-count", "inputs": {"id": "7"}}}');
    const successSchema = { type: 'object', properties: { count: { type: 'integer' } }, required: ['count'] };
    const contract = { input: { inputSchema: { type: 'object' } }, output: { successSchema } };
    write(
      'get.json',
      JSON.stringify({ name: 'Get Count', integrationType: 'custom', actionType: 'custom', config: {}, contract }),
    );
    expect(await chainwright(['run', 'local.json', '--simulator'])).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringMatching(/calls the imported definition local:.*--definitions FILE/),
    });
    const answered = await chainwright(['run', 'local.json', '--simulator', '--definitions', 'get.json']);
    expect(answered.code).toBe(0);
    expect(JSON.parse(answered.stdout).results.a.count).toEqual(expect.any(Number));
    expect(await chainwright(['run', 'local.json', '--definitions', 'get.json'])).toMatchObject({
      code: 2,
      stdout: '',
    });
    write('map.json', JSON.stringify(MAP));
    expect(await chainwright(['run', 'local.json', '--simulator', '--map', 'map.json'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('exclude'),
    });
  });

  it('adds the edges that templates imply when it is asked to, and leaves document and hash as they are', async () => {
    write('loose.json', TUTORIAL_MAPPING.replaceAll(/"depends_on": \[.*\],\n/g, ''));
    const loose = await chainwright(['run', 'loose.json', '--simulator']);
    expect(loose).toMatchObject({ code: 3, stdout: '', stderr: expect.stringContaining('reference_not_upstream') });
    const inferred = await chainwright(['run', 'loose.json', '--simulator', '--infer-edges']);
    expect(inferred.code).toBe(0);
    expect(inferred.stderr).toContain('loose.json: Add the 2 edges that the templates imply (--infer-edges).');
    const imported = importText(readFileSync(path.join(folder, 'loose.json'), 'utf8'));
    if (!imported.ok || imported.value.kind !== 'mapping') throw new Error('no mapping');
    expect(JSON.parse(inferred.stdout)).toMatchObject({
      status: 'completed',
      chain_hash: hashChain(imported.value.workbench.chain),
    });
  });

  it('calls a literal that is no secret', async () => {
    write('key.json', TUTORIAL_MAPPING.replace('"12345"', `"AKIA${'IOSFODNN7EXAMPLQ'}"`));
    const pointer = '/actions/fetch_customer/inputs/account_id';
    expect((await chainwright(['run', 'key.json', '--simulator'])).code).toBe(3);
    const allowed = await chainwright(['run', 'key.json', '--simulator', '--allow-literal', pointer]);
    expect([allowed.code, allowed.stdout === '']).toEqual([0, false]);
  });
});

describe('a run that does not', () => {
  afterEach(() => simulator.setFault('your-definition-id-2', null));

  it('exits 1 with its partial results when an action fails', async () => {
    simulator.setFault('your-definition-id-2', { type: 'status', status: 503 });
    const { code, stdout } = await chainwright(['run', 'mapping.json'], { env: tenant });
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      status: 'failed',
      results: { fetch_customer: { account_id: '12345' } },
      failures: { enrich_data: { kind: 'server_error', http_status: 503 } },
      skipped: { update_crm: { because: 'halted', by: 'enrich_data' } },
    });
  });

  it('exits 0 for failures that the chain lives with only when they are allowed', async () => {
    simulator.setFault('your-definition-id-2', { type: 'status', status: 503 });
    write('chain.json', TUTORIAL_MAPPING.replace('"enrich_data": {', '"enrich_data": { "on_failure": "continue",'));
    expect((await chainwright(['run', 'chain.json'], { env: tenant })).code).toBe(1);
    const allowed = await chainwright(['run', 'chain.json', '--allow-failures'], { env: tenant });
    expect(allowed.code).toBe(0);
    expect(JSON.parse(allowed.stdout).status).toBe('completed_with_failures');
  });

  it('aborts a call that takes longer than --timeout-sec', async () => {
    simulator.setFault('your-definition-id-2', { type: 'slow', delayMs: 600_000 });
    const { code, stdout } = await chainwright(['run', 'mapping.json', '--timeout', '0.2'], { env: tenant });
    expect(code).toBe(1);
    expect(JSON.parse(stdout).failures.enrich_data).toMatchObject({ kind: 'timeout', may_have_happened: true });
  });

  it('exits 6 when the deadline keeps something from starting', async () => {
    simulator.setFault('your-definition-id-2', { type: 'slow', delayMs: 1500, times: 1 });
    const { code, stdout } = await chainwright(['run', 'mapping.json', '--deadline-sec', '0.5'], { env: tenant });
    expect(code).toBe(6);
    expect(JSON.parse(stdout).status).toBe('timed_out');
  });

  it('is cancelled by Ctrl-C, says so in its result and exits 5', async () => {
    simulator.setFault('your-definition-id-2', { type: 'slow', delayMs: 600_000 });
    let isSignalled = false;
    const { code, stdout, stderr } = await chainwright(['run', 'mapping.json'], {
      env: tenant,
      onStderr: (text, signal) => {
        if (isSignalled || !/"enrich_data","event":"action_started"/.test(text)) return;
        isSignalled = true;
        signal('SIGINT');
      },
    });
    expect(code).toBe(5);
    expect(JSON.parse(stdout)).toMatchObject({ status: 'cancelled', results: { fetch_customer: {} } });
    expect(stderr).toContain('Ctrl-C again');
  });
});

describe('a refused run', () => {
  it.each([
    ['no such file', ['run', 'nowhere.json', '--simulator'], 2, 'nowhere.json'],
    ['an unknown option', ['run', 'mapping.json', '--frobnicate'], 2, '--frobnicate'],
    ['an option out of range', ['run', 'mapping.json', '--max-concurrency', '65'], 2, '1 to 64'],
    ['input that is no JSON', ['run', 'mapping.json', '--input', '{"a":', '--simulator'], 2, '--input'],
    ['two connections', ['run', 'mapping.json', '--simulator', '--base-url', 'http://x'], 2, 'exclude'],
    ['no connection', ['run', 'mapping.json'], 4, 'CXONE_CLIENT_ID and CXONE_CLIENT_SECRET'],
    ['half a connection', ['run', 'mapping.json', '--base-url', 'http://127.0.0.1:9'], 4, 'CXONE_CLIENT_ID'],
  ] as const)('exits as documented and prints nothing on stdout: %s', async (_, args, code, words) => {
    const ended = await chainwright(args);
    expect(ended).toMatchObject({ code, stdout: '' });
    expect(ended.stderr).toContain(words);
  });

  it('exits 2 and names the field when the input does not fit the chain', async () => {
    write('chain.json', printChain(exampleWorkbench().chain));
    const ended = await chainwright(['run', 'chain.json', '--input', '{}', '--simulator']);
    expect(ended).toMatchObject({ code: 2, stdout: '' });
    expect(ended.stderr).toContain('--input/account_id');
  });

  it.each([
    ['unreadable JSON', '{"a": {', 'bad.json:1'],
    ['a cycle', TUTORIAL_MAPPING.replace('"depends_on": []', '"depends_on": ["update_crm"]'), 'error cycle'],
    ['a missing dependency', TUTORIAL_MAPPING.replace('["enrich_data"]', '["nobody"]'), 'error dependency_missing'],
  ])('exits 3 for a document with %s, even without a connection', async (_, text, words) => {
    write('bad.json', text);
    for (const args of [
      ['run', 'bad.json'],
      ['run', 'bad.json', '--simulator'],
      ['validate', 'bad.json'],
    ]) {
      const ended = await chainwright(args);
      expect(ended.code).toBe(3);
      expect(ended.stdout + ended.stderr).toContain(words);
    }
  });

  it('exits 4 before any call when there is no token', async () => {
    const { code, stdout, stderr } = await chainwright(['run', 'mapping.json'], {
      env: { ...tenant, CXONE_CLIENT_SECRET: 'quite-wrong-secret' },
    });
    expect([code, stdout]).toEqual([4, '']);
    expect(stderr).toContain('401');
    expect(stderr).not.toContain('quite-wrong-secret');
  });

  it('never prints control characters of a document as they are', async () => {
    write('bad.json', JSON.stringify({ 'a\u001b[31m\u202e': { definition_id: 'd', depends_on: ['x\u0007\u009b2J'] } }));
    const { stdout, stderr } = await chainwright(['validate', 'bad.json']);
    expect(stdout + stderr).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
    expect(stdout + stderr).toContain('\\u001b[31m');
  });
});

describe('webhooks', () => {
  let sink: ScriptedCxone;
  beforeEach(async () => {
    sink = await startScriptedCxone();
  });
  afterEach(() => sink.close());

  it('get the status of every action in order, when they are asked for', async () => {
    sink.on('POST /status', ...Array.from({ length: 6 }, () => ({})));
    const { code, stdout } = await chainwright([
      'run',
      'mapping.json',
      '--simulator',
      '--webhook',
      `${sink.baseUrl}/status`,
    ]);
    expect(code).toBe(0);
    const bodies = sink.received.map(({ body }) => JSON.parse(body) as Record<string, unknown>);
    expect(bodies.map(({ action_id, status }) => `${action_id} ${status}`)).toEqual(
      ['fetch_customer', 'enrich_data', 'update_crm'].flatMap((id) => [`${id} started`, `${id} completed`]),
    );
    expect(bodies[1]).toMatchObject({
      orchestrator: 'cxone-data-action-chain',
      trace_id: JSON.parse(stdout).trace_id,
      payload: { output: { account_id: '12345' } },
      simulated: true,
    });
  });

  it('of a document do not reach into the private network', async () => {
    const document = {
      settings: { webhook: { url: `${sink.baseUrl}/status`, events: 'run' } },
      actions: JSON.parse(TUTORIAL_MAPPING),
    };
    write('chain.json', JSON.stringify(document));
    const { code, stderr } = await chainwright(['run', 'chain.json'], { env: tenant });
    expect(code).toBe(0);
    expect(stderr).toContain('Webhook not delivered: run.finished (its address is inside a private network');
    expect(sink.received).toHaveLength(0);
  });

  it.each(['flag', 'environment'])('reach there when the operator gives the same URL by %s', async (place) => {
    sink.on('POST /status', {});
    const url = `${sink.baseUrl}/status`;
    write(
      'chain.json',
      JSON.stringify({ settings: { webhook: { url, events: 'run' } }, actions: JSON.parse(TUTORIAL_MAPPING) }),
    );
    const { code, stderr } = await (place === 'flag'
      ? chainwright(['run', 'chain.json', '--webhook', url], { env: tenant })
      : chainwright(['run', 'chain.json'], { env: { ...tenant, CXONE_WEBHOOK_URL: url } }));
    expect(code).toBe(0);
    expect(stderr).not.toContain('Webhook not delivered');
    expect(sink.received.map(({ body }) => JSON.parse(body).status)).toEqual(['run_completed']);
  });
});

/** The packages that a command loads before it does anything, those that stand in the bundle apart. */
function packagesOf(command: string): readonly string[] {
  const chunkOf = (source: string): string =>
    Object.entries(bundle).find(([, { entryPoint }]) => entryPoint === source)?.[0] ?? `no chunk of ${source}`;
  const packages = new Set<string>();
  const met = new Set([chunkOf('server/cli/main.ts'), chunkOf(`server/cli/commands/${command}.ts`)]);
  for (const chunk of met) {
    for (const { path: target, kind, external } of bundle[chunk]!.imports) {
      if (kind !== 'import-statement') continue;
      if (external === true) packages.add(target);
      else met.add(target);
    }
  }
  return [...packages].filter((name) => !name.startsWith('node:'));
}

it('loads nothing of Next, React or the store for a run, and nothing that calls for the other commands', () => {
  expect(packagesOf('run')).toContain('undici');
  expect(packagesOf('run').filter((name) => /^(next|react|react-dom|libsql|kysely|hono)(\/|$)/.test(name))).toEqual([]);
  for (const command of ['validate', 'plan', 'export', 'diff']) expect(packagesOf(command)).toEqual(['commander']);
});

it.each(['run', 'validate', 'plan', 'export', 'diff', 'simulator', 'serve'])(
  'shows help for %s with examples and exits 0',
  async (name) => {
    const { code, stdout } = await chainwright([name, '--help']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/\nExamples:\n {2}chainwright /);
    expect(stdout).toContain(`\n  chainwright ${name} `);
  },
);

it('serves a simulator that a second process can call, until Ctrl-C', async () => {
  let second: Promise<Ended> | undefined;
  const first = await chainwright(['simulator', '--latency-ms', '0'], {
    onStderr: (text, signal) => {
      const baseUrl = /at (http:\S+)\. /.exec(text)?.[1];
      if (baseUrl === undefined || second !== undefined) return;
      second = chainwright(['run', 'mapping.json'], { env: { ...tenant, CXONE_BASE_URL: baseUrl } });
      second.finally(() => signal('SIGINT'));
    },
  });
  expect(first.code).toBe(0);
  expect(first.stdout).toContain('CXONE_CLIENT_SECRET=');
  expect((await second)?.code).toBe(0);
});
