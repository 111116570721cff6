import { ACTIONS_MAX, type Action, type Chain, dependenciesOf, inputsOf } from '@/lib/chain/chain';
import { type ActionId, parseActionId } from '@/lib/chain/ids';
import type { Workbench } from '@/lib/chain/workbench';
import { clipText } from '@/lib/clip-text';
import { graphOf } from '@/lib/graph/chain-graph';
import { findClosingPath } from '@/lib/graph/reach';
import { findAtPath, formatPointer, type JsonPath, parsePointer, replaceAtPath } from '@/lib/json/pointer';
import { isJsonArray, isJsonObject, isSameJson, type JsonValue } from '@/lib/json/value';
import { err, ok } from '@/lib/result';
import { settleAction } from './check-record';
import type { Edit } from './edit';
import { type Edited, noSuchPlace, unknownAction, wouldCycle } from './refusals';

type EditOf<Type extends Edit['type']> = Extract<Edit, { readonly type: Type }>;

export const withActions = (workbench: Workbench, actions: ReadonlyMap<ActionId, Action>): Workbench => ({
  ...workbench,
  chain: { ...workbench.chain, actions },
});

/** The workbench with one action replaced where it stands; the same one when the action is the same. */
export function withAction(workbench: Workbench, id: ActionId, action: Action): Workbench {
  const { actions } = workbench.chain;
  return actions.get(id) === action ? workbench : withActions(workbench, new Map(actions).set(id, action));
}

/** Adds at the end of the document. Dependencies may name actions that do not exist, but may not close a cycle. */
export function addAction(workbench: Workbench, { id, action, at }: EditOf<'add-action'>): Edited {
  const { actions } = workbench.chain;
  const parsed = parseActionId(id);
  if (!parsed.ok) return err({ type: 'bad-id', message: parsed.error });
  if (actions.has(id)) return err({ type: 'id-taken', id, message: `There is already an action ${id}.` });
  if (actions.size >= ACTIONS_MAX) {
    return err({ type: 'limit', message: `A chain has at most ${ACTIONS_MAX} actions.` });
  }
  const bad = findBadPosition(at);
  if (bad !== undefined) return err(bad);
  const settled = settleAction(id, action);
  if (!settled.ok) return settled;
  const chain: Chain = { ...workbench.chain, actions: new Map(actions).set(id, settled.value) };
  const loop = findLoopThrough(chain, id);
  if (loop !== undefined) return err(wouldCycle(loop));
  return ok({ ...workbench, chain, layout: new Map(workbench.layout).set(id, at) });
}

/** A new action can close a cycle only through itself, or through actions that named it before it existed. */
export function findLoopThrough(chain: Chain, id: ActionId): readonly ActionId[] | undefined {
  const graph = graphOf(chain);
  for (const dependent of graph.successors.get(id) ?? []) {
    const path = findClosingPath(graph, id, dependent);
    if (path !== undefined) return path;
  }
  return undefined;
}

export const findBadPosition = ({ x, y }: { readonly x: number; readonly y: number }) =>
  Number.isFinite(x) && Number.isFinite(y) ? undefined : noSuchPlace('A card lies at finite coordinates.');

/**
 * Takes actions away with their edges, cards, pins and allowed literals. Templates that read them stay as they are: the
 * problems say so, and a person decides.
 */
export function deleteActions(workbench: Workbench, { ids, healEdges }: EditOf<'delete-actions'>): Edited {
  const { actions } = workbench.chain;
  const gone = new Set(ids);
  for (const id of gone) if (!actions.has(id)) return err(unknownAction(id));
  if (gone.size === 0) return ok(workbench);

  const left = new Map<ActionId, Action>();
  for (const [id, action] of actions) {
    if (gone.has(id)) continue;
    const dependencies = dependenciesOf(action);
    const isTouched = dependencies.some((dependency) => gone.has(dependency));
    left.set(
      id,
      isTouched ? { ...action, depends_on: dependenciesWithout(actions, id, dependencies, gone, healEdges) } : action,
    );
  }
  const isLeft = ([id]: readonly [ActionId, unknown]): boolean => !gone.has(id);
  return ok({
    ...withActions(workbench, left),
    layout: keep(workbench.layout, isLeft),
    pins: keep(workbench.pins, isLeft),
    allowedLiterals: literalsLeft(workbench.allowedLiterals, gone),
  });
}

