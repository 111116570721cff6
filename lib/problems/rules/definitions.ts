import type { Action } from '@/lib/chain/chain';
import type { ActionId } from '@/lib/chain/ids';
import { type Definition, isLocalId } from '@/lib/definition/definition';
import type { JsonPath } from '@/lib/json/pointer';
import type { JsonValue } from '@/lib/json/value';
import { listNames } from '@/lib/list-names';
import { findUncheckedParts, type UncheckedPart } from '@/lib/schema/checkable-schema';
import { type Draft, definitionOf, didYouMean, printName, type Rule, type Subject } from '../draft';

/** Whether each action calls something that is there, and what of the schemas is not checked. */
export const findDefinitionProblems: Rule = (subject) => {
  const drafts: Draft[] = [...uncheckedInputs(subject)];
  const reported = new Set<Definition>();
  for (const [id, action] of subject.chain.actions) {
    drafts.push(...(findUnmapped(subject, id, action) ?? findUnknown(subject, id, action)));
    const definition = definitionOf(subject.known, action);
    if (definition === undefined || reported.has(definition)) continue;
    reported.add(definition);
    drafts.push(...uncheckedSchemas(id, definition));
  }
  return drafts;
};

/** Undefined where the connection has an id for it, or wants none. */
function findUnmapped({ known }: Subject, id: ActionId, { definition_id }: Action): readonly Draft[] | undefined {
  const { definitions, idMap } = known;
  if (idMap === null || !isLocalId(definition_id) || idMap.has(definition_id)) return undefined;
  const name = definitions?.get(definition_id)?.name ?? '';
  const [offered, ...others] = definitions === null || name === '' ? [] : offeredUnder(definitions, name);
  return [
    {
      code: 'definition_unmapped',
      action: id,
      at: ['actions', id, 'definition_id'],
      message: `${id} calls “${printName(definition_id)}”, and the connection does not say which of its definitions that is.`,
      ...(offered === undefined || others.length > 0
        ? {}
        : {
            fix: {
              label: `Call ${printName(offered.name)} of the connection`,
              edit: { type: 'patch-action', id, patch: { definition_id: offered.id } },
              isSafe: false,
            },
          }),
    },
  ];
}

const offersByDefinitions = new WeakMap<object, ReadonlyMap<string, readonly Definition[]>>();

/** Those of the connection that have a name. */
function offeredUnder(definitions: ReadonlyMap<string, Definition>, name: string): readonly Definition[] {
  let offers = offersByDefinitions.get(definitions);
  if (offers === undefined) {
    const byName = new Map<string, Definition[]>();
    for (const definition of definitions.values()) {
      if (definition.origin !== 'connection') continue;
      byName.set(definition.name, [...(byName.get(definition.name) ?? []), definition]);
    }
    offers = byName;
    offersByDefinitions.set(definitions, offers);
  }
  return offers.get(name) ?? [];
}

/** UUIDs differ from one another by chance: none is near another. */
const isUuid = (id: string): boolean => /^[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}$/i.test(id);

function findUnknown({ known, findNearest }: Subject, id: ActionId, action: Action): readonly Draft[] {
  const { definitions, idMap } = known;
  if (definitions === null || definitionOf(known, action) !== undefined) return [];
  const { definition_id } = action;
  const mapped = idMap?.get(definition_id);
  const called = mapped === undefined ? '' : `, which is “${printName(mapped)}” there`;
  const nearest =
    isUuid(definition_id) || mapped !== undefined
      ? undefined
      : findNearest(definition_id, definitions.size, () => definitions.keys());
  return [
    {
      code: 'definition_unknown',
      action: id,
      at: ['actions', id, 'definition_id'],
      message: `${id} calls the definition “${printName(definition_id)}”${called}, which the connection does not offer.${didYouMean(nearest)}`,
    },
  ];
}

/** At the keyword itself, in the schema of the chain's own inputs. */
function uncheckedInputs({ chain }: Subject): readonly Draft[] {
  const parts = findUncheckedParts(chain.inputs ?? true);
  const [first] = parts;
  if (first === undefined) return [];
  return [unchecked(['inputs', ...first.path], 'The inputs of this chain are', parts)];
}

/** Once for each definition, at the first action that calls it. */
function uncheckedSchemas(
  id: ActionId,
  { name, id: definitionId, inputSchema, outputSchema }: Definition,
): readonly Draft[] {
  const partsOf = (schema: JsonValue | null) => findUncheckedParts(schema ?? true);
  const parts = [...partsOf(inputSchema), ...partsOf(outputSchema)];
  if (parts.length === 0) return [];
  const words = `${id}: values of ${printName(name === '' ? definitionId : name)} are`;
  return [{ ...unchecked(['actions', id, 'definition_id'], words, parts), action: id }];
}

function unchecked(at: JsonPath, words: string, parts: readonly UncheckedPart[]): Draft {
  const kinds = [...new Set(parts.map(({ what }) => what))];
  const places = parts.length === 1 ? 'one place' : `${parts.length.toLocaleString('en')} places`;
  return {
    code: 'schema_unchecked',
    at,
    message: `${words} not checked against ${listNames(kinds)} (${places} of the schema).`,
  };
}
