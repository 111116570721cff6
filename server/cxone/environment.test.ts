import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { connectionFromEnvironment } from './environment';

const CREDENTIALS = { CXONE_CLIENT_ID: 'client', CXONE_CLIENT_SECRET: 'a-long-secret' };

function connectionOf(env: Record<string, string>) {
  const found = connectionFromEnvironment(env);
  if (!found.ok || found.value === null) throw new Error(`No connection: ${JSON.stringify(found)}`);
  return found.value;
}

describe('the environment', () => {
  it('describes no connection when it says nothing of one', () => {
    expect(connectionFromEnvironment({ PATH: '/bin', CXONE_CLIENT_ID: ' ' })).toEqual({ ok: true, value: null });
  });

  it('needs no more than the two credentials', () => {
    expect(connectionOf(CREDENTIALS)).toMatchObject({
      purpose: 'production',
      profile: 'data-actions',
      baseUrl: 'https://us-east-1.api.nice-incontact.com',
      tokenUrl: 'https://us-east-1.api.nice-incontact.com/oauth/token',
    });
  });

  it('takes region, base URL and token URL, each over the default made of the one before', () => {
    const region = { ...CREDENTIALS, CXONE_REGION: 'eu-west-2' };
    expect(connectionOf(region).tokenUrl).toBe('https://eu-west-2.api.nice-incontact.com/oauth/token');
    const base = { ...region, CXONE_BASE_URL: 'http://127.0.0.1:4010/tenant/' };
    expect(connectionOf(base)).toMatchObject({
      baseUrl: 'http://127.0.0.1:4010/tenant',
      tokenUrl: 'http://127.0.0.1:4010/tenant/oauth/token',
    });
    const token = { ...base, CXONE_TOKEN_URL: 'https://login.example/token' };
    expect(connectionOf(token)).toMatchObject({
      baseUrl: 'http://127.0.0.1:4010/tenant',
      tokenUrl: 'https://login.example/token',
    });
  });

  it.each([
    [{ CXONE_CLIENT_ID: 'client' }, 'CXONE_CLIENT_SECRET is missing'],
    [{ CXONE_CLIENT_SECRET: 'a-long-secret' }, 'CXONE_CLIENT_ID is missing'],
    [{ CXONE_REGION: 'eu-west-2' }, 'CXONE_CLIENT_ID and CXONE_CLIENT_SECRET are missing'],
    [{ CXONE_BASE_URL: 'https://x.example' }, 'CXONE_CLIENT_ID and CXONE_CLIENT_SECRET are missing'],
    [{ ...CREDENTIALS, CXONE_CLIENT_SECRET: 'short' }, 'CXONE_CLIENT_SECRET has fewer than 8 characters'],
    [{ ...CREDENTIALS, CXONE_REGION: 'evil.example/' }, 'CXONE_REGION'],
    [{ ...CREDENTIALS, CXONE_BASE_URL: 'nice' }, 'CXONE_BASE_URL'],
    [{ ...CREDENTIALS, CXONE_BASE_URL: 'ftp://nice.example' }, 'CXONE_BASE_URL'],
    [{ ...CREDENTIALS, CXONE_BASE_URL: 'https://me:pass-word@nice.example' }, 'CXONE_BASE_URL'],
    [{ ...CREDENTIALS, CXONE_TOKEN_URL: 'https://nice.example/?a=1' }, 'CXONE_TOKEN_URL'],
    [{ ...CREDENTIALS, CXONE_PROFILE: 'other' }, 'CXONE_PROFILE'],
  ])('is refused when it holds %o', (env, words) => {
    const found = connectionFromEnvironment(env);
    expect(found).toMatchObject({ ok: false, error: expect.stringContaining(words) });
    for (const secret of ['a-long-secret', 'pass-word']) expect(JSON.stringify(found)).not.toContain(secret);
  });

  it('gives a connection that shows its secret in no way of printing', () => {
    const connection = connectionOf(CREDENTIALS);
    const printed = `${inspect(connection, { depth: 9, showHidden: true })}${JSON.stringify(connection)}${connection.credentials.clientSecret}`;
    expect(printed).not.toContain('a-long-secret');
    expect(connection.credentials.clientSecret.reveal()).toBe('a-long-secret');
  });
});
