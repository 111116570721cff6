/**
 * `npm run dev`: the same server from its sources, with hot reload of the pages. Arguments are those of
 * `chainwright serve`: `npm run dev -- --port 3001`.
 */
import { installIfNeeded, requireNode, runMain, runToEnd } from './setup.js';

await runMain(async () => {
  requireNode();
  await installIfNeeded();
  process.exitCode = await runToEnd(process.execPath, [
    '--import',
    'tsx',
    'server/main.ts',
    '--dev',
    ...process.argv.slice(2),
  ]);
});
