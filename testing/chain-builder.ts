import type { Action, Chain, Settings } from '@/lib/chain/chain';
import { type ActionId, parseActionId } from '@/lib/chain/ids';
import { parseChain } from '@/lib/chain/parse-chain';
import { fromPlain, type JsonValue, type PlainJson } from '@/lib/json/value';

/** The id that a test writes; anything that is no action id throws. */
export function toActionId(text: string): ActionId {
  const parsed = parseActionId(text);
  if (!parsed.ok) throw new Error(`${JSON.stringify(text)}: ${parsed.error}`);
  return parsed.value;
}

export const toActionIds = (text: string): readonly ActionId[] =>
  text
    .split(/\s+/)
    .filter((id) => id !== '')
    .map(toActionId);

/**
 * A chain drawn as text: `chainOf('A D B C', 'A>D', 'A>B>C>D')`. The first word list names the actions in document
 * order; `A>B` makes B depend on A, and dependencies stand in the order of the edges. A source that is no action is
 * a missing dependency. Each action calls the definition `definition-of-<id>`; a definition and the keys of an action
 * play no part in its graph.
 */
export function chainOf(ids: string, ...edges: readonly string[]): Chain {
  const dependsOn = new Map<ActionId, ActionId[]>(toActionIds(ids).map((id) => [id, []]));
  for (const edge of edges) {
    const walk = edge.split('>').map((id) => toActionId(id.trim()));
    if (walk.length < 2) throw new Error(`An edge is written A>B, not ${edge}`);
    for (let i = 1; i < walk.length; i++) {
      const dependencies = dependsOn.get(walk[i]!);
      if (dependencies === undefined) throw new Error(`The edge ${edge} leads to ${walk[i]}, which is no action`);
      if (!dependencies.includes(walk[i - 1]!)) dependencies.push(walk[i - 1]!);
    }
  }
  return {
    name: 'Test chain',
    actions: new Map(
      [...dependsOn].map(([id, depends_on]) => [id, actionOf({ definition_id: `definition-of-${id}`, depends_on })]),
    ),
    extra: new Map(),
  };
}

/** The keys of an action as a test writes them; free data as plain literals. */
export type PlainAction = Omit<Action, 'definition_id' | 'depends_on' | 'inputs' | 'fallback' | 'extra'> & {
  readonly definition_id?: string;
  readonly depends_on?: readonly string[];
  readonly inputs?: PlainJson;
  readonly fallback?: PlainJson;
};

export function actionOf(plain: PlainAction): Action {
  const { definition_id = 'definition', depends_on, inputs, fallback, ...rest } = plain;
  return {
    ...rest,
    definition_id,
    ...(depends_on === undefined ? {} : { depends_on: depends_on.map(toActionId) }),
    ...(inputs === undefined ? {} : { inputs: fromPlain(inputs) }),
    ...(fallback === undefined ? {} : { fallback: fromPlain(fallback) }),
    extra: new Map(),
  };
}

/** The same chain with keys of one action replaced: `withAction(chain, 'B', { inputs: { id: '{{ A.id }}' } })`. */
export function withAction(chain: Chain, id: string, keys: PlainAction): Chain {
  const before = chain.actions.get(toActionId(id));
  if (before === undefined) throw new Error(`${id} is no action of the chain`);
  const { definition_id = before.definition_id, ...rest } = keys;
  const { extra: _extra, ...after } = actionOf({ definition_id, ...rest });
  return { ...chain, actions: new Map(chain.actions).set(toActionId(id), { ...before, ...after }) };
}

export const withSettings = (chain: Chain, settings: Omit<Settings, 'extra'>): Chain => ({
  ...chain,
  settings: { extra: new Map(), ...chain.settings, ...settings },
});

/**
 * A chain from a document literal, read by the one door: `chainFrom({ actions: { A: { definition_id: 'd' } } })`.
 * `format` may be left out. A rejected document throws with the rejections. Not for ids such as `10` or `__proto__`,
 * which a literal moves or drops: parse text for those.
 */
export function chainFrom(document: { readonly [key: string]: PlainJson }): Chain {
  return readChain(fromPlain({ format: 'chainwright.chain/1', ...document }));
}

function readChain(value: JsonValue): Chain {
  const parsed = parseChain(value);
  if (parsed.ok) return parsed.value;
  throw new Error(parsed.error.map(({ path, message }) => `${path}: ${message}`).join('\n'));
}
