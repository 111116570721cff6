import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ActionId, RunId } from '@/lib/chain/ids';
import type { Answer } from '@/lib/failure/answer';
import type { JsonText } from '@/lib/json/value';
import type { Call } from '@/lib/plan/call';
import type { Sent } from '@/lib/run/ports';
import { Secret } from '@/server/secret';
import { createManualClock, type ManualClock } from '@/testing/manual-clock';
import { type ScriptedCxone, startScriptedCxone } from '@/testing/scripted-cxone';
import { type AnswerPointers, buildConnection, type Connection } from './connection';
import { type ConnectionInvoke, createConnectionInvoke } from './connection-invoke';

const EXECUTIONS = 'POST /api/v2/dataactions/executions';
const POLL = 'GET /api/v2/dataactions/executions/ex-1';
const DEFINITIONS = 'GET /api/v2/dataactions/definitions';
const SECRET = 'client-secret/with+signs';

let tenant: ScriptedCxone;
let clock: ManualClock;
let opened: ConnectionInvoke[];

beforeEach(async () => {
  tenant = await startScriptedCxone();
  clock = createManualClock();
  opened = [];
});

afterEach(async () => {
  await Promise.all(opened.map((connection) => connection.close()));
  await tenant.close();
});

function open(
  given: { payloadBytesMax?: number; pointers?: Partial<AnswerPointers>; purpose?: Connection['purpose'] } = {},
): ConnectionInvoke {
  const connection = buildConnection({
    id: 'tenant',
    name: 'Tenant',
    purpose: 'test',
    baseUrl: tenant.baseUrl,
    credentials: { clientId: 'client', clientSecret: new Secret(SECRET) },
    givenBy: 'operator',
    ...given,
  });
  const made = createConnectionInvoke(connection, { clock });
  opened.push(made);
  return made;
}

const call = (more: Partial<Call> = {}): Call => ({
  runId: '0f8fad5b-d9cb-469f-a165-70867728950e' as RunId,
  actionId: 'fetch_customer' as ActionId,
  attempt: 1,
  definitionId: 'definition-1',
  inputs: '{"account_id":"12345"}' as JsonText,
  callKey: 'key-1',
  timeoutMs: 30_000,
  effect: 'write',
  ...more,
});

const live = (): AbortSignal => new AbortController().signal;
const noop = (): void => undefined;
const ignoreSent: Sent = () => noop;

async function ask(connection: ConnectionInvoke, more: Partial<Call> = {}): Promise<Answer> {
  return connection.invoke(call(more), live(), ignoreSent);
}

function failureIn(answer: Answer) {
  if (answer.type !== 'failure') throw new Error(`Expected a failure, got the output ${answer.output}`);
  return answer.failure;
}

