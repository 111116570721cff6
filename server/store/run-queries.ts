import type { ChainId, RunId } from '@/lib/chain/ids';
import type { JsonText } from '@/lib/json/value';
import type { Plan } from '@/lib/plan/plan';
import type { RunSummary } from '@/lib/protocol/api';
import { err, ok, type Result } from '@/lib/result';
import type { RunTable, StoreDatabase } from './database';
import type { StoredEvent } from './sql-run-log';

/** A run's row in the words of the API, but for what only the process that drives runs can know. */
export type RunRecord = Omit<RunSummary, 'isAbandoned'>;

export interface NewRun {
  readonly plan: Plan;
  readonly chainId: ChainId | null;
  readonly chainName: string;
}

/** A claim on an unfinished run: its epoch fences every owner before. */
export interface Claim {
  readonly epoch: number;
  /** This one included: claims since the last event that was more than a take-over. */
  readonly idleClaims: number;
  readonly isCancelRequested: boolean;
}

export interface StoredPlan {
  readonly plan: Plan;
  /** Of the engine that began the run; null when it never began. */
  readonly engineVersion: number | null;
}

/** Events in the order of their numbers; `latestSeq` is that of the whole log. */
export interface EventsPage {
  readonly events: readonly StoredEvent[];
  readonly latestSeq: number;
}

export interface RunQueries {
  /** Writes the run's row with its first claim (epoch 1); events follow through the log. */
  readonly insert: (run: NewRun) => Promise<void>;
  readonly list: (filter: { readonly chainId?: string; readonly limit: number }) => Promise<readonly RunRecord[]>;
  readonly find: (runId: string) => Promise<RunRecord | undefined>;
  /** Undefined: no such run. An error: the row is there and its plan cannot be read; the sentence says why. */
  readonly findPlan: (runId: string) => Promise<Result<StoredPlan, string> | undefined>;
  /** Stops at the size by one event late at most, so a page is never empty while events follow. Undefined: no such run. */
  readonly pageEvents: (runId: string, afterSeq: number, size: PageSize) => Promise<EventsPage | undefined>;
  readonly findLatestSeq: (runId: string) => Promise<number | undefined>;
  readonly findBody: (sha256: string) => Promise<JsonText | undefined>;
  /** Oldest first. */
  readonly listUnfinished: () => Promise<readonly { readonly runId: RunId; readonly isCancelRequested: boolean }[]>;
  /** Undefined when the run is finished, unknown, or of a newer engine. */
  readonly claim: (runId: string, engineVersion: number) => Promise<Claim | undefined>;
  /** Remembers that a person wants the run to end, for whoever drives it after a crash. False when it is finished. */
  readonly requestCancel: (runId: string) => Promise<boolean>;
}

/** A page of events is held in memory once; both limits bound it. Bytes are counted in UTF-16 units. */
export interface PageSize {
  readonly events: number;
  readonly bytes: number;
}

const ROWS_PER_READ = 64;

const SUMMARY_COLUMNS = [
  'id',
  'chain_id',
  'chain_name',
  'chain_hash',
  'connection_id',
  'connection_name',
  'connection_purpose',
  'status',
  'last_seq',
  'created_at',
  'finished_at',
] as const satisfies readonly (keyof RunTable)[];

