import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { HTTP_PROBLEM } from '@/lib/protocol/http-problem';
import { send } from '@/testing/running-server';
import { silentLog } from '../observe/log';
import { createHttpServer } from './http-server';

/** A server whose pages note what reaches them. */
async function startWithPages(): Promise<{ readonly url: string; readonly reached: readonly string[] }> {
  const { server, serve } = createHttpServer(silentLog);
  const reached: string[] = [];
  serve({
    guard: () => undefined,
    api: { fetch: () => new Response('api') },
    sockets: { accept: () => undefined },
    pages: {
      handle: async (request, response) => {
        reached.push(request.url ?? '');
        response.end('page');
      },
      upgrade: () => false,
      close: async () => undefined,
    },
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, reached };
}

it.each(['/chains/%E0%A4%A', '/%', '/api/chains/%E0%A4%A'])(
  'answers %s with 400: it decodes to nothing',
  async (path) => {
    const { url, reached } = await startWithPages();
    const answer = await send(`${url}${path}`);
    expect(answer.status).toBe(400);
    expect(HTTP_PROBLEM.parse(JSON.parse(answer.text)).code).toBe('path_refused');
    expect(reached).toEqual([]);
  },
);

it('hands a path that decodes to the pages as it was written, whatever its query', async () => {
  const { url, reached } = await startWithPages();
  expect((await send(`${url}/chains/%E0%A4%A4?q=%E0%A4%A`)).text).toBe('page');
  expect(reached).toEqual(['/chains/%E0%A4%A4?q=%E0%A4%A']);
});
