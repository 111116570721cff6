import { describe, expect, it } from 'vitest';
import { HTTP_PROBLEM } from '@/lib/protocol/http-problem';
import { exampleRun, type RawAnswer, send, sendJson, startTestServer } from '@/testing/running-server';
import { openTemporaryStore, temporaryFolder } from '@/testing/temporary-store';

const chainOf = (actions: string): string => `{"format":"chainwright.chain/1","actions":{${actions}}}`;
const manyActions = Array.from({ length: 2001 }, (_, i) => `"a${i}":{"definition_id":"d"}`).join();

/** Every code that rejects a document, by a text that has it. */
const REJECTED: readonly (readonly [code: string, what: string, documentText: string])[] = [
  ['json_syntax', 'half a document', '{"format":"chainwright.chain/1","actions":{"a":'],
  ['json_syntax', 'nothing', ''],
  ['duplicate_key', 'an action twice', chainOf('"a":{"definition_id":"d"},"a":{"definition_id":"e"}')],
  ['schema', 'an action without definition', chainOf('"a":{}')],
  ['schema', 'another format', '{"format":"chainwright.sidecar/1"}'],
  ['action_id', 'the id input', chainOf('"input":{"definition_id":"d"}')],
  ['limit', 'too many actions', chainOf(manyActions)],
  ['limit', 'too many brackets', chainOf(`"a":{"definition_id":"d","inputs":${'['.repeat(100)}${']'.repeat(100)}}`)],
  ['limit', 'too much text', chainOf(`"a":{"definition_id":"d","inputs":"${'x'.repeat(6 * 1024 * 1024)}"}`)],
];

describe('a document that the library rejects', () => {
  it('is refused by POST and PUT with its code, and not one row is written', async () => {
    const folder = temporaryFolder();
    const { url, close } = await startTestServer({}, folder);
    const listed = async () => (await sendJson(`${url}/api/chains`, 'GET')).body.chains;
    const before = await listed();
    const path = `${url}/api/chains/${before[0].chainId}`;
    const { body: saved } = await sendJson(path, 'GET');
    const { revision, workbenchText } = saved;

    for (const [code, what, documentText] of REJECTED) {
      const answers = [
        await sendJson(`${url}/api/chains`, 'POST', { documentText }),
        await sendJson(path, 'PUT', { revision, documentText, workbenchText }),
      ];
      for (const { status, body } of answers) {
        const { problems = [] } = HTTP_PROBLEM.parse(body);
        expect({ what, status, codes: [...new Set(problems.map((problem) => problem.code))] }).toEqual({
          what,
          status: 422,
          codes: [code],
        });
        for (const { message } of problems) expect(Buffer.byteLength(message)).toBeLessThanOrEqual(4096);
      }
    }
    for (const badWorkbench of ['{', '[]', '{"format":"chainwright.workbench/9"}']) {
      const put = { revision, documentText: saved.documentText, workbenchText: badWorkbench };
      expect((await sendJson(path, 'PUT', put)).status).toBe(422);
      expect((await sendJson(`${url}/api/chains`, 'POST', put)).status).toBe(422);
    }
    expect(await listed()).toEqual(before);
    expect((await sendJson(path, 'GET')).body).toEqual(saved);

    await close(0);
    const { db } = await openTemporaryStore(folder);
    expect(await db.selectFrom('chain').select(['id', 'revision']).execute()).toEqual([
      { id: before[0].chainId, revision },
    ]);
  });

  it('starts no run', async () => {
    const { url } = await startTestServer();
    for (const [code, what, documentText] of REJECTED) {
      const { status, body } = await sendJson(`${url}/api/runs`, 'POST', exampleRun({ documentText }));
      expect({ what, status, code: body.problems?.[0]?.code }).toEqual({ what, status: 422, code });
    }
    expect((await sendJson(`${url}/api/runs`, 'GET')).body.runs).toEqual([]);
  });
});

/** Rejects after five seconds: a server that reads on is as bad as one that hangs. */
function soon(answer: Promise<RawAnswer>): Promise<RawAnswer> {
  const hang = AbortSignal.timeout(5000);
  return Promise.race([
    answer,
    new Promise<never>((_, reject) => hang.addEventListener('abort', () => reject(new Error('No answer')))),
  ]);
}

describe('a body of 50 MB', () => {
  const huge = Buffer.alloc(50 * 1024 * 1024, ' ');

  it.each([
    ['POST', '/api/chains'],
    ['PUT', '/api/chains/some'],
    ['POST', '/api/chains/import'],
    ['POST', '/api/runs'],
    ['POST', '/api/definitions'],
    ['PUT', '/api/connections/simulator/map'],
  ])(
    'is refused at once by %s %s, declared or in chunks, and the server goes on',
    async (method, path) => {
      const { url } = await startTestServer();
      for (const extra of [{}, { 'transfer-encoding': 'chunked' }]) {
        const headers = { 'content-type': 'application/json', ...extra };
        const answer = await soon(send(url + path, { method, headers, body: huge }));
        expect([answer.status, answer.headers['content-type']]).toEqual([413, 'application/problem+json']);
        expect(HTTP_PROBLEM.parse(JSON.parse(answer.text)).code).toBe('body_too_large');
      }
      expect((await sendJson(`${url}/api/health`, 'GET')).status).toBe(200);
      expect((await sendJson(`${url}/api/chains`, 'GET')).body.chains).toHaveLength(1);
    },
    20_000,
  );
});
