import { type Action, type Chain, dependenciesOf } from '@/lib/chain/chain';
import { type ActionId, isNameableInTemplate } from '@/lib/chain/ids';
import { findAddableEdges } from '@/lib/graph/addable-edges';
import { type ChainGraph, type Edge, graphOf } from '@/lib/graph/chain-graph';
import { isAncestor } from '@/lib/graph/reach';
import { findRedundantEdges } from '@/lib/graph/redundant-edges';
import { invariant } from '@/lib/result';
import { carriesData, fieldsReadBy } from './action-references';
import { passingEdgesOf } from './passing-edges';

/** What the templates say about `depends_on`. Each list in document order of the edges' targets. */
export interface EdgeAdvice {
  /** Edges that templates imply and nothing provides. All can be added at once; those that would close a cycle are left out. */
  readonly missing: readonly Edge[];
  /** Edges that only order: no template of the target reads the source or may, and no longer path says the same. */
  readonly orderOnly: readonly Edge[];
  /**
   * Edges that a longer path implies and no template reads over. Without them everything waits for the same actions and
   * is skipped for the same ones.
   */
  readonly redundant: readonly Edge[];
}

/** How many fields of `from` the templates of `to` read; 0 for an edge that only orders. */
export function fieldsRead(chain: Chain, from: ActionId, to: ActionId): number {
  const reader = chain.actions.get(to);
  return reader === undefined ? 0 : (fieldsReadBy(reader).get(from) ?? 0);
}

/**
 * The edge to cut so that a refused one can be drawn: of those on the path that it would close, the one that carries
 * the fewest fields, and of equals the last.
 *
 * @param path from the refused edge's target to its source; two actions at least.
 */
export function cheapestCut(chain: Chain, path: readonly ActionId[]): Edge {
  invariant(path.length > 1, 'an edge from an action to itself closes no path that could be cut');
  const edges = path.slice(1).map((to, i) => ({ from: path[i]!, to }));
  const cost = ({ from, to }: Edge): number => fieldsRead(chain, from, to);
  return edges.reduce((best, edge) => (cost(edge) <= cost(best) ? edge : best));
}

const unreadByAction = new WeakMap<Action, ReadonlySet<ActionId>>();

/** What an action waits for and does not read, in the order of its `depends_on`; once per action object. */
function unreadBy(chain: Chain, id: ActionId): ReadonlySet<ActionId> {
  const action = chain.actions.get(id)!;
  const cached = unreadByAction.get(action);
  if (cached !== undefined) return cached;
  const unread = new Set(dependenciesOf(action).filter((from) => !carriesData(chain, from, id)));
  unreadByAction.set(action, unread);
  return unread;
}

const impliedByGraph = new WeakMap<ChainGraph, readonly Edge[]>();

/** Once per graph, which outlives edits that change no edge. */
function impliedEdgesOf(graph: ChainGraph): readonly Edge[] {
  const implied = impliedByGraph.get(graph) ?? findRedundantEdges(graph);
  impliedByGraph.set(graph, implied);
  return implied;
}

const known = new WeakMap<Chain, EdgeAdvice>();

/** Compares references with dependencies; once per chain object. */
export function adviseEdges(chain: Chain): EdgeAdvice {
  const cached = known.get(chain);
  if (cached !== undefined) return cached;
  const graph = graphOf(chain);
  const redundant = findNeedlessEdges(chain, graph).filter(({ from, to }) => unreadBy(chain, to).has(from));
  const isRedundant = new Map<ActionId, Set<ActionId>>();
  for (const { from, to } of redundant) isRedundant.set(to, (isRedundant.get(to) ?? new Set()).add(from));
  const orderOnly: Edge[] = [];
  for (const to of chain.actions.keys()) {
    for (const from of unreadBy(chain, to)) {
      if (from === to || !chain.actions.has(from)) continue;
      if (isRedundant.get(to)?.has(from) !== true) orderOnly.push({ from, to });
    }
  }
  const advice = { missing: findMissingEdges(chain, graph), orderOnly, redundant };
  known.set(chain, advice);
  return advice;
}

/**
 * An edge decides two things: what an action waits for, and which skipped or failed action has it skipped. A longer path
 * passes both on, except through an action that runs whatever became of those before it. Where the target itself is such
 * an action, only the order matters.
 */
function findNeedlessEdges(chain: Chain, graph: ChainGraph): readonly Edge[] {
  const implied = impliedEdgesOf(graph);
  const passing = implied.length === 0 ? graph : passingEdgesOf(chain);
  if (passing === graph) return implied;
  const runsAnyway = (id: ActionId): boolean => chain.actions.get(id)?.run_if === 'all_done';
  const passedOn = new Map<ActionId, Set<ActionId>>();
  for (const { from, to } of findRedundantEdges(passing)) passedOn.set(to, (passedOn.get(to) ?? new Set()).add(from));
  return implied.filter(({ from, to }) => runsAnyway(to) || passedOn.get(to)?.has(from) === true);
}

function findMissingEdges(chain: Chain, graph: ChainGraph): readonly Edge[] {
  const wishes: Edge[] = [];
  for (const [to, action] of chain.actions) {
    for (const name of fieldsReadBy(action).keys()) {
      const from = name as ActionId;
      if (from === to || !chain.actions.has(from) || isAncestor(graph, from, to)) continue;
      if (isNameableInTemplate(from)) wishes.push({ from, to });
    }
  }
  return findAddableEdges(graph, wishes);
}