/**
 * Dependencies without the deleted ones. Healed, what a deleted action waited for takes its place, through several
 * deleted ones in a row; an action never comes to wait for itself, and nothing new waits for what does not exist.
 */
function dependenciesWithout(
  actions: ReadonlyMap<ActionId, Action>,
  id: ActionId,
  dependencies: readonly ActionId[],
  gone: ReadonlySet<ActionId>,
  healEdges: boolean,
): readonly ActionId[] {
  if (!healEdges) return dependencies.filter((dependency) => !gone.has(dependency));
  const healed = new Set<ActionId>();
  const passed = new Set<ActionId>();
  const waiting = [...dependencies].reverse();
  for (let dependency = waiting.pop(); dependency !== undefined; dependency = waiting.pop()) {
    if (!gone.has(dependency)) {
      healed.add(dependency);
    } else if (!passed.has(dependency)) {
      passed.add(dependency);
      const upstream = dependenciesOf(actions.get(dependency)!);
      waiting.push(...upstream.filter((next) => next !== id && actions.has(next)).reverse());
    }
  }
  return [...healed];
}

/** A copy with some entries, or the same map when all stay. */
function keep<K, V>(map: ReadonlyMap<K, V>, isKept: (entry: readonly [K, V]) => boolean): ReadonlyMap<K, V> {
  const kept = [...map].filter(isKept);
  return kept.length === map.size ? map : new Map(kept);
}

function literalsLeft(literals: ReadonlySet<string>, gone: ReadonlySet<ActionId>): ReadonlySet<string> {
  const left = [...literals].filter((pointer) => {
    const [root, id] = parsePointer(pointer) ?? [];
    return root !== 'actions' || !gone.has(id as ActionId);
  });
  return left.length === literals.size ? literals : new Set(left);
}

export function setInput(workbench: Workbench, { id, path, value }: EditOf<'set-input'>): Edited {
  const action = workbench.chain.actions.get(id);
  if (action === undefined) return err(unknownAction(id));
  if (value !== undefined && isSameInput(action, path, value)) return ok(workbench);
  if (path.length === 0) {
    const { inputs: _inputs, ...rest } = action;
    return placeAction(workbench, id, value === undefined ? rest : { ...rest, inputs: value });
  }
  const inputs = inputsOf(action);
  if (!canStandAt(inputs, path, value !== undefined)) {
    return err(noSuchPlace(`The inputs of ${id} have no place ${clipText(formatPointer(path), 200)}.`));
  }
  return placeAction(workbench, id, { ...action, inputs: replaceAtPath(inputs, path, value) });
}

function isSameInput(action: Action, path: JsonPath, value: JsonValue): boolean {
  const present = action.inputs === undefined ? undefined : findAtPath(action.inputs, path);
  return present !== undefined && isSameJson(present, value);
}

/** Objects take any new key and lists one more item; nothing else can be made, and only what is there taken out. */
function canStandAt(inputs: JsonValue, path: JsonPath, mayBeNew: boolean): boolean {
  if (findAtPath(inputs, path) !== undefined) return true;
  const parent = findAtPath(inputs, path.slice(0, -1));
  if (isJsonArray(parent)) return mayBeNew && String(path.at(-1)) === String(parent.length);
  return mayBeNew && isJsonObject(parent);
}

export function patchAction(workbench: Workbench, { id, patch }: EditOf<'patch-action'>): Edited {
  const action = workbench.chain.actions.get(id);
  if (action === undefined) return err(unknownAction(id));
  return placeAction(workbench, id, patched(action, patch));
}

/** A copy with the keys of a patch; those given as undefined are taken out. The same object when nothing differs. */
export function patched<T extends object>(record: T, patch: { readonly [Key in keyof T]?: T[Key] | undefined }): T {
  const next: Partial<T> = { ...record };
  let isChanged = false;
  for (const key of Object.keys(patch) as (keyof T)[]) {
    const value = patch[key];
    if (Object.is(next[key], value)) continue;
    isChanged = true;
    if (value === undefined) delete next[key];
    else next[key] = value;
  }
  return isChanged ? (next as T) : record;
}

function placeAction(workbench: Workbench, id: ActionId, action: Action): Edited {
  if (workbench.chain.actions.get(id) === action) return ok(workbench);
  const settled = settleAction(id, action);
  return settled.ok ? ok(withAction(workbench, id, settled.value)) : settled;
}
