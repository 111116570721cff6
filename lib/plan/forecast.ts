import { type Action, type Chain, type Effect, effectivePolicy, effectiveSettings } from '@/lib/chain/chain';
import type { ActionId } from '@/lib/chain/ids';
import type { ConnectionMap } from '@/lib/definition/connection-map';
import { type RetrySchedule, scheduleRetries } from '@/lib/failure/retry-schedule';
import { type ChainGraph, graphOf, predecessorsOf } from '@/lib/graph/chain-graph';
import { findCriticalPath } from '@/lib/graph/critical-path';
import { type CycleFound, planOrder } from '@/lib/graph/plan-order';
import { isAncestor } from '@/lib/graph/reach';
import { invariant, ok, type Result } from '@/lib/result';
import type { SettingOverrides } from './build-plan';

/** What a run of the whole chain would do at most, known before it starts: no input, no connection, no pins. */
export interface Forecast {
  /** Every action in plan order, networkx's topological order. */
  readonly order: readonly ActionId[];
  /** The same order in groups; the actions of one group can run side by side. */
  readonly generations: readonly (readonly ActionId[])[];
  /** One for each action, in plan order. */
  readonly actions: readonly ForecastAction[];
  /** Actions that may be called and whose effect is `write`, in plan order. */
  readonly writes: readonly ActionId[];
  /** The path whose worst cases add up to most; with any number of slots the worst run is no shorter. */
  readonly criticalPath: { readonly path: readonly ActionId[]; readonly lengthMs: number };
  readonly maxConcurrency: number;
  readonly deadlineMs: number | null;
  /** No run takes longer, if no answer comes with a `Retry-After`. */
  readonly worstMs: number;
  /** No run takes longer, whatever `Retry-After` servers send. */
  readonly worstRetryAfterMs: number;
}

export interface ForecastAction {
  readonly actionId: ActionId;
  /** As it would be called: through the connection's map. */
  readonly definitionId: string;
  readonly effect: Effect;
  /** Existing actions that it waits for, in the order of its `depends_on`. */
  readonly dependsOn: readonly ActionId[];
  readonly isDisabled: boolean;
  /** Has a `when`, so it may be skipped; what depends on it may then be skipped too. */
  readonly isConditional: boolean;
  /** The nearest disabled or surely skipped action because of which it is never called; null where it may be, or is itself disabled. */
  readonly skippedBy: ActionId | null;
  /** Null where it is never called. */
  readonly schedule: RetrySchedule | null;
  /** As `schedule` has it; 0 where it is never called. */
  readonly worstMs: number;
  readonly worstRetryAfterMs: number;
  /** Earliest start and slack under worst cases without `Retry-After`, with a slot always free. */
  readonly earliestStartMs: number;
  readonly slackMs: number;
}

export interface ForecastRequest {
  /** Id in the document → id that would be called. Default: every id as it stands. */
  readonly idMap?: ConnectionMap | null;
  readonly overrides?: SettingOverrides;
}

/**
 * Order, parallel groups, writes and the longest time of a run of the whole chain.
 *
 * A bound, not an estimate. Let P be the critical path under the worst case of each action, W the sum of all these, m the
 * number of slots. No run takes longer than P + (W − P) / m. For: take the action that ends last, of those that it waits
 * for the one that ended last, and so on back to the start. Whenever none of this path held a slot, its next action was
 * waiting for one, so all m were held by others (the engine never leaves a slot free while an action is ready, and a
 * waiting retry keeps its slot). So these times add up to at most (W' − P') / m, with W' and P' what all and the path
 * really took; the rest of the run is P'. And P' + (W' − P') / m = W' / m + P' (1 − 1 / m) grows with both, and neither
 * exceeds its worst case. Skips, conditions, fallbacks and a halt only take time away. Simulating one worst run would be
 * no bound: with slots to share, an action that ends earlier can make the whole end later.
 *
 * @see R. L. Graham, "Bounds on multiprocessing timing anomalies", SIAM J. Appl. Math. 17(2), 1969.
 *
 * Where m chains of dependencies hold all actions that can be called, none ever waits for a slot and the bound is P itself.
 * At a deadline nothing new starts, so a run outlasts it by one timeout at most.
 *
 * As in `scheduleRetries`, waiting for the connection's rate gate, minting a token and recording are not in it, and
 * templates and mocks take no time. O(V + E), but for the ancestor sets.
 *
 * @returns The cycle when there is no order. Dependencies on actions that do not exist hold nothing back.
 */
