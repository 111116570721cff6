/**
 * What `npm start`, `npm run dev`, `npm test` and the build share. Plain Node without dependencies: it runs before
 * anything is installed, and its syntax is old enough for an outdated Node to reach the sentence that says so.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of package.json. */
export const projectDir = fileURLToPath(new URL('..', import.meta.url)).replace(/[\\/]$/, '');

const NODE_MIN = [20, 19];
const LOCK_HASH_FILE = path.join(projectDir, 'node_modules', '.chainwright-lock-hash');
const SOURCE_HASH_FILE = path.join(projectDir, 'dist', '.source-hash');

/** @type {readonly NodeJS.Signals[]} */
const PASSED_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/** Everything that the build reads. A file that is missing here would leave people on an old build. */
const BUILD_SOURCES = [
  'app',
  'bin',
  'components',
  'lib',
  'public',
  'server',
  'scripts/build.js',
  'scripts/bundle-command-line.js',
  'next.config.js',
  'package-lock.json',
  'package.json',
  'postcss.config.js',
  'postcss.config.mjs',
  'tsconfig.json',
];

/** A failure that is said in one sentence, without a stack trace. */
export class SetupFailure extends Error {
  /** @param {string} message @param {number} [exitCode] */
  constructor(message, exitCode = 1) {
    super(message);
    this.exitCode = exitCode;
  }
}

/**
 * Runs a script's main function. A SetupFailure ends the process with its sentence and exit code; a defect throws.
 *
 * @param {() => Promise<void>} main
 */
export async function runMain(main) {
  try {
    await main();
  } catch (error) {
    if (!(error instanceof SetupFailure)) throw error;
    console.error(error.message);
    process.exitCode = error.exitCode;
  }
}

/** Refuses a Node that is too old for the dependencies. */
export function requireNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > NODE_MIN[0] || (major === NODE_MIN[0] && minor >= NODE_MIN[1])) return;
  throw new SetupFailure(
    `Chainwright needs Node ${NODE_MIN.join('.')} or newer; this is Node ${process.versions.node}. Install a current version from https://nodejs.org and try again.`,
  );
}

/**
 * Installs the dependencies that package-lock.json names, unless these very ones were installed by this function
 * before on the same kind of machine (native parts differ between them).
 */
export async function installIfNeeded() {
  const wanted = lockHash();
  if (readIfPresent(LOCK_HASH_FILE) === wanted) return;
  console.error('Installing dependencies (npm ci), once for each change of package-lock.json …');
  await runNpm(['ci', '--no-audit', '--no-fund', '--no-update-notifier', '--loglevel=error']);
  recordInstall();
}

/** Notes that what stands in node_modules is what package-lock.json says. */
export function recordInstall() {
  writeFileSync(LOCK_HASH_FILE, lockHash());
}

/** Builds pages, server and command line, unless the last build was made from the same sources. */
export async function buildIfNeeded() {
  if (isBuilt()) return;
  console.error('Building, once for each change of the sources …');
  await run(process.execPath, [path.join(projectDir, 'scripts', 'build.js')]);
}

/** Next leaves the types of routes behind that were moved or removed since; they break type checks and builds. */
export function removeStaleTypes() {
  for (const folder of ['types', 'dev/types']) {
    rmSync(path.join(projectDir, '.next', folder), { recursive: true, force: true });
  }
}

/** Tells whether `dist` and `.next` stand there and were made from the sources as they are now. */
export function isBuilt() {
  return existsSync(path.join(projectDir, '.next', 'BUILD_ID')) && readIfPresent(SOURCE_HASH_FILE) === hashSources();
}

/**
 * Notes from which sources the build was made.
 *
 * @param {string} sourceHash {@link hashSources} as it was before the build began: a file saved meanwhile is not in it.
 */
export function recordBuild(sourceHash) {
  mkdirSync(path.dirname(SOURCE_HASH_FILE), { recursive: true });
  writeFileSync(SOURCE_HASH_FILE, sourceHash);
}

/** The SHA-256 of all that the build reads, by path and content; tests do not count. */
export function hashSources() {
  const hash = createHash('sha256');
  for (const file of BUILD_SOURCES.flatMap((name) => listFiles(name)).sort()) {
    const content = readFileSync(path.join(projectDir, file));
    hash.update(`${file.split(path.sep).join('/')}\0${content.length}\0`);
    hash.update(content);
  }
  return hash.digest('hex');
}

/**
 * Runs a program on this terminal until it ends; anything but exit code 0 is a SetupFailure with that code. A signal
 * that reaches this process is passed on, so nothing is left behind.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ env?: NodeJS.ProcessEnv, shell?: boolean }} [options] `env` is added to the environment of this process
 * @returns {Promise<void>}
 */
export async function run(command, args, options = {}) {
  const exitCode = await runToEnd(command, args, options);
  if (exitCode === 0) return;
  const shown = [
    path.basename(command),
    ...args.map((arg) => (path.isAbsolute(arg) ? path.relative(projectDir, arg) : arg)),
  ];
  throw new SetupFailure(`This ended with exit code ${exitCode}: ${shown.join(' ')}`, exitCode);
}

/**
 * Like {@link run}, but gives the exit code: 128 + its number when a signal ended the program.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ env?: NodeJS.ProcessEnv, shell?: boolean }} [options]
 * @returns {Promise<number>}
 */
export function runToEnd(command, args, { env = {}, shell = false } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: projectDir,
      stdio: 'inherit',
      shell,
      env: { ...process.env, NEXT_TELEMETRY_DISABLED: '1', ...env },
    });
    // A terminal sends Ctrl-C to the child as well; anyone else reaches this process alone.
    const passOn = (/** @type {NodeJS.Signals} */ signal) => {
      if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
    };
    for (const signal of PASSED_SIGNALS) process.on(signal, passOn);
    const stopListening = () => {
      for (const signal of PASSED_SIGNALS) process.off(signal, passOn);
    };

    child.on('error', (error) => {
      stopListening();
      reject(new SetupFailure(`Could not run ${command}: ${error.message}`));
    });
    child.on('close', (exitCode, signal) => {
      stopListening();
      resolve(signal === null ? (exitCode ?? 1) : 128 + constants.signals[signal]);
    });
  });
}

/**
 * Runs the npm that runs this script, or the one on the path.
 *
 * @param {readonly string[]} args
 */
async function runNpm(args) {
  const npmCli = process.env.npm_execpath;
  if (npmCli !== undefined && /npm-cli\.c?js$/.test(npmCli)) return run(process.execPath, [npmCli, ...args]);
  // npm is a batch file on Windows, which only a shell can start.
  return run('npm', args, { shell: process.platform === 'win32' });
}

function lockHash() {
  const lock = readFileSync(path.join(projectDir, 'package-lock.json'));
  return createHash('sha256').update(lock).update(`${process.platform} ${process.arch}`).digest('hex');
}

/** @param {string} name a file or folder below the project; nothing when it is missing @returns {string[]} */
function listFiles(name) {
  const absolute = path.join(projectDir, name);
  if (!existsSync(absolute)) return [];
  if (statSync(absolute).isFile()) return [name];
  return readdirSync(absolute, { withFileTypes: true }).flatMap((entry) => {
    const child = path.join(name, entry.name);
    if (entry.isDirectory()) return listFiles(child);
    return /\.test\.tsx?$/.test(entry.name) ? [] : [child];
  });
}

/** @param {string} file */
function readIfPresent(file) {
  return existsSync(file) ? readFileSync(file, 'utf8').trim() : undefined;
}
