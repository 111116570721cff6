import { type Action, CHAIN_FORMAT, type Chain, dependenciesOf } from '@/lib/chain/chain';
import { type ActionId, freshActionId } from '@/lib/chain/ids';
import { parseChain } from '@/lib/chain/parse-chain';
import { chainToJson } from '@/lib/chain/print-chain';
import type { CardLayout, Workbench } from '@/lib/chain/workbench';
import { parseJson } from '@/lib/json/parse-json';
import { printJson } from '@/lib/json/print-json';
import { isJsonObject, type JsonText, type JsonValue, Numeral } from '@/lib/json/value';
import { err, ok, type Result } from '@/lib/result';
import { fieldsReadBy } from './action-references';
import type { Edit } from './edit';
import { renameInAction } from './rename-action';

const CLIPBOARD_FORMAT = 'chainwright.actions/1';

/**
 * Actions as JSON text for the clipboard, in document order, with where their cards lie. Pins stay behind: they can
 * hold a customer's data. Ids that are no actions are passed over.
 */
export function copyActions(workbench: Workbench, ids: Iterable<ActionId>): JsonText {
  const chosen = new Set(ids);
  const actions = new Map([...workbench.chain.actions].filter(([id]) => chosen.has(id)));
  const layout = new Map<string, JsonValue>();
  for (const id of actions.keys()) {
    const at = workbench.layout.get(id);
    if (at !== undefined) layout.set(id, new Map([...Object.entries(at)].map(([axis, n]) => [axis, Numeral.of(n)])));
  }
  const copied = chainToJson({ actions, extra: new Map() }).get('actions')!;
  return printJson(
    new Map<string, JsonValue>([
      ['format', CLIPBOARD_FORMAT],
      ['actions', copied],
      ['layout', layout],
    ]),
  );
}

export interface Paste {
  /** One step of undo. */
  readonly edit: Edit;
  /** The pasted actions, in document order, by the ids they get. */
  readonly ids: readonly ActionId[];
}

/**
 * The edit that adds copied actions, the upper left corner of all at `at`. A whole chain document is taken too: its actions.
 *
 * An id that is taken becomes a fresh one, in the dependencies and templates of the pasted actions as well.
 * Dependencies on actions outside the copy stay where the chain has such an action, and are dropped where it has not.
 *
 * @returns The edit, not yet applied, or a sentence that says why the text holds no actions.
 */
export function pasteActions(workbench: Workbench, text: string, at: CardLayout): Result<Paste, string> {
  const read = readActions(text);
  if (!read.ok) return read;
  const { actions, layout } = read.value;
  if (actions.size === 0) return err('The clipboard holds no actions.');

  const present = workbench.chain.actions;
  const newIds = chooseIds(actions, present);
  const corner = cornerOf([...layout.values()]);
  const edits: Edit[] = [];
  let strays = 0;
  for (const [id, action] of actions) {
    const card = layout.get(id);
    const position =
      card === undefined
        ? { x: at.x + STRAY_STEP * strays, y: at.y + STRAY_STEP * strays++ }
        : { x: at.x + card.x - corner.x, y: at.y + card.y - corner.y };
    edits.push({ type: 'add-action', id: newIds.get(id)!, action: adapt(action, newIds, present), at: position });
  }
  return ok({ edit: { type: 'batch', edits }, ids: [...newIds.values()] });
}

/** Cards without a place are laid in a staircase, so that none hides another. */
const STRAY_STEP = 32;

interface Copied {
  readonly actions: ReadonlyMap<ActionId, Action>;
  readonly layout: ReadonlyMap<ActionId, CardLayout>;
}

function readActions(text: string): Result<Copied, string> {
  const json = parseJson(text);
  if (!json.ok || !isJsonObject(json.value)) return err('The clipboard holds no actions: it is no JSON object.');
  const format = json.value.get('format');
  if (format !== CLIPBOARD_FORMAT && format !== CHAIN_FORMAT) {
    return err('The clipboard holds no actions of Chainwright.');
  }
  const chain = parseChain(
    new Map<string, JsonValue>([
      ['format', CHAIN_FORMAT],
      ['actions', json.value.get('actions') ?? new Map()],
    ]),
  );
  if (!chain.ok) return err(`The actions cannot be read. ${chain.error[0]?.message ?? ''}`.trim());
  return ok({ actions: chain.value.actions, layout: readLayout(chain.value, json.value.get('layout')) });
}

/** Cards whose place cannot be read have none: a paste is not refused for its looks. */
function readLayout({ actions }: Chain, value: JsonValue | undefined): ReadonlyMap<ActionId, CardLayout> {
  const layout = new Map<ActionId, CardLayout>();
  if (!isJsonObject(value)) return layout;
  for (const id of actions.keys()) {
    const card = value.get(id);
    if (!isJsonObject(card)) continue;
    const [x, y] = [card.get('x'), card.get('y')];
    if (!(x instanceof Numeral) || !(y instanceof Numeral)) continue;
    if (Number.isFinite(x.toNumber()) && Number.isFinite(y.toNumber())) {
      layout.set(id, { x: x.toNumber(), y: y.toNumber() });
    }
  }
  return layout;
}

/** Old id → new id. No new id is one that a pasted template reads for something else. */
function chooseIds(
  actions: ReadonlyMap<ActionId, Action>,
  present: ReadonlyMap<ActionId, Action>,
): ReadonlyMap<ActionId, ActionId> {
  const spoken = new Set<string>([...actions.values()].flatMap((action) => [...fieldsReadBy(action).keys()]));
  const chosen = new Map<ActionId, ActionId>();
  const used = new Set<string>();
  for (const id of actions.keys()) {
    const isTaken = (wish: string): boolean =>
      present.has(wish as ActionId) || actions.has(wish as ActionId) || spoken.has(wish) || used.has(wish);
    const fresh = present.has(id) ? freshActionId(id, isTaken) : id;
    chosen.set(id, fresh);
    used.add(fresh);
  }
  return chosen;
}

function adapt(
  action: Action,
  newIds: ReadonlyMap<ActionId, ActionId>,
  present: ReadonlyMap<ActionId, Action>,
): Action {
  const kept = dependenciesOf(action).filter((id) => newIds.has(id) || present.has(id));
  let adapted: Action = kept.length === dependenciesOf(action).length ? action : { ...action, depends_on: kept };
  // One after the other is safe: no new id is among the old ones.
  for (const [from, to] of newIds) if (from !== to) adapted = renameInAction(adapted, from, to);
  return adapted;
}

const cornerOf = (cards: readonly CardLayout[]): CardLayout => ({
  x: cards.length === 0 ? 0 : cards.reduce((least, { x }) => Math.min(least, x), Number.POSITIVE_INFINITY),
  y: cards.length === 0 ? 0 : cards.reduce((least, { y }) => Math.min(least, y), Number.POSITIVE_INFINITY),
});
