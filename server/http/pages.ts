import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { contentSecurityPolicy, SECURITY_HEADERS } from './guard';

/** The pages of the designer. */
export interface Pages {
  readonly handle: (request: IncomingMessage, response: ServerResponse) => Promise<void>;
  /** Hands an upgrade of Next's own (hot reload) over; false when it is none, and the socket is untouched. */
  readonly upgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => boolean;
  readonly close: () => Promise<void>;
}

export interface PagesOptions {
  /** Hot reload from sources instead of the built pages. */
  readonly dev: boolean;
  /** The folder that holds `app` and `next.config.js`. */
  readonly projectDir: string;
  readonly hostname: string;
  readonly port: number;
}

/**
 * Prepares Next inside this process. Loaded on demand: the API and the command line do not need it.
 *
 * Next hangs an `upgrade` listener of its own on the server it is given, which ends every socket that it does not know. So it
 * gets a server that never listens, and only `/_next/*` is passed on to that one.
 */
export async function createPages({ dev, projectDir, hostname, port }: PagesOptions): Promise<Pages> {
  Object.assign(process.env, { NODE_ENV: dev ? 'development' : 'production', NEXT_TELEMETRY_DISABLED: '1' });
  const { default: next } = await import('next');
  const hiddenServer = createServer();
  const app = next({ dev, dir: projectDir, hostname, port, httpServer: hiddenServer });
  await app.prepare();
  const handle = app.getRequestHandler();

  return {
    handle: async (request, response) => {
      const policy = contentSecurityPolicy(randomBytes(16).toString('base64'), dev);
      for (const [name, value] of Object.entries(SECURITY_HEADERS)) response.setHeader(name, value);
      response.setHeader('content-security-policy', policy);
      // Next reads the nonce from here and puts it on its own scripts; what a client sent under this name is gone.
      request.headers['content-security-policy'] = policy;
      await handle(request, response);
    },

    upgrade: (request, socket, head) => {
      if (!dev || !(request.url ?? '').startsWith('/_next/')) return false;
      return hiddenServer.emit('upgrade', request, socket, head);
    },

    close: () => app.close(),
  };
}
