import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { sha256Hex } from '@/lib/json/print-json';
import {
  CHAIN_LIST,
  CONNECTION_LIST,
  DEFINITION_LIST,
  IMPORTED,
  RUN_DETAIL,
  RUN_EVENTS,
  RUN_LIST,
  SAVED_CHAIN,
  SIMULATOR_FAULTS,
} from '@/lib/protocol/api';
import { HTTP_PROBLEM } from '@/lib/protocol/http-problem';
import { eventsOf, exampleRun, isOver, openViewer, send, sendJson, startTestServer } from '@/testing/running-server';
import { openTemporaryStore, temporaryFolder } from '@/testing/temporary-store';

async function runToEnd(url: string, wish: Readonly<Record<string, unknown>> = {}): Promise<string> {
  const started = await sendJson(`${url}/api/runs`, 'POST', exampleRun(wish));
  expect(started.status).toBe(202);
  const runId = started.body.runId as string;
  const viewer = await openViewer(url);
  viewer.send({ type: 'subscribe', runId, afterSeq: 0 });
  await viewer.until(isOver);
  return runId;
}

describe('the chain routes', () => {
  it('offer the example chain in a new store', async () => {
    const { url } = await startTestServer();
    const { chains } = CHAIN_LIST.parse((await sendJson(`${url}/api/chains`, 'GET')).body);
    expect(chains.map(({ actionCount, revision }) => [actionCount, revision])).toEqual([[3, 1]]);
    const saved = SAVED_CHAIN.parse((await sendJson(`${url}/api/chains/${chains[0]?.chainId}`, 'GET')).body);
    expect(sha256Hex(saved.documentText)).toBe(saved.chainHash);
  });

  it('create, save by revision, refuse a stale save, and delete', async () => {
    const { url } = await startTestServer();
    const { documentText } = exampleRun();
    const created = await sendJson(`${url}/api/chains`, 'POST', { documentText });
    expect([created.status, created.body.revision]).toEqual([201, 1]);
    const path = `${url}/api/chains/${created.body.chainId}`;
    const { body: loaded } = await sendJson(path, 'GET');
    const renamed = documentText.replace('"name": "', '"name": "New ');
    expect(renamed).not.toBe(documentText);
    const save = { revision: 1, documentText: renamed, workbenchText: loaded.workbenchText };
    expect((await sendJson(path, 'PUT', save)).body).toMatchObject({ revision: 2, chainHash: sha256Hex(renamed) });
    const stale = await sendJson(path, 'PUT', save);
    expect([stale.status, stale.body.code]).toEqual([409, 'revision_conflict']);
    expect((await sendJson(path, 'GET')).body).toMatchObject({ revision: 2, documentText: renamed });
    expect((await sendJson(path, 'DELETE')).status).toBe(204);
    expect((await sendJson(path, 'GET')).body.code).toBe('chain_unknown');
    expect((await sendJson(path, 'PUT', save)).status).toBe(404);
    expect((await sendJson(path, 'DELETE')).status).toBe(404);
  });

  it('refuse a document with every reason, and store nothing', async () => {
    const { url } = await startTestServer();
    const answer = await sendJson(`${url}/api/chains`, 'POST', { documentText: '{"format":"chainwright.chain/1"}' });
    expect([answer.status, answer.body.code]).toEqual([422, 'document_refused']);
    expect(answer.body.problems.length).toBeGreaterThan(0);
    expect(answer.headers['content-type']).toBe('application/problem+json');
    expect((await sendJson(`${url}/api/chains`, 'GET')).body.chains).toHaveLength(1);
  });

  it('import raw text of any content type without losing a number’s spelling', async () => {
    const { url } = await startTestServer();
    const text =
      '{"format":"chainwright.chain/1","actions":{"a":{"definition_id":"d","inputs":{"n":9007199254740993.0}}}}';
    const answer = await send(`${url}/api/chains/import`, {
      method: 'POST',
      body: text,
      headers: { 'content-type': 'application/octet-stream' },
    });
    expect(answer.status).toBe(200);
    expect(IMPORTED.parse(JSON.parse(answer.text))).toMatchObject({
      kind: 'chain',
      documentText: expect.stringContaining('9007199254740993.0'),
    });
    const refused = await send(`${url}/api/chains/import`, { method: 'POST', body: '{"a":1,"a":2}' });
    expect([refused.status, JSON.parse(refused.text).problems[0].code]).toEqual([422, 'duplicate_key']);
  });

  it('import every kind of file, and say which it was', async () => {
    const { url } = await startTestServer();
    const read = async (body: string) => {
      const answer = await send(`${url}/api/chains/import`, { method: 'POST', body });
      return answer.status === 200 ? IMPORTED.parse(JSON.parse(answer.text)) : answer;
    };
    const mapping = '{"a":{"definition_id":"d"},"b":{"definition_id":"d","inputs":{"x":"{{ a.x }}"}}}';
    expect(await read(mapping)).toMatchObject({
      kind: 'mapping',
      problems: [],
      impliedEdges: [{ from: 'a', to: 'b' }],
    });
    const definition = await read('{"name":"Get X","integrationType":"t","config":{},"contract":{}}');
    expect(definition).toMatchObject({
      kind: 'definitions',
      definitionsText: expect.stringContaining('"local:get-x"'),
    });
    const sidecar = '{"format":"chainwright.sidecar/1","layout":{"a":{"x":1,"y":2.5}}}';
    expect(await read(sidecar)).toMatchObject({ kind: 'sidecar', sidecarText: expect.stringContaining('"y": 2.5') });
    const map = '{"format":"chainwright.connection-map/1","connection":"Live","definitions":{"local:a":"d-1"}}';
    expect(await read(map)).toMatchObject({ kind: 'connection-map', mapText: expect.stringContaining('"Live"') });
  });

  it('import bytes as they are: what is no UTF-8 is refused, however it comes, and nothing is repaired', async () => {
    const { url } = await startTestServer();
    const bytes = Buffer.from('{"a":{"definition_id":"\u00fc"}}', 'latin1');
    for (const headers of [{}, { 'transfer-encoding': 'chunked' }]) {
      const answer = await send(`${url}/api/chains/import`, { method: 'POST', body: bytes, headers });
      expect(answer.status).toBe(422);
      expect(JSON.parse(answer.text).problems).toMatchObject([
        { code: 'json_syntax', message: expect.stringContaining('at byte offset 23 (0xfc)') },
      ]);
      const good = await send(`${url}/api/chains/import`, {
        method: 'POST',
        body: Buffer.from('\uFEFF{"a":{"definition_id":"ü"}}'),
        headers,
      });
      expect([good.status, JSON.parse(good.text).documentText]).toEqual([200, expect.stringContaining('"ü"')]);
    }
  });
});

