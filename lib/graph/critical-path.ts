import type { ActionId } from '@/lib/chain/ids';
import { ok, type Result } from '@/lib/result';
import { type ChainGraph, predecessorsOf, successorsOf } from './chain-graph';
import { type CycleFound, planOrder } from './plan-order';

/** When an action starts if everything starts as early as its dependencies let it, whatever the number of slots. */
export interface ActionTime {
  readonly earliestStartMs: number;
  /** How much later it may start without making the whole longer; 0 on the critical path. */
  readonly slackMs: number;
}

export interface CriticalPath {
  /** In order of running. Empty for an empty chain. */
  readonly path: readonly ActionId[];
  /** Durations along the path, added up. */
  readonly lengthMs: number;
  /** Every action, in plan order. */
  readonly timeById: ReadonlyMap<ActionId, ActionTime>;
}

/**
 * The path of actions whose durations add up to most: however many slots there are, the whole takes at least so long.
 *
 * Of equally long paths it is the one that networkx's `dag_longest_path` gives for the same durations: it ends in the
 * action that comes first in plan order, and goes back over the dependency that stands first in `depends_on`. Actions
 * without a duration that would only prolong the path at its end are no part of it.
 *
 * O(V + E), without recursion. Slack is exact for whole milliseconds.
 *
 * @param durationMs 0 or more for every action.
 */
export function findCriticalPath(
  graph: ChainGraph,
  durationMs: (id: ActionId) => number,
): Result<CriticalPath, CycleFound> {
  const order = planOrder(graph);
  if (!order.ok) return order;
  const ids = order.value.flat();

  const endMs = new Map<ActionId, number>();
  const startMs = new Map<ActionId, number>();
  const cameFrom = new Map<ActionId, ActionId>();
  let last: ActionId | undefined;
  for (const id of ids) {
    const duration = durationMs(id);
    let startsAt = 0;
    let endsAt = duration;
    for (const predecessor of predecessorsOf(graph, id)) {
      const readyAt = endMs.get(predecessor)!;
      startsAt = Math.max(startsAt, readyAt);
      // The sums are compared, as networkx does: of two decimals, rounding may make equals.
      if (!cameFrom.has(id) || readyAt + duration > endsAt) {
        endsAt = readyAt + duration;
        cameFrom.set(id, predecessor);
      }
    }
    startMs.set(id, startsAt);
    endMs.set(id, endsAt);
    if (last === undefined || endsAt > endMs.get(last)!) last = id;
  }

  const path: ActionId[] = [];
  for (let id = last; id !== undefined; id = cameFrom.get(id)) path.push(id);
  const lengthMs = last === undefined ? 0 : endMs.get(last)!;
  const slackMs = slackOf(graph, ids, { startMs, endMs, lengthMs });
  return ok({
    path: path.reverse(),
    lengthMs,
    timeById: new Map(ids.map((id) => [id, { earliestStartMs: startMs.get(id)!, slackMs: slackMs.get(id)! }])),
  });
}

function slackOf(
  graph: ChainGraph,
  planOrderIds: readonly ActionId[],
  {
    startMs,
    endMs,
    lengthMs,
  }: {
    readonly startMs: ReadonlyMap<ActionId, number>;
    readonly endMs: ReadonlyMap<ActionId, number>;
    readonly lengthMs: number;
  },
): ReadonlyMap<ActionId, number> {
  const slackMs = new Map<ActionId, number>();
  for (const id of planOrderIds.toReversed()) {
    let latestEndMs = lengthMs;
    for (const successor of successorsOf(graph, id)) {
      latestEndMs = Math.min(latestEndMs, startMs.get(successor)! + slackMs.get(successor)!);
    }
    slackMs.set(id, Math.max(0, latestEndMs - endMs.get(id)!));
  }
  return slackMs;
}
