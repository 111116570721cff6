import type { Chain } from '@/lib/chain/chain';
import type { ActionId, ChainId, RunId } from '@/lib/chain/ids';
import { parseChainText } from '@/lib/chain/parse-chain';
import type { ConnectionMap } from '@/lib/definition/connection-map';
import { parseJson } from '@/lib/json/parse-json';
import { printCompactJson } from '@/lib/json/print-json';
import { isJsonObject, type JsonText } from '@/lib/json/value';
import { buildPlan } from '@/lib/plan/build-plan';
import type { Plan } from '@/lib/plan/plan';
import type { RunSummary, StartRun } from '@/lib/protocol/api';
import type { HttpProblem } from '@/lib/protocol/http-problem';
import { err, ok, type Result } from '@/lib/result';
import { createAbortGroup } from '@/lib/run/abort-group';
import { ENGINE_VERSION } from '@/lib/run/engine';
import { executeRun } from '@/lib/run/execute-run';
import type { Clock, Invoke } from '@/lib/run/ports';
import type { Log } from '../observe/log';
import { nameOf } from '../store/chain-queries';
import type { MapQueries } from '../store/map-queries';
import type { RunQueries, RunRecord } from '../store/run-queries';
import type { SqlRunLogs } from '../store/sql-run-log';
import type { Failpoint } from './failpoint';
import type { OpenConnection, OpenConnections } from './open-connections';

/** Why a run was not started, cancelled or resumed; `problems` point into the document, the input or the pins. */
export interface RunRefusal {
  readonly code:
    | 'document_refused'
    | 'input_refused'
    | 'pins_refused'
    | 'plan_refused'
    | 'connection_unknown'
    | 'run_unknown'
    | 'run_finished'
    | 'run_active'
    | 'run_unreadable'
    | 'engine_newer'
    | 'stopping';
  readonly message: string;
  readonly problems?: HttpProblem['problems'];
}

export interface RunService {
  readonly start: (wish: StartRun) => Promise<Result<RunId, RunRefusal>>;
  /** Aborts the run's calls; a run that nobody drives is finished as cancelled. Its end comes as an event. */
  readonly cancel: (runId: RunId) => Promise<Result<void, RunRefusal>>;
  /** Takes over a run whose log has no end and that nobody drives. */
  readonly resume: (runId: RunId) => Promise<Result<void, RunRefusal>>;
  /**
   * What is left of an earlier process: taken over, or left standing as interrupted until somebody resumes it. A run that
   * cannot be taken over stands likewise and is told in the log; it keeps no other run from going on.
   */
  readonly recover: (unfinishedRuns: 'take-over' | 'ask') => Promise<void>;
  /** How a run stands now: one that nobody drives shows as interrupted. */
  readonly summarise: (record: RunRecord) => RunSummary;
  /**
   * Lets go of every run: starts nothing, waits for calls in flight at most `drainMs`, and leaves the rest to the next
   * process, which finds them in doubt.
   */
  readonly release: (drainMs: number) => Promise<void>;
}

export interface RunServiceDeps {
  readonly runs: RunQueries;
  readonly logs: SqlRunLogs;
  readonly connections: OpenConnections;
  readonly maps: Pick<MapQueries, 'find'>;
  readonly clock: Clock;
  readonly random: () => number;
  readonly newRunId: () => RunId;
  readonly newCallKey: () => string;
  readonly onDoubt: Plan['onDoubt'];
  readonly failpoint: Failpoint;
  readonly log: Log;
}

/** A run that crashed its process this often without one event is the cause of the crashes, not their victim. */
const IDLE_CLAIMS_MAX = 5;

interface Drive {
  readonly cancel: AbortController;
  /** Resolves when the run has ended, was let go, or could not be claimed; never rejects. */
  readonly over: Promise<void>;
  readonly end: () => void;
  /** False while the run is still being claimed. */
  isBegun: boolean;
}

