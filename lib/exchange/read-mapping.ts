import { ACTION_FIELDS, CHAIN_FIELDS, CHAIN_FORMAT } from '@/lib/chain/chain';
import { type ActionId, parseActionId } from '@/lib/chain/ids';
import { pointerTo } from '@/lib/chain/rejection';
import { clipText } from '@/lib/clip-text';
import type { JsonPath } from '@/lib/json/pointer';
import { isJsonObject, type JsonObject, type JsonValue, Numeral } from '@/lib/json/value';
import { findNearestName } from '@/lib/nearest-name';
import { PROBLEM_SEVERITY, type Problem, type ProblemCode } from '@/lib/problems/problem';

/** A mapping written out as a chain document; whether that is a right one, `parseChain` says. */
export interface CompletedMapping {
  readonly document: JsonObject;
  /** Unknown keys that were kept, each as `mapping_key_kept` with its place in `document`. */
  readonly problems: readonly Problem[];
}

/**
 * The tutorial's mapping as a chain document. Its runner knows three keys and no chain around them; its meaning is written
 * out as settings: `binding: "text"`, `undefined: "strict"`, `max_concurrency: 1`. There `depends_on` may be one text, and
 * unknown keys go on as `x-…`.
 *
 * @param around the object that has the mapping under `actions`; null when the mapping is the whole.
 */
export function completeMapping(actions: JsonObject, around: JsonObject | null): CompletedMapping {
  const problems: Problem[] = [];
  const chain = new Map<string, JsonValue>([['format', CHAIN_FORMAT]]);
  if (around !== null) copyKnownKeys(around, chain, CHAIN_KEYS, [], problems);
  const settings = chain.get('settings');
  if (settings === undefined || isJsonObject(settings)) chain.set('settings', withTutorialMeaning(settings));
  chain.set('actions', new Map([...actions].map(([id, action]) => [id, readMappedAction(id, action, problems)])));
  return { document: chain, problems };
}

/** `{"actions": {"a": {…}}}`, and not the bare mapping of an action whose id happens to be `actions`. */
export function hasActions(value: JsonObject): boolean {
  const actions = value.get('actions');
  return actions !== undefined && !(isJsonObject(actions) && typeof actions.get('definition_id') === 'string');
}

/** Whether any of its values could be an action; nothing at all is an empty mapping. */
export const looksLikeMapping = (actions: JsonObject): boolean =>
  actions.size === 0 || [...actions.values()].some((action) => isJsonObject(action) && action.has('definition_id'));

function withTutorialMeaning(written: JsonObject | undefined): JsonObject {
  return new Map<string, JsonValue>([
    ['binding', 'text'],
    ['undefined', 'strict'],
    ['max_concurrency', new Numeral('1')],
    ...(written ?? []),
  ]);
}

function readMappedAction(id: string, value: JsonValue, problems: Problem[]): JsonValue {
  if (!isJsonObject(value)) return value;
  const action = new Map<string, JsonValue>();
  copyKnownKeys(value, action, ACTION_KEYS, ['actions', id], problems);
  const dependsOn = action.get('depends_on');
  if (typeof dependsOn === 'string') action.set('depends_on', [dependsOn]);
  return action;
}

/** Unknown keys go on as `x-…`, each with a notice, because a misspelled `depends_on` must not vanish silently. */
function copyKnownKeys(
  from: JsonObject,
  to: Map<string, JsonValue>,
  known: readonly string[],
  path: readonly string[],
  problems: Problem[],
): void {
  for (const [key, item] of from) if (known.includes(key) || key.startsWith('x-')) to.set(key, item);
  for (const [key, item] of from) {
    if (to.has(key)) continue;
    let kept = `x-${key}`;
    for (let count = 2; to.has(kept) || from.has(kept); count++) kept = `x-${key}-${count}`;
    to.set(kept, item);
    // The advice is dear, and hundreds of thousands of keys would wait for it.
    const nearest = problems.length > NOTICES_MAX ? undefined : findNearestName(key, known);
    const advice = nearest === undefined ? '' : ` If ${nearest} was meant, rename it.`;
    const message = `${shorten(key)} is no key of a chain; it is kept as ${shorten(kept)} and has no effect.${advice}`;
    problems.push(buildNotice('mapping_key_kept', message, [...path, kept], path[1]));
  }
}

const CHAIN_KEYS = Object.keys(CHAIN_FIELDS.shape);
const ACTION_KEYS = Object.keys(ACTION_FIELDS.shape);

/** At most this many notices of an import are listed: a document of five megabytes can repeat itself very often. */
export const NOTICES_MAX = 200;

/** A problem that the import itself noticed. */
export function buildNotice(code: ProblemCode, message: string, path: JsonPath, action?: string): Problem {
  const id = action === undefined ? undefined : parseActionId(action);
  const about: { readonly action?: ActionId } = id?.ok === true ? { action: id.value } : {};
  return { code, severity: PROBLEM_SEVERITY[code], message, path: pointerTo(path), ...about };
}

const shorten = (text: string): string => clipText(text, 60);