describe('a call', () => {
  it('sends definition, inputs, token, call key and trace, each as it was given', async () => {
    tenant.withToken('token-0001').on(EXECUTIONS, { body: '{"status":"completed","output":{}}' });
    await ask(open(), { inputs: '{"amount":2.0,"id":9007199254740993}' as JsonText });

    const [mint, execution] = tenant.received;
    expect([...new URLSearchParams(mint!.body)]).toEqual([
      ['grant_type', 'client_credentials'],
      ['client_id', 'client'],
      ['client_secret', SECRET],
    ]);
    expect(execution!.body).toBe('{"definition_id":"definition-1","inputs":{"amount":2.0,"id":9007199254740993}}');
    expect(execution!.headers).toMatchObject({
      authorization: 'Bearer token-0001',
      'idempotency-key': 'key-1',
      'content-type': 'application/json',
      accept: 'application/json',
    });
    expect(execution!.headers['traceparent']).toMatch(/^00-0f8fad5bd9cb469fa16570867728950e-[0-9a-f]{16}-01$/);
  });

  it('gives another span to another attempt of the same action', async () => {
    tenant.withToken().on(EXECUTIONS, { body: { output: 1 } }, { body: { output: 1 } });
    const connection = open();
    await ask(connection);
    await ask(connection, { attempt: 2 });
    const [, first, second] = tenant.received.map(({ headers }) => headers['traceparent']);
    expect(first).not.toBe(second);
  });

  it('unwraps the output without touching numbers or the order of keys', async () => {
    const output = '{"10":1.50,"2":12345678901234567890,"__proto__":{"a":1e3}}';
    tenant.withToken().on(EXECUTIONS, { body: `{"id":"ex-1","status":"COMPLETED","output":${output}}` });
    expect(await ask(open())).toEqual({
      type: 'output',
      output,
      envelope: `{"id":"ex-1","status":"COMPLETED","output":${output}}`,
      provenance: 'live',
    });
  });

  it('says simulated when the connection is a simulator', async () => {
    tenant.withToken().on(EXECUTIONS, { body: { output: {} } });
    expect(await ask(open({ purpose: 'simulator' }))).toMatchObject({ provenance: 'simulated' });
  });

  it('takes the whole body for the output where the pointer says so', async () => {
    tenant.withToken().on(EXECUTIONS, { body: '{"status":"busy","slots":[]}' });
    const answer = await ask(open({ pointers: { output: '', status: null } }));
    expect(answer).toMatchObject({ type: 'output', output: '{"status":"busy","slots":[]}', envelope: null });
  });

  it.each(['completed', 'Succeeded', 'SUCCESS'])('takes the status %s for completed', async (status) => {
    tenant.withToken().on(EXECUTIONS, { body: { status, output: null } });
    expect(await ask(open())).toMatchObject({ type: 'output', output: 'null' });
  });

  it.each([
    ['failed', { error: { message: 'The CRM is closed.' } }, 'The CRM is closed.'],
    ['ERROR', { error: 'No such record' }, 'No such record'],
    ['cancelled', {}, 'The data action failed and did not say why.'],
    ['timed_out', { error: [{ detail: 'Slow.' }] }, 'Slow.'],
  ])('reads the status %s as action_failed with its reason', async (status, more, message) => {
    tenant.withToken().on(EXECUTIONS, { body: { status, output: { half: true }, ...more } });
    expect(failureIn(await ask(open()))).toMatchObject({ kind: 'action_failed', message, mayHaveHappened: false });
  });

  it('names an unknown status word in a bad_response', async () => {
    tenant.withToken().on(EXECUTIONS, { body: { status: 'parked', output: {} } });
    const failure = failureIn(await ask(open()));
    expect(failure).toMatchObject({ kind: 'bad_response', mayHaveHappened: true });
    expect(failure.message).toContain('"parked"');
  });

  it.each([
    ['JSON that breaks off', '{"output": {"a"'],
    ['a page instead of JSON', '<html></html>'],
    ['an empty body', ''],
    ['a completed status without an output', '{"status":"completed"}'],
    ['neither a status nor an output', '{}'],
    ['bytes that are no text', new Uint8Array([0x7b, 0xff, 0xfe, 0x7d])],
    ['nesting beyond any reader', '['.repeat(100_000)],
  ])('answers bad_response to %s', async (_, body) => {
    tenant.withToken().on(EXECUTIONS, { body });
    expect(failureIn(await ask(open()))).toMatchObject({
      kind: 'bad_response',
      mayHaveHappened: true,
      httpStatus: 200,
    });
  });

  it('cuts an answer off at the payload budget', async () => {
    tenant.withToken().on(EXECUTIONS, { body: `{"output":"${'x'.repeat(5000)}"}` });
    const failure = failureIn(await ask(open({ payloadBytesMax: 1000 })));
    expect(failure.kind).toBe('bad_response');
    expect(failure.message).toContain('payload budget of 1 KB');
  });

  it('takes an answer of exactly the payload budget', async () => {
    const body = '{"output":12}';
    tenant.withToken().on(EXECUTIONS, { body });
    expect(await ask(open({ payloadBytesMax: body.length }))).toMatchObject({ type: 'output', output: '12' });
  });

  it.each([
    [400, 'invalid_request', false],
    [404, 'not_found', false],
    [409, 'invalid_request', false],
    [429, 'rate_limited', false],
    [500, 'server_error', true],
    [503, 'server_error', true],
    [504, 'gateway_timeout', true],
  ] as const)('reads %i as %s and passes on what the tenant says', async (status, kind, mayHaveHappened) => {
    tenant.withToken().on(EXECUTIONS, { status, body: { message: 'Words of\nthe tenant.' } });
    const failure = failureIn(await ask(open()));
    expect(failure).toMatchObject({ kind, mayHaveHappened, httpStatus: status, retryAfterMs: null });
    expect(failure.message).toContain('Words of the tenant.');
  });

  it('names the missing permission of a 403', async () => {
    tenant.withToken().on(EXECUTIONS, { status: 403, body: '' });
    const failure = failureIn(await ask(open()));
    expect(failure).toMatchObject({ kind: 'auth', httpStatus: 403 });
    expect(failure.message).toContain('dataactions:execute');
  });

  it('does not follow a redirect', async () => {
    tenant.withToken().on(EXECUTIONS, { status: 307, headers: { location: `${tenant.baseUrl}/elsewhere` } });
    expect(failureIn(await ask(open()))).toMatchObject({ kind: 'bad_response', httpStatus: 307 });
  });

  it.each([
    ['seconds', '7', 7000],
    ['an HTTP date', 'Wed, 01 Jan 2025 00:00:09 GMT', 9000],
  ])('reads a Retry-After given as %s', async (_, header, retryAfterMs) => {
    tenant.withToken().on(EXECUTIONS, { status: 429, headers: { 'retry-after': header } });
    expect(failureIn(await ask(open()))).toMatchObject({ kind: 'rate_limited', retryAfterMs });
  });

  it('holds back the next call of the connection until the Retry-After of a 429 is over', async () => {
    tenant
      .withToken()
      .on(EXECUTIONS, { status: 429, headers: { 'retry-after': '7' } }, { body: { output: 'after the pause' } });
    const connection = open();
    await ask(connection);
    const held = ask(connection);
    await clock.untilSleeping(7000);
    expect(tenant.received).toHaveLength(2);
    await clock.advance(7000);
    expect(await held).toMatchObject({ type: 'output' });
  });

  it('holds calls back for a minute at most, however long a Retry-After is', async () => {
    const wait = { status: 429, headers: { 'retry-after': '86400' } };
    tenant.withToken().on(EXECUTIONS, wait, { body: { output: 'after a minute' } });
    const connection = open();
    expect(failureIn(await ask(connection)).retryAfterMs).toBe(86_400_000);
    const held = ask(connection);
    await clock.untilSleeping(60_000);
    await clock.advance(60_000);
    expect(await held).toMatchObject({ type: 'output' });
  });

  it('says that a call cut off half-way may have happened', async () => {
    tenant.withToken().on(EXECUTIONS, { isReset: true });
    expect(failureIn(await ask(open()))).toMatchObject({ kind: 'network', mayHaveHappened: true });
  });

  it('stops a call on the wire when its signal says so', async () => {
    let answer = noop;
    const after = new Promise<void>((resolve) => {
      answer = resolve;
    });
    tenant.withToken().on(EXECUTIONS, { after });
    const stop = new AbortController();
    const answered = open().invoke(call(), stop.signal, ignoreSent);
    await tenant.untilReceived(2);
    stop.abort();
    expect(failureIn(await answered)).toMatchObject({ kind: 'cancelled', mayHaveHappened: true });
    await tenant.untilHungUp();
    answer();
  });

  it('sends nothing at all under a signal that is already aborted', async () => {
    const sent: string[] = [];
    const answer = await open().invoke(call(), AbortSignal.abort(), () => {
      sent.push('sent');
      return noop;
    });
    expect(failureIn(answer)).toMatchObject({ kind: 'cancelled', mayHaveHappened: false });
    expect(sent).toEqual([]);
  });
});

