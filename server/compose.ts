import { randomBytes, randomUUID } from 'node:crypto';
import type { RunId } from '@/lib/chain/ids';
import type { Definition } from '@/lib/definition/definition';
import { exampleWorkbench } from '@/lib/exchange/example-chain';
import { systemClock } from './clock';
import { type Connection, simulatorConnection } from './cxone/connection';
import { createConnectionInvoke } from './cxone/connection-invoke';
import { createApi } from './http/api';
import type { HttpBackend } from './http/http-server';
import type { Log } from './observe/log';
import type { Failpoint } from './runs/failpoint';
import { createOpenConnections, type OpenConnection } from './runs/open-connections';
import { createRunService } from './runs/run-service';
import type { Settings } from './settings';
import { startSimulator } from './simulator/simulator';
import { createChainQueries } from './store/chain-queries';
import type { Store } from './store/database';
import { createDefinitionQueries } from './store/definition-queries';
import { createMapQueries } from './store/map-queries';
import { createRunQueries } from './store/run-queries';
import { createSqlRunLogs } from './store/sql-run-log';
import { createRunHub } from './ws/run-hub';
import { createWsServer } from './ws/ws-server';

export interface ComposeDeps {
  readonly settings: Settings;
  readonly store: Store;
  /** Of the environment; null leaves the simulator as the only one. */
  readonly connection: Connection | null;
  /** Names that `secret_ref` can resolve. */
  readonly secretNames: readonly string[];
  readonly version: string;
  readonly failpoint: Failpoint;
  readonly log: Log;
}

/** The services of one server, wired. */
export interface Services {
  readonly backend: Pick<HttpBackend, 'api' | 'sockets'>;
  /** Takes over what an earlier process left. To be called once, when the server is otherwise ready. */
  readonly recover: () => Promise<void>;
  /** In order: no new work, runs let go of, viewers told, connections and simulator closed. The store is the caller's. */
  readonly close: (drainMs: number) => Promise<void>;
}

/** Makes every service of the server; nothing else makes one. */
export async function compose(deps: ComposeDeps): Promise<Services> {
  const { settings, store, secretNames, version, failpoint, log } = deps;
  const { db } = store;
  const clock = systemClock;
  let isReady = true;

  /** As the store has them: the simulator answers a definition from the moment that its import was answered. */
  let imported: readonly Definition[] = [];
  const onChanged = (definitions: readonly Definition[]): void => {
    imported = definitions;
  };
  const definitions = createDefinitionQueries({ db, nowMs: clock.nowMs, onChanged, log });
  onChanged(await definitions.list());
  const maps = createMapQueries({ db, nowMs: clock.nowMs });

  const simulator = await startSimulator({ definitions: () => imported });
  const open = (connection: Connection): OpenConnection => ({
    facts: connection,
    client: createConnectionInvoke({ ...connection, payloadBytesMax: settings.payloadBytesMax }, { clock }),
  });
  const simulated = open(simulatorConnection(simulator));
  const connections = createOpenConnections(
    deps.connection === null ? [simulated] : [open(deps.connection), simulated],
  );

  const hub = createRunHub((task, ms) => {
    const timer = setTimeout(task, ms);
    return () => clearTimeout(timer);
  });
  const chains = createChainQueries({ db, nowMs: clock.nowMs, failpoint });
  const runs = createRunQueries({ db, nowMs: clock.nowMs });
  const logs = createSqlRunLogs({ db, nowMs: clock.nowMs, failpoint, onCommitted: hub.announce });
  const service = createRunService({
    runs,
    logs,
    connections,
    maps,
    clock,
    random: Math.random,
    newRunId: () => randomUUID() as RunId,
    newCallKey: randomUUID,
    onDoubt: settings.onDoubt,
    failpoint,
    log,
  });
  const sockets = createWsServer({ runs, hub, cancelRun: service.cancel, monotonicMs: clock.monotonicMs, log });
  const api = createApi({
    chains,
    service,
    runs,
    logs,
    connections,
    definitions,
    maps,
    secretNames,
    simulator,
    version,
    isReady: () => isReady,
    newIncidentId: () => `CW-${randomBytes(4).toString('hex')}`,
    log,
  });

  if (store.isNew) await chains.create(exampleWorkbench());

  return {
    backend: { api, sockets },
    recover: () => service.recover(settings.unfinishedRuns),
    close: async (drainMs) => {
      isReady = false;
      await service.release(drainMs);
      await sockets.close();
      await connections.close();
      await simulator.close();
    },
  };
}