describe('the run routes', () => {
  it('start a run, and give its detail, its list, its events in pages and its result', async () => {
    const { url } = await startTestServer();
    const chainId = (await sendJson(`${url}/api/chains`, 'GET')).body.chains[0].chainId as string;
    const runId = await runToEnd(url, { chainId });

    const detail = RUN_DETAIL.parse((await sendJson(`${url}/api/runs/${runId}`, 'GET')).body);
    expect(detail).toMatchObject({
      chainId,
      status: 'completed',
      isAbandoned: false,
      documentText: exampleRun().documentText,
      inputText: '{"account_id":"12345"}',
      connection: { purpose: 'simulator' },
    });
    const { runs } = RUN_LIST.parse((await sendJson(`${url}/api/runs?chainId=${chainId}`, 'GET')).body);
    expect(runs.map((run) => run.runId)).toEqual([runId]);
    expect((await sendJson(`${url}/api/runs?chainId=other`, 'GET')).body.runs).toEqual([]);

    const seqs: number[] = [];
    for (;;) {
      const path = `${url}/api/runs/${runId}/events?afterSeq=${seqs.at(-1) ?? 0}&limit=4`;
      const page = RUN_EVENTS.parse((await sendJson(path, 'GET')).body);
      expect(page.latestSeq).toBe(detail.lastSeq);
      expect(page.events.length).toBeLessThanOrEqual(4);
      if (page.events.length === 0) break;
      seqs.push(...page.events.map(({ seq }) => seq));
    }
    expect(seqs).toEqual(Array.from({ length: detail.lastSeq }, (_, i) => i + 1));

    const result = await sendJson(`${url}/api/runs/${runId}/result`, 'GET');
    expect(Object.keys(result.body.results)).toEqual(['fetch_customer', 'enrich_data', 'update_crm']);
    expect(result.body).toMatchObject({ trace_id: runId, status: 'completed', simulated: true, failures: {} });
  });

  it('refuse an input that the chain’s schema refuses, with path and field', async () => {
    const { url } = await startTestServer();
    const answer = await sendJson(`${url}/api/runs`, 'POST', exampleRun({ inputText: '{"account_id":5}' }));
    expect([answer.status, answer.body.code]).toEqual([422, 'plan_refused']);
    expect(answer.body.problems[0].path).toBe('/input/account_id');
    expect((await sendJson(`${url}/api/runs`, 'GET')).body.runs).toEqual([]);
  });

  it.each([
    ['a document that is no chain', { documentText: '[]' }, 422, 'document_refused'],
    ['an input that is no JSON', { inputText: '{' }, 422, 'input_refused'],
    ['pins that are no object', { pinsText: '[]' }, 422, 'pins_refused'],
    ['an unknown connection', { connectionId: 'nowhere' }, 409, 'connection_unknown'],
    ['a request of no known type', { request: { type: 'some' } }, 400, 'request_refused'],
    ['a chain id that is no id', { chainId: '../../etc' }, 400, 'request_refused'],
  ])('refuse %s', async (_what, wish, status, code) => {
    const { url } = await startTestServer();
    const answer = await sendJson(`${url}/api/runs`, 'POST', exampleRun(wish));
    expect([answer.status, answer.body.code]).toEqual([status, code]);
    expect(HTTP_PROBLEM.safeParse(answer.body).success).toBe(true);
  });

  it('cancel a run whose call is in flight', async () => {
    const { url } = await startTestServer();
    const fault = { fault: { type: 'slow', delayMs: 60_000 } };
    expect((await sendJson(`${url}/api/simulator/faults/your-definition-id-2`, 'PUT', fault)).status).toBe(204);
    const { body } = await sendJson(`${url}/api/runs`, 'POST', exampleRun());
    const viewer = await openViewer(url);
    viewer.send({ type: 'subscribe', runId: body.runId, afterSeq: 0 });
    await viewer.until((frames) =>
      eventsOf(frames).some((event) => event.type === 'action.started' && event.actionId === 'enrich_data'),
    );
    expect((await sendJson(`${url}/api/runs/${body.runId}/resume`, 'POST')).body.code).toBe('run_active');
    expect((await sendJson(`${url}/api/runs/${body.runId}/cancel`, 'POST')).status).toBe(202);
    await viewer.until(isOver);
    expect((await sendJson(`${url}/api/runs/${body.runId}`, 'GET')).body.status).toBe('cancelled');
    expect((await sendJson(`${url}/api/runs/${body.runId}/cancel`, 'POST')).body.code).toBe('run_finished');
  });

  it('use pinned outputs instead of calls', async () => {
    const { url } = await startTestServer();
    const runId = await runToEnd(url, { pinsText: '{"enrich_data":{"record_id":"REC-1","segment":"x"}}' });
    const { body } = await sendJson(`${url}/api/runs/${runId}/result`, 'GET');
    expect(body.provenance).toMatchObject({ enrich_data: 'pinned', update_crm: 'simulated' });
  });

  it('give a large value by its hash, as the text it was', async () => {
    const { url } = await startTestServer();
    const large = JSON.stringify({ record_id: 'REC-1', segment: 'x', note: 'é'.repeat(20_000) });
    const runId = await runToEnd(url, { pinsText: `{"enrich_data":${large}}` });
    const { events } = RUN_EVENTS.parse((await sendJson(`${url}/api/runs/${runId}/events`, 'GET')).body);
    const stored = events.flatMap((event) =>
      event.type === 'action.completed' && event.output.type === 'stored' ? [event.output] : [],
    );
    expect(stored).toHaveLength(1);
    const body = await send(`${url}/api/bodies/${stored[0]?.sha256}`);
    expect(body.text).toBe(large);
    expect(body.headers['cache-control']).toBe('no-store');
    expect((await send(`${url}/api/bodies/${'0'.repeat(64)}`)).status).toBe(404);
  });

  it('tell of a run whose record is damaged by a problem document; the server starts and the rest is read', async () => {
    const folder = temporaryFolder();
    const before = await startTestServer({}, folder);
    const runId = await runToEnd(before.url);
    await before.close(0);
    const store = await openTemporaryStore(folder);
    await store.db.updateTable('run').set({ plan: '{"runId":', finished_at: null }).execute();
    await store.close();

    const { url } = await startTestServer({}, folder);
    const run = `${url}/api/runs/${runId}`;
    const refused = [
      await sendJson(run, 'GET'),
      await sendJson(`${run}/resume`, 'POST'),
      await sendJson(`${run}/cancel`, 'POST'),
    ];
    expect(refused.map(({ status, body }) => [status, HTTP_PROBLEM.parse(body).code])).toEqual(
      refused.map(() => [500, 'run_unreadable']),
    );
    const { runs } = RUN_LIST.parse((await sendJson(`${url}/api/runs`, 'GET')).body);
    expect(runs).toMatchObject([{ runId, status: 'interrupted', isAbandoned: true }]);
    expect((await sendJson(`${run}/result`, 'GET')).body).toMatchObject({ status: 'completed' });
  });

  it('answer 404 for a run that is not there, on every route', async () => {
    const { url } = await startTestServer();
    const run = `${url}/api/runs/00000000-0000-4000-8000-000000000009`;
    const answers = await Promise.all([
      sendJson(run, 'GET'),
      sendJson(`${run}/events`, 'GET'),
      sendJson(`${run}/result`, 'GET'),
      sendJson(`${run}/cancel`, 'POST'),
      sendJson(`${run}/resume`, 'POST'),
    ]);
    expect(answers.map(({ status, body }) => [status, body.code])).toEqual(answers.map(() => [404, 'run_unknown']));
  });
});

