import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { RunId } from '@/lib/chain/ids';
import type { Answer } from '@/lib/failure/answer';
import { ok } from '@/lib/result';
import type { Invoke } from '@/lib/run/ports';
import { exampleRun } from '@/testing/running-server';
import { openTemporaryStore } from '@/testing/temporary-store';
import { systemClock } from '../clock';
import { type Log, silentLog } from '../observe/log';
import type { Store } from '../store/database';
import { createRunQueries } from '../store/run-queries';
import { createSqlRunLogs } from '../store/sql-run-log';
import { noFailpoint } from './failpoint';
import { createOpenConnections } from './open-connections';
import { createRunService, type RunServiceDeps } from './run-service';

const OUTPUT: Answer = {
  type: 'output',
  output: '{"customer_id":"C","record_id":"R","segment":"s"}' as never,
  envelope: null,
  provenance: 'simulated',
};

/** A service over the store, as a process would have it; its calls wait until `answer` is called or they are aborted. */
function startService(store: Store, connectionId = 'fake', more: Partial<RunServiceDeps> = {}) {
  const { db } = store;
  const calls: string[] = [];
  const definitions: string[] = [];
  const waiting: (() => void)[] = [];
  let isAnswering = false;
  let finished = (): void => undefined;
  const whenFinished = new Promise<void>((resolve) => {
    finished = resolve;
  });
  let called = (): void => undefined;
  const whenCalled = new Promise<void>((resolve) => {
    called = resolve;
  });
  const invoke: Invoke = (call, signal, sent) => {
    calls.push(call.actionId);
    definitions.push(call.definitionId);
    sent();
    called();
    return new Promise((resolve) => {
      const answer = (): void => resolve(OUTPUT);
      if (isAnswering) answer();
      waiting.push(answer);
      signal.addEventListener('abort', answer);
    });
  };
  const runs = createRunQueries({ db, nowMs: () => Date.now() });
  const logs = createSqlRunLogs({
    db,
    nowMs: () => Date.now(),
    failpoint: noFailpoint,
    onCommitted: (_runId, events) => {
      if (events.some(({ text }) => text.includes('"type":"run.finished"'))) finished();
    },
  });
  const service = createRunService({
    runs,
    logs,
    connections: createOpenConnections([
      {
        facts: { id: connectionId, name: 'Fake', purpose: 'test', profile: 'data-actions', baseUrl: 'http://x' },
        client: {
          invoke,
          listDefinitions: async () => ok([]),
          checkToken: async () => ok(undefined),
          close: async () => undefined,
        },
      },
    ]),
    maps: { find: async () => new Map() },
    clock: systemClock,
    random: () => 0.5,
    newRunId: () => randomUUID() as RunId,
    newCallKey: randomUUID,
    onDoubt: 'interrupt',
    failpoint: noFailpoint,
    log: silentLog,
    ...more,
  });
  const start = async (): Promise<RunId> => {
    const started = await service.start({ ...exampleRun(), request: { type: 'all' } });
    if (!started.ok) throw new Error(started.error.message);
    return started.value;
  };
  const answerAll = (): void => {
    isAnswering = true;
    for (const answer of waiting) answer();
  };
  const statusOf = async (runId: RunId) => {
    const record = await runs.find(runId);
    if (record === undefined) throw new Error('no such run');
    const { status, isAbandoned } = service.summarise(record);
    return [status, isAbandoned];
  };
  return { runs, logs, service, start, calls, definitions, whenCalled, whenFinished, answerAll, statusOf };
}

