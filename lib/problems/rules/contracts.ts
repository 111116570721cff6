import { type Action, inputsOf } from '@/lib/chain/chain';
import type { ActionId } from '@/lib/chain/ids';
import type { Definition } from '@/lib/definition/definition';
import type { JsonPath } from '@/lib/json/pointer';
import { isJsonObject, type JsonValue } from '@/lib/json/value';
import { findNearestName } from '@/lib/nearest-name';
import { propertiesOf, schemaAtPath } from '@/lib/schema/json-schema';
import { type Draft, didYouMean, forEachAction, printField, type Rule } from '../draft';

/** Inputs against what the definition of an action wants. Nothing is checked while the definitions are unknown. */
export const findContractProblems: Rule = forEachAction(({ known: { definitions } }, id, action) => {
  if (definitions === null) return [];
  const definition = definitions.get(action.definition_id);
  if (definition === undefined) {
    const nearest = findNearestName(action.definition_id, definitions.keys());
    return [
      {
        code: 'definition_unknown',
        action: id,
        at: ['actions', id, 'definition_id'],
        message: `${id} calls the definition “${action.definition_id}”, which the connection does not offer.${didYouMean(nearest)}`,
      },
    ];
  }
  return definition.inputSchema === null ? [] : inputProblems(id, action, definition, definition.inputSchema);
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
  const drafts = checkInputs(id, action, definition, schema);
  checkedByAction.set(action, { id, definition, drafts });
  return drafts;
}

function checkInputs(id: ActionId, action: Action, definition: Definition, schema: JsonValue): readonly Draft[] {
  const name = definition.name === '' ? definition.id : definition.name;
  const drafts: Draft[] = [];
  /** Objects inside objects too; what a template or a list gives is not known here. */
  const check = (value: JsonValue, contract: JsonValue, path: JsonPath): void => {
    if (!isJsonObject(value)) return;
    const properties = propertiesOf(contract);
    const declared = new Map(properties.map((property) => [property.name, property]));
    for (const property of properties) {
      if (!property.isRequired || value.has(property.name)) continue;
      const field = printField([...path, property.name]);
      const message = `${id}: ${field} is missing; ${name} requires it (${property.type}).`;
      drafts.push({ code: 'input_required_missing', action: id, at: ['actions', id, ...path, property.name], message });
    }
    for (const [key, item] of value) {
      const property = declared.get(key);
      if (property !== undefined) check(item, property.schema, [...path, key]);
      else if (declared.size > 0 && schemaAtPath(contract, [key]) === undefined) {
        const nearest = findNearestName(key, declared.keys());
        const message = `${id}: ${name} knows no input ${printField([...path, key].slice(1))}.${didYouMean(nearest)}`;
        drafts.push({ code: 'input_unknown', action: id, at: ['actions', id, ...path, key], message });
      }
    }
  };
  check(inputsOf(action), schema, ['inputs']);
  return drafts;
}