export function forecastChain(
  chain: Chain,
  { idMap = null, overrides = {} }: ForecastRequest = {},
): Result<Forecast, CycleFound> {
  const graph = graphOf(chain);
  const generations = planOrder(graph);
  if (!generations.ok) return generations;
  const order = generations.value.flat();
  const settings = { ...effectiveSettings(chain), ...overrides };

  const skippedBy = findSkipped(chain, graph, order);
  const scheduleById = new Map<ActionId, RetrySchedule>();
  let longestTimeoutMs = 0;
  for (const [id, action] of chain.actions) {
    if (action.disabled === true || skippedBy.has(id)) continue;
    const { retry, timeoutMs } = effectivePolicy(settings, action);
    scheduleById.set(id, scheduleRetries(retry, timeoutMs));
    longestTimeoutMs = Math.max(longestTimeoutMs, timeoutMs);
  }

  const called = order.filter((id) => scheduleById.has(id));
  const neverQueues = canBeCovered(graph, called, settings.maxConcurrency);
  const boundOf = (durationMs: (id: ActionId) => number) => {
    const critical = findCriticalPath(graph, durationMs);
    invariant(critical.ok, 'a graph with an order has a critical path');
    const { lengthMs } = critical.value;
    const totalMs = called.reduce((sum, id) => sum + durationMs(id), 0);
    const boundMs = neverQueues ? lengthMs : lengthMs + Math.ceil((totalMs - lengthMs) / settings.maxConcurrency);
    const cutMs = settings.deadlineMs === null ? boundMs : Math.min(boundMs, settings.deadlineMs + longestTimeoutMs);
    return { critical: critical.value, worstMs: cutMs };
  };
  const worstMs = (id: ActionId): number => scheduleById.get(id)?.worstMs ?? 0;
  const worstRetryAfterMs = (id: ActionId): number => scheduleById.get(id)?.worstRetryAfterMs ?? 0;
  const { critical, worstMs: runWorstMs } = boundOf(worstMs);

  return ok({
    order,
    generations: generations.value,
    actions: order.map((actionId) => {
      const action = getAction(chain, actionId);
      return {
        actionId,
        definitionId: idMap?.get(action.definition_id) ?? action.definition_id,
        effect: effectivePolicy(settings, action).effect,
        dependsOn: predecessorsOf(graph, actionId),
        isDisabled: action.disabled === true,
        isConditional: action.when !== undefined,
        skippedBy: skippedBy.get(actionId) ?? null,
        schedule: scheduleById.get(actionId) ?? null,
        worstMs: worstMs(actionId),
        worstRetryAfterMs: worstRetryAfterMs(actionId),
        ...critical.timeById.get(actionId)!,
      };
    }),
    writes: called.filter((id) => effectivePolicy(settings, getAction(chain, id)).effect === 'write'),
    criticalPath: { path: critical.path, lengthMs: critical.lengthMs },
    maxConcurrency: settings.maxConcurrency,
    deadlineMs: settings.deadlineMs,
    worstMs: runWorstMs,
    worstRetryAfterMs: boundOf(worstRetryAfterMs).worstMs,
  });
}

function getAction(chain: Chain, id: ActionId): Action {
  const action = chain.actions.get(id);
  invariant(action !== undefined, `the order names ${id}, which the chain does not have`);
  return action;
}

/** Actions that no run calls because something that they wait for is disabled, each with the first such dependency. */
function findSkipped(chain: Chain, graph: ChainGraph, order: readonly ActionId[]): ReadonlyMap<ActionId, ActionId> {
  const skippedBy = new Map<ActionId, ActionId>();
  for (const id of order) {
    const { disabled, run_if } = getAction(chain, id);
    if (disabled === true || run_if === 'all_done') continue;
    const by = predecessorsOf(graph, id).find(
      (need) => getAction(chain, need).disabled === true || skippedBy.has(need),
    );
    if (by !== undefined) skippedBy.set(id, by);
  }
  return skippedBy;
}

/**
 * Whether so many chains of dependencies hold all the actions: then there are never more of them ready or running. Takes
 * the first chain that fits, so it may say no where another division would do; O(V × slots).
 */
function canBeCovered(graph: ChainGraph, idsInOrder: readonly ActionId[], slots: number): boolean {
  const lastOfChain: ActionId[] = [];
  for (const id of idsInOrder) {
    const fitting = lastOfChain.findIndex((last) => isAncestor(graph, last, id));
    if (fitting >= 0) lastOfChain[fitting] = id;
    else if (lastOfChain.push(id) > slots) return false;
  }
  return true;
}