it('says of a refused connection that nothing happened', async () => {
  const gone = await startScriptedCxone();
  await gone.close();
  const connection = createConnectionInvoke(
    buildConnection({
      id: 'gone',
      name: 'Gone',
      purpose: 'test',
      baseUrl: gone.baseUrl,
      tokenUrl: `${tenant.baseUrl}/oauth/token`,
      credentials: { clientId: 'client', clientSecret: new Secret(SECRET) },
      givenBy: 'operator',
    }),
    { clock },
  );
  opened.push(connection);
  tenant.withToken();
  expect(failureIn(await ask(connection))).toMatchObject({ kind: 'network', mayHaveHappened: false });
});

describe('the access token', () => {
  it('is asked for once by 100 callers', async () => {
    tenant.withToken().on(EXECUTIONS, ...Array.from({ length: 100 }, () => ({ body: { output: 1 } })));
    const connection = open();
    const answers = await Promise.all(Array.from({ length: 100 }, () => ask(connection)));
    expect(answers.every(({ type }) => type === 'output')).toBe(true);
    expect(tenant.received.filter(({ path }) => path === '/oauth/token')).toHaveLength(1);
  });

  it('is renewed with nothing left standing: sent, taken back before the new token is asked for, sent again', async () => {
    tenant.withToken('token-0001').withToken('token-0002');
    tenant.on(EXECUTIONS, { status: 401 }, { body: { output: 1 } });
    const told: string[] = [];
    const pathsReceived = (): string => tenant.received.map(({ path }) => path.replace(/.*\//, '')).join(' ');
    const answer = await open().invoke(call(), live(), () => {
      told.push(`sent after ${pathsReceived()}`);
      return () => told.push(`taken back after ${pathsReceived()}`);
    });
    expect(answer.type).toBe('output');
    expect(told).toEqual([
      'sent after token',
      'taken back after token executions',
      'sent after token executions token',
    ]);
  });

  it('is renewed once for concurrent 401s, and sent() is told again', async () => {
    tenant.withToken('token-0001').withToken('token-0002');
    const refused = { status: 401, body: { message: 'expired' } };
    tenant.on(EXECUTIONS, refused, refused, { body: { output: 1 } }, { body: { output: 2 } });
    const connection = open();
    let sentCount = 0;
    const answers = await Promise.all(
      [1, 2].map(() =>
        connection.invoke(call(), live(), () => {
          sentCount++;
          return noop;
        }),
      ),
    );
    expect(answers.map(({ type }) => type)).toEqual(['output', 'output']);
    expect(sentCount).toBe(4);
    expect(tenant.received.filter(({ path }) => path === '/oauth/token')).toHaveLength(2);
  });

  it('is not renewed a second time for the same call', async () => {
    tenant.withToken('token-0001').withToken('token-0002');
    tenant.on(EXECUTIONS, { status: 401 }, { status: 401 });
    expect(failureIn(await ask(open()))).toMatchObject({ kind: 'auth', httpStatus: 401, mayHaveHappened: false });
  });

  it.each([400, 401, 403])(
    'is an auth failure when the endpoint answers %i, before anything is sent',
    async (status) => {
      tenant.on('POST /oauth/token', {
        status,
        body: { error: 'invalid_client', error_description: 'Unknown client.' },
      });
      let isSent = false;
      const answer = await open().invoke(call(), live(), () => {
        isSent = true;
        return noop;
      });
      expect(failureIn(answer)).toMatchObject({ kind: 'auth', httpStatus: status, mayHaveHappened: false });
      expect(failureIn(answer).message).toContain('Unknown client.');
      expect(isSent).toBe(false);
    },
  );

  it.each([
    [429, 'rate_limited'],
    [500, 'server_error'],
    [504, 'gateway_timeout'],
  ] as const)('keeps the kind of a %i of the endpoint and never may have happened', async (status, kind) => {
    tenant.on('POST /oauth/token', { status });
    expect(failureIn(await ask(open()))).toMatchObject({ kind, mayHaveHappened: false });
  });

  it('is checked without calling an action', async () => {
    tenant.withToken();
    expect(await open().checkToken(live())).toEqual({ ok: true, value: undefined });
    expect(tenant.received).toHaveLength(1);
  });
});

describe('an execution that is not finished at once', () => {
  it('is asked for after 0.5 s, then twice as long each time up to 5 s', async () => {
    tenant.withToken().on(EXECUTIONS, { status: 202, body: { id: 'ex-1' } });
    const waits = [500, 1000, 2000, 4000, 5000, 5000];
    tenant.on(POLL, ...waits.slice(1).map(() => ({ body: { id: 'ex-1', status: 'In_Progress' } })));
    tenant.on(POLL, { body: '{"id":"ex-1","status":"completed","output":{"total":2.0}}' });
    const answered = ask(open());
    for (const wait of waits) {
      await clock.untilSleeping(wait);
      await clock.advance(wait);
    }
    expect(await answered).toMatchObject({ type: 'output', output: '{"total":2.0}' });
  });

  it('is asked for when Retry-After says so', async () => {
    tenant.withToken();
    tenant.on(EXECUTIONS, { body: { id: 'ex-1', status: 'queued' }, headers: { 'retry-after': '3' } });
    tenant.on(POLL, { status: 429, headers: { 'retry-after': '8' } }, { body: { status: 'success', output: 1 } });
    const answered = ask(open());
    for (const wait of [3000, 8000]) {
      await clock.untilSleeping(wait);
      await clock.advance(wait);
    }
    expect(await answered).toMatchObject({ type: 'output', output: '1' });
  });

  it('may have happened, whatever the question about it answers', async () => {
    tenant.withToken().on(EXECUTIONS, { status: 202, body: { id: 'ex-1' } });
    tenant.on(POLL, { status: 404, body: {} });
    const answered = ask(open());
    await clock.untilSleeping(500);
    await clock.advance(500);
    expect(failureIn(await answered)).toMatchObject({ kind: 'not_found', mayHaveHappened: true });
  });

  it('may have happened when there is no token left to ask with', async () => {
    tenant.withToken().on(EXECUTIONS, { status: 202, body: { id: 'ex-1' } });
    tenant.on(POLL, { status: 401 }).on('POST /oauth/token', { status: 401 });
    const answered = ask(open());
    await clock.untilSleeping(500);
    await clock.advance(500);
    expect(failureIn(await answered)).toMatchObject({ kind: 'auth', mayHaveHappened: true });
  });

  it('stops waiting when its signal says so', async () => {
    tenant.withToken().on(EXECUTIONS, { status: 202, body: { id: 'ex-1' } });
    const stop = new AbortController();
    const answered = open().invoke(call(), stop.signal, ignoreSent);
    await clock.untilSleeping(500);
    stop.abort();
    expect(failureIn(await answered)).toMatchObject({ kind: 'cancelled', mayHaveHappened: true });
  });

  it('is a bad_response when it names no execution', async () => {
    tenant.withToken().on(EXECUTIONS, { status: 202, body: { status: 'queued' } });
    expect(failureIn(await ask(open()))).toMatchObject({ kind: 'bad_response', mayHaveHappened: true });
  });
});

describe('known secrets', () => {
  it('are replaced in output, envelope, keys and numbers before anybody sees them', async () => {
    tenant.withToken('token-000000001').on(EXECUTIONS, {
      body: JSON.stringify({
        status: 'completed',
        output: { echo: `Bearer token-000000001`, list: [SECRET], [SECRET]: 1, form: encodeURIComponent(SECRET) },
      }).replace('client-secret', '\\u0063lient-secret'),
    });
    const answer = await ask(open());
    expect(answer).toMatchObject({
      type: 'output',
      output: '{"echo":"Bearer <redacted>","list":["<redacted>"],"<redacted>":1,"form":"<redacted>"}',
    });
    expect(JSON.stringify(answer)).not.toMatch(/client-secret|token-0/);
  });

  it('are replaced in what a failure says', async () => {
    tenant.withToken('token-000000001');
    tenant.on(EXECUTIONS, { status: 400, body: { message: `token-000000001 and ${SECRET} are bad` } });
    const answer = await ask(open());
    expect(failureIn(answer).message).toContain('<redacted> and <redacted> are bad');
    expect(JSON.stringify(answer)).not.toMatch(/client-secret|token-0/);
  });

  it('are replaced in what the token endpoint says', async () => {
    tenant.on('POST /oauth/token', { status: 401, body: { error_description: `Wrong secret ${SECRET}` } });
    expect(failureIn(await ask(open())).message).toContain('Wrong secret <redacted>');
  });
});

describe('the list of definitions', () => {
  it('is read over all its pages', async () => {
    tenant.withToken();
    tenant.on(DEFINITIONS, {
      body: {
        definitions: [
          {
            id: 'a',
            name: 'A',
            description: 'First',
            input_schema: { type: 'object' },
            output_schema: null,
            effect: 'read',
          },
          { name: 'without an id' },
        ],
        next: '/api/v2/dataactions/definitions?page=2',
      },
    });
    tenant.on(`${DEFINITIONS}?page=2`, { body: { definitions: [{ id: 'b' }], next: null } });
    expect(await open().listDefinitions(live())).toEqual({
      ok: true,
      value: [
        {
          id: 'a',
          name: 'A',
          description: 'First',
          inputSchema: new Map([['type', 'object']]),
          outputSchema: null,
          effect: 'read',
          origin: 'connection',
        },
        {
          id: 'b',
          name: 'b',
          description: '',
          inputSchema: null,
          outputSchema: null,
          effect: null,
          origin: 'connection',
        },
      ],
    });
  });

  it.each([
    ['a bare list', [{ id: 'a' }]],
    ['entities', { entities: [{ id: 'a' }] }],
  ])('may be %s', async (_, body) => {
    tenant.withToken().on(DEFINITIONS, { body });
    expect(await open().listDefinitions(live())).toMatchObject({ ok: true, value: [{ id: 'a' }] });
  });

  it.each([
    ['the missing permission', { status: 403 }, 'dataactions:read'],
    ['a tenant without the list', { status: 404, body: { message: 'No route.' } }, 'No route.'],
    ['an answer without a list', { body: { items: [] } }, 'no list'],
    [
      'a next page at another host',
      { body: { definitions: [], next: 'https://example.org/x' } },
      'another host (example.org), which is not followed',
    ],
    ['pages in a circle', { body: { definitions: [], next: '/api/v2/dataactions/definitions' } }, 'do not end'],
  ])('says in words: %s', async (_, answer, words) => {
    tenant.withToken().on(DEFINITIONS, answer);
    const listed = await open().listDefinitions(live());
    expect(listed.ok).toBe(false);
    expect(JSON.stringify(listed)).toContain(words);
  });
});
