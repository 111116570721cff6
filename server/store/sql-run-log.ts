import type { RunId } from '@/lib/chain/ids';
import { toBody } from '@/lib/json/body';
import type { JsonText } from '@/lib/json/value';
import { invariant } from '@/lib/result';
import { RUN_EVENT, type RunEvent, type RunFact } from '@/lib/run/events';
import { type RunLog, RunLost } from '@/lib/run/ports';
import type { Failpoint } from '../runs/failpoint';
import type { RunTable, StoreDatabase } from './database';

/** An event as the store holds it: the very text that viewers are sent. */
export interface StoredEvent {
  readonly seq: number;
  readonly text: string;
}

export interface SqlRunLogsDeps {
  readonly db: StoreDatabase;
  /** Wall clock that stamps the events. */
  readonly nowMs: () => number;
  readonly failpoint: Failpoint;
  /** Told of each batch after its commit, before its `append` resolves; in order per run. Must not throw. */
  readonly onCommitted: (runId: RunId, events: readonly StoredEvent[]) => void;
}

export interface SqlRunLogs {
  /** The log of a run for the owner that holds this claim; a newer claim makes every append of it a {@link RunLost}. */
  readonly open: (runId: RunId, claimEpoch: number) => RunLog;
}

interface Recorded {
  readonly events: readonly RunEvent[];
  readonly stored: readonly StoredEvent[];
}

interface Append {
  readonly runId: RunId;
  readonly claimEpoch: number;
  readonly facts: readonly RunFact[];
  readonly bodies: ReadonlyMap<string, JsonText>;
  readonly resolve: (events: readonly RunEvent[]) => void;
  readonly reject: (error: RunLost) => void;
}

/**
 * Logs in the store's tables. Appends of all runs that arrive in one turn of the event loop, or while a commit is under way,
 * share one transaction: a disk that syncs in a millisecond then carries hundreds of runs.
 *
 * A stale owner in the group is refused alone. When the group's transaction fails, each append is tried by itself, so what is
 * wrong with one run never ends another.
 */
export function createSqlRunLogs({ db, nowMs, failpoint, onCommitted }: SqlRunLogsDeps): SqlRunLogs {
  let waiting: Append[] = [];
  let isCommitting = false;

  const enqueue = (append: Append): void => {
    waiting.push(append);
    if (waiting.length === 1 && !isCommitting) setImmediate(() => void commitWaiting());
  };

  const commitWaiting = async (): Promise<void> => {
    isCommitting = true;
    while (waiting.length > 0) {
      const group = waiting;
      waiting = [];
      await commit(group);
    }
    isCommitting = false;
  };

  const commit = async (group: readonly Append[]): Promise<void> => {
    let recorded: readonly (Recorded | null)[];
    try {
      recorded = await db.transaction().execute(async (transaction) => {
        const results: (Recorded | null)[] = [];
        for (const append of group) results.push(await record(transaction, append, nowMs()));
        await failpoint('run.append:before-commit');
        return results;
      });
    } catch (error) {
      if (group.length > 1) {
        for (const append of group) await commit([append]);
      } else {
        const [{ runId, reject }] = group as readonly [Append];
        reject(new RunLost(`The store could not record events of run ${runId}`, { cause: error }));
      }
      return;
    }
    await failpoint('run.append:after-commit');
    for (const [i, { runId, claimEpoch, resolve, reject }] of group.entries()) {
      const written = recorded[i];
      if (written === null || written === undefined) {
        reject(new RunLost(`Run ${runId} was claimed by another owner after claim ${claimEpoch}`));
        continue;
      }
      onCommitted(runId, written.stored);
      resolve(written.events);
    }
  };

  return {
    open: (runId, claimEpoch) => {
      /** Texts of bodies that no commit holds yet. */
      const unwritten = new Map<string, JsonText>();
      let kept = new Map<string, JsonText>();

      return {
        read: async () => {
          const rows = await db
            .selectFrom('run_event')
            .select('event')
            .where('run_id', '=', runId)
            .orderBy('seq')
            .execute();
          return rows.map((row) => RUN_EVENT.parse(JSON.parse(row.event)));
        },

        append: async (facts) => {
          if (facts.length === 0) return [];
          const bodies = kept;
          kept = new Map();
          const events = await new Promise<readonly RunEvent[]>((resolve, reject) => {
            enqueue({ runId, claimEpoch, facts, bodies, resolve, reject });
          });
          for (const sha256 of bodies.keys()) if (!kept.has(sha256)) unwritten.delete(sha256);
          return events;
        },

        keep: (text) => {
          const body = toBody(text);
          if (body.type === 'stored') {
            kept.set(body.sha256, text);
            unwritten.set(body.sha256, text);
          }
          return body;
        },

        load: async (body) => {
          if (body.type === 'inline') return body.text;
          const early = unwritten.get(body.sha256);
          if (early !== undefined) return early;
          const row = await db.selectFrom('body').select('text').where('sha256', '=', body.sha256).executeTakeFirst();
          invariant(row !== undefined, `run ${runId} names the body ${body.sha256}, which the store does not hold`);
          return row.text as JsonText;
        },
      };
    },
  };
}

/** Numbers the facts and writes them; null, with nothing written, when the claim is not the run's latest. */
async function record(db: StoreDatabase, append: Append, atMs: number): Promise<Recorded | null> {
  const { runId, claimEpoch, facts, bodies } = append;
  const row = await db
    .updateTable('run')
    .set((expression) => ({ last_seq: expression('last_seq', '+', facts.length), ...rowChanges(facts, atMs) }))
    .where('id', '=', runId)
    .where('claim_epoch', '=', claimEpoch)
    .returning('last_seq')
    .executeTakeFirst();
  if (row === undefined) return null;

  if (bodies.size > 0) await insertBodies(db, bodies, atMs);
  const firstSeq = row.last_seq - facts.length + 1;
  const events = facts.map((fact, i): RunEvent => ({ ...fact, runId, seq: firstSeq + i, atMs }));
  const stored = events.map((event): StoredEvent => ({ seq: event.seq, text: JSON.stringify(event) }));
  for (let i = 0; i < stored.length; i += ROWS_PER_INSERT) {
    const part = stored.slice(i, i + ROWS_PER_INSERT);
    await db
      .insertInto('run_event')
      .values(part.map(({ seq, text }) => ({ run_id: runId, seq, event: text })))
      .execute();
  }
  return { events, stored };
}

/** Few enough that a statement's text and its bindings stay small, whatever a run of 2,000 actions appends at once. */
const ROWS_PER_INSERT = 100;

/** Keeps bodies by their hash; one that is there already stays as it is. */
async function insertBodies(db: StoreDatabase, bodies: ReadonlyMap<string, JsonText>, atMs: number): Promise<void> {
  for (const [sha256, text] of bodies) {
    await db
      .insertInto('body')
      .values({ sha256, text, created_at: atMs })
      .onConflict((conflict) => conflict.column('sha256').doNothing())
      .execute();
  }
}

/** What the run's own row learns from the facts. */
function rowChanges(facts: readonly RunFact[], atMs: number): Partial<RunTable> {
  const changes: Partial<RunTable> = {};
  for (const fact of facts) {
    if (fact.type !== 'run.taken-over') changes.idle_claims = 0;
    if (fact.type === 'run.started') {
      changes.status = 'running';
      changes.engine_version = fact.engineVersion;
    } else if (fact.type === 'run.taken-over') changes.status = 'running';
    else if (fact.type === 'run.finished') {
      changes.status = fact.status;
      changes.finished_at = atMs;
    }
  }
  return changes;
}
