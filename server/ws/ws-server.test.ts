import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { performance } from 'node:perf_hooks';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { RunId } from '@/lib/chain/ids';
import type { JsonText } from '@/lib/json/value';
import { ok } from '@/lib/result';
import type { RunFact } from '@/lib/run/events';
import type { RunLog } from '@/lib/run/ports';
import { chainOf } from '@/testing/chain-builder';
import { planOf, TEST_RUN_ID } from '@/testing/plan-builder';
import { eventsOf, openViewer } from '@/testing/running-server';
import { openTemporaryStore } from '@/testing/temporary-store';
import { silentLog } from '../observe/log';
import { noFailpoint } from '../runs/failpoint';
import { createRunQueries } from '../store/run-queries';
import { createSqlRunLogs } from '../store/sql-run-log';
import { createRunHub } from './run-hub';
import { createWsServer, type WsServerOptions } from './ws-server';
import { HISTORY_EVENTS_MAX, SUBSCRIPTIONS_MAX } from './ws-session';

const queued = (id: string): RunFact => ({ type: 'action.queued', actionId: id as never });
const facts = (count: number, id = 'a'): readonly RunFact[] => Array.from({ length: count }, () => queued(id));

/** Sockets over a real store and hub; the test itself writes the log of the run. */
async function startSockets(options: WsServerOptions = {}) {
  const { db } = await openTemporaryStore();
  const hub = createRunHub((task, ms) => {
    const timer = setTimeout(task, ms);
    return () => clearTimeout(timer);
  });
  const runs = createRunQueries({ db, nowMs: () => 0 });
  const logs = createSqlRunLogs({ db, nowMs: () => 0, failpoint: noFailpoint, onCommitted: hub.announce });
  const cancelled: RunId[] = [];
  const sockets = createWsServer(
    {
      runs,
      hub,
      cancelRun: async (runId) => {
        cancelled.push(runId);
        return ok(undefined);
      },
      monotonicMs: () => performance.now(),
      log: silentLog,
    },
    options,
  );
  const server = createServer();
  server.on('upgrade', sockets.accept);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    await sockets.close();
    server.close();
  });
  const open = async (runId = TEST_RUN_ID): Promise<RunLog> => {
    await runs.insert({ plan: planOf(chainOf('a'), { runId }), chainId: null, chainName: 'Test' });
    return logs.open(runId, 1);
  };
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, sockets, open, cancelled };
}

const upTo = (count: number): readonly number[] => Array.from({ length: count }, (_, i) => i + 1);
const seqsOf = (frames: Parameters<typeof eventsOf>[0]): readonly number[] => eventsOf(frames).map(({ seq }) => seq);
const subscribe = (afterSeq = 0, runId: string = TEST_RUN_ID) => ({ type: 'subscribe', runId, afterSeq }) as const;

