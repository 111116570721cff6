import { describe, expect, it, onTestFinished } from 'vitest';
import type { Definition } from '@/lib/definition/definition';
import { parseDefinitions, printDefinitions } from '@/lib/definition/definitions-snapshot';
import { parseJson } from '@/lib/json/parse-json';
import { sha256Hex } from '@/lib/json/print-json';
import { fromPlain } from '@/lib/json/value';
import { CONNECTION_MAP, DEFINITION_LIST, IMPORTED_DEFINITIONS, RUN_EVENTS, SECRET_NAMES } from '@/lib/protocol/api';
import { HTTP_PROBLEM } from '@/lib/protocol/http-problem';
import { exampleRun, isOver, openViewer, send, sendJson, startTestServer } from '@/testing/running-server';
import { temporaryFolder } from '@/testing/temporary-store';
import { startSimulator } from '../simulator/simulator';

const define = (id: string, name: string, more: Partial<Definition> = {}): Definition => ({
  id,
  name,
  description: '',
  inputSchema: null,
  outputSchema: fromPlain({
    type: 'object',
    required: ['orderId'],
    properties: { orderId: { type: 'string', minLength: 4 } },
  }),
  effect: null,
  origin: 'imported',
  ...more,
});

const bodyOf = (...definitions: readonly Definition[]) => ({ definitionsText: printDefinitions(definitions) });

async function listImported(url: string): Promise<readonly Definition[]> {
  const { body } = await sendJson(`${url}/api/definitions`, 'GET');
  const json = parseJson(IMPORTED_DEFINITIONS.parse(body).definitionsText);
  const read = json.ok ? parseDefinitions(json.value) : json;
  if (!read.ok) throw new Error(JSON.stringify(read.error));
  return read.value;
}

const mapBody = (definitions: Readonly<Record<string, unknown>>) => ({
  mapText: JSON.stringify({ format: 'chainwright.connection-map/1', definitions }),
});

/** One action that calls an imported definition, and one that reads its output. */
const localRun = (wish: Readonly<Record<string, unknown>> = {}) =>
  exampleRun({
    documentText: JSON.stringify({
      format: 'chainwright.chain/1',
      actions: {
        find: { definition_id: 'local:find-order', inputs: { order: '7' } },
        look: {
          definition_id: 'your-definition-id-1',
          inputs: { account_id: '{{ find.orderId }}' },
          depends_on: ['find'],
        },
      },
    }),
    inputText: '{}',
    ...wish,
  });

async function runToEnd(url: string, wish: Readonly<Record<string, unknown>>) {
  const started = await sendJson(`${url}/api/runs`, 'POST', wish);
  expect(started.body).toHaveProperty('runId');
  const runId = started.body.runId as string;
  const viewer = await openViewer(url);
  viewer.send({ type: 'subscribe', runId, afterSeq: 0 });
  await viewer.until(isOver);
  return {
    detail: (await sendJson(`${url}/api/runs/${runId}`, 'GET')).body,
    result: (await sendJson(`${url}/api/runs/${runId}/result`, 'GET')).body,
    events: RUN_EVENTS.parse((await sendJson(`${url}/api/runs/${runId}/events`, 'GET')).body).events,
  };
}

/** A tenant as the environment describes one: a simulator of its own, with one more definition. */
async function tenantOffering(...definitions: readonly Definition[]): Promise<Readonly<Record<string, string>>> {
  const tenant = await startSimulator({ latencyMs: 0, definitions: () => definitions });
  onTestFinished(() => tenant.close());
  return { CXONE_CLIENT_ID: tenant.clientId, CXONE_CLIENT_SECRET: tenant.clientSecret, CXONE_BASE_URL: tenant.baseUrl };
}

