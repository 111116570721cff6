/** `npm test`: installs what the tests need, a browser included, and runs every check. Nothing is ever skipped. */
import { getBrowser } from './browser.js';
import { installIfNeeded, requireNode, runMain, runToEnd } from './setup.js';

await runMain(async () => {
  requireNode();
  // The tests drive an installed browser; Playwright must not fetch one of its own.
  process.env.PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD = '1';
  await installIfNeeded();
  const browser = await getBrowser();
  process.exitCode = await runToEnd(process.execPath, ['scripts/verify.js', ...process.argv.slice(2)], {
    env: { CHROMIUM_PATH: browser },
  });
});
