/**
 * `npm run build`: the pages into `.next`, the command line with the server into `dist`. Ends with a failure when any part
 * fails, and then leaves no note of a build behind.
 */
import { rmSync } from 'node:fs';
import path from 'node:path';
import { bundleCommandLine } from './bundle-command-line.js';
import { hashSources, projectDir, recordBuild, removeStaleTypes, requireNode, run, runMain } from './setup.js';

await runMain(async () => {
  requireNode();
  const sourceHash = hashSources();
  rmSync(path.join(projectDir, 'dist'), { recursive: true, force: true });
  removeStaleTypes();
  await bundleCommandLine('dist');
  await run(process.execPath, [path.join(projectDir, 'node_modules', 'next', 'dist', 'bin', 'next'), 'build']);
  recordBuild(sourceHash);
});
