/**
 * `npm run build`: the pages into `.next`, the command line with the server into `dist`. Ends with a failure when any part
 * fails, and then leaves no note of a build behind.
 */
import { rmSync } from 'node:fs';
import path from 'node:path';
import { hashSources, projectDir, recordBuild, removeStaleTypes, requireNode, run, runMain } from './setup.js';

await runMain(async () => {
  requireNode();
  const sourceHash = hashSources();
  rmSync(path.join(projectDir, 'dist'), { recursive: true, force: true });
  removeStaleTypes();
  await bundleCommandLine();
  await run(process.execPath, [path.join(projectDir, 'node_modules', 'next', 'dist', 'bin', 'next'), 'build']);
  recordBuild(sourceHash);
});

/**
 * Bundles our own code only; packages stay in node_modules. Split into chunks, so what is imported on demand (Next for
 * `serve`) is loaded on demand.
 */
async function bundleCommandLine() {
  const { build } = await import('esbuild');
  await build({
    absWorkingDir: projectDir,
    entryPoints: { cli: 'server/cli/main.ts' },
    outdir: 'dist',
    chunkNames: '[name]-[hash]',
    bundle: true,
    splitting: true,
    packages: 'external',
    platform: 'node',
    target: 'node20',
    format: 'esm',
    sourcemap: true,
    sourcesContent: false,
    logLevel: 'warning',
  });
}
