import { type Action, inputsOf } from '@/lib/chain/chain';
import type { ActionId } from '@/lib/chain/ids';
import type { Definition } from '@/lib/definition/definition';
import { type JsonPath, parsePointer } from '@/lib/json/pointer';
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '@/lib/json/value';
import { findNearestName } from '@/lib/nearest-name';
import {
  allowsType,
  checkValue,
  describeType,
  type PropertyOfSchema,
  propertiesOf,
  schemaAtPath,
} from '@/lib/schema/json-schema';
import { isTemplate } from '@/lib/template/parse-template';
import { type Draft, definitionOf, didYouMean, forEachAction, printField, printName, type Rule } from '../draft';

/** Inputs against what the definition of an action wants. Nothing is checked while the definitions are unknown. */
export const findContractProblems: Rule = forEachAction(({ known }, id, action) => {
  const definition = definitionOf(known, action);
  if (definition === undefined || definition.inputSchema === null) return [];
  return inputProblems(id, action, definition, definition.inputSchema);
});

interface Checked {
  readonly id: ActionId;
  readonly definition: Definition;
  readonly drafts: readonly Draft[];
}

const checkedByAction = new WeakMap<Action, Checked>();

/** Checked again only when the action, its id or its definition is another one. */
function inputProblems(id: ActionId, action: Action, definition: Definition, schema: JsonValue): readonly Draft[] {
  const checked = checkedByAction.get(action);
  if (checked?.id === id && checked.definition === definition) return checked.drafts;
  const name = printName(definition.name === '' ? definition.id : definition.name);
  const inputs = inputsOf(action);
  const subject: Inputs = { id, name, holdersOfTemplates: findHoldersOfTemplates(inputs) };
  const drafts = [
    ...checkPresence(subject, inputs, schema, ['inputs']),
    ...checkTypes(subject, inputs, schema, ['inputs']),
  ];
  checkedByAction.set(action, { id, definition, drafts });
  return drafts;
}

interface Inputs {
  readonly id: ActionId;
  /** Of the definition, for sentences. */
  readonly name: string;
  /** Lists and objects with a template somewhere in them. */
  readonly holdersOfTemplates: ReadonlySet<JsonValue>;
}

const declaredBySchema = new WeakMap<JsonObject, ReadonlyMap<string, PropertyOfSchema>>();
const NOTHING_DECLARED: ReadonlyMap<string, PropertyOfSchema> = new Map();

/** By name, in the order of the schema; read once per schema object, however many actions call the definition. */
function declaredBy(contract: JsonValue): ReadonlyMap<string, PropertyOfSchema> {
  if (!isJsonObject(contract)) return NOTHING_DECLARED;
  const known = declaredBySchema.get(contract);
  if (known !== undefined) return known;
  const declared = new Map(propertiesOf(contract).map((property) => [property.name, property]));
  declaredBySchema.set(contract, declared);
  return declared;
}

/** A schema may name any number of inputs; beyond this a near name is not looked for. */
const NAMES_COMPARED_MAX = 500;

/** What is missing and what nobody asked for, in objects and lists at any depth; what a template gives is not known here. */
function* checkPresence(
  subject: Inputs,
  value: JsonValue,
  contract: JsonValue,
  path: JsonPath,
): Generator<Draft, void, undefined> {
  if (isJsonArray(value)) {
    for (const [index, item] of value.entries()) {
      if (typeof item !== 'object' || item === null) continue;
      const below = schemaAtPath(contract, [index]);
      if (below !== undefined) yield* checkPresence(subject, item, below.schema, [...path, index]);
    }
  }
  if (!isJsonObject(value)) return;
  const { id, name } = subject;
  const declared = declaredBy(contract);
  for (const property of declared.values()) {
    if (!property.isRequired || value.has(property.name)) continue;
    const field = printField([...path, property.name]);
    const type = property.type === 'anything' ? '' : ` (${property.type})`;
    const message = `${id}: ${field} is missing; ${name} requires it${type}.`;
    yield { code: 'input_required_missing', action: id, at: ['actions', id, ...path, property.name], message };
  }
  for (const [key, item] of value) {
    const property = declared.get(key);
    const below = property ?? schemaAtPath(contract, [key]);
    if (below !== undefined) yield* checkPresence(subject, item, below.schema, [...path, key]);
    else if (declared.size > 0) {
      const nearest = declared.size > NAMES_COMPARED_MAX ? undefined : findNearestName(key, declared.keys());
      const message = `${id}: ${name} knows no input ${printField([...path, key].slice(1))}.${didYouMean(nearest)}`;
      yield { code: 'input_unknown', action: id, at: ['actions', id, ...path, key], message };
    }
  }
}

/**
 * What stands there and does not fit: types, limits, lists of allowed values. A part without templates is checked whole;
 * of one that holds a template, its own type and the parts beside the template.
 */
function* checkTypes(
  subject: Inputs,
  value: JsonValue,
  contract: JsonValue,
  path: JsonPath,
): Generator<Draft, void, undefined> {
  if (typeof value === 'string' && isTemplate(value)) return;
  const isContainer = isJsonArray(value) || isJsonObject(value);
  if (!isContainer || !subject.holdersOfTemplates.has(value)) {
    for (const { path: below, message } of checkValue(contract, value, 'present')) {
      const place = [...path, ...stepsInto(value, parsePointer(below) ?? [])];
      const name = parsePointer(below)?.at(-1) ?? 'The value';
      const words = message.startsWith(`${name} `) ? message.slice(name.length + 1) : message;
      yield mismatch(subject, place, words.replace(/\.$/, ''));
    }
    return;
  }
  const type = isJsonArray(value) ? 'array' : 'object';
  if (!allowsType(contract, type)) {
    yield mismatch(subject, path, `is of type ${type}; expected ${describeType(contract)}`);
    return;
  }
  for (const [key, item] of isJsonArray(value) ? value.entries() : value) {
    const declared = typeof key === 'string' ? declaredBy(contract).get(key) : undefined;
    const below = declared ?? schemaAtPath(contract, [key]);
    if (below !== undefined) yield* checkTypes(subject, item, below.schema, [...path, key]);
  }
}

const mismatch = ({ id, name }: Inputs, path: JsonPath, words: string): Draft => ({
  code: 'type_mismatch',
  action: id,
  at: ['actions', id, ...path],
  message: `${id}: ${printField(path)} ${words} (${name}).`,
});

/** The lists and objects that hold a template at any depth. Depth is bounded by the document's 64 brackets. */
function findHoldersOfTemplates(value: JsonValue, holders = new Set<JsonValue>()): ReadonlySet<JsonValue> {
  if (!isJsonArray(value) && !isJsonObject(value)) return holders;
  for (const item of value.values()) {
    if (typeof item === 'string' ? isTemplate(item) : findHoldersOfTemplates(item, holders).has(item))
      holders.add(value);
  }
  return holders;
}

/** The segments of a pointer as steps into a value: indices of lists as numbers, so that places sort and read as such. */
function stepsInto(value: JsonValue, segments: readonly string[]): JsonPath {
  let at: JsonValue | undefined = value;
  return segments.map((segment) => {
    if (isJsonArray(at)) {
      at = at[Number(segment)];
      return Number(segment);
    }
    at = isJsonObject(at) ? at.get(segment) : undefined;
    return segment;
  });
}