describe('the sockets of /ws', () => {
  it('send history, then what happens, without a gap and nothing twice', async () => {
    const { url, open } = await startSockets();
    const log = await open();
    await log.append(facts(150));
    const viewer = await openViewer(url);
    // Appends go on while history is being read.
    viewer.send(subscribe());
    for (let i = 0; i < 100; i++) await log.append(facts(1 + (i % 3)));
    const total = (await log.read()).length;
    await viewer.until((frames) => seqsOf(frames).length >= total);
    expect(seqsOf(viewer.frames)).toEqual(upTo(total));
  });

  it('go on after a cut at any position: none lost, none twice', async () => {
    const { url, open } = await startSockets();
    const log = await open();
    const total = 400;
    const writing = (async () => {
      for (let written = 0; written < total; written += 4) await log.append(facts(4));
    })();
    const received: number[] = [];
    let cuts = 0;
    while (received.length < total) {
      const viewer = await openViewer(url);
      viewer.send(subscribe(received.at(-1) ?? 0));
      const enough = Math.min(total - received.length, 1 + ((cuts * 37) % 90));
      await viewer.until((frames) => seqsOf(frames).length >= enough);
      viewer.socket.terminate();
      received.push(...seqsOf(viewer.frames));
      cuts++;
    }
    await writing;
    expect(received).toEqual(upTo(total));
    expect(cuts).toBeGreaterThan(5);
  });

  it('tell a viewer of a long history that it is behind, and follow it live once it has caught up', async () => {
    const { url, open } = await startSockets();
    const log = await open();
    const total = HISTORY_EVENTS_MAX + 1;
    await log.append(facts(total));
    const viewer = await openViewer(url);
    viewer.send(subscribe());
    await viewer.until((frames) => frames.length > 0);
    expect(viewer.frames).toEqual([{ type: 'behind', runId: TEST_RUN_ID, latestSeq: total }]);
    viewer.send(subscribe(total));
    await log.append(facts(2));
    await viewer.until((frames) => seqsOf(frames).length >= 2);
    expect(seqsOf(viewer.frames)).toEqual([total + 1, total + 2]);
  });

  it('tell a viewer that does not read that it is behind, instead of buffering, and serve the others', async () => {
    const { url, open, sockets } = await startSockets();
    const log = await open();
    const [slow, quick] = [await openViewer(url), await openViewer(url)];
    slow.send(subscribe());
    quick.send(subscribe());
    await log.append(facts(1));
    await Promise.all([slow, quick].map((viewer) => viewer.until((frames) => seqsOf(frames).length > 0)));
    slow.socket.pause();
    const heavy: RunFact = {
      type: 'action.started',
      actionId: 'a' as never,
      attempt: 1,
      inputs: { type: 'inline', text: JSON.stringify('x'.repeat(8000)) as JsonText },
      callKey: 'k',
      warnings: [],
    };
    // More than the kernel's buffers on both sides and ours take together.
    const rounds = 60;
    for (let i = 0; i < rounds; i++) await log.append(Array.from({ length: 64 }, () => heavy));
    const total = 1 + rounds * 64;
    await quick.until((frames) => seqsOf(frames).length >= total);
    expect(seqsOf(quick.frames)).toEqual(upTo(total));
    slow.socket.resume();
    await slow.until((frames) => frames.some(({ type }) => type === 'behind'));
    const seqs = seqsOf(slow.frames);
    expect(seqs).toEqual(upTo(seqs.length));
    expect(seqs.length).toBeLessThan(total);
    expect(slow.frames.filter(({ type }) => type === 'behind')).toHaveLength(1);
    expect(sockets.clientCount()).toBe(2);
  });

  it('send one batch for events that come together', async () => {
    const { url, open } = await startSockets();
    const log = await open();
    const viewer = await openViewer(url);
    viewer.send(subscribe());
    await log.append(facts(1));
    await viewer.until((frames) => frames.length > 0);
    await log.append(facts(130));
    await viewer.until((frames) => seqsOf(frames).length >= 131);
    const sizes = viewer.frames.map((frame) => (frame.type === 'events' ? frame.events.length : 0));
    expect(sizes).toEqual([1, 64, 64, 2]);
  });

  it('stop sending after unsubscribe', async () => {
    const { url, open } = await startSockets();
    const other = '00000000-0000-4000-8000-000000000002' as RunId;
    const [log, otherLog] = [await open(), await open(other)];
    const viewer = await openViewer(url);
    viewer.send(subscribe());
    await log.append(facts(1));
    await viewer.until((frames) => frames.length > 0);
    viewer.send({ type: 'unsubscribe', runId: TEST_RUN_ID });
    viewer.send(subscribe(0, other));
    await otherLog.append(facts(1));
    await viewer.until((frames) => frames.some(({ runId }) => runId === other));
    await log.append(facts(1));
    await otherLog.append(facts(1));
    await viewer.until((frames) => frames.filter(({ runId }) => runId === other).length >= 2);
    expect(viewer.frames.filter(({ runId }) => runId === TEST_RUN_ID)).toHaveLength(1);
  });

  it('say that a run is unknown', async () => {
    const { url } = await startSockets();
    const viewer = await openViewer(url);
    viewer.send(subscribe());
    await viewer.until((frames) => frames.length > 0);
    expect(viewer.frames).toMatchObject([{ type: 'error', runId: TEST_RUN_ID, code: 'run_unknown' }]);
  });

  it('pass a cancel on', async () => {
    const { url, cancelled } = await startSockets();
    const viewer = await openViewer(url);
    viewer.send({ type: 'cancel', runId: TEST_RUN_ID });
    viewer.send(subscribe());
    await viewer.until((frames) => frames.length > 0);
    expect(cancelled).toEqual([TEST_RUN_ID]);
  });

  it('bound the subscriptions of a socket', async () => {
    const { url, open } = await startSockets();
    const viewer = await openViewer(url);
    const idOf = (i: number): RunId => `00000000-0000-4000-8000-${String(i).padStart(12, '0')}` as RunId;
    for (let i = 0; i < SUBSCRIPTIONS_MAX; i++) {
      await open(idOf(i));
      viewer.send(subscribe(0, idOf(i)));
    }
    // Subscribing anew to the same run takes no second place.
    viewer.send(subscribe(0, idOf(0)));
    viewer.send(subscribe(0, idOf(99)));
    await viewer.until((frames) => frames.length > 0);
    expect(viewer.frames).toMatchObject([{ type: 'error', runId: idOf(99), code: 'subscriptions_max' }]);
  });

  it('answer a bad frame with an error, and repeated ones with 1008', async () => {
    const { url } = await startSockets();
    const viewer = await openViewer(url);
    const closed = new Promise<number>((resolve) => viewer.socket.once('close', resolve));
    for (const bad of ['not json', '{"type":"subscribe","runId":"no","afterSeq":-1}', Buffer.from([0, 1, 2])]) {
      viewer.socket.send(bad);
    }
    expect(await closed).toBe(1008);
    expect(viewer.frames).toMatchObject([{ code: 'bad_frame' }, { code: 'bad_frame' }, { code: 'bad_frame' }]);
  });

  it('close a socket that sends frames over 64 KB, or too many', async () => {
    const { url } = await startSockets();
    const large = await openViewer(url);
    const largeClosed = new Promise<number>((resolve) => large.socket.once('close', resolve));
    large.socket.send('x'.repeat(64 * 1024 + 1));
    expect(await largeClosed).toBe(1009);
    const flooding = await openViewer(url);
    const floodClosed = new Promise<number>((resolve) => flooding.socket.once('close', resolve));
    for (let i = 0; i < 300; i++) flooding.send({ type: 'unsubscribe', runId: TEST_RUN_ID });
    expect(await floodClosed).toBe(1008);
  });

  it('drop a peer that answers no ping, and keep one that does', async () => {
    const { url, sockets } = await startSockets({ heartbeatMs: 40, silenceMsMax: 200 });
    const [silent, alive] = [await openViewer(url), await openViewer(url)];
    const dropped = new Promise<number>((resolve) => silent.socket.once('close', resolve));
    // Reads nothing, so answers nothing; the closed connection is seen when it reads again.
    silent.socket.pause();
    await expect.poll(() => sockets.clientCount(), { timeout: 5000 }).toBe(1);
    silent.socket.resume();
    expect(await dropped).toBe(1006);
    expect(alive.socket.readyState).toBe(alive.socket.OPEN);
  });

  it('say goodbye to every viewer when the server stops', async () => {
    const { url, sockets } = await startSockets();
    const viewer = await openViewer(url);
    const closed = new Promise<number>((resolve) => viewer.socket.once('close', resolve));
    await sockets.close();
    expect(await closed).toBe(1001);
  });
});
