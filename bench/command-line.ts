import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { bundleCommandLine } from '@/scripts/bundle-command-line.js';
import { projectDir } from '@/scripts/setup.js';
import { layeredDocument } from './layered-document';
import { expectThat, type Measured, medianMs } from './measure';

const ACTIONS = 200;

/**
 * Commands as people start them: a process each, of the bundle that `npm run build` makes. The floor is a `node` that does
 * nothing.
 */
export async function measureCommandLine(): Promise<readonly Measured[]> {
  const cache = path.join(projectDir, 'node_modules/.cache');
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(path.join(cache, 'chainwright-bench-'));
  try {
    await bundleCommandLine(folder, { extension: '.mjs' });
    const document = layeredDocument(ACTIONS);
    writeFileSync(path.join(folder, 'chain.json'), document);
    writeFileSync(path.join(folder, 'other.json'), document.replace('"a199"', '"last"'));

    const start = (args: readonly string[]) => {
      const { status, stdout } = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8' });
      return { status, stdout };
    };
    const measured: Measured[] = [];
    for (const [args, exitCode, words] of [
      [['validate', 'chain.json'], 0, '1 file'],
      [['plan', 'chain.json'], 0, 'Critical path'],
      [['export', 'chain.json', '--to', 'chain'], 0, '"a199"'],
      [['diff', 'chain.json', 'other.json'], 1, 'a199 is now last'],
    ] as const) {
      // Measured beside each command: what else the machine does weighs on a process far more than on a loop.
      const floorMs = await medianMs(9, () => expectThat(start(['-e', '0']).status === 0, 'node does not start'));
      const ms = await medianMs(9, () => {
        const { status, stdout } = start(['cli.mjs', ...args]);
        expectThat(status === exitCode && stdout.includes(words), `${args[0]} exits ${status}`);
      });
      measured.push({ name: `chainwright ${args[0]}, ${ACTIONS} actions`, ms, floorMs, bar: '300 ms' });
    }
    return measured;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
