import { err, ok, type Result } from '@/lib/result';
import { Secret } from '@/server/secret';
import { buildConnection, type Connection } from './connection';
import { SECRET_LENGTH_MIN } from './redactor';

type Environment = Readonly<Record<string, string | undefined>>;

/** The variables that describe a connection; the first two make one. */
const CONNECTION_VARIABLES = [
  'CXONE_CLIENT_ID',
  'CXONE_CLIENT_SECRET',
  'CXONE_REGION',
  'CXONE_BASE_URL',
  'CXONE_TOKEN_URL',
  'CXONE_PROFILE',
] as const;

const DEFAULT_REGION = 'us-east-1';

/**
 * The connection that the environment describes, or null when it says nothing of one. An empty variable counts as unset.
 *
 * A partial or unusable set is an error that names what to set, never a fall-back to something else. Errors never hold
 * a value of the environment, only names.
 */
export function connectionFromEnvironment(env: Environment): Result<Connection | null, string> {
  const read = (name: (typeof CONNECTION_VARIABLES)[number]): string | undefined => {
    const value = env[name]?.trim();
    return value === '' ? undefined : value;
  };
  const given = CONNECTION_VARIABLES.filter((name) => read(name) !== undefined);
  if (given.length === 0) return ok(null);

  const clientId = read('CXONE_CLIENT_ID');
  const clientSecret = read('CXONE_CLIENT_SECRET');
  if (clientId === undefined || clientSecret === undefined) {
    const missing = [
      ...(clientId === undefined ? ['CXONE_CLIENT_ID'] : []),
      ...(clientSecret === undefined ? ['CXONE_CLIENT_SECRET'] : []),
    ];
    return err(
      `${missing.join(' and ')} ${missing.length === 1 ? 'is' : 'are'} missing: ${given.join(', ')} ` +
        `${given.length === 1 ? 'is' : 'are'} set, and a connection to CXone needs CXONE_CLIENT_ID and CXONE_CLIENT_SECRET.`,
    );
  }
  if (clientSecret.length < SECRET_LENGTH_MIN) {
    return err(
      `CXONE_CLIENT_SECRET has fewer than ${SECRET_LENGTH_MIN} characters; so short a secret cannot be kept out of recorded answers.`,
    );
  }

  const profile = read('CXONE_PROFILE') ?? 'data-actions';
  if (profile !== 'data-actions') return err('CXONE_PROFILE names no known profile; data-actions is the one there is.');

  const region = read('CXONE_REGION') ?? DEFAULT_REGION;
  if (!/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/.test(region)) {
    return err('CXONE_REGION is no region name; us-east-1 is one.');
  }
  const baseUrl = readHttpUrl('CXONE_BASE_URL', read('CXONE_BASE_URL') ?? `https://${region}.api.nice-incontact.com`);
  if (!baseUrl.ok) return baseUrl;
  const tokenUrl = readHttpUrl('CXONE_TOKEN_URL', read('CXONE_TOKEN_URL') ?? `${baseUrl.value}/oauth/token`);
  if (!tokenUrl.ok) return tokenUrl;

  return ok(
    buildConnection({
      id: 'environment',
      name: `CXone (${new URL(baseUrl.value).host})`,
      purpose: 'production',
      baseUrl: baseUrl.value,
      tokenUrl: tokenUrl.value,
      credentials: { clientId, clientSecret: new Secret(clientSecret) },
      givenBy: 'operator',
    }),
  );
}

/** An http(s) URL without credentials, query or fragment; no slash at the end. */
function readHttpUrl(name: string, value: string): Result<string, string> {
  if (!URL.canParse(value)) return err(`${name} is no URL; https://us-east-1.api.nice-incontact.com is one.`);
  const url = new URL(value);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return err(`${name} must begin with https:// or http://.`);
  if (url.username !== '' || url.password !== '') return err(`${name} must not hold a user name or a password.`);
  if (url.search !== '' || url.hash !== '') return err(`${name} must not have a query or a fragment.`);
  return ok(url.href.replace(/\/+$/, ''));
}
