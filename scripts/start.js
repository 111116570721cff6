/**
 * `npm start`: installs and builds what is missing or out of date, then serves. Arguments are those of
 * `chainwright serve`: `npm start -- --port 3001`.
 */
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { buildIfNeeded, installIfNeeded, projectDir, requireNode, runMain } from './setup.js';

await runMain(async () => {
  requireNode();
  await installIfNeeded();
  await buildIfNeeded();

  // In this very process: Ctrl-C then reaches the server once, and nothing stands between it and its exit code.
  const command = path.join(projectDir, 'bin', 'chainwright.js');
  process.argv = [process.execPath, command, 'serve', ...process.argv.slice(2)];
  await import(pathToFileURL(command).href);
});
