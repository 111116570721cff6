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

/** Whether a template of `to` reads the output of `from`. */
export const carriesData = (chain: Chain, from: ActionId, to: ActionId): boolean => {
  const reader = chain.actions.get(to);
  return reader !== undefined && fieldsReadBy(reader).has(from);
};
