import { fromPlain, isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '@/lib/json/value';

export const INPUT_TYPES = ['string', 'number', 'integer', 'boolean', 'object', 'array'] as const;

/** The chain's input schema with one more required field; everything else of the schema stays as it is. */
export function declareInput(
  schema: JsonValue | undefined,
  name: string,
  type: (typeof INPUT_TYPES)[number],
): JsonValue {
  const base: JsonObject = isJsonObject(schema) ? schema : new Map<string, JsonValue>([['type', 'object']]);
  const properties = base.get('properties');
  const required = base.get('required');
  return new Map(base)
    .set('properties', new Map(isJsonObject(properties) ? properties : []).set(name, fromPlain({ type })))
    .set('required', [...(isJsonArray(required) ? required : []), name]);
}

/** The schema without a field; undefined when nothing of a schema is left. */
export function removeInput(schema: JsonValue, name: string): JsonValue | undefined {
  if (!isJsonObject(schema)) return schema;
  const next = new Map(schema);
  const properties = next.get('properties');
  const required = next.get('required');
  if (isJsonObject(properties)) {
    const left = new Map(properties);
    left.delete(name);
    next.set('properties', left);
    if (left.size === 0 && [...next.keys()].every((key) => ['type', 'properties', 'required'].includes(key)))
      return undefined;
  }
  if (isJsonArray(required)) {
    const left = required.filter((item) => item !== name);
    if (left.length === 0) next.delete('required');
    else next.set('required', left);
  }
  return next;
}
