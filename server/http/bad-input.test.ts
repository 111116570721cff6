import { expect, it } from 'vitest';
import { IMPORTED } from '@/lib/protocol/api';
import { HTTP_PROBLEM } from '@/lib/protocol/http-problem';
import { BAD_INPUTS, type BadInput, hugeInput, isAtOrBelow, MESSAGE_BYTES_MAX } from '@/testing/bad-input';
import { type RawAnswer, send, sendJson, startTestServer } from '@/testing/running-server';

const HANG_MS = 5000;

/** What the route made of an input, in one value that compares well; null when it is as it must be. */
function complaintOf({ name, outcome, code, path }: BadInput, { status, text }: RawAnswer): unknown {
  const bytes = Buffer.byteLength(text);
  if (outcome !== 'rejected') {
    const answer = status === 200 ? IMPORTED.safeParse(JSON.parse(text)) : null;
    const isChain = answer?.success === true && (answer.data.kind === 'chain' || answer.data.kind === 'mapping');
    return isChain ? null : { name, status, text: text.slice(0, 500) };
  }
  const problem = HTTP_PROBLEM.safeParse(JSON.parse(text));
  if (status !== 422 || !problem.success) return { name, status, text: text.slice(0, 500) };
  const told = problem.data.problems ?? [];
  const isNamed =
    told.length > 0 &&
    (code === undefined || told.some((each) => each.code === code)) &&
    (path === undefined || told.some((each) => isAtOrBelow(each.path, path)));
  const isShort = told.every(({ message }) => Buffer.byteLength(message) <= MESSAGE_BYTES_MAX);
  return isNamed && isShort ? null : { name, bytes, told: told.slice(0, 3) };
}

it('answers every bad input on the import route, and stores nothing', async () => {
  const { url } = await startTestServer();
  const complaints: unknown[] = [];
  for (const input of BAD_INPUTS) {
    const hang = AbortSignal.timeout(HANG_MS);
    const late = new Promise<never>((_, reject) =>
      hang.addEventListener('abort', () => reject(new Error(`No answer to ${input.name}`))),
    );
    const answer = await Promise.race([
      send(`${url}/api/chains/import`, { method: 'POST', body: Buffer.from(input.bytes) }),
      late,
    ]);
    const complaint = complaintOf(input, answer);
    if (complaint !== null) complaints.push(complaint);
  }
  expect(complaints).toEqual([]);
  expect((await sendJson(`${url}/api/chains`, 'GET')).body.chains).toHaveLength(1);
  expect((await sendJson(`${url}/api/health`, 'GET')).status).toBe(200);
}, 60_000);

it('saves none of them as a document that the library would reject', async () => {
  const { url } = await startTestServer();
  for (const input of BAD_INPUTS) {
    if (input.outcome !== 'rejected') continue;
    const documentText = Buffer.from(input.bytes).toString('utf8');
    // A mapping is a form of import alone, and so is what it may say.
    const saved = await sendJson(`${url}/api/chains`, 'POST', { documentText });
    expect({ name: input.name, status: saved.status }).toEqual({ name: input.name, status: 422 });
  }
  expect((await sendJson(`${url}/api/chains`, 'GET')).body.chains).toHaveLength(1);
}, 60_000);

it('reads a body sent in chunks byte for byte', async () => {
  const { url } = await startTestServer();
  const inChunks = (bytes: Uint8Array) =>
    send(`${url}/api/chains/import`, {
      method: 'POST',
      headers: { 'transfer-encoding': 'chunked' },
      body: Buffer.from(bytes),
    });
  for (const input of BAD_INPUTS.filter(({ name }) => /UTF-8|UTF-16|byte order/.test(name))) {
    expect(complaintOf(input, await inChunks(input.bytes))).toBeNull();
  }
});

it('refuses 50 MB before it has read them', async () => {
  const { url } = await startTestServer();
  const answer = await send(`${url}/api/chains/import`, { method: 'POST', body: Buffer.from(hugeInput().bytes) });
  expect([answer.status, JSON.parse(answer.text).code]).toEqual([413, 'body_too_large']);
}, 10_000);
