import { printJsonAtDepth, sha256Hex } from '@/lib/json/print-json';
import type { JsonObject, JsonText, JsonValue } from '@/lib/json/value';
import {
  ACTION_FIELDS,
  type Action,
  CHAIN_FIELDS,
  CHAIN_FORMAT,
  type Chain,
  RETRY_FIELDS,
  SETTINGS_FIELDS,
  type Settings,
  WEBHOOK_FIELDS,
} from './chain';

/**
 * The canonical text of a chain, with one newline at the end: what export writes and what the hash is taken of. Fixed
 * keys stand in schema order with `x-` keys last, actions and free data in document order, numbers as written. What
 * `parseChainText` read from such a text prints byte for byte the same.
 */
export function printChain(chain: Chain): JsonText {
  const entries = [...headToJson(chain)].map(([key, value]) => {
    const text = key === 'actions' ? printActions(chain.actions) : printJsonAtDepth(value, 1);
    return `\n  ${JSON.stringify(key)}: ${text}`;
  });
  return `{${entries.join(',')}\n}\n` as JsonText;
}

function printActions(actions: Chain['actions']): string {
  const entries = Array.from(actions, ([id, action]) => `\n    ${JSON.stringify(id)}: ${printAction(action)}`);
  return entries.length === 0 ? '{}' : `{${entries.join(',')}\n  }`;
}

const actionTexts = new WeakMap<Action, string>();

/** Kept per action object: after an edit of one action in 2,000, the others are not printed again. */
function printAction(action: Action): string {
  const known = actionTexts.get(action);
  if (known !== undefined) return known;
  const text = printJsonAtDepth(actionToJson(action), 2);
  actionTexts.set(action, text);
  return text;
}

const hashes = new WeakMap<Chain, string>();

/** SHA-256 of the canonical text in hex: what `sha256sum` prints for the exported file. Kept per chain object. */
export function hashChain(chain: Chain): string {
  const known = hashes.get(chain);
  if (known !== undefined) return known;
  const hash = sha256Hex(printChain(chain));
  hashes.set(chain, hash);
  return hash;
}

/** The document of a chain, in canonical order. Parts that are free data are shared with the chain. */
export function chainToJson(chain: Chain): JsonObject {
  const actions = new Map(Array.from(chain.actions, ([id, action]) => [id, actionToJson(action)]));
  return new Map(headToJson(chain)).set('actions', actions);
}

/** The document with an empty object where its actions stand. */
const headToJson = (chain: Chain): JsonObject =>
  orderKeys(CHAIN_KEYS, {
    ...chain,
    format: CHAIN_FORMAT,
    settings: chain.settings === undefined ? undefined : settingsToJson(chain.settings),
    actions: new Map(),
  });

/** One action as it stands in the document. */
export const actionToJson = (action: Action): JsonObject =>
  orderKeys(ACTION_KEYS, {
    ...action,
    retry: action.retry === undefined ? undefined : orderKeys(RETRY_KEYS, { ...action.retry }),
  });

const settingsToJson = (settings: Settings): JsonObject =>
  orderKeys(SETTINGS_KEYS, {
    ...settings,
    retry: settings.retry === undefined ? undefined : orderKeys(RETRY_KEYS, { ...settings.retry }),
    webhook: settings.webhook === undefined ? undefined : orderKeys(WEBHOOK_KEYS, { ...settings.webhook }),
  });

const CHAIN_KEYS = Object.keys(CHAIN_FIELDS.shape);
const SETTINGS_KEYS = Object.keys(SETTINGS_FIELDS.shape);
const ACTION_KEYS = Object.keys(ACTION_FIELDS.shape);
const RETRY_KEYS = Object.keys(RETRY_FIELDS.shape);
const WEBHOOK_KEYS = Object.keys(WEBHOOK_FIELDS.shape);

/** Keys of the schema only, so a field that is no document key can never leak into the text. */
function orderKeys(
  keys: readonly string[],
  record: { readonly [key: string]: JsonValue | undefined } & { readonly extra: JsonObject },
): JsonObject {
  const ordered = new Map<string, JsonValue>();
  for (const key of keys) {
    const value = record[key];
    if (value !== undefined) ordered.set(key, value);
  }
  for (const [key, value] of record.extra) ordered.set(key, value);
  return ordered;
}
