import { type Action, dependenciesOf } from '@/lib/chain/chain';
import type { ActionId } from '@/lib/chain/ids';
import type { Workbench } from '@/lib/chain/workbench';
import { graphOf } from '@/lib/graph/chain-graph';
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
