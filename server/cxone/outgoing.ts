import dns from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';
import { Agent, buildConnector, type Dispatcher } from 'undici';
import { REFUSED_ADDRESS } from './failures';

export interface OutgoingOptions {
  /**
   * Hosts that may be loopback or private: `host:port` allows that port alone, `host` every port. An address of version
   * six stands in brackets.
   */
  readonly allowedHosts: readonly string[];
  /** The name look-up; tests give their own. */
  readonly lookup?: typeof dns.lookup;
}

/**
 * A keep-alive pool for requests that leave this process. The address that a socket really connects to must be public,
 * so that neither a name that leads inside nor a second, different DNS answer reaches a private network.
 *
 * Redirects are not followed, and there is no timeout: both belong to the caller.
 */
export function createOutgoing({ allowedHosts, lookup = dns.lookup }: OutgoingOptions): Dispatcher {
  const allowed = new Set(allowedHosts.map((host) => host.toLowerCase()));
  const open = buildConnector({ timeout: 0 });
  const guarded = buildConnector({ timeout: 0, lookup: guardLookup(lookup) });

  return new Agent({
    headersTimeout: 0,
    bodyTimeout: 0,
    connect: (options, callback) => {
      const host = options.hostname.toLowerCase();
      const port = options.port === '' ? (options.protocol === 'https:' ? '443' : '80') : options.port;
      if (allowed.has(host) || allowed.has(`${host}:${port}`)) return open(options, callback);
      // A literal address is connected to without any look-up, so the hook below would never see it.
      const literal = host.replace(/^\[|\]$/g, '');
      if (isIP(literal) !== 0 && !isPublicAddress(literal)) return callback(refusedAddress(), null);
      return guarded(options, callback);
    },
  });
}

/** `host:port` of a URL, the scheme's own port filled in: what {@link OutgoingOptions.allowedHosts} takes. */
export function hostAndPortOf(url: string): string {
  const { hostname, port, protocol } = new URL(url);
  return `${hostname}:${port === '' ? (protocol === 'https:' ? '443' : '80') : port}`;
}

/**
 * Whether an address belongs to the public internet. Loopback, private, link-local (cloud metadata among them),
 * unique-local, shared, multicast and reserved addresses do not, however they are mapped or tunnelled.
 */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  return ipaddr.process(address).range() === 'unicast';
}

function guardLookup(lookup: typeof dns.lookup): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, addresses) => {
      if (error !== null) return callback(error, '', 0);
      const [first] = addresses;
      // One private address among public ones is enough to refuse: which one the socket takes is not ours to choose.
      if (first === undefined || addresses.some(({ address }) => !isPublicAddress(address))) {
        return callback(refusedAddress(), '', 0);
      }
      if (options.all === true) return callback(null, addresses);
      return callback(null, first.address, first.family);
    });
  };
}

function refusedAddress(): NodeJS.ErrnoException {
  const error: NodeJS.ErrnoException = new Error('The address is not public.');
  error.code = REFUSED_ADDRESS;
  return error;
}
