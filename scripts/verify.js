/**
 * `npm run verify`: every check, the quick ones first. Stops at the first step that fails; with `--keep-going`, or
 * under CI, the other steps still run. The last line is `N passed, N failed`: tests one by one, other steps as one
 * check each, a step that did not run as failed.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { requireNode, runMain, runToEnd } from './setup.js';
import { countOfCheck, countOfPlaywright, countOfVitest } from './test-counts.js';

const reportDir = mkdtempSync(path.join(tmpdir(), 'chainwright-verify-'));
const vitestReport = path.join(reportDir, 'vitest.json');
const playwrightReport = path.join(reportDir, 'playwright.json');

/**
 * @typedef {import('./test-counts.js').Count} Count
 * @typedef {object} Step
 * @property {string} name
 * @property {readonly string[]} command a JavaScript file below the project, and its arguments
 * @property {(exitCode: number) => Count} count
 * @property {NodeJS.ProcessEnv} [env]
 */

/** @type {readonly Step[]} */
const STEPS = [
  { name: 'types', command: ['scripts/check-types.js'], count: countOfCheck },
  {
    name: 'lint',
    command: ['node_modules/@biomejs/biome/bin/biome', 'check', '--error-on-warnings', '.'],
    count: countOfCheck,
  },
  { name: 'dead code', command: ['node_modules/knip/bin/knip.js'], count: countOfCheck },
  {
    name: 'unit',
    command: [
      'node_modules/vitest/vitest.mjs',
      'run',
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${vitestReport}`,
    ],
    count: (exitCode) => countOfVitest(readReport(vitestReport), exitCode),
  },
  { name: 'build', command: ['scripts/build.js'], count: countOfCheck },
  { name: 'package', command: ['scripts/try-package.js', '--built'], count: countOfCheck },
  {
    name: 'browser',
    command: ['node_modules/@playwright/test/cli.js', 'test'],
    env: { PLAYWRIGHT_JSON_OUTPUT_NAME: playwrightReport, PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD: '1' },
    count: (exitCode) => countOfPlaywright(readReport(playwrightReport), exitCode),
  },
];

await runMain(async () => {
  requireNode();
  try {
    const keepGoing = process.argv.includes('--keep-going') || (process.env.CI ?? '') !== '';
    const outcomes = await runSteps(keepGoing);
    printSummary(outcomes);
    process.exitCode = outcomes.every((outcome) => outcome.count.failed === 0) ? 0 : 1;
  } finally {
    rmSync(reportDir, { recursive: true, force: true });
  }
});

/**
 * @typedef {{ name: string, count: Count, words: string }} Outcome
 * @param {boolean} keepGoing @returns {Promise<Outcome[]>}
 */
async function runSteps(keepGoing) {
  /** @type {Outcome[]} */
  const outcomes = [];
  for (const step of STEPS) {
    const hasFailed = outcomes.some((outcome) => outcome.count.failed > 0);
    if (hasFailed && !keepGoing) {
      outcomes.push({ name: step.name, count: { passed: 0, failed: 1, skipped: 0 }, words: 'did not run' });
      continue;
    }
    console.log(`\n── ${step.name} ──`);
    const startedAtMs = performance.now();
    const count = step.count(await runToEnd(process.execPath, step.command, { env: step.env ?? {} }));
    const seconds = ((performance.now() - startedAtMs) / 1000).toFixed(1);
    outcomes.push({ name: step.name, count, words: `${count.failed === 0 ? 'ok' : 'FAILED'} in ${seconds} s` });
  }
  return outcomes;
}

/** @param {readonly Outcome[]} outcomes */
function printSummary(outcomes) {
  console.log('');
  for (const { name, count, words } of outcomes) {
    console.log(`${name.padEnd(10)} ${words.padEnd(18)} ${count.passed} passed, ${count.failed} failed`);
  }
  const sum = (/** @type {keyof Count} */ key) => outcomes.reduce((total, { count }) => total + count[key], 0);
  const skipped = sum('skipped');
  console.log(`\n${sum('passed')} passed, ${sum('failed')} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
}

/** What a test runner wrote, or undefined when it ended before it could. @param {string} file */
function readReport(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    console.error(`No report of the tests: ${error instanceof Error ? error.message : error} (${path.basename(file)})`);
    return undefined;
  }
}
