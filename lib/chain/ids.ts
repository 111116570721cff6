import { type Brand, err, ok, type Result } from '@/lib/result';

/** A key of `actions`. Any text that passes {@link parseActionId}; names of `Object.prototype` are ordinary ids. */
export type ActionId = Brand<string, 'ActionId'>;
/** One saved chain of the store. */
export type ChainId = Brand<string, 'ChainId'>;
/** One run; a UUID v4, which is the run's trace id too. */
export type RunId = Brand<string, 'RunId'>;

/** Characters are code points, as in `maxLength` of JSON Schema: up to 256 UTF-16 units, and 512 bytes of UTF-8. */
export const ACTION_ID_LENGTH_MAX = 128;

/** The one rule for action ids: 1–128 characters, no control characters or lone surrogates, not `input`. */
export function parseActionId(text: string): Result<ActionId, string> {
  if (text === '') return err('An action id needs at least one character.');
  const length = countCharacters(text);
  if (length > ACTION_ID_LENGTH_MAX) {
    return err(`An action id has at most ${ACTION_ID_LENGTH_MAX} characters; this one has ${length}.`);
  }
  if (/\p{Cc}/u.test(text)) return err('An action id cannot hold control characters.');
  if (/\p{Cs}/u.test(text)) return err('An action id cannot hold half a surrogate pair.');
  if (text === 'input') return err('The id `input` is taken: templates read the chain’s own inputs by it.');
  return ok(text as ActionId);
}

/** Code points, as a person counts and as JSON Schema does. */
export function countCharacters(text: string): number {
  let count = 0;
  for (const _ of text) count++;
  return count;
}

/** Names that a template reads as something else than an action. */
const TEMPLATE_WORDS: ReadonlySet<string> = new Set(
  (
    'and or not in is if else elif elseif for true false none True False None loop range self dict lipsum cycler ' +
    'joiner namespace caller varargs kwargs recursive set block endblock endfor endif macro call filter with raw'
  ).split(' '),
);

/** Whether a template can name the action: a Python identifier and no word of the template language. */
export const isNameableInTemplate = (id: string): boolean =>
  /^[\p{XID_Start}_][\p{XID_Continue}]*$/u.test(id) && !TEMPLATE_WORDS.has(id);

/** A nameable id made of any text, different from every taken one: `Get customer!` → `get_customer`, `get_customer_2`. */
export function freshActionId(wish: string, isTaken: (id: string) => boolean): ActionId {
  const slug = wish
    .normalize('NFKD')
    .replace(/[^A-Za-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '')
    .toLowerCase()
    .slice(0, 60);
  const base = slug === '' ? 'action' : /^\d/.test(slug) ? `action_${slug}` : slug;
  for (let count = 1; ; count++) {
    const id = count === 1 ? base : `${base}_${count}`;
    if (id !== 'input' && isNameableInTemplate(id) && !isTaken(id)) return id as ActionId;
  }
}
