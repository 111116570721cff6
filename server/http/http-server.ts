import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { getRequestListener } from '@hono/node-server';
import type { Log } from '../observe/log';
import type { WsServer } from '../ws/ws-server';
import { API_POLICY, type Guard, type GuardRefusal, SECURITY_HEADERS } from './guard';
import type { Pages } from './pages';
import { buildProblem, PROBLEM_TYPE, type ProblemStatus } from './problem-answer';

/** What stands behind the port once everything is up. */
export interface HttpBackend {
  readonly guard: Guard;
  readonly api: { readonly fetch: (request: Request) => Response | Promise<Response> };
  readonly sockets: Pick<WsServer, 'accept'>;
  /** Null serves the API alone. */
  readonly pages: Pages | null;
}

export interface HttpServer {
  readonly server: Server;
  /** Until it is called, every request is answered with 503. */
  readonly serve: (backend: HttpBackend) => void;
}

/** A client that sends its headers this slowly holds a connection for nothing. */
const HEADERS_MS_MAX = 15_000;
const REQUEST_MS_MAX = 120_000;

/** One port for API, pages and sockets. Nothing is looked at before the guard has let it through. */
export function createHttpServer(log: Log): HttpServer {
  let backend: HttpBackend | null = null;
  let apiListener: ReturnType<typeof getRequestListener> | null = null;

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (backend === null || apiListener === null)
      return sendProblem(response, 503, 'starting', 'The server is starting.');
    const path = pathOf(request);
    const refusal = check(backend.guard, request, path, false);
    if (refusal !== undefined) return sendProblem(response, refusal.status, refusal.code, refusal.message);
    if (!isDecodable(path))
      return sendProblem(response, 400, 'path_refused', 'The path is not valid percent-encoding.');
    if (path === '/api' || path.startsWith('/api/')) return apiListener(request, response);
    if (backend.pages !== null) return backend.pages.handle(request, response);
    return sendProblem(response, 404, 'route_unknown', 'This server has no pages.');
  };

  const server = createServer(
    { headersTimeout: HEADERS_MS_MAX, requestTimeout: REQUEST_MS_MAX },
    (request, response) => {
      answer(request, response).catch((error: unknown) => {
        log.error({ error, path: pathOf(request) }, 'request failed');
        if (response.headersSent) response.destroy();
        else sendProblem(response, 500, 'internal', 'Chainwright failed by its own fault.');
      });
    },
  );

  server.on('upgrade', (request, socket: Duplex, head) => {
    // An upgraded socket has no other listener yet, and an error without one ends the process.
    socket.on('error', () => socket.destroy());
    if (backend === null) return refuseUpgrade(socket, 503, 'starting', 'The server is starting.');
    const path = pathOf(request);
    const refusal = check(backend.guard, request, path, true);
    if (refusal !== undefined) return refuseUpgrade(socket, refusal.status, refusal.code, refusal.message);
    if (path === '/ws') return backend.sockets.accept(request, socket, head);
    if (backend.pages?.upgrade(request, socket, head) === true) return;
    refuseUpgrade(socket, 404, 'route_unknown', 'No socket is offered here; /ws is the one.');
  });

  return {
    server,
    serve: (ready) => {
      backend = ready;
      apiListener = getRequestListener((request) => ready.api.fetch(request), { overrideGlobalObjects: false });
    },
  };
}

const check = (guard: Guard, request: IncomingMessage, path: string, isUpgrade: boolean): GuardRefusal | undefined =>
  guard({ method: request.method ?? 'GET', path, headers: request.headers, isUpgrade });

/** The path as the client wrote it; a request line that holds a whole URL is not taken apart, it meets no route. */
const pathOf = (request: IncomingMessage): string => (request.url ?? '/').split(/[?#]/, 1)[0] ?? '/';

/** Next answers a path that is not with a bare 500. */
function isDecodable(path: string): boolean {
  try {
    decodeURIComponent(path);
    return true;
  } catch {
    return false;
  }
}

function sendProblem(response: ServerResponse, status: ProblemStatus, code: string, detail: string): void {
  response.writeHead(status, {
    ...SECURITY_HEADERS,
    'content-security-policy': API_POLICY,
    'content-type': PROBLEM_TYPE,
    'cache-control': 'no-store',
  });
  response.end(JSON.stringify(buildProblem(status, code, detail)));
}

function refuseUpgrade(socket: Duplex, status: ProblemStatus, code: string, detail: string): void {
  const problem = buildProblem(status, code, detail);
  const body = JSON.stringify(problem);
  socket.end(
    `HTTP/1.1 ${status} ${problem.title}\r\nConnection: close\r\nContent-Type: ${PROBLEM_TYPE}\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}