/** The runs of this process: it claims, drives and lets go of them. */
export function createRunService(deps: RunServiceDeps): RunService {
  const { runs, logs, connections, maps, clock, random, newRunId, newCallKey, onDoubt, failpoint, log } = deps;
  /** Entered before a claim is made, so that nobody claims a run twice and a cancel meanwhile is not lost. */
  const driveByRun = new Map<RunId, Drive>();
  const releasing = createAbortGroup();

  const reserve = (runId: RunId): Drive => {
    let end = (): void => undefined;
    const over = new Promise<void>((resolve) => {
      end = resolve;
    });
    const reserved: Drive = { cancel: new AbortController(), over, end, isBegun: false };
    driveByRun.set(runId, reserved);
    return reserved;
  };

  const drop = (runId: RunId, drive: Drive): void => {
    if (driveByRun.get(runId) === drive) driveByRun.delete(runId);
    drive.end();
  };

  const begin = (drive: Drive, plan: Plan, claimEpoch: number, invoke: Invoke): void => {
    const { runId } = plan;
    const released = releasing.join();
    drive.isBegun = true;
    executeRun(plan, {
      log: logs.open(runId, claimEpoch),
      invoke,
      clock,
      random,
      cancelled: drive.cancel.signal,
      released: released.signal,
      reportDefect: (incidentId, error) => log.error({ runId, incidentId, error }, 'defect in a run'),
    })
      .then(
        (state) => log.info({ runId, status: state.status, lastSeq: state.lastSeq }, 'run left'),
        (error: unknown) => {
          // What came back after the store had closed; `release` has already told of it.
          if (releasing.isAborted()) return;
          // The log stays without an end: the run stands as interrupted, and can be resumed when the store writes again.
          log.error({ runId, error }, 'run lost');
        },
      )
      .finally(() => {
        released.leave();
        drop(runId, drive);
      });
  };

  const takeOver = async (runId: RunId, wantsCancel: boolean): Promise<Result<void, RunRefusal>> => {
    if (releasing.isAborted()) return err(STOPPING);
    if (driveByRun.has(runId)) return err(refusal('run_active', 'The run is under way; there is nothing to resume.'));
    const reserved = reserve(runId);
    try {
      const stored = await runs.findPlan(runId);
      if (stored === undefined) return err(UNKNOWN_RUN);
      if (!stored.ok) {
        return err(refusal('run_unreadable', `The record of this run is damaged and it cannot go on. ${stored.error}`));
      }
      const { plan, engineVersion } = stored.value;
      if (engineVersion !== null && engineVersion > ENGINE_VERSION) {
        return err(refusal('engine_newer', 'A newer Chainwright began this run; only that one can go on with it.'));
      }
      const connection = connections.find(plan.connection.id);
      if (connection === undefined && !wantsCancel) {
        const message = `The run belongs to the connection ${plan.connection.name}, which this server does not have.`;
        return err(refusal('connection_unknown', message));
      }
      const claim = await runs.claim(runId, ENGINE_VERSION);
      if (claim === undefined) return err(FINISHED_RUN);
      if (claim.idleClaims > IDLE_CLAIMS_MAX) {
        await logs.open(runId, claim.epoch).append([{ type: 'run.finished', status: 'interrupted' }]);
        return ok(undefined);
      }
      if (wantsCancel || claim.isCancelRequested) reserved.cancel.abort();
      begin(reserved, plan, claim.epoch, connection?.client.invoke ?? invokeNobody);
      return ok(undefined);
    } finally {
      if (!reserved.isBegun) drop(runId, reserved);
    }
  };

  return {
    start: async (wish) => {
      if (releasing.isAborted()) return err(STOPPING);
      const connection = connections.find(wish.connectionId);
      if (connection === undefined) {
        const message = `There is no connection ${JSON.stringify(wish.connectionId)}.`;
        return err(refusal('connection_unknown', message));
      }
      const runId = newRunId();
      // Before the first wait, so that a release that comes meanwhile waits for this run.
      const reserved = reserve(runId);
      let plan: Plan;
      try {
        const { id: connectionId, purpose } = connection.facts;
        const idMap = purpose === 'simulator' ? null : await maps.find(connectionId);
        const planned = planRun(wish, connection, { runId, idMap, newCallKey, onDoubt });
        if (!planned.ok) return planned;
        plan = planned.value.plan;
        const chainName = nameOf(planned.value.chain);
        await runs.insert({ plan, chainId: wish.chainId as ChainId | null, chainName });
        await failpoint('run.start:after-commit');
        begin(reserved, plan, 1, connection.client.invoke);
      } finally {
        if (!reserved.isBegun) drop(runId, reserved);
      }
      log.info({ runId, connection: plan.connection.id, chainHash: plan.chainHash }, 'run started');
      if (plan.webhook !== null) {
        // Path and query may hold a key of the receiver.
        const { host } = new URL(plan.webhook.url);
        log.warn({ runId, webhookHost: host }, 'the webhook is not told: runs of the server send none yet');
      }
      return ok(runId);
    },

    cancel: async (runId) => {
      // Remembered first: a crash between here and the end of the run still ends it as cancelled.
      if (!(await runs.requestCancel(runId))) {
        return err((await runs.find(runId)) === undefined ? UNKNOWN_RUN : FINISHED_RUN);
      }
      const current = driveByRun.get(runId);
      if (current === undefined) return takeOver(runId, true);
      current.cancel.abort();
      return ok(undefined);
    },

    resume: (runId) => takeOver(runId, false),

    recover: async (unfinishedRuns) => {
      for (const { runId, isCancelRequested } of await runs.listUnfinished()) {
        if (unfinishedRuns === 'ask' && !isCancelRequested) continue;
        try {
          const taken = await takeOver(runId, isCancelRequested);
          if (!taken.ok) log.warn({ runId, code: taken.error.code }, `not taken over: ${taken.error.message}`);
        } catch (error) {
          log.error({ runId, error }, 'not taken over: its record cannot be worked with');
        }
      }
    },

    summarise: (record) => {
      const isAbandoned = record.finishedAtMs === null && !driveByRun.has(record.runId as RunId);
      return { ...record, isAbandoned, status: isAbandoned ? 'interrupted' : record.status };
    },

    release: async (drainMs) => {
      releasing.abort();
      const patience = new AbortController();
      const drained = Promise.all([...driveByRun.values()].map((current) => current.over));
      await Promise.race([drained, clock.sleep(drainMs, patience.signal)]);
      patience.abort();
      if (driveByRun.size > 0) log.warn({ runs: [...driveByRun.keys()] }, 'stopped with calls in flight');
    },
  };
}

