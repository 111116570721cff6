import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { RunId } from '@/lib/chain/ids';
import type { Plan } from '@/lib/plan/plan';
import type { RunFact } from '@/lib/run/events';
import { type RunLog, RunLost } from '@/lib/run/ports';
import { chainFrom } from '@/testing/chain-builder';
import { planOf } from '@/testing/plan-builder';
import { describeRunLog } from '@/testing/run-log-contract';
import { openTemporaryStore } from '@/testing/temporary-store';
import type { Store } from './database';
import { createRunQueries } from './run-queries';
import { createSqlRunLogs, type StoredEvent } from './sql-run-log';

async function openLogs(store?: Store) {
  const { db } = store ?? (await openTemporaryStore());
  let commits = 0;
  const announced: { runId: RunId; events: readonly StoredEvent[] }[] = [];
  const runs = createRunQueries({ db, nowMs: () => 1000 });
  const logs = createSqlRunLogs({
    db,
    nowMs: () => 2000,
    failpoint: async (name) => {
      if (name === 'run.append:before-commit') commits++;
    },
    onCommitted: (runId, events) => announced.push({ runId, events }),
  });
  const insert = async (plan: Plan): Promise<RunLog> => {
    await runs.insert({ plan, chainId: null, chainName: 'Test' });
    return logs.open(plan.runId, 1);
  };
  return { db, runs, logs, announced, insert, commits: () => commits };
}

const planWithId = (runId = randomUUID() as RunId): Plan =>
  planOf(chainFrom({ actions: { a: { definition_id: 'd' } } }), { runId });
const queued: RunFact = { type: 'action.queued', actionId: 'a' as never };
const takenOver: RunFact = { type: 'run.taken-over' };

let latest: Awaited<ReturnType<typeof openLogs>> | undefined;
describeRunLog(
  'The store',
  async (plan) => {
    latest = await openLogs();
    return latest.insert(plan);
  },
  async (plan) => {
    if (latest === undefined) throw new Error('No log was made yet');
    const claim = await latest.runs.claim(plan.runId, 1);
    // A finished run cannot be claimed; its log can still be read.
    return latest.logs.open(plan.runId, claim?.epoch ?? 0);
  },
);

describe('createSqlRunLogs', () => {
  it('records the appends of one turn of the event loop in one transaction', async () => {
    const { insert, commits } = await openLogs();
    const logs = await Promise.all(Array.from({ length: 20 }, () => insert(planWithId())));
    await Promise.all(logs.map((log) => log.append([queued])));
    expect(commits()).toBe(1);
  });

  it('announces events after their commit and before append resolves, as the stored text', async () => {
    const { db, insert, announced } = await openLogs();
    const plan = planWithId();
    const log = await insert(plan);
    const append = log.append([queued, takenOver]);
    expect(announced).toEqual([]);
    await append;
    const rows = await db.selectFrom('run_event').select(['seq', 'event as text']).execute();
    expect(announced).toEqual([{ runId: plan.runId, events: rows }]);
    expect(rows.map(({ text }) => JSON.parse(text))).toEqual(await log.read());
  });

  it('refuses a stale owner alone and keeps the rest of its group', async () => {
    const { insert, runs, announced } = await openLogs();
    const [stalePlan, soundPlan] = [planWithId(), planWithId()];
    const [stale, sound] = [await insert(stalePlan), await insert(soundPlan)];
    await runs.claim(stalePlan.runId, 1);
    const outcomes = await Promise.allSettled([stale.append([queued]), sound.append([queued])]);
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'fulfilled']);
    expect((outcomes[0] as PromiseRejectedResult).reason).toBeInstanceOf(RunLost);
    expect(await stale.read()).toEqual([]);
    expect(announced.map(({ runId }) => runId)).toEqual([soundPlan.runId]);
  });

  it('ends no other run when one append cannot be written', async () => {
    const { db, insert, announced } = await openLogs();
    const [brokenPlan, soundPlan] = [planWithId(), planWithId()];
    const [broken, sound] = [await insert(brokenPlan), await insert(soundPlan)];
    // The number that the next event would take is taken: the whole transaction fails.
    await db.insertInto('run_event').values({ run_id: brokenPlan.runId, seq: 1, event: '{}' }).execute();
    const outcomes = await Promise.allSettled([broken.append([queued]), sound.append([queued])]);
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'fulfilled']);
    expect((outcomes[0] as PromiseRejectedResult).reason).toBeInstanceOf(RunLost);
    expect(announced.map(({ runId }) => runId)).toEqual([soundPlan.runId]);
    expect((await sound.read()).map(({ seq }) => seq)).toEqual([1]);
    const row = await db.selectFrom('run').select('last_seq').where('id', '=', brokenPlan.runId).executeTakeFirst();
    expect(row?.last_seq).toBe(0);
  });

  it('writes the row of the run with the events that change it', async () => {
    const { runs, insert } = await openLogs();
    const plan = planWithId();
    const log = await insert(plan);
    expect(await runs.find(plan.runId)).toMatchObject({ status: 'queued', lastSeq: 0, finishedAtMs: null });
    await log.append([startedOf(plan)]);
    expect(await runs.find(plan.runId)).toMatchObject({ status: 'running', lastSeq: 1, finishedAtMs: null });
    await log.append([queued, { type: 'run.finished', status: 'failed' }]);
    expect(await runs.find(plan.runId)).toMatchObject({ status: 'failed', lastSeq: 3, finishedAtMs: 2000 });
    expect(await runs.listUnfinished()).toEqual([]);
    expect(await runs.claim(plan.runId, 1)).toBeUndefined();
  });

  it('counts claims that brought no event but take-overs', async () => {
    const { runs, logs, insert } = await openLogs();
    const plan = planWithId();
    await insert(plan);
    const claims: number[] = [];
    for (let i = 0; i < 3; i++) {
      const claim = await runs.claim(plan.runId, 1);
      claims.push(claim?.idleClaims ?? 0);
      await logs.open(plan.runId, claim?.epoch ?? 0).append([takenOver]);
    }
    const last = await runs.claim(plan.runId, 1);
    await logs.open(plan.runId, last?.epoch ?? 0).append([queued]);
    claims.push((await runs.claim(plan.runId, 1))?.idleClaims ?? 0);
    expect(claims).toEqual([2, 3, 4, 1]);
  });

  it('lets nobody claim a run that a newer engine began', async () => {
    const { runs, insert } = await openLogs();
    const plan = planWithId();
    await (await insert(plan)).append([{ ...startedOf(plan), engineVersion: 7 }]);
    expect(await runs.claim(plan.runId, 6)).toBeUndefined();
    expect(await runs.claim(plan.runId, 7)).toMatchObject({ epoch: 2 });
  });

  it('rejects appends to a store that is closed, and records nothing', async () => {
    const store = await openTemporaryStore();
    const { insert, announced } = await openLogs(store);
    const log = await insert(planWithId());
    await store.close();
    await expect(log.append([queued])).rejects.toBeInstanceOf(RunLost);
    expect(announced).toEqual([]);
  });
});

const startedOf = (plan: Plan): Extract<RunFact, { type: 'run.started' }> => ({
  type: 'run.started',
  chainHash: plan.chainHash,
  traceId: plan.runId,
  connection: plan.connection,
  actions: [{ actionId: 'a' as never, definitionId: 'd', needs: [] }],
  engineVersion: 1,
});
