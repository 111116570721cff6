import type { IncomingHttpHeaders } from 'node:http';

export interface GuardRequest {
  readonly method: string;
  /** Path without query. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly isUpgrade: boolean;
}

/** Why a request is turned away before anything looks at it. */
export interface GuardRefusal {
  readonly status: 403 | 421;
  readonly code: 'host_refused' | 'origin_refused';
  readonly message: string;
}

export type Guard = (request: GuardRequest) => GuardRefusal | undefined;

/**
 * Lets through what was meant for this server by a page of its own, by a person's navigation, or by a program on this
 * machine.
 *
 * - Host always: a foreign name that resolves to loopback (DNS rebinding) is refused.
 * - Origin on every change of state and every upgrade. It may be missing where no browser speaks, which is seen by the
 *   missing `Sec-Fetch-*` headers that every browser sends.
 * - A foreign page may link to a page of ours, but not read the API or embed its answers.
 *
 * @param origins the server's own, such as `http://127.0.0.1:3000`.
 */
export function createGuard(origins: readonly string[]): Guard {
  const ownOrigins = new Set(origins.map((origin) => new URL(origin).origin));
  const ownHosts = new Set([...ownOrigins].map((origin) => new URL(origin).host));

  return ({ method, path, headers, isUpgrade }) => {
    if (!ownHosts.has(withoutDefaultPort(headers.host ?? ''))) {
      return { status: 421, code: 'host_refused', message: `This server does not answer for that Host. ${ADVICE}` };
    }
    const { origin } = headers;
    const changesState = !['GET', 'HEAD'].includes(method) || isUpgrade;
    if (origin !== undefined && !ownOrigins.has(origin) && (changesState || isApi(path))) return FOREIGN_ORIGIN;
    const site = headers['sec-fetch-site'];
    if (origin === undefined && changesState && site !== undefined) return FOREIGN_ORIGIN;
    if (isApi(path) && (site === 'cross-site' || site === 'same-site')) return FOREIGN_ORIGIN;
    return undefined;
  };
}

const ADVICE = 'Open it by the address it printed, or set CHAINWRIGHT_PUBLIC_URL to the one you use.';

const FOREIGN_ORIGIN: GuardRefusal = {
  status: 403,
  code: 'origin_refused',
  message: 'Requests of another site’s pages are refused.',
};

const isApi = (path: string): boolean => path === '/api' || path.startsWith('/api/');

/** As the URL parser writes a host: lower case, and without the port that http implies. */
function withoutDefaultPort(host: string): string {
  // A Host holds no slash, no credentials and no space; what does is not parsed into something friendlier.
  if (!/^[\w.[\]:-]+$/.test(host) || !URL.canParse(`http://${host}`)) return '';
  return new URL(`http://${host}`).host;
}

/** The origins that name a loopback server on this port, and the public URL's when there is one. */
export function ownOrigins(port: number, publicUrl: string | null): readonly string[] {
  const local = ['127.0.0.1', 'localhost', '[::1]'].map((host) => `http://${host}:${port}`);
  return publicUrl === null ? local : [...local, new URL(publicUrl).origin];
}

/** The Content-Security-Policy of a page. Development's runtimes call `eval`; production never may. */
export const contentSecurityPolicy = (nonce: string, dev: boolean): string =>
  [
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'${dev ? " 'unsafe-eval'" : ''}`,
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "worker-src 'self' blob:",
    "connect-src 'self'",
    "font-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ');

/** What every answer carries, pages and API alike. */
export const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
};

/** For what is no page: nothing of it may run, be framed or load anything. */
export const API_POLICY = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'";