const refusal = (code: RunRefusal['code'], message: string): RunRefusal => ({ code, message });
const UNKNOWN_RUN = refusal('run_unknown', 'There is no such run.');
const FINISHED_RUN = refusal('run_finished', 'The run has ended; start a new one.');
const STOPPING = refusal('stopping', 'The server is stopping; try again when it is back.');

/** Stands in where a run is only to be ended: the engine makes no call of a cancelled run. */
const invokeNobody: Invoke = () => Promise.reject(new Error('A cancelled run without a connection made a call'));

interface PlanDeps {
  readonly runId: RunId;
  readonly idMap: ConnectionMap | null;
  readonly newCallKey: () => string;
  readonly onDoubt: Plan['onDoubt'];
}

/** Reads what came over the wire and plans it, or says what is wrong with which part. */
function planRun(
  wish: StartRun,
  connection: OpenConnection,
  { runId, idMap, newCallKey, onDoubt }: PlanDeps,
): Result<{ readonly plan: Plan; readonly chain: Chain }, RunRefusal> {
  const chain = parseChainText(wish.documentText);
  if (!chain.ok) {
    const message = 'The document is no chain; every reason is in the list.';
    return err({ code: 'document_refused', message, problems: chain.error.map(asError) });
  }
  const input = parseJson(wish.inputText);
  if (!input.ok) {
    const problem = asError({ ...input.error, path: `/input${input.error.path}` });
    return err({
      code: 'input_refused',
      message: `The input cannot be read. ${input.error.message}`,
      problems: [problem],
    });
  }
  const pins = parsePins(wish.pinsText ?? '{}');
  if (!pins.ok) return pins;
  const { id, name, purpose } = connection.facts;
  const { request } = wish;
  const plan = buildPlan({
    chain: chain.value,
    runId,
    input: printCompactJson(input.value),
    connection: { id, name, purpose },
    idMap,
    request: request.type === 'all' ? request : { type: 'up-to', actionId: request.actionId as ActionId },
    pins: pins.value,
    ...(wish.allowedLiterals === undefined ? {} : { allowedLiterals: wish.allowedLiterals }),
    onDoubt,
    newCallKey,
  });
  if (!plan.ok) {
    const problems = plan.error.map(({ code, severity, message, path }) => ({ code, severity, message, path }));
    return err({ code: 'plan_refused', message: problems[0]?.message ?? 'The chain cannot run.', problems });
  }
  return ok({ plan: plan.value, chain: chain.value });
}

const asError = ({
  code,
  message,
  path,
}: {
  readonly code: string;
  readonly message: string;
  readonly path: string;
}) => ({
  code,
  severity: 'error' as const,
  message,
  path,
});

function parsePins(text: string): Result<ReadonlyMap<ActionId, JsonText>, RunRefusal> {
  const parsed = parseJson(text);
  if (!parsed.ok) return err(refusal('pins_refused', `The pins cannot be read. ${parsed.error.message}`));
  if (!isJsonObject(parsed.value))
    return err(refusal('pins_refused', 'The pins are one object: outputs by action id.'));
  return ok(new Map([...parsed.value].map(([id, value]) => [id as ActionId, printCompactJson(value)])));
}
