/**
 * `npm run pictures [-- FOLDER]`: drives the built application through the states that people look at first, in both
 * themes and two sizes, and saves a picture of each; without a folder the chosen few go to docs/pictures. The same run
 * searches each state for overlaps, clipped text and poor contrast, and fails on findings (e2e/looks.spec.ts).
 */
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { getBrowser } from './browser.js';
import { installIfNeeded, projectDir, requireNode, runMain, runToEnd } from './setup.js';

/** What the README and the documents show. */
const CHOSEN = ['completed-light-1920', 'failed-light-1280', 'refused-edge-light-1280', 'completed-dark-1280'];

await runMain(async () => {
  requireNode();
  await installIfNeeded();
  const browser = await getBrowser();
  const folder = process.argv[2];
  const target = folder === undefined ? path.join(projectDir, 'docs', 'pictures') : path.resolve(folder);
  mkdirSync(target, { recursive: true });
  process.exitCode = await runToEnd(
    process.execPath,
    ['node_modules/@playwright/test/cli.js', 'test', 'e2e/looks.spec.ts'],
    {
      env: {
        CHROMIUM_PATH: browser,
        CHAINWRIGHT_PICTURES: target,
        ...(folder === undefined ? { CHAINWRIGHT_PICTURES_CHOSEN: CHOSEN.join(',') } : {}),
      },
    },
  );
});