describe('the connection routes', () => {
  it('name the simulator as default, and show no secret', async () => {
    const { url } = await startTestServer();
    const answer = await send(`${url}/api/connections`);
    const { connections } = CONNECTION_LIST.parse(JSON.parse(answer.text));
    expect(connections).toMatchObject([{ id: 'simulator', purpose: 'simulator', isDefault: true }]);
    expect(answer.text).not.toContain('secret');
  });

  it('offer a tenant of the environment first, and the simulator beside it', async () => {
    const secret = 'a-very-secret-value';
    const env = { CXONE_CLIENT_ID: 'me', CXONE_CLIENT_SECRET: secret, CXONE_BASE_URL: 'http://127.0.0.1:9' };
    const { url } = await startTestServer(env);
    const answer = await send(`${url}/api/connections`);
    const { connections } = CONNECTION_LIST.parse(JSON.parse(answer.text));
    expect(connections.map(({ id, isDefault }) => [id, isDefault])).toEqual([
      ['environment', true],
      ['simulator', false],
    ]);
    expect(answer.text).not.toContain(secret);
    const list = DEFINITION_LIST.parse((await sendJson(`${url}/api/connections/environment/definitions`, 'GET')).body);
    expect(list.state).toBe('unavailable');
  });

  it('list the definitions of the simulator with their schemas', async () => {
    const { url } = await startTestServer();
    const list = DEFINITION_LIST.parse((await sendJson(`${url}/api/connections/simulator/definitions`, 'GET')).body);
    if (list.state !== 'available') throw new Error(list.reason);
    const first = list.definitions.find(({ id }) => id === 'your-definition-id-1');
    expect(JSON.parse(first?.outputSchemaText ?? 'null')).toHaveProperty('properties.customer_id');
    expect((await sendJson(`${url}/api/connections/nowhere/definitions`, 'GET')).status).toBe(404);
  });

  it('set, show and heal faults of the simulator', async () => {
    const { url } = await startTestServer();
    const path = `${url}/api/simulator/faults`;
    const fault = { type: 'status', status: 503, times: 2 };
    await sendJson(`${path}/your-definition-id-1`, 'PUT', { fault });
    expect(SIMULATOR_FAULTS.parse((await sendJson(path, 'GET')).body).faults).toEqual({
      'your-definition-id-1': fault,
    });
    await sendJson(`${path}/your-definition-id-1`, 'PUT', { fault: null });
    expect((await sendJson(path, 'GET')).body.faults).toEqual({});
    expect((await sendJson(`${path}/x`, 'PUT', { fault: { type: 'status', status: 200 } })).status).toBe(400);
  });
});

