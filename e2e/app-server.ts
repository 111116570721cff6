import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { projectDir } from '../scripts/setup.js';

export interface AppServerOptions {
  /** `production` serves what is built; `development` serves the sources with hot reload. */
  readonly mode?: 'production' | 'development';
  /** A folder that outlives this server; without it the server gets one that its stop removes. */
  readonly dataDir?: string;
  /** Added to the environment, which holds none of the `CXONE_` and `CHAINWRIGHT_` variables of the caller. */
  readonly env?: Readonly<Record<string, string>>;
}

export interface AppServer {
  /** `http://127.0.0.1:PORT`, without a slash at the end. */
  readonly baseUrl: string;
  readonly dataDir: string;
  /** Everything that the server has printed so far. */
  readonly output: () => string;
  /**
   * Ends the server as Ctrl-C does and gives its exit code; a data folder of its own is removed. Below npm one Ctrl-C can
   * arrive twice, which `isDoubled` does.
   */
  readonly stop: (options?: { readonly isDoubled?: boolean }) => Promise<number | null>;
  /** Ends the server at once, as a power cut does. The data folder stays. */
  readonly kill: () => Promise<void>;
}

const READY_LINE = /Chainwright is ready at (http:\/\/127\.0\.0\.1:\d+)/;
const READY_MS_MAX = 60_000;
const STOP_MS_MAX = 25_000;

/** Starts the application as a person would, on a free port. Throws with what it printed when it does not get ready. */
export async function startApp({ mode = 'production', dataDir, env = {} }: AppServerOptions = {}): Promise<AppServer> {
  const folder = dataDir ?? (await mkdtemp(path.join(tmpdir(), 'chainwright-e2e-')));
  const program =
    mode === 'production' ? ['bin/chainwright.js', 'serve'] : ['--import', 'tsx', 'server/main.ts', '--dev'];
  const child = spawn(process.execPath, [...program, '--port', '0'], {
    cwd: projectDir,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...environmentWithoutSettings(), CHAINWRIGHT_DATA_DIR: folder, NEXT_TELEMETRY_DISABLED: '1', ...env },
  });
  let printed = '';
  const collect = (chunk: Buffer) => {
    printed += chunk.toString();
  };
  child.stdout.on('data', collect);
  child.stderr.on('data', collect);

  const end = async (signal: NodeJS.Signals, waitMs: number): Promise<number | null> => {
    if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
    const closed = once(child, 'close');
    child.kill(signal);
    const timer = setTimeout(() => child.kill('SIGKILL'), waitMs);
    await closed;
    clearTimeout(timer);
    return child.exitCode;
  };

  try {
    const baseUrl = await readyUrl(child, () => printed);
    return {
      baseUrl,
      dataDir: folder,
      output: () => printed,
      stop: async ({ isDoubled = false } = {}) => {
        if (isDoubled) child.kill('SIGINT');
        const exitCode = await end('SIGINT', STOP_MS_MAX);
        if (dataDir === undefined) await rm(folder, { recursive: true, force: true });
        return exitCode;
      },
      kill: async () => {
        await end('SIGKILL', STOP_MS_MAX);
      },
    };
  } catch (error) {
    await end('SIGKILL', STOP_MS_MAX);
    throw error;
  }
}

function readyUrl(child: ChildProcess, printed: () => string): Promise<string> {
  return new Promise((resolve, reject) => {
    const fail = (why: string) => reject(new Error(`The server ${why}. It printed:\n${printed()}`));
    const timer = setTimeout(() => fail(`was not ready after ${READY_MS_MAX} ms`), READY_MS_MAX);
    const look = () => {
      const baseUrl = READY_LINE.exec(printed())?.[1];
      if (baseUrl === undefined) return;
      clearTimeout(timer);
      resolve(baseUrl);
    };
    child.stdout?.on('data', look);
    child.stderr?.on('data', look);
    child.on('error', (error) => fail(`did not start: ${error.message}`));
    child.on('close', (exitCode) => {
      clearTimeout(timer);
      fail(`ended with exit code ${exitCode} before it was ready`);
    });
  });
}

/** A tenant or a port in the caller's environment must not leak into a test. */
function environmentWithoutSettings(): NodeJS.ProcessEnv {
  const entries = Object.entries(process.env).filter(
    ([name]) => !name.startsWith('CXONE_') && !name.startsWith('CHAINWRIGHT_') && name !== 'NODE_ENV',
  );
  return Object.fromEntries(entries) as NodeJS.ProcessEnv;
}
