import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { serveSocket, type WsSessionDeps } from './ws-session';

export interface WsServer {
  /** Takes an upgrade that the guard has let through. */
  readonly accept: (request: IncomingMessage, socket: Duplex, head: Buffer) => void;
  readonly clientCount: () => number;
  /** Says goodbye (1001) to every viewer, and ends those that do not answer. */
  readonly close: () => Promise<void>;
}

export interface WsServerOptions {
  /** Pause between two pings. Default 15 s. */
  readonly heartbeatMs?: number;
  /** A peer silent for this long is dropped. Default 30 s. */
  readonly silenceMsMax?: number;
  /** How long a viewer may take to answer the goodbye. Default 1 s. */
  readonly goodbyeMs?: number;
}

const FRAME_BYTES_MAX = 64 * 1024;
const SOCKETS_PER_ADDRESS_MAX = 64;

/** The sockets of `/ws`: limits, heartbeat, and a session each. Compression is off: it costs memory per viewer. */
export function createWsServer(deps: WsSessionDeps, options: WsServerOptions = {}): WsServer {
  const { heartbeatMs = 15_000, silenceMsMax = 30_000, goodbyeMs = 1000 } = options;
  const server = new WebSocketServer({
    noServer: true,
    maxPayload: FRAME_BYTES_MAX,
    perMessageDeflate: false,
    clientTracking: true,
  });
  const countByAddress = new Map<string, number>();
  const heardAtMs = new WeakMap<WebSocket, number>();

  const heartbeat = setInterval(() => {
    const nowMs = deps.monotonicMs();
    for (const socket of server.clients) {
      if (nowMs - (heardAtMs.get(socket) ?? nowMs) > silenceMsMax) socket.terminate();
      else socket.ping();
    }
  }, heartbeatMs);

  server.on('connection', (socket: WebSocket, request: IncomingMessage) => {
    const address = request.socket.remoteAddress ?? '';
    countByAddress.set(address, (countByAddress.get(address) ?? 0) + 1);
    const hear = (): void => void heardAtMs.set(socket, deps.monotonicMs());
    hear();
    socket.on('pong', hear);
    socket.on('message', hear);
    // A broken peer is closed by ws itself; its `close` cleans up.
    socket.on('error', (error) => deps.log.debug({ error }, 'socket error'));
    socket.on('close', () => {
      const left = (countByAddress.get(address) ?? 1) - 1;
      if (left > 0) countByAddress.set(address, left);
      else countByAddress.delete(address);
    });
    serveSocket(socket, deps);
  });

  return {
    accept: (request, socket, head) => {
      if ((countByAddress.get(request.socket.remoteAddress ?? '') ?? 0) >= SOCKETS_PER_ADDRESS_MAX) {
        socket.end('HTTP/1.1 429 Too Many Requests\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
        return;
      }
      server.handleUpgrade(request, socket, head, (opened) => server.emit('connection', opened, request));
    },

    clientCount: () => server.clients.size,

    close: async () => {
      clearInterval(heartbeat);
      const sockets = [...server.clients];
      const closed = Promise.all(sockets.map((socket) => new Promise((resolve) => socket.once('close', resolve))));
      for (const socket of sockets) socket.close(1001, 'the server is stopping');
      const impatience = setTimeout(() => {
        for (const socket of sockets) socket.terminate();
      }, goodbyeMs);
      await closed;
      clearTimeout(impatience);
      server.close();
    },
  };
}