describe('the edges of the server', () => {
  const json = { 'content-type': 'application/json' };

  it('says that it lives and is ready', async () => {
    const { url } = await startTestServer();
    expect((await sendJson(`${url}/api/health`, 'GET')).body.status).toBe('ok');
    expect((await sendJson(`${url}/api/ready`, 'GET')).status).toBe(200);
  });

  it('describes every route in its OpenAPI document', async () => {
    const { url } = await startTestServer();
    const { body } = await sendJson(`${url}/api/openapi.json`, 'GET');
    expect(Object.keys(body.paths)).toEqual(
      expect.arrayContaining([
        '/api/chains',
        '/api/chains/import',
        '/api/chains/{chainId}',
        '/api/runs',
        '/api/runs/{runId}',
        '/api/runs/{runId}/events',
        '/api/runs/{runId}/result',
        '/api/runs/{runId}/cancel',
        '/api/runs/{runId}/resume',
        '/api/bodies/{sha256}',
        '/api/connections',
        '/api/connections/{connectionId}/definitions',
        '/api/connections/{connectionId}/map',
        '/api/definitions',
        '/api/definitions/{definitionId}',
        '/api/secrets',
        '/api/simulator/faults',
        '/api/simulator/faults/{definitionId}',
        '/api/health',
        '/api/ready',
      ]),
    );
  });

  it('refuses a foreign Host on every route and the upgrade', async () => {
    const { url } = await startTestServer();
    const headers = { host: 'evil.example' };
    for (const path of ['/api/health', '/', '/_next/static/x.js']) {
      const answer = await send(url + path, { headers });
      expect([answer.status, JSON.parse(answer.text).code], path).toEqual([421, 'host_refused']);
    }
    expect(await upgradeStatus(url, '/ws', { Host: 'evil.example', Origin: url })).toBe(421);
  });

  it('refuses a foreign Origin on changes of state and the upgrade', async () => {
    const { url } = await startTestServer();
    const headers = { ...json, origin: 'https://evil.example' };
    const answer = await send(`${url}/api/runs`, { method: 'POST', headers, body: JSON.stringify(exampleRun()) });
    expect([answer.status, JSON.parse(answer.text).code]).toEqual([403, 'origin_refused']);
    expect((await sendJson(`${url}/api/runs`, 'GET')).body.runs).toEqual([]);
    const host = new URL(url).host;
    expect(await upgradeStatus(url, '/ws', { Host: host, Origin: 'https://evil.example' })).toBe(403);
    expect(await upgradeStatus(url, '/ws', { Host: host, Origin: url })).toBe(101);
    expect(await upgradeStatus(url, '/elsewhere', { Host: host, Origin: url })).toBe(404);
  });

  it('takes JSON only where JSON is meant', async () => {
    const { url } = await startTestServer();
    const body = JSON.stringify(exampleRun());
    for (const headers of [{ 'content-type': 'text/plain' }, {}]) {
      const answer = await send(`${url}/api/runs`, { method: 'POST', headers, body });
      expect([answer.status, JSON.parse(answer.text).code]).toEqual([415, 'content_type_refused']);
    }
    const broken = await send(`${url}/api/runs`, { method: 'POST', headers: json, body: '{' });
    expect([broken.status, JSON.parse(broken.text).code]).toEqual([400, 'request_refused']);
  });

  it.each([
    ['with a length', {}],
    ['in chunks', { 'transfer-encoding': 'chunked' }],
  ])('bounds a body sent %s', async (_how, extra) => {
    const { url } = await startTestServer();
    const big = Buffer.alloc(1024 * 1024 + 1, ' ');
    const path = `${url}/api/simulator/faults/x`;
    const answer = await send(path, { method: 'PUT', headers: { ...json, ...extra }, body: big });
    expect([answer.status, JSON.parse(answer.text).code]).toEqual([413, 'body_too_large']);
    // A document may be larger than that: this one is only no JSON.
    const document = await send(`${url}/api/runs`, { method: 'POST', headers: { ...json, ...extra }, body: big });
    expect(document.status).toBe(400);
  });

  it('answers what it does not know, and what it cannot read, with a problem document and safe headers', async () => {
    const { url } = await startTestServer();
    const answers = [
      await send(`${url}/api/nothing`),
      await send(`${url}/api/runs/no-uuid`),
      await send(`${url}/api/bodies/..%2f..%2fetc`),
      await send(`${url}/`),
    ];
    expect(answers.map(({ status }) => status)).toEqual([404, 400, 400, 404]);
    for (const { text, headers } of answers) {
      expect(HTTP_PROBLEM.safeParse(JSON.parse(text)).success).toBe(true);
      expect(headers).toMatchObject({
        'content-type': 'application/problem+json',
        'x-content-type-options': 'nosniff',
        'content-security-policy': expect.stringContaining("default-src 'none'"),
      });
      expect(text).not.toContain('    at ');
    }
  });

  it('refuses a port that is taken, naming the option', async () => {
    const { url } = await startTestServer();
    const port = new URL(url).port;
    await expect(startTestServer({ CHAINWRIGHT_PORT: port })).resolves.toBeDefined();
    const { loadSettings } = await import('@/server/settings');
    const { startServer, StartRefused } = await import('@/server/main');
    const { temporaryFolder } = await import('@/testing/temporary-store');
    const loaded = loadSettings({ folder: temporaryFolder(), processEnv: {}, flags: { port } });
    if (!loaded.ok) throw new Error(loaded.error.join());
    const refused = await startServer(loaded.value, { pages: null }).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(StartRefused);
    expect((refused as Error).message).toContain('--port');
  });

  it('refuses to start with half a connection, naming what is missing', async () => {
    await expect(startTestServer({ CXONE_CLIENT_ID: 'me' })).rejects.toThrow('CXONE_CLIENT_SECRET');
  });
});

/** The status that an upgrade request is answered with. */
function upgradeStatus(url: string, path: string, headers: Readonly<Record<string, string>>): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    socket.on('error', reject);
    socket.once('data', (data) => {
      socket.destroy();
      resolve(Number(String(data).split(' ')[1]));
    });
    const lines = Object.entries({
      ...headers,
      Connection: 'Upgrade',
      Upgrade: 'websocket',
      'Sec-WebSocket-Version': '13',
      'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
    }).map(([name, value]) => `${name}: ${value}\r\n`);
    socket.write(`GET ${path} HTTP/1.1\r\n${lines.join('')}\r\n`);
  });
}
