import { defineConfig } from '@playwright/test';
import { BROWSER_FLAGS, findBrowser } from './scripts/browser.js';

const browser = findBrowser();
if (browser === undefined)
  throw new Error('No Chrome, Chromium or Edge was found: `npm test` installs one or says how.');

/** Set by `npm run verify`, which counts the tests from it. */
const jsonReport = process.env['PLAYWRIGHT_JSON_OUTPUT_NAME'];

export default defineConfig({
  testDir: 'e2e',
  globalSetup: './e2e/global-setup.ts',
  // Each worker has a server of its own and a browser, on machines that may have two cores.
  workers: 2,
  retries: 0,
  forbidOnly: (process.env['CI'] ?? '') !== '',
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: [['list'], ...(jsonReport === undefined ? [] : [['json', { outputFile: jsonReport }] as const])],
  use: {
    headless: true,
    viewport: { width: 1280, height: 720 },
    launchOptions: { executablePath: browser, args: BROWSER_FLAGS },
    screenshot: 'only-on-failure',
    trace: 'retain-on-failure',
  },
});