describe('the routes of imported definitions', () => {
  it('add, list by name, replace by name and remove', async () => {
    const { url } = await startTestServer();
    expect(await listImported(url)).toEqual([]);
    const [order, größe] = [
      define('local:find-order', 'Find Order'),
      define('local:größe', 'Größe lesen', { effect: 'read' }),
    ];
    const added = await sendJson(`${url}/api/definitions`, 'POST', bodyOf(größe, order));
    expect([added.status, IMPORTED_DEFINITIONS.parse(added.body)]).toEqual([200, bodyOf(order, größe)]);

    const changed = define('local:find-order-2', 'Find Order', { description: 'Newer.' });
    await sendJson(`${url}/api/definitions`, 'POST', bodyOf(changed));
    const namesake = define('local:find-order', 'Find order!');
    await sendJson(`${url}/api/definitions`, 'POST', bodyOf(namesake));
    expect((await listImported(url)).map(({ id, name, description }) => [id, name, description])).toEqual([
      ['local:find-order', 'Find Order', 'Newer.'],
      ['local:find-order-2', 'Find order!', ''],
      ['local:größe', 'Größe lesen', ''],
    ]);

    const path = `${url}/api/definitions/${encodeURIComponent('local:größe')}`;
    expect((await sendJson(path, 'DELETE')).status).toBe(204);
    const again = await sendJson(path, 'DELETE');
    expect([again.status, again.body.code]).toEqual([404, 'definition_unknown']);
    expect(await listImported(url)).toHaveLength(2);
  });

  it.each<[string, string, string, string]>([
    ['no JSON', '{"format":', 'json_syntax', '/format'],
    ['a chain', '{"format":"chainwright.chain/1","actions":{}}', 'schema', '/format'],
    [
      'the id of a tenant',
      printDefinitions([define('local:a', 'A'), define('T-1', 'B')]),
      'schema',
      '/definitions/1/id',
    ],
    ['an id with a control character', printDefinitions([define('local:a\0b', 'A')]), 'schema', '/definitions/0/id'],
    ['an id with half a character', printDefinitions([define('local:a\ud800', 'A')]), 'schema', '/definitions/0/id'],
    ['a long id', printDefinitions([define(`local:${'a'.repeat(256)}`, 'A')]), 'limit', '/definitions/0/id'],
    ['a long name', printDefinitions([define('local:a', 'A'.repeat(257))]), 'limit', '/definitions/0/name'],
    [
      'one id twice',
      printDefinitions([define('local:a', 'A'), define('local:a', 'B')]),
      'duplicate_key',
      '/definitions/1/id',
    ],
    [
      'a schema that is none',
      printDefinitions([define('local:a', 'A')]).replace('"output_schema": {', '"output_schema": 5, "x-rest": {'),
      'schema',
      '/definitions/0/output_schema',
    ],
  ])('refuse %s with its place, and store nothing', async (_what, definitionsText, code, path) => {
    const { url } = await startTestServer();
    const answer = await sendJson(`${url}/api/definitions`, 'POST', { definitionsText });
    expect([answer.status, HTTP_PROBLEM.parse(answer.body).code]).toEqual([422, 'definitions_refused']);
    expect(answer.body.problems).toMatchObject([{ code, path }]);
    expect(await listImported(url)).toEqual([]);
  });

  it('take no more than can be kept', async () => {
    const { url } = await startTestServer();
    const many = Array.from({ length: 2001 }, (_, i) => define(`local:d${i}`, `D${i}`, { outputSchema: null }));
    const answer = await sendJson(`${url}/api/definitions`, 'POST', bodyOf(...many));
    expect([answer.status, answer.body.problems]).toMatchObject([422, [{ code: 'limit', path: '/definitions' }]]);
    expect((await sendJson(`${url}/api/definitions`, 'POST', bodyOf(...many.slice(1)))).status).toBe(200);
    expect(await listImported(url)).toHaveLength(2000);
  });

  it('are heeded by the simulator at once and after a restart, and its own list stays without them', async () => {
    const folder = temporaryFolder();
    const first = await startTestServer({}, folder);
    const before = await runToEnd(first.url, localRun());
    expect(before.detail.status).toBe('failed');
    await sendJson(`${first.url}/api/definitions`, 'POST', bodyOf(define('local:find-order', 'Find Order')));
    const after = await runToEnd(first.url, localRun());
    expect(after.result).toMatchObject({
      status: 'completed',
      simulated: true,
      results: { look: { account_id: after.result.results.find.orderId } },
    });
    const list = await sendJson(`${first.url}/api/connections/simulator/definitions`, 'GET');
    expect(JSON.stringify(DEFINITION_LIST.parse(list.body))).not.toContain('find-order');
    await first.close(0);

    const { url } = await startTestServer({}, folder);
    expect((await runToEnd(url, localRun())).result.results).toEqual(after.result.results);
    await sendJson(`${url}/api/definitions/${encodeURIComponent('local:find-order')}`, 'DELETE');
    expect((await runToEnd(url, localRun())).detail.status).toBe('failed');
  });

  it('let faults be set for them', async () => {
    const { url } = await startTestServer();
    await sendJson(`${url}/api/definitions`, 'POST', bodyOf(define('local:find-order', 'Find Order')));
    const fault = { fault: { type: 'failed-envelope', message: 'Closed on Sundays.' } };
    await sendJson(`${url}/api/simulator/faults/${encodeURIComponent('local:find-order')}`, 'PUT', fault);
    const { result } = await runToEnd(url, localRun());
    expect(JSON.stringify(result.failures.find)).toContain('Closed on Sundays.');
  });
});

