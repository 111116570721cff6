import path from 'node:path';
import { projectDir } from './setup.js';

/** Packages of pure code that every command loads. In one file with ours they are there in half the time. */
const BUNDLED = new Set(['zod', 'jsonc-parser', 'nunjucks', '@noble/hashes', '@cfworker/json-schema']);

/** `zod` of `zod/v4`, `@noble/hashes` of `@noble/hashes/sha2`. @param {string} specifier */
const packageOf = (specifier) =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');

/**
 * Bundles the command line: `cli` with a chunk for each command that is loaded on demand, and `serve` by itself. In
 * `serve` all packages stay in node_modules, because @hono/zod-openapi extends the very zod that it finds there.
 *
 * @param {string} outdir
 * @param {{ extension?: '.js' | '.mjs' }} [options] `.mjs` for a folder that belongs to no package of type module
 * @returns {Promise<import('esbuild').Metafile>} of the command line without `serve`
 */
export async function bundleCommandLine(outdir, { extension = '.js' } = {}) {
  const { build } = await import('esbuild');
  /** @satisfies {import('esbuild').BuildOptions} */
  const shared = {
    absWorkingDir: projectDir,
    outdir,
    chunkNames: '[name]-[hash]',
    outExtension: { '.js': extension },
    bundle: true,
    splitting: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    sourcemap: true,
    sourcesContent: false,
    logLevel: 'warning',
  };
  await build({ ...shared, entryPoints: { serve: 'server/cli/commands/serve.ts' }, packages: 'external' });
  const { metafile } = await build({
    ...shared,
    entryPoints: { cli: 'server/cli/main.ts' },
    metafile: true,
    // The modules of a package, not its CommonJS twin, which esbuild cannot take apart.
    mainFields: ['module', 'main'],
    plugins: [
      {
        name: 'packages',
        setup: ({ onLoad, onResolve }) => {
          // A third of the bundle, and never asked for: messages of zod in other languages than English.
          onLoad({ filter: /[\\/]zod[\\/]v4[\\/]locales[\\/]index\.js$/ }, () => ({ contents: 'export {}' }));
          onResolve({ filter: /^\.\/commands\/serve$/ }, () => ({ path: `./serve${extension}`, external: true }));
          onResolve({ filter: /^[^./]/ }, ({ path: specifier, importer, kind }) => {
            const isOurs = kind === 'entry-point' || specifier.startsWith('@/');
            const isInside = importer.includes(`${path.sep}node_modules${path.sep}`);
            if (isOurs || isInside || BUNDLED.has(packageOf(specifier))) return undefined;
            return { path: specifier, external: true };
          });
        },
      },
    ],
  });
  return metafile;
}
