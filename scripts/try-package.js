/**
 * `npm run test:package`: packs Chainwright, installs the tarball globally into a folder of its own, and tries the
 * installed command from an empty working directory: help, a run against the simulator, checks of files, and the server.
 * With `--built` it packs the build that stands there instead of building again.
 */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { projectDir, runMain, SetupFailure } from './setup.js';

const READY_LINE = /Chainwright is ready at (http:\/\/127\.0\.0\.1:\d+)/;
const READY_MS_MAX = 30_000;

const folder = mkdtempSync(path.join(tmpdir(), 'chainwright-package-'));
const workDir = path.join(folder, 'work');

await runMain(async () => {
  try {
    mkdirSync(workDir);
    const tarball = pack();
    const command = installGlobally(tarball);
    tryHelp(command);
    tryRun(command);
    tryChecks(command);
    await tryServe(command);
    console.log('The installed package works.');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

/** The path of the tarball. */
function pack() {
  const isBuilt = process.argv.includes('--built');
  runQuietly('npm', ['pack', ...(isBuilt ? ['--ignore-scripts'] : []), '--pack-destination', folder], projectDir);
  const name = readdirSync(folder).find((entry) => entry.endsWith('.tgz'));
  if (name === undefined) throw new SetupFailure('npm pack left no tarball.');
  const tarball = path.join(folder, name);
  refuseStrangers(tarball);
  return tarball;
}

/** Caches, sources and tests have no place in the tarball. @param {string} tarball */
function refuseStrangers(tarball) {
  const files = runQuietly('tar', ['-tzf', tarball], folder)
    .split('\n')
    .map((line) => line.replace(/^package\//, ''))
    .filter((line) => line !== '');
  const stranger = files.find(
    (file) =>
      /^\.next\/(cache|dev|types|diagnostics|trace)/.test(file) ||
      /\.test\.tsx?$/.test(file) ||
      /^(lib|server|components|app|e2e|testing|node_modules|\.env|\.chainwright)\//.test(file),
  );
  if (stranger !== undefined)
    throw new SetupFailure(`The tarball holds ${stranger}, which nobody needs who installs it.`);
  for (const wanted of [
    'bin/chainwright.js',
    'dist/cli.js',
    'dist/serve.js',
    '.next/BUILD_ID',
    'next.config.js',
    'LICENSE',
    'README.md',
  ]) {
    if (!files.includes(wanted)) throw new SetupFailure(`The tarball lacks ${wanted}.`);
  }
}

/** The path of the installed command. @param {string} tarball */
function installGlobally(tarball) {
  const prefix = path.join(folder, 'prefix');
  runQuietly(
    'npm',
    ['install', '--global', '--prefix', prefix, '--prefer-offline', '--no-audit', '--no-fund', tarball],
    folder,
  );
  const places = [path.join(prefix, 'bin', 'chainwright'), path.join(prefix, 'chainwright.cmd')];
  const command = places.find((place) => existsSync(place));
  if (command === undefined) throw new SetupFailure(`npm installed no command chainwright below ${prefix}.`);
  return command;
}

/** @param {string} command */
function tryHelp(command) {
  const help = runQuietly(command, ['--help'], workDir);
  if (!/\brun\b/.test(help) || !/\bserve\b/.test(help)) throw new SetupFailure(`chainwright --help said:\n${help}`);
}

/** The tutorial's own mapping, as its users have it. @param {string} command */
function tryRun(command) {
  const file = path.join(workDir, 'customer-update.json');
  const actions = {
    fetch_customer: { definition_id: 'your-definition-id-1', depends_on: [], inputs: { account_id: '12345' } },
    enrich_data: {
      definition_id: 'your-definition-id-2',
      depends_on: ['fetch_customer'],
      inputs: { customer_id: '{{ fetch_customer.customer_id }}' },
    },
    update_crm: {
      definition_id: 'your-definition-id-3',
      depends_on: ['enrich_data'],
      inputs: { record_id: '{{ enrich_data.record_id }}', status: 'processed' },
    },
  };
  writeFileSync(file, JSON.stringify(actions));
  const printed = runQuietly(command, ['run', file, '--simulator', '--input', '{}'], workDir);
  if (JSON.parse(printed).status !== 'completed') throw new SetupFailure(`chainwright run printed:\n${printed}`);
}

/** The commands that call nobody, on the file of {@link tryRun}. @param {string} command */
function tryChecks(command) {
  for (const [args, words] of /** @type {const} */ ([
    [['validate', '**/*.json'], '1 file, no problems'],
    [['plan', 'customer-update.json'], 'Critical path: fetch_customer'],
    [['export', 'customer-update.json', '--to', 'mermaid'], 'flowchart'],
  ])) {
    const printed = runQuietly(command, args, workDir);
    if (!printed.includes(words)) throw new SetupFailure(`chainwright ${args.join(' ')} printed:\n${printed}`);
  }
}

/** @param {string} command */
async function tryServe(command) {
  const server = spawn(command, ['serve', '--port', '0'], {
    cwd: workDir,
    env: cleanEnvironment(),
    shell: process.platform === 'win32',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  const ended = new Promise((resolve) => server.on('close', resolve));
  try {
    const baseUrl = await new Promise((resolve, reject) => {
      const fail = (/** @type {string} */ why) => reject(new SetupFailure(`chainwright serve ${why}:\n${printed}`));
      setTimeout(() => fail('was not ready in time'), READY_MS_MAX).unref();
      server.on('error', (error) => fail(error.message));
      server.on('close', () => fail('ended'));
      for (const stream of [server.stdout, server.stderr]) {
        stream.on('data', (chunk) => {
          printed += chunk;
          const ready = READY_LINE.exec(printed);
          if (ready !== null) resolve(ready[1]);
        });
      }
    });
    await expectAnswer(`${baseUrl}/api/health`, '"ok"');
    await expectAnswer(baseUrl, '<html');
  } finally {
    server.kill('SIGTERM');
    await ended;
  }
  if (!existsSync(path.join(workDir, '.chainwright'))) {
    throw new SetupFailure('chainwright serve kept its data elsewhere than in the working directory.');
  }
}

/** @param {string} url @param {string} part */
async function expectAnswer(url, part) {
  const answer = await fetch(url);
  const text = await answer.text();
  if (answer.ok && text.includes(part)) return;
  throw new SetupFailure(`${url} answered ${answer.status} without ${part}:\n${text.slice(0, 2000)}`);
}

/**
 * What a program prints to standard output; a failure shows everything it said.
 *
 * @param {string} command @param {readonly string[]} args @param {string} cwd
 */
function runQuietly(command, args, cwd) {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    cwd,
    encoding: 'utf8',
    env: cleanEnvironment(),
    shell: process.platform === 'win32',
    maxBuffer: 64 * 1024 * 1024,
  });
  if (status === 0) return stdout;
  throw new SetupFailure(
    `${command} ${args.join(' ')} failed: ${error?.message ?? `exit code ${status}`}\n${stdout}${stderr}`,
  );
}

/** Nothing of the caller's settings, and nothing of the npm that may run this script. */
function cleanEnvironment() {
  return Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(CXONE_|CHAINWRIGHT_|npm_|NODE_ENV$|INIT_CWD$)/.test(name)),
  );
}
