import { type Action, dependenciesOf } from '@/lib/chain/chain';
import { type ActionId, isNameableInTemplate, parseActionId } from '@/lib/chain/ids';
import type { Workbench } from '@/lib/chain/workbench';
import { formatPointer, parsePointer } from '@/lib/json/pointer';
import { isJsonArray, isJsonObject, type JsonValue } from '@/lib/json/value';
import { listNames } from '@/lib/list-names';
import { err, ok } from '@/lib/result';
import { isTemplate } from '@/lib/template/parse-template';
import { renameReference } from '@/lib/template/rename-reference';
import { findLoopThrough, withActions } from './action-edits';
import { fieldsReadBy } from './action-references';
import type { Edit } from './edit';
import { type Edited, unknownAction, wouldCycle } from './refusals';

/**
 * Gives an action another id wherever the old one stands: its key, `depends_on` and templates of every action, card, pin
 * and allowed literals. Its place in the document stays, and every template renders as before.
 *
 * What named the new id before anything had it, in `depends_on` or a template, means this action from now on. A card, pin
 * or allowed literal that a sidecar left for the new id is dropped: it was made for another action.
 *
 * Refused where templates read the action and could not name it any more.
 */
export function renameAction(
  workbench: Workbench,
  { from, to }: Extract<Edit, { readonly type: 'rename-action' }>,
): Edited {
  const { actions } = workbench.chain;
  if (!actions.has(from)) return err(unknownAction(from));
  if (from === to) return ok(workbench);
  const parsed = parseActionId(to);
  if (!parsed.ok) return err({ type: 'bad-id', message: parsed.error });
  if (actions.has(to)) return err({ type: 'id-taken', id: to, message: `There is already an action ${to}.` });

  const readers = [...actions].filter(([, action]) => fieldsReadBy(action).has(from));
  if (readers.length > 0 && !isNameableInTemplate(to)) {
    const who = listNames(readers.map(([id]) => id));
    return err({ type: 'bad-id', message: `Templates of ${who} read ${from}, and no template can name “${to}”.` });
  }

  const next = new Map<ActionId, Action>();
  for (const [id, action] of actions) next.set(id === from ? to : id, renameInAction(action, from, to));
  const renamed = withActions(workbench, next);
  // Actions that named the new id before anything had it now wait for this one.
  const isAwaited = [...actions.values()].some((action) => dependenciesOf(action).includes(to));
  const loop = isAwaited ? findLoopThrough(renamed.chain, to) : undefined;
  if (loop !== undefined) return err(wouldCycle(loop));
  return ok({
    ...renamed,
    layout: renameKey(workbench.layout, from, to),
    pins: renameKey(workbench.pins, from, to),
    allowedLiterals: renameInPointers(workbench.allowedLiterals, from, to),
  });
}

/** The same action when it says nothing about the renamed one. */
export function renameInAction(action: Action, from: ActionId, to: ActionId): Action {
  const dependsOn = dependenciesOf(action).includes(from)
    ? [...new Set(dependenciesOf(action).map((id) => (id === from ? to : id)))]
    : undefined;
  const reads = fieldsReadBy(action).has(from);
  if (dependsOn === undefined && !reads) return action;
  return {
    ...action,
    ...(dependsOn === undefined ? {} : { depends_on: dependsOn }),
    ...(reads && action.when !== undefined ? { when: renameReference(action.when, from, to) } : {}),
    ...(reads && action.inputs !== undefined ? { inputs: renameInValue(action.inputs, from, to) } : {}),
  };
}

/** Shares every part that does not change. Depth is bounded by the document's 64 brackets. */
function renameInValue(value: JsonValue, from: ActionId, to: ActionId): JsonValue {
  if (typeof value === 'string') return isTemplate(value) ? renameReference(value, from, to) : value;
  if (isJsonArray(value)) {
    const items = value.map((item) => renameInValue(item, from, to));
    return items.every((item, i) => item === value[i]) ? value : items;
  }
  if (!isJsonObject(value)) return value;
  const entries = [...value].map(([key, item]) => [key, renameInValue(item, from, to)] as const);
  return entries.every(([key, item]) => item === value.get(key)) ? value : new Map(entries);
}

/** Without what lay there for the new id. */
function renameKey<V>(map: ReadonlyMap<ActionId, V>, from: ActionId, to: ActionId): ReadonlyMap<ActionId, V> {
  if (!map.has(from) && !map.has(to)) return map;
  const left = [...map].filter(([id]) => id !== to);
  return new Map(left.map(([id, value]) => [id === from ? to : id, value]));
}

function renameInPointers(pointers: ReadonlySet<string>, from: ActionId, to: ActionId): ReadonlySet<string> {
  const renamed = [...pointers].flatMap((pointer) => {
    const [root, id, ...rest] = parsePointer(pointer) ?? [];
    if (root !== 'actions' || (id !== from && id !== to)) return [pointer];
    return id === from ? [formatPointer(['actions', to, ...rest])] : [];
  });
  const isSame = renamed.length === pointers.size && renamed.every((pointer) => pointers.has(pointer));
  return isSame ? pointers : new Set(renamed);
}