describe('the map of a connection', () => {
  const path = (url: string, connection = 'environment') => `${url}/api/connections/${connection}/map`;
  const noTenant = {
    CXONE_CLIENT_ID: 'me',
    CXONE_CLIENT_SECRET: 'a-long-secret',
    CXONE_BASE_URL: 'http://127.0.0.1:9',
  };

  it('is empty at first, replaced as a whole, and there after a restart', async () => {
    const folder = temporaryFolder();
    const first = await startTestServer(noTenant, folder);
    const read = async (url: string) =>
      JSON.parse(CONNECTION_MAP.parse((await sendJson(path(url), 'GET')).body).mapText).definitions;
    expect(await read(first.url)).toEqual({});
    expect((await sendJson(path(first.url), 'PUT', mapBody({ 'local:a': 'T-1', b: 'T-2' }))).status).toBe(204);
    expect((await sendJson(path(first.url), 'PUT', mapBody({ 'local:c': 'T-3' }))).status).toBe(204);
    expect(await read(first.url)).toEqual({ 'local:c': 'T-3' });
    await first.close(0);
    const { url } = await startTestServer(noTenant, folder);
    expect(await read(url)).toEqual({ 'local:c': 'T-3' });
  });

  it.each<[string, Readonly<Record<string, unknown>>, string, string]>([
    ['no JSON', { mapText: '{' }, 'json_syntax', ''],
    ['another format', { mapText: '{"format":"chainwright.chain/1"}' }, 'schema', '/format'],
    ['an id that is no text', mapBody({ 'local:a': 5 }), 'schema', '/definitions/local:a'],
    ['an id of a file for one of the tenant', mapBody({ 'local:a': 'local:b' }), 'schema', '/definitions/local:a'],
    [
      'an id twice',
      { mapText: '{"format":"chainwright.connection-map/1","definitions":{"a":"b","a":"c"}}' },
      'duplicate_key',
      '/definitions/a',
    ],
  ])('is not replaced by %s', async (_what, body, code, at) => {
    const { url } = await startTestServer(noTenant);
    await sendJson(path(url), 'PUT', mapBody({ a: 'kept' }));
    const answer = await sendJson(path(url), 'PUT', body);
    expect([answer.status, HTTP_PROBLEM.parse(answer.body).code]).toEqual([422, 'map_refused']);
    expect(answer.body.problems).toMatchObject([{ code, path: at }]);
    expect((await sendJson(path(url), 'GET')).body.mapText).toContain('kept');
  });

  it('is 404 of a connection that is not there, and not wanted of the simulator', async () => {
    const { url } = await startTestServer();
    const answers = [
      await sendJson(path(url), 'GET'),
      await sendJson(path(url), 'PUT', mapBody({})),
      await sendJson(path(url, 'simulator'), 'PUT', mapBody({ a: 'b' })),
    ];
    expect(answers.map(({ status, body }) => [status, HTTP_PROBLEM.parse(body).code])).toEqual([
      [404, 'connection_unknown'],
      [404, 'connection_unknown'],
      [409, 'map_not_needed'],
    ]);
    expect((await sendJson(path(url, 'simulator'), 'GET')).status).toBe(200);
  });

  it('refuses a run with 422 while it lacks a local id, and starts none', async () => {
    const { url } = await startTestServer(await tenantOffering());
    await sendJson(`${url}/api/definitions`, 'POST', bodyOf(define('local:find-order', 'Find Order')));
    const answer = await sendJson(`${url}/api/runs`, 'POST', localRun({ connectionId: 'environment' }));
    expect([answer.status, answer.body.code]).toEqual([422, 'plan_refused']);
    expect(answer.body.problems).toMatchObject([
      {
        code: 'definition_unmapped',
        path: '/actions/find/definition_id',
        message: expect.stringContaining('local:find-order'),
      },
    ]);
    expect((await sendJson(`${url}/api/runs`, 'GET')).body.runs).toEqual([]);
    // On the simulator the same chain needs no map.
    expect((await runToEnd(url, localRun({ connectionId: 'simulator' }))).detail.status).toBe('completed');
  });

  it('names what a run calls and records; document and hash stay as they are', async () => {
    const { url } = await startTestServer(await tenantOffering(define('T-4711', 'Find Order')));
    await sendJson(path(url), 'PUT', mapBody({ 'local:find-order': 'T-4711' }));
    const wish = localRun({ connectionId: 'environment' });
    const { detail, events } = await runToEnd(url, wish);
    expect(detail.status).toBe('completed');
    expect(detail.documentText).toContain('"local:find-order"');
    expect(detail.documentText).not.toContain('T-4711');
    expect(detail.chainHash).toBe(sha256Hex(detail.documentText));
    const started = events.find((event) => event.type === 'run.started');
    expect(started).toMatchObject({
      chainHash: detail.chainHash,
      actions: [{ definitionId: 'T-4711' }, { definitionId: 'your-definition-id-1' }],
    });
  });
});

