import { type Action, type Chain, inputsOf } from '@/lib/chain/chain';
import type { ActionId } from '@/lib/chain/ids';
import type { JsonPath } from '@/lib/json/pointer';
import { isJsonArray, isJsonObject, type JsonValue } from '@/lib/json/value';
import { isTemplate, parseTemplate, type TemplateProblem } from '@/lib/template/parse-template';
import { findReferences, type Reference } from '@/lib/template/references';

/** One string of an action that templates are resolved in. */
export interface TemplateField {
  /** Path below the action: `['inputs', 'customer', 'id']` or `['when']`. */
  readonly path: JsonPath;
  readonly text: string;
}

/** A field whose template reads something, with everything it reads. */
export interface FieldReferences extends TemplateField {
  readonly references: readonly Reference[];
}

const fieldsByAction = new WeakMap<Action, readonly TemplateField[]>();

/** The strings of an action that hold a template: `when`, then `inputs` at any depth in document order. Cached. */
export function templateFieldsOf(action: Action): readonly TemplateField[] {
  const known = fieldsByAction.get(action);
  if (known !== undefined) return known;
  const fields: TemplateField[] = [];
  if (action.when !== undefined) fields.push({ path: ['when'], text: action.when });
  // Depth is bounded: no door takes a document deeper than 64 brackets.
  const walk = (value: JsonValue, path: JsonPath): void => {
    if (typeof value === 'string') {
      if (isTemplate(value)) fields.push({ path, text: value });
    } else if (isJsonArray(value)) value.forEach((item, index) => void walk(item, [...path, index]));
    else if (isJsonObject(value)) for (const [key, item] of value) walk(item, [...path, key]);
  };
  walk(inputsOf(action), ['inputs']);
  fieldsByAction.set(action, fields);
  return fields;
}

/** A field whose template cannot be read, with the reason. */
export interface FieldFault extends TemplateField {
  readonly fault: TemplateProblem;
}

interface ReadFields {
  readonly references: readonly FieldReferences[];
  readonly faults: readonly FieldFault[];
}

const readByAction = new WeakMap<Action, ReadFields>();

/** Each template is parsed once here: a chain can have more of them than the parser remembers. */
function readFieldsOf(action: Action): ReadFields {
  const known = readByAction.get(action);
  if (known !== undefined) return known;
  const read: { readonly references: FieldReferences[]; readonly faults: FieldFault[] } = {
    references: [],
    faults: [],
  };
  for (const field of templateFieldsOf(action)) {
    const parsed = parseTemplate(field.text);
    if (!parsed.ok) {
      read.faults.push({ ...field, fault: parsed.error });
      continue;
    }
    const references = findReferences(field.text);
    if (references.length > 0) read.references.push({ ...field, references });
  }
  readByAction.set(action, read);
  return read;
}

/** What the templates of an action read, field by field. Fields that read nothing are left out. Cached. */
export const referencesOf = (action: Action): readonly FieldReferences[] => readFieldsOf(action).references;

/** The templates of an action that cannot be read. Cached. */
export const faultsOf = (action: Action): readonly FieldFault[] => readFieldsOf(action).faults;

const fieldsByName = new WeakMap<Action, ReadonlyMap<string, number>>();

/**
 * How many different paths the templates of an action read below each name: action ids, `input`, and whatever else they
 * say. `{{ a.x }} {{ a.x }} {{ a.y }}` reads two fields of `a`. Cached.
 */
export function fieldsReadBy(action: Action): ReadonlyMap<string, number> {
  const known = fieldsByName.get(action);
  if (known !== undefined) return known;
  const paths = new Map<string, Set<string>>();
  for (const { references } of referencesOf(action)) {
    for (const { path } of references) {
      const [name] = path;
      if (name !== undefined) paths.set(name, (paths.get(name) ?? new Set()).add(JSON.stringify(path)));
    }
  }
  const counts = new Map([...paths].map(([name, read]) => [name, read.size]));
  fieldsByName.set(action, counts);
  return counts;
}

const wordsByAction = new WeakMap<Action, ReadonlySet<string>>();
const NO_WORDS: ReadonlySet<string> = new Set();

/** The words of an action's templates that cannot be read, each once. */
function unreadableWordsOf(action: Action): ReadonlySet<string> {
  const faults = faultsOf(action);
  if (faults.length === 0) return NO_WORDS;
  const known = wordsByAction.get(action);
  if (known !== undefined) return known;
  const words = new Set<string>();
  for (const { text } of faults) {
    for (const [word] of text.matchAll(WORD)) words.add(word);
  }
  wordsByAction.set(action, words);
  return words;
}

const WORD = /\p{XID_Continue}+/gu;

/**
 * Whether a template of an action reads the output of `id`, as far as can be told: one with a slip in it probably reads
 * whatever it mentions.
 */
function mayRead(action: Action, id: string): boolean {
  return fieldsReadBy(action).has(id) || mentions(unreadableWordsOf(action), id);
}

/** An id of several words, which no template can name, is often what the slip is. */
const mentions = (words: ReadonlySet<string>, id: string): boolean =>
  words.size > 0 && (words.has(id) || [...id.matchAll(WORD)].every(([word]) => words.has(word)));

/** Whether a template of `to` reads the output of `from`, or may. */
export const carriesData = (chain: Chain, from: ActionId, to: ActionId): boolean => {
  const reader = chain.actions.get(to);
  return reader !== undefined && mayRead(reader, from);
};

/** Whether a template of any action reads the output of `id`, or may. */
export function readsAnywhere({ actions }: Chain): (id: string) => boolean {
  const names = new Set<string>();
  const words = new Set<string>();
  for (const action of actions.values()) {
    for (const name of fieldsReadBy(action).keys()) names.add(name);
    for (const word of unreadableWordsOf(action)) words.add(word);
  }
  return (id) => names.has(id) || mentions(words, id);
}
