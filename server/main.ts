import { existsSync, readFileSync, realpathSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type ParseArgsConfig, parseArgs } from 'node:util';
import { compose, type Services } from './compose';
import { connectionFromEnvironment } from './cxone/environment';
import { createGuard, ownOrigins } from './http/guard';
import { createHttpServer } from './http/http-server';
import { createPages, type Pages } from './http/pages';
import { createLog } from './observe/log';
import { parseFailpoint } from './runs/failpoint';
import { findSecretNames } from './secret';
import { flagOf, type LoadedSettings, loadSettings, SETTING_NAMES, type SettingName, type Settings } from './settings';
import { findLastHolder, openStore, type Store } from './store/database';

export interface RunningServer {
  /** Such as `http://127.0.0.1:3000`, without a slash at the end. */
  readonly url: string;
  /** Stops in order: no new requests, runs let go of after at most `drainMs` (default 5 s), sockets, pages, store. */
  readonly close: (drainMs?: number) => Promise<void>;
}

export interface StartOptions {
  /** Hot reload of the pages from their sources. */
  readonly dev?: boolean;
  /** Null serves API and sockets alone, without loading Next. Default: Next, unless `CHAINWRIGHT_PAGES=off`. */
  readonly pages?: 'next' | null;
}

/** Why the server did not start, in words for the person who started it. Nothing was left behind. */
export class StartRefused extends Error {
  override readonly name = 'StartRefused';
}

const DRAIN_MS = 5000;
/** A deploy may take this long to let calls in flight return; the whole exit stays under 20 s. */
const DRAIN_MS_TERM = 15_000;
/** One Ctrl-C can arrive twice at once: the terminal sends it to every process, and npm passes its own on. */
const SAME_SIGNAL_MS = 500;
/** What a stop may take beyond draining, before the process ends anyway. */
const STOP_MS_MAX = 4000;

/**
 * Starts everything behind one port and takes over what an earlier process left.
 *
 * @throws {@link StartRefused} for a taken port, a held or damaged store, and a half-configured connection.
 */
export async function startServer(loaded: LoadedSettings, options: StartOptions = {}): Promise<RunningServer> {
  const { settings, environment } = loaded;
  const { dev = false, pages: wanted = environment['CHAINWRIGHT_PAGES'] === 'off' ? null : 'next' } = options;
  const log = createLog(settings.logLevel);
  const failpoint = parseFailpoint(environment['CHAINWRIGHT_FAILPOINT']);
  const connection = connectionFromEnvironment(environment);
  if (!connection.ok) throw new StartRefused(connection.error);

  const projectDir = findProjectDir();
  const { server, serve } = createHttpServer(log);
  let store: Store | undefined;
  let services: Services | undefined;
  let pages: Pages | null = null;

  const close = async (drainMs = DRAIN_MS): Promise<void> => {
    const serverClosed = new Promise((resolve) => server.close(resolve));
    // One part that fails to stop must not keep the others from it, the store least of all.
    const steps: readonly (readonly [string, () => unknown])[] = [
      ['services', () => services?.close(drainMs)],
      ['connections', () => server.closeAllConnections()],
      ['server', () => serverClosed],
      ['pages', () => pages?.close()],
      ['store', () => store?.close()],
    ];
    for (const [part, stop] of steps) {
      try {
        await stop();
      } catch (error) {
        log.error({ part, error }, 'part did not stop');
      }
    }
  };

  try {
    // The port first: it is what most often stands against a start, and nothing else is begun in vain.
    const port = await listen(server, settings);
    const url = `http://${settings.host.includes(':') ? `[${settings.host}]` : settings.host}:${port}`;
    const opened = await openStore(settings.dataDir);
    if (!opened.ok) throw new StartRefused(opened.error.message);
    store = opened.value;
    store.announceAddress(url);
    const version = readVersion(projectDir);
    const secretNames = findSecretNames(environment);
    services = await compose({ settings, store, connection: connection.value, secretNames, version, failpoint, log });
    if (wanted === 'next') pages = await createPages({ dev, projectDir, hostname: settings.host, port });
    const guard = createGuard([...ownOrigins(port, settings.publicUrl), url]);
    serve({ guard, ...services.backend, pages });
    await services.recover();
    return { url, close };
  } catch (error) {
    await close(0);
    throw error;
  }
}

