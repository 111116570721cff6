import { type Action, dependenciesOf } from '@/lib/chain/chain';
import type { ActionId } from '@/lib/chain/ids';
import type { Workbench } from '@/lib/chain/workbench';
import { graphOf } from '@/lib/graph/chain-graph';
import { findComponents } from '@/lib/graph/components';
import { findClosingPath } from '@/lib/graph/reach';
import { err, ok } from '@/lib/result';
import { withAction, withActions } from './action-edits';
import type { Edit } from './edit';
import { type Edited, unknownAction, wouldCycle } from './refusals';

type EditOf<Type extends Edit['type']> = Extract<Edit, { readonly type: Type }>;

/** The new dependency stands last in `depends_on`. */
export function connect(workbench: Workbench, { from, to }: EditOf<'connect'>): Edited {
  const { chain } = workbench;
  if (!chain.actions.has(from)) return err(unknownAction(from));
  const target = chain.actions.get(to);
  if (target === undefined) return err(unknownAction(to));
  if (dependenciesOf(target).includes(from)) {
    return err({ type: 'duplicate-edge', message: `${to} already depends on ${from}.` });
  }
  const path = findClosingPath(graphOf(chain), from, to);
  if (path !== undefined) return err(wouldCycle(path));
  return ok(withAction(workbench, to, { ...target, depends_on: [...dependenciesOf(target), from] }));
}

/**
 * Many new dependencies at once, refused whole like one after the other. The graph is built once for all of them, and no
 * path is looked for where the edges, taken together, close no cycle.
 */
export function connectAll(workbench: Workbench, edges: readonly EditOf<'connect'>[]): Edited {
  const { actions } = workbench.chain;
  const next = new Map<ActionId, Action>(actions);
  for (const { from, to } of edges) {
    const target = next.get(to);
    if (!actions.has(from) || target === undefined || dependenciesOf(target).includes(from) || from === to) {
      return connectInTurn(workbench, edges);
    }
    next.set(to, { ...target, depends_on: [...dependenciesOf(target), from] });
  }
  const connected = withActions(workbench, next);
  const { indexOf } = findComponents(graphOf(connected.chain));
  // Every new edge leads from one component to another: then none of them lies on a cycle.
  const isSound = edges.every(({ from, to }) => indexOf.get(from) !== indexOf.get(to));
  return isSound ? ok(connected) : connectInTurn(workbench, edges);
}

function connectInTurn(workbench: Workbench, edges: readonly EditOf<'connect'>[]): Edited {
  let current = workbench;
  for (const edge of edges) {
    const connected = connect(current, edge);
    if (!connected.ok) return connected;
    current = connected.value;
  }
  return ok(current);
}

/** Takes edges away, those from actions that do not exist included; `depends_on` stays, empty if need be. */
export function disconnect(workbench: Workbench, { edges }: EditOf<'disconnect'>): Edited {
  const { actions } = workbench.chain;
  const cutByTarget = new Map<ActionId, Set<ActionId>>();
  for (const { from, to } of edges) {
    const target = actions.get(to);
    if (target === undefined) return err(unknownAction(to));
    if (!dependenciesOf(target).includes(from)) {
      return err({ type: 'no-such-edge', message: `${to} does not depend on ${from}.` });
    }
    const cut = cutByTarget.get(to) ?? new Set();
    cutByTarget.set(to, cut.add(from));
  }
  if (cutByTarget.size === 0) return ok(workbench);
  const next = new Map<ActionId, Action>(actions);
  for (const [to, cut] of cutByTarget) {
    const target = actions.get(to)!;
    next.set(to, { ...target, depends_on: dependenciesOf(target).filter((from) => !cut.has(from)) });
  }
  return ok(withActions(workbench, next));
}