describe('createRunService', () => {
  it('drives a run to its end', async () => {
    const first = startService(await openTemporaryStore());
    const runId = await first.start();
    await first.whenCalled;
    // A read leaves while its record is still being written.
    await expect.poll(() => first.statusOf(runId)).toEqual(['running', false]);
    first.answerAll();
    await first.whenFinished;
    expect(first.calls).toEqual(['fetch_customer', 'enrich_data', 'update_crm']);
    expect((await first.statusOf(runId))[0]).toBe('completed');
  });

  it('lets calls in flight return when it is released, starts nothing more, and the next process goes on', async () => {
    const store = await openTemporaryStore();
    const first = startService(store);
    const runId = await first.start();
    await first.whenCalled;
    const released = first.service.release(60_000);
    first.answerAll();
    await released;
    expect(first.calls).toEqual(['fetch_customer']);
    expect(await first.statusOf(runId)).toEqual(['interrupted', true]);
    expect(await first.service.start({ ...exampleRun(), request: { type: 'all' } })).toMatchObject({
      error: { code: 'stopping' },
    });

    const second = startService(store);
    second.answerAll();
    await second.service.recover('take-over');
    await second.whenFinished;
    expect(second.calls).toEqual(['enrich_data', 'update_crm']);
    expect((await second.statusOf(runId))[0]).toBe('completed');
  });

  it('waits for a run that is just being started, so that the store does not close under it', async () => {
    const store = await openTemporaryStore();
    let goOn = (): void => undefined;
    let reached = (): void => undefined;
    const whenReached = new Promise<void>((resolve) => {
      reached = resolve;
    });
    const failpoint = (): Promise<void> => {
      reached();
      return new Promise((resolve) => {
        goOn = resolve;
      });
    };
    const first = startService(store, 'fake', { failpoint });
    const starting = first.start();
    await whenReached;
    let isReleased = false;
    const releasing = first.service.release(60_000).then(() => {
      isReleased = true;
    });
    await new Promise((resolve) => setImmediate(resolve));
    expect(isReleased).toBe(false);
    goOn();
    await releasing;
    expect(await first.statusOf(await starting)).toEqual(['interrupted', true]);
    expect(first.calls).toEqual([]);
  });

  it('waits for a run whose map is just being read, too', async () => {
    let giveMap = (_map: ReadonlyMap<string, string>): void => undefined;
    const map = new Promise<ReadonlyMap<string, string>>((resolve) => {
      giveMap = resolve;
    });
    const first = startService(await openTemporaryStore(), 'fake', { maps: { find: () => map } });
    const starting = first.start();
    let isReleased = false;
    const releasing = first.service.release(60_000).then(() => {
      isReleased = true;
    });
    await new Promise((resolve) => setImmediate(resolve));
    expect(isReleased).toBe(false);
    giveMap(new Map());
    await releasing;
    expect(await first.statusOf(await starting)).toEqual(['interrupted', true]);
  });

  it('keeps the ids that a run was started with when the map changes before it goes on', async () => {
    const store = await openTemporaryStore();
    const mapTo = (id: string) => ({ maps: { find: async () => new Map([['your-definition-id-2', id]]) } });
    const first = startService(store, 'fake', mapTo('T-first'));
    await first.start();
    await first.whenCalled;
    const released = first.service.release(60_000);
    first.answerAll();
    await released;

    const second = startService(store, 'fake', mapTo('T-second'));
    second.answerAll();
    await second.service.recover('take-over');
    await second.whenFinished;
    expect([...first.definitions, ...second.definitions]).toEqual([
      'your-definition-id-1',
      'T-first',
      'your-definition-id-3',
    ]);
  });

  it('goes on with the other runs when the record of one cannot be read, and leaves that one interrupted', async () => {
    const store = await openTemporaryStore();
    const first = startService(store);
    const [broken, foreign, sound] = [await first.start(), await first.start(), await first.start()];
    await first.whenCalled;
    await first.service.release(0);
    await store.db.updateTable('run').set({ plan: '{"runId":' }).where('id', '=', broken).execute();
    await store.db.updateTable('run').set({ plan: 'null' }).where('id', '=', foreign).execute();
    // Calls in doubt would end the sound run as interrupted too.
    await store.db.deleteFrom('run_event').execute();
    await store.db.updateTable('run').set({ last_seq: 0 }).execute();

    const second = startService(store);
    second.answerAll();
    await second.service.recover('take-over');
    await second.whenFinished;
    expect((await second.statusOf(sound))[0]).toBe('completed');
    for (const runId of [broken, foreign]) {
      expect(await second.statusOf(runId)).toEqual(['interrupted', true]);
      expect(await second.service.resume(runId)).toMatchObject({ error: { code: 'run_unreadable' } });
    }
  });

  it('goes on with the other runs when taking one over fails by a defect', async () => {
    const store = await openTemporaryStore();
    const first = startService(store);
    const [, sound] = [await first.start(), await first.start()];
    await first.service.release(0);

    const runs = createRunQueries({ db: store.db, nowMs: () => Date.now() });
    let claims = 0;
    const claim: typeof runs.claim = (...args) =>
      claims++ === 0 ? Promise.reject(new Error('disk')) : runs.claim(...args);
    const second = startService(store, 'fake', { runs: { ...runs, claim } });
    second.answerAll();
    await second.service.recover('take-over');
    await second.whenFinished;
    expect((await second.runs.find(sound))?.finishedAtMs).not.toBeNull();
  });

  it('says of a run with a webhook that it is not told, by its host alone', async () => {
    const warnings: unknown[] = [];
    const keep = (...args: unknown[]): void => void warnings.push(args);
    const log: Log = { error: keep, warn: keep, info: () => undefined, debug: () => undefined };
    const { service } = startService(await openTemporaryStore(), 'fake', { log });
    const wish = exampleRun();
    const documentText = wish.documentText.replace(
      '"actions"',
      '"settings": {"webhook": {"url": "https://sink.example:8443/status?key=hidden"}}, "actions"',
    );
    expect(await service.start({ ...wish, documentText, request: { type: 'all' } })).toMatchObject({ ok: true });
    await service.release(0);
    expect(JSON.stringify(warnings)).toContain('"webhookHost":"sink.example:8443"');
    expect(JSON.stringify(warnings)).not.toContain('hidden');
  });

  it('waits for calls in flight no longer than it was told', async () => {
    const store = await openTemporaryStore();
    const first = startService(store);
    const runId = await first.start();
    await first.whenCalled;
    await first.service.release(1);
    expect((await first.runs.find(runId))?.finishedAtMs).toBeNull();
  });

  it('leaves runs standing when the setting says ask, but ends those that a person had cancelled', async () => {
    const store = await openTemporaryStore();
    const first = startService(store);
    const [kept, unwanted] = [await first.start(), await first.start()];
    await first.whenCalled;
    await first.service.release(0);
    await first.runs.requestCancel(unwanted);

    const second = startService(store);
    await second.service.recover('ask');
    await second.whenFinished;
    expect(await second.statusOf(kept)).toEqual(['interrupted', true]);
    expect(['cancelled', 'interrupted']).toContain((await second.statusOf(unwanted))[0]);
    expect((await second.runs.find(unwanted))?.finishedAtMs).not.toBeNull();
    expect(second.calls).toEqual([]);
  });

  it('ends a run that nobody drives when it is cancelled, even without its connection', async () => {
    const store = await openTemporaryStore();
    const first = startService(store);
    const runId = await first.start();
    await first.whenCalled;
    await first.service.release(0);

    const second = startService(store, 'another');
    expect(await second.service.resume(runId)).toMatchObject({ error: { code: 'connection_unknown' } });
    expect(await second.service.cancel(runId)).toMatchObject({ ok: true });
    await second.whenFinished;
    expect((await second.runs.find(runId))?.finishedAtMs).not.toBeNull();
    expect(await second.service.cancel(runId)).toMatchObject({ error: { code: 'run_finished' } });
    expect(second.calls).toEqual([]);
  });

  it('takes a run over once, however often it is asked at the same moment', async () => {
    const store = await openTemporaryStore();
    const first = startService(store);
    const runId = await first.start();
    await first.whenCalled;
    await first.service.release(0);

    const second = startService(store);
    const outcomes = await Promise.all([1, 2, 3].map(() => second.service.resume(runId)));
    expect(outcomes.map(({ ok }) => ok)).toEqual([true, false, false]);
    expect(outcomes[1]).toMatchObject({ error: { code: 'run_active' } });
  });

  it('ends a run as interrupted after five claims that brought no event', async () => {
    const store = await openTemporaryStore();
    const first = startService(store);
    const runId = await first.start();
    await first.whenCalled;
    await first.service.release(0);
    for (let i = 0; i < 5; i++) await first.runs.claim(runId, 1);

    const second = startService(store);
    await second.service.recover('take-over');
    await second.whenFinished;
    expect((await second.statusOf(runId))[0]).toBe('interrupted');
    expect(second.calls).toEqual([]);
    const events = await second.logs.open(runId, 0).read();
    expect(events.at(-1)).toMatchObject({ type: 'run.finished', status: 'interrupted' });
  });
});
