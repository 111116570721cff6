import type dns from 'node:dns';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ScriptedCxone, startScriptedCxone } from '@/testing/scripted-cxone';
import { createOutgoing, hostAndPortOf, isPublicAddress } from './outgoing';
import { sendRequest } from './send-request';

describe('an address', () => {
  it.each(['93.184.216.34', '2606:2800:220:1:248:1893:25c8:1946'])('%s is public', (address) => {
    expect(isPublicAddress(address)).toBe(true);
  });

  it.each([
    '127.0.0.1',
    '10.1.2.3',
    '172.16.0.1',
    '192.168.1.1',
    '169.254.169.254',
    '100.100.100.200',
    '0.0.0.0',
    '224.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    'fe80::1',
    'fd00:ec2::254',
    'ff02::1',
    '::ffff:127.0.0.1',
    '::ffff:10.0.0.1',
    '64:ff9b::7f00:1',
    '2002:7f00:1::',
    'not an address',
  ])('%s is not', (address) => {
    expect(isPublicAddress(address)).toBe(false);
  });
});

describe('a request', () => {
  let server: ScriptedCxone;
  let port: string;

  beforeEach(async () => {
    server = await startScriptedCxone();
    port = new URL(server.baseUrl).port;
  });
  afterEach(() => server.close());

  /** A name service: `mixed.example` leads to a public and a private address, everything else to loopback. */
  const lookup = ((name: string, _: unknown, done: (error: null, found: dns.LookupAddress[]) => void) => {
    const isMixed = name === 'mixed.example';
    const inside = { address: '127.0.0.1', family: 4 };
    done(null, isMixed ? [{ address: '93.184.216.34', family: 4 }, inside] : [inside]);
  }) as unknown as typeof dns.lookup;

  async function get(host: string, allowedHosts: readonly string[]) {
    const dispatcher = createOutgoing({ allowedHosts, lookup });
    const request = { method: 'GET', url: `http://${host}/`, headers: {} } as const;
    const answer = await sendRequest(dispatcher, request, 1000, new AbortController().signal);
    await dispatcher.destroy();
    return answer;
  }

  it('to a private address is refused before anything leaves', async () => {
    const answer = await get(`127.0.0.1:${port}`, []);
    expect(answer).toMatchObject({ ok: false, error: { kind: 'network', mayHaveHappened: false } });
    expect(JSON.stringify(answer)).toContain('CHAINWRIGHT_ALLOW_HOSTS');
    expect(server.received).toHaveLength(0);
  });

  it.each(['public.example', 'mixed.example'])('to %s, which leads to a private address, is refused', async (name) => {
    const answer = await get(`${name}:${port}`, []);
    expect(answer).toMatchObject({ ok: false, error: { kind: 'network', mayHaveHappened: false } });
    expect(JSON.stringify(answer)).toContain('private network');
    expect(server.received).toHaveLength(0);
  });

  it.each(['2130706433', '0x7f.1', '127.1', '[::ffff:127.0.0.1]'])(
    'to %s, loopback in disguise, is refused',
    async (host) => {
      expect(await get(`${host}:${port}`, [])).toMatchObject({ ok: false, error: { mayHaveHappened: false } });
      expect(server.received).toHaveLength(0);
    },
  );

  it('to a listed host and port is let through', async () => {
    server.on('GET /', { body: 'in' });
    expect(await get(`127.0.0.1:${port}`, [`127.0.0.1:${port}`])).toMatchObject({ ok: true, value: { text: 'in' } });
  });

  it('to a host listed without a port is let through', async () => {
    server.on('GET /', { body: 'in' });
    expect(await get(`LocalHost:${port}`, ['localhost'])).toMatchObject({ ok: true, value: { text: 'in' } });
  });

  it('to another port of a listed host and port is refused', async () => {
    expect(await get(`127.0.0.1:${port}`, ['127.0.0.1:1'])).toMatchObject({ ok: false, error: { kind: 'network' } });
  });
});

it.each([
  ['https://a.example/x', 'a.example:443'],
  ['http://a.example', 'a.example:80'],
  ['http://[::1]:8080/', '[::1]:8080'],
])('fills in the port of %s', (url, expected) => {
  expect(hostAndPortOf(url)).toBe(expected);
});
