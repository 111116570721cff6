import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What arrived, as the wire had it. */
export interface ReceivedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: string;
}

/** One answer, given once. */
export interface ScriptedAnswer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Text or bytes go out as they are, anything else as JSON. */
  readonly body?: unknown;
  /** Cuts the connection instead of answering. */
  readonly isReset?: boolean;
  /** Answers only when this settles; lets a test hold a request in flight. */
  readonly after?: Promise<unknown>;
}

export interface ScriptedCxone {
  readonly baseUrl: string;
  /** Queues an answer to one request, such as `POST /oauth/token`. Answers to the same request come in this order. */
  readonly on: (methodAndPath: string, ...answers: readonly ScriptedAnswer[]) => ScriptedCxone;
  /** A token that never ends, for tests about something else. */
  readonly withToken: (token?: string) => ScriptedCxone;
  readonly received: readonly ReceivedRequest[];
  /** Resolves when `count` requests have arrived in all. */
  readonly untilReceived: (count: number) => Promise<void>;
  /** Resolves when a caller has hung up before its answer was out. */
  readonly untilHungUp: () => Promise<void>;
  /** Closes, and throws when a request was not scripted or an answer was not used. */
  readonly close: () => Promise<void>;
}

/**
 * A tenant that says exactly what a test tells it, over real HTTP on loopback. A request nobody scripted gets 599 and
 * fails the test at `close`; so does an answer that nobody asked for.
 */
export async function startScriptedCxone(): Promise<ScriptedCxone> {
  const answersByRequest = new Map<string, ScriptedAnswer[]>();
  const unscripted: string[] = [];
  const received: ReceivedRequest[] = [];
  const waiters = new Set<() => void>();
  let hungUp = (): void => undefined;
  const hangUp = new Promise<void>((resolve) => {
    hungUp = resolve;
  });

  const server = createServer(async (request, response) => {
    response.on('close', () => {
      if (!response.writableFinished) hungUp();
    });
    const body = await readBody(request);
    const { method = '', url = '', headers } = request;
    received.push({ method, path: url, headers, body });
    for (const wake of waiters) wake();

    const answer = answersByRequest.get(`${method} ${url}`)?.shift();
    if (answer === undefined) {
      unscripted.push(`${method} ${url}`);
      response.writeHead(599).end('Nobody scripted this request.');
      return;
    }
    await answer.after;
    if (answer.isReset === true) {
      request.socket.resetAndDestroy();
      return;
    }
    const isRaw = typeof answer.body === 'string' || answer.body instanceof Uint8Array || answer.body === undefined;
    response.writeHead(answer.status ?? 200, { 'content-type': 'application/json', ...answer.headers });
    response.end(isRaw ? answer.body : JSON.stringify(answer.body));
  });

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

  const scripted: ScriptedCxone = {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    on: (methodAndPath, ...answers) => {
      answersByRequest.set(methodAndPath, [...(answersByRequest.get(methodAndPath) ?? []), ...answers]);
      return scripted;
    },
    withToken: (token = 'scripted-token') =>
      scripted.on('POST /oauth/token', { body: { access_token: token, expires_in: 3600 } }),
    untilReceived: (count) =>
      new Promise((resolve) => {
        const wake = (): void => {
          if (received.length < count) return;
          waiters.delete(wake);
          resolve();
        };
        waiters.add(wake);
        wake();
      }),
    untilHungUp: () => hangUp,
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
      const unused = [...answersByRequest].flatMap(([request, answers]) => answers.map(() => request));
      if (unscripted.length > 0) throw new Error(`Not scripted: ${unscripted.join(', ')}`);
      if (unused.length > 0) throw new Error(`Scripted, but never asked for: ${unused.join(', ')}`);
    },
  };
  return scripted;
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}