export function createRunQueries(deps: { readonly db: StoreDatabase; readonly nowMs: () => number }): RunQueries {
  const { db, nowMs } = deps;

  const findLatestSeq: RunQueries['findLatestSeq'] = async (runId) =>
    (await db.selectFrom('run').select('last_seq').where('id', '=', runId).executeTakeFirst())?.last_seq;

  return {
    insert: async ({ plan, chainId, chainName }) => {
      const now = nowMs();
      await db
        .insertInto('run')
        .values({
          id: plan.runId,
          plan: JSON.stringify(plan),
          chain_id: chainId,
          chain_name: chainName,
          chain_hash: plan.chainHash,
          trace_id: plan.runId,
          connection_id: plan.connection.id,
          connection_name: plan.connection.name,
          connection_purpose: plan.connection.purpose,
          run_again_of: plan.runAgainOf,
          engine_version: null,
          status: 'queued',
          last_seq: 0,
          claim_epoch: 1,
          idle_claims: 1,
          cancel_requested_at: null,
          created_at: now,
          finished_at: null,
        })
        .execute();
    },

    list: async ({ chainId, limit }) => {
      const all = db.selectFrom('run').select(SUMMARY_COLUMNS).orderBy('created_at', 'desc').orderBy('id').limit(limit);
      const rows = await (chainId === undefined ? all : all.where('chain_id', '=', chainId)).execute();
      return rows.map(toRecord);
    },

    find: async (runId) => {
      const row = await db.selectFrom('run').select(SUMMARY_COLUMNS).where('id', '=', runId).executeTakeFirst();
      return row === undefined ? undefined : toRecord(row);
    },

    findPlan: async (runId) => {
      const row = await db
        .selectFrom('run')
        .select(['plan', 'engine_version'])
        .where('id', '=', runId)
        .executeTakeFirst();
      if (row === undefined) return undefined;
      const plan = readPlan(row.plan, runId);
      return plan.ok ? ok({ plan: plan.value, engineVersion: row.engine_version }) : plan;
    },

    pageEvents: async (runId, afterSeq, size) => {
      const latestSeq = await findLatestSeq(runId);
      if (latestSeq === undefined) return undefined;
      const events: StoredEvent[] = [];
      let bytes = 0;
      let after = afterSeq;
      while (events.length < size.events && bytes < size.bytes) {
        const rows = await db
          .selectFrom('run_event')
          .select(['seq', 'event as text'])
          .where('run_id', '=', runId)
          .where('seq', '>', after)
          .orderBy('seq')
          .limit(Math.min(ROWS_PER_READ, size.events - events.length))
          .execute();
        const last = rows.at(-1);
        if (last === undefined) break;
        after = last.seq;
        for (const row of rows) {
          if (bytes >= size.bytes) break;
          bytes += row.text.length;
          events.push(row);
        }
      }
      return { events, latestSeq: Math.max(latestSeq, events.at(-1)?.seq ?? 0) };
    },

    findLatestSeq,

    findBody: async (sha256) => {
      const row = await db.selectFrom('body').select('text').where('sha256', '=', sha256).executeTakeFirst();
      return row?.text as JsonText | undefined;
    },

    listUnfinished: async () => {
      const rows = await db
        .selectFrom('run')
        .select(['id', 'cancel_requested_at'])
        .where('finished_at', 'is', null)
        .orderBy('created_at')
        .execute();
      return rows.map((row) => ({ runId: row.id as RunId, isCancelRequested: row.cancel_requested_at !== null }));
    },

    claim: async (runId, engineVersion) => {
      const row = await db
        .updateTable('run')
        .set((expression) => ({
          claim_epoch: expression('claim_epoch', '+', 1),
          idle_claims: expression('idle_claims', '+', 1),
        }))
        .where('id', '=', runId)
        .where('finished_at', 'is', null)
        .where((expression) =>
          expression(expression.fn.coalesce('engine_version', expression.val(0)), '<=', engineVersion),
        )
        .returning(['claim_epoch', 'idle_claims', 'cancel_requested_at'])
        .executeTakeFirst();
      if (row === undefined) return undefined;
      return {
        epoch: row.claim_epoch,
        idleClaims: row.idle_claims,
        isCancelRequested: row.cancel_requested_at !== null,
      };
    },

    requestCancel: async (runId) => {
      const { numUpdatedRows } = await db
        .updateTable('run')
        .set((expression) => ({
          cancel_requested_at: expression.fn.coalesce('cancel_requested_at', expression.val(nowMs())),
        }))
        .where('id', '=', runId)
        .where('finished_at', 'is', null)
        .executeTakeFirstOrThrow();
      return numUpdatedRows > 0n;
    },
  };
}

/** Plans are written by `insert` alone and JSON keeps them whole, so this finds a damaged row, not a wrong plan. */
function readPlan(text: string, runId: string): Result<Plan, string> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return err('Its plan is no JSON.');
  }
  const isPlan =
    typeof value === 'object' && value !== null && 'runId' in value && value.runId === runId && 'steps' in value;
  return isPlan ? ok(value as Plan) : err('Its plan is not the plan of this run.');
}

const toRecord = (row: Pick<RunTable, (typeof SUMMARY_COLUMNS)[number]>): RunRecord => ({
  runId: row.id,
  chainId: row.chain_id,
  chainName: row.chain_name,
  chainHash: row.chain_hash,
  status: row.status,
  connection: { id: row.connection_id, name: row.connection_name, purpose: row.connection_purpose },
  createdAtMs: row.created_at,
  finishedAtMs: row.finished_at,
  lastSeq: row.last_seq,
});
