import { describe, expect, it } from 'vitest';
import { contentSecurityPolicy, createGuard, type GuardRequest, ownOrigins } from './guard';

const guard = createGuard(ownOrigins(3000, 'https://chains.example.com'));
const OWN = 'http://127.0.0.1:3000';

const verdict = (headers: GuardRequest['headers'], request: Partial<GuardRequest> = {}): string =>
  guard({
    method: 'GET',
    path: '/api/chains',
    isUpgrade: false,
    ...request,
    headers: { host: '127.0.0.1:3000', ...headers },
  })?.code ?? 'let through';

describe('createGuard', () => {
  it.each(['127.0.0.1:3000', 'localhost:3000', 'LOCALHOST:3000', '[::1]:3000', 'chains.example.com'])(
    'lets the Host %s through',
    (host) => {
      expect(verdict({ host })).toBe('let through');
    },
  );

  it.each([
    'evil.example',
    '127.0.0.1',
    '127.0.0.1:3001',
    '127.0.0.1:3000.evil.example',
    'localhost:3000@evil.example',
    'chains.example.com:8443',
    '',
    'a b',
  ])('refuses the Host %j', (host) => {
    expect(verdict({ host })).toBe('host_refused');
  });

  it('takes the port that http implies as absent', () => {
    const onPort80 = createGuard(ownOrigins(80, null));
    for (const host of ['127.0.0.1', '127.0.0.1:80']) {
      expect(onPort80({ method: 'GET', path: '/', isUpgrade: false, headers: { host } })).toBeUndefined();
    }
  });

  it.each(['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'])('asks %s for an Origin of its own', (method) => {
    expect(verdict({ origin: OWN }, { method })).toBe('let through');
    expect(verdict({ origin: 'https://chains.example.com' }, { method })).toBe('let through');
    expect(verdict({ origin: 'https://evil.example' }, { method })).toBe('origin_refused');
    expect(verdict({ origin: 'null' }, { method })).toBe('origin_refused');
    expect(verdict({ origin: 'http://127.0.0.1:3001' }, { method })).toBe('origin_refused');
    expect(verdict({ origin: 'https://127.0.0.1:3000' }, { method })).toBe('origin_refused');
  });

  it('takes a missing Origin from a program, not from a browser', () => {
    expect(verdict({}, { method: 'POST' })).toBe('let through');
    for (const site of ['same-origin', 'cross-site', 'none']) {
      expect(verdict({ 'sec-fetch-site': site }, { method: 'POST' })).toBe('origin_refused');
    }
  });

  it('asks an upgrade for an Origin of its own', () => {
    const upgrade = { isUpgrade: true, path: '/ws' };
    expect(verdict({ origin: OWN }, upgrade)).toBe('let through');
    expect(verdict({ origin: 'https://evil.example' }, upgrade)).toBe('origin_refused');
    expect(verdict({ 'sec-fetch-site': 'cross-site' }, upgrade)).toBe('origin_refused');
  });

  it('lets a foreign page link to a page, but not read the API', () => {
    const foreign = { 'sec-fetch-site': 'cross-site' };
    expect(verdict(foreign, { path: '/chains/x' })).toBe('let through');
    expect(verdict(foreign, { path: '/api/chains' })).toBe('origin_refused');
    expect(verdict({ 'sec-fetch-site': 'same-site' }, { path: '/api/chains' })).toBe('origin_refused');
    expect(verdict({ origin: 'https://evil.example' }, { path: '/api/chains' })).toBe('origin_refused');
    expect(verdict({ 'sec-fetch-site': 'same-origin' }, { path: '/api/chains' })).toBe('let through');
  });
});

describe('contentSecurityPolicy', () => {
  it('allows eval in development alone', () => {
    expect(contentSecurityPolicy('abc', false)).toBe(
      "script-src 'self' 'nonce-abc' 'strict-dynamic'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; " +
        "worker-src 'self' blob:; connect-src 'self'; font-src 'self'; object-src 'none'; base-uri 'none'; " +
        "frame-ancestors 'none'",
    );
    expect(contentSecurityPolicy('abc', true)).toContain("'strict-dynamic' 'unsafe-eval'; style-src");
  });
});