describe('an allowed literal', () => {
  it('lets a chain run that holds what looks like a credential, and is needed for it', async () => {
    const { url } = await startTestServer();
    const token = `ghp_${'aB3dE5gH7jK9'.repeat(3)}`;
    const { documentText } = exampleRun();
    const holding = JSON.parse(documentText);
    holding.actions.update_crm.inputs.note = token;
    const wish = exampleRun({ documentText: JSON.stringify(holding) });
    const refused = await sendJson(`${url}/api/runs`, 'POST', wish);
    expect([refused.status, refused.body.problems]).toMatchObject([
      422,
      [{ code: 'secret_literal', path: '/actions/update_crm/inputs/note' }],
    ]);
    expect(JSON.stringify(refused.body)).not.toContain(token);
    const allowed = { ...wish, allowedLiterals: ['/actions/update_crm/inputs/note'] };
    expect((await runToEnd(url, allowed)).detail.status).toBe('completed');
    const malformed = await sendJson(`${url}/api/runs`, 'POST', { ...wish, allowedLiterals: 'all' });
    expect([malformed.status, malformed.body.code]).toEqual([400, 'request_refused']);
  });
});

describe('the names of secrets', () => {
  it('are those that a document can name, and never their values', async () => {
    const { url } = await startTestServer({
      CHAINWRIGHT_SECRET_WEBHOOK: 'the-value-of-one',
      CHAINWRIGHT_SECRET_A_2: 'the-value-of-two',
      CHAINWRIGHT_SECRET_EMPTY: '',
      CHAINWRIGHT_SECRET_lower: 'the-value-of-three',
      OTHER_SECRET: 'the-value-of-four',
    });
    const answer = await send(`${url}/api/secrets`);
    expect(SECRET_NAMES.parse(JSON.parse(answer.text))).toEqual({ names: ['A_2', 'WEBHOOK'] });
    expect(answer.text).not.toContain('value');
  });
});