function listen(server: ReturnType<typeof createHttpServer>['server'], settings: Settings): Promise<number> {
  const { host, port, dataDir } = settings;
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') {
        const holder = findLastHolder(dataDir);
        const hint =
          holder?.url?.endsWith(`:${port}`) === true ? ` Chainwright may already run there: open ${holder.url}.` : '';
        const message = `Port ${port} of ${host} is taken.${hint} Choose another: --port ${port === 65_535 ? 3000 : port + 1}.`;
        reject(new StartRefused(message));
      } else if (error.code === 'EACCES') {
        reject(
          new StartRefused(`Port ${port} needs more rights than this user has. Choose one from 1024 on with --port.`),
        );
      } else reject(new StartRefused(`${host}:${port} cannot be listened on (${error.code ?? error.message}).`));
    });
    server.listen(port, host, () => resolve((server.address() as AddressInfo).port));
  });
}

/** The folder with the pages: upwards of this file, which lies in `server` or, bundled, in `dist`. */
function findProjectDir(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'next.config.js'))) {
    const parent = dirname(folder);
    if (parent === folder) throw new Error('next.config.js was not found above the server');
    folder = parent;
  }
  return folder;
}

const readVersion = (projectDir: string): string =>
  (JSON.parse(readFileSync(join(projectDir, 'package.json'), 'utf8')) as { readonly version: string }).version;

/** Standard output and error of the process, and its signals; a test gives its own. */
export interface ServeTerminal {
  readonly out: (line: string) => void;
  readonly error: (line: string) => void;
}

const processTerminal: ServeTerminal = {
  out: (line) => void process.stdout.write(`${line}\n`),
  error: (line) => void process.stderr.write(`${line}\n`),
};

/**
 * Serves until SIGINT or SIGTERM and gives the exit code: 0 after a clean stop, 1 when the server could not start. A second
 * signal, later than half a second after the first, ends the process at once, with 130.
 */
export async function serveUntilStopped(
  loaded: LoadedSettings,
  options: StartOptions = {},
  terminal: ServeTerminal = processTerminal,
): Promise<number> {
  let stop = (_signal: NodeJS.Signals): void => undefined;
  const stopped = new Promise<NodeJS.Signals>((resolve) => {
    stop = resolve;
  });
  let firstSignalAtMs: number | null = null;
  const onSignal = (signal: NodeJS.Signals): void => {
    const nowMs = performance.now();
    firstSignalAtMs ??= nowMs;
    if (nowMs - firstSignalAtMs > SAME_SIGNAL_MS) process.exit(130);
    stop(signal);
  };
  // Before the start: a Ctrl-C while pages are being prepared stops as cleanly as a later one.
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);

  let server: RunningServer;
  try {
    server = await startServer(loaded, options);
  } catch (error) {
    if (!(error instanceof StartRefused)) throw error;
    terminal.error(error.message);
    return 1;
  }
  terminal.out(`Chainwright is ready at ${server.url}`);

  const drainMs = (await stopped) === 'SIGTERM' ? DRAIN_MS_TERM : DRAIN_MS;
  const impatience = setTimeout(() => process.exit(1), drainMs + STOP_MS_MAX);
  await server.close(drainMs);
  clearTimeout(impatience);
  return 0;
}

/** Reads the flags of `chainwright serve`: one for each setting, and `--dev`. */
export function parseServeFlags(
  args: readonly string[],
): { readonly flags: Partial<Record<SettingName, string>>; readonly dev: boolean } | { readonly mistake: string } {
  const options: NonNullable<ParseArgsConfig['options']> = {
    ...Object.fromEntries(SETTING_NAMES.map((name) => [flagOf(name), { type: 'string' }])),
    dev: { type: 'boolean' },
  };
  try {
    const { values } = parseArgs({ args: [...args], options });
    const flags: Partial<Record<SettingName, string>> = {};
    for (const name of SETTING_NAMES) {
      const value = values[flagOf(name)];
      if (typeof value === 'string') flags[name] = value;
    }
    return { flags, dev: values['dev'] === true };
  } catch (error) {
    return { mistake: error instanceof Error ? error.message : String(error) };
  }
}

/** `chainwright serve` and `npm run dev`: gives the exit code. */
export async function serveFromArguments(
  args: readonly string[],
  terminal: ServeTerminal = processTerminal,
): Promise<number> {
  const parsed = parseServeFlags(args);
  if ('mistake' in parsed) {
    terminal.error(parsed.mistake);
    return 2;
  }
  const loaded = loadSettings({ folder: process.cwd(), processEnv: process.env, flags: parsed.flags });
  if (!loaded.ok) {
    for (const line of loaded.error) terminal.error(line);
    return 2;
  }
  return serveUntilStopped(loaded.value, { dev: parsed.dev }, terminal);
}

const isStartedDirectly = (): boolean => {
  const script = process.argv[1];
  return script !== undefined && existsSync(script) && realpathSync(script) === fileURLToPath(import.meta.url);
};

// Next leaves timers behind, so the exit is said aloud.
if (isStartedDirectly()) process.exit(await serveFromArguments(process.argv.slice(2)));
