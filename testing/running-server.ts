import { request as httpRequest } from 'node:http';
import { onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { printChain } from '@/lib/chain/print-chain';
import { exampleWorkbench } from '@/lib/exchange/example-chain';
import { type ClientFrame, SERVER_FRAME, type ServerFrame } from '@/lib/protocol/ws-frames';
import { type RunningServer, startServer } from '@/server/main';
import { loadSettings } from '@/server/settings';
import { temporaryFolder } from './temporary-store';

/** The server on a free port, without pages, stopped when the test has finished. */
export async function startTestServer(
  env: Readonly<Record<string, string>> = {},
  folder = temporaryFolder(),
): Promise<RunningServer> {
  const flags = { port: '0', dataDir: folder, logLevel: env['CHAINWRIGHT_LOG_LEVEL'] ?? 'silent' };
  const loaded = loadSettings({ folder, processEnv: env, flags });
  if (!loaded.ok) throw new Error(loaded.error.join('\n'));
  const server = await startServer(loaded.value, { pages: null });
  onTestFinished(() => server.close(0));
  return server;
}

export interface RawAnswer {
  readonly status: number;
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly text: string;
}

/** One request with exactly these headers; `fetch` would not send a Host or an Origin of our choice. */
export function send(
  url: string,
  options: {
    readonly method?: string;
    readonly headers?: Readonly<Record<string, string>>;
    readonly body?: string | Buffer;
  } = {},
): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const { method = 'GET', headers = {}, body } = options;
    const request = httpRequest(url, { method, headers, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          text: Buffer.concat(chunks).toString('utf8'),
        }),
      );
    });
    request.on('error', reject);
    request.end(body);
  });
}

/** A request with a JSON body, and its answer read as JSON. */
export async function sendJson(
  url: string,
  method: string,
  body?: unknown,
  // biome-ignore lint/suspicious/noExplicitAny: a test looks into the answer freely, and fails where it errs
): Promise<{ readonly status: number; readonly body: any; readonly headers: RawAnswer['headers'] }> {
  const answer = await send(url, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  });
  return { status: answer.status, headers: answer.headers, body: answer.text === '' ? null : JSON.parse(answer.text) };
}

/** What starts a run of the example chain; calls of the simulator take some hundred milliseconds. */
export const exampleRun = (wish: Readonly<Record<string, unknown>> = {}) => ({
  documentText: printChain(exampleWorkbench().chain),
  inputText: '{"account_id":"12345"}',
  chainId: null,
  connectionId: null,
  request: { type: 'all' },
  ...wish,
});

export interface Viewer {
  readonly socket: WebSocket;
  readonly send: (frame: ClientFrame) => void;
  readonly frames: readonly ServerFrame[];
  /** Resolves with the frames so far once they satisfy the condition; rejects when the socket closes before. */
  readonly until: (condition: (frames: readonly ServerFrame[]) => boolean) => Promise<readonly ServerFrame[]>;
}

/** Opens `/ws` as a page of the server does, and reads every frame by its schema. */
export async function openViewer(serverUrl: string): Promise<Viewer> {
  const socket = new WebSocket(`${serverUrl.replace('http', 'ws')}/ws`, { origin: serverUrl });
  const frames: ServerFrame[] = [];
  const looks = new Set<() => void>();
  socket.on('message', (data) => {
    frames.push(SERVER_FRAME.parse(JSON.parse(String(data))));
    for (const look of [...looks]) look();
  });
  onTestFinished(() => socket.terminate());
  await new Promise<void>((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', reject);
  });
  return {
    socket,
    send: (frame) => socket.send(JSON.stringify(frame)),
    frames,
    until: (condition) =>
      new Promise((resolve, reject) => {
        const onClose = (): void =>
          reject(new Error(`The socket closed after ${JSON.stringify(frames).slice(0, 500)}`));
        const look = (): void => {
          if (!condition(frames)) return;
          looks.delete(look);
          socket.off('close', onClose);
          resolve(frames);
        };
        looks.add(look);
        socket.once('close', onClose);
        look();
      }),
  };
}

export const eventsOf = (frames: readonly ServerFrame[]) =>
  frames.flatMap((frame) => (frame.type === 'events' ? frame.events : []));

export const isOver = (frames: readonly ServerFrame[]): boolean =>
  eventsOf(frames).some((event) => event.type === 'run.finished');
