import type { Chain } from '@/lib/chain/chain';
import type { ActionId } from '@/lib/chain/ids';
import { graphOf, successorsOf } from '@/lib/graph/chain-graph';
import { planOrder } from '@/lib/graph/plan-order';

/** Where an action stands in its graph, counted in edges: the longest way from a start, and to an end. */
export interface GraphPlace {
  readonly depth: number;
  readonly height: number;
}

/** The place of every action. In a graph with a cycle there are no longest ways: all places are alike. O(V + E). */
export function placesOf(chain: Chain): ReadonlyMap<ActionId, GraphPlace> {
  const graph = graphOf(chain);
  const order = planOrder(graph);
  if (!order.ok) return new Map(graph.actionIds.map((id) => [id, { depth: 0, height: 0 }]));
  const heights = new Map<ActionId, number>();
  const places = new Map<ActionId, GraphPlace>();
  for (const [index, generation] of [...order.value].reverse().entries()) {
    for (const id of generation) {
      let height = 0;
      for (const successor of successorsOf(graph, id)) height = Math.max(height, 1 + heights.get(successor)!);
      heights.set(id, height);
      places.set(id, { depth: order.value.length - 1 - index, height });
    }
  }
  return places;
}
