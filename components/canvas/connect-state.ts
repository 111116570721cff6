import { create } from 'zustand';
import type { Chain } from '@/lib/chain/chain';
import type { ActionId } from '@/lib/chain/ids';
import { graphOf } from '@/lib/graph/chain-graph';
import { printPath } from '@/lib/graph/print-path';
import { findAncestors, findClosingPath, findDescendants } from '@/lib/graph/reach';

/** Which end of the new edge the drag holds. */
export type DragFrom = 'source' | 'target';

export type Illegal = { readonly type: 'self' } | { readonly type: 'duplicate' } | { readonly type: 'would-loop' };

/** A loop that an edge would close, in walking order: the first id stands at the end again. */
export interface LoopShown {
  readonly from: ActionId;
  readonly to: ActionId;
  readonly path: readonly ActionId[];
}

/** An edge being drawn. Lives beside React Flow, so that a card reads one word of it by id. */
interface ConnectState {
  readonly drag: { readonly actionId: ActionId; readonly end: DragFrom } | null;
  /** Cards on which the edge cannot end, and why; computed once when the drag starts. */
  readonly illegal: ReadonlyMap<ActionId, Illegal>;
  readonly loop: LoopShown | null;
  readonly begin: (chain: Chain, actionId: ActionId, end: DragFrom) => void;
  /** The pointer is near a card: shows the loop that an edge there would close. */
  readonly hover: (chain: Chain, actionId: ActionId | null) => void;
  readonly end: () => void;
}

export const useConnectState = create<ConnectState>()((set, get) => ({
  drag: null,
  illegal: new Map(),
  loop: null,
  begin: (chain, actionId, end) =>
    set({ drag: { actionId, end }, illegal: illegalEnds(chain, actionId, end), loop: null }),
  hover: (chain, actionId) => {
    const { drag, loop, illegal } = get();
    if (drag === null) return;
    if (actionId === null || illegal.get(actionId)?.type !== 'would-loop') {
      if (loop !== null) set({ loop: null });
      return;
    }
    const [from, to] = drag.end === 'source' ? [drag.actionId, actionId] : [actionId, drag.actionId];
    if (loop?.from === from && loop.to === to) return;
    const path = findClosingPath(graphOf(chain), from, to);
    set({ loop: path === undefined ? null : { from, to, path } });
  },
  end: () => set({ drag: null, illegal: new Map(), loop: null }),
}));

/** Every card on which an edge from (or to) `actionId` cannot end, with the reason. O(V + E). */
export function illegalEnds(chain: Chain, actionId: ActionId, end: DragFrom): ReadonlyMap<ActionId, Illegal> {
  const graph = graphOf(chain);
  const beyond = end === 'source' ? findAncestors(graph, actionId) : findDescendants(graph, actionId);
  const joined = (end === 'source' ? graph.successors : graph.predecessors).get(actionId) ?? [];
  const illegal = new Map<ActionId, Illegal>();
  for (const id of beyond) illegal.set(id, { type: 'would-loop' });
  for (const id of joined) illegal.set(id, { type: 'duplicate' });
  illegal.set(actionId, { type: 'self' });
  return illegal;
}

/** `update_crm → fetch_customer → enrich_data → update_crm`: the loop as its edges run on the canvas. */
export const describeLoop = ({ from, path }: LoopShown): string => printPath([from, ...path]);
