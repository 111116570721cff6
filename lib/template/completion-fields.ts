import { isJsonArray, isJsonObject, type JsonValue, jsonTypeOf } from '@/lib/json/value';
import { propertiesOf, schemaAtPath } from '@/lib/schema/json-schema';

/** Something that a template can read, as far as its schema and an earlier value tell. */
export interface Field {
  readonly name: string;
  /** For people, such as `string or null`; empty when nothing is known. */
  readonly type: string;
  readonly description: string;
  readonly schema: JsonValue | null;
  readonly sample: JsonValue | null;
}

/** The fields of an object: those of the schema in its order, then what only the sample has. */
export function fieldsOf({ schema, sample }: Field): readonly Field[] {
  const samples = isJsonObject(sample ?? undefined) ? (sample as ReadonlyMap<string, JsonValue>) : NO_FIELDS;
  const declared = (schema === null ? [] : propertiesOf(schema)).map(
    (property): Field => ({
      name: property.name,
      type: property.type,
      description: property.description,
      schema: property.schema,
      sample: samples.get(property.name) ?? null,
    }),
  );
  const names = new Set(declared.map((field) => field.name));
  const seen = [...samples].filter(([name]) => !names.has(name)).map(([name, value]) => fieldFromSample(name, value));
  return [...declared, ...seen];
}

const NO_FIELDS: ReadonlyMap<string, JsonValue> = new Map();

const fieldFromSample = (name: string, sample: JsonValue): Field => ({
  name,
  type: jsonTypeOf(sample),
  description: '',
  schema: null,
  sample,
});

/** One step into a field: a key, or an index of a list. */
export function fieldAt(field: Field, segment: string | number): Field | undefined {
  const own = typeof segment === 'string' ? fieldsOf(field).find(({ name }) => name === segment) : undefined;
  if (own !== undefined) return own;
  const schema = field.schema === null ? undefined : schemaAtPath(field.schema, [segment]);
  const sample = sampleAt(field.sample, segment);
  if (schema === undefined && sample === undefined) return undefined;
  return { name: String(segment), type: '', description: '', schema: schema?.schema ?? null, sample: sample ?? null };
}

function sampleAt(sample: JsonValue | null, segment: string | number): JsonValue | undefined {
  if (sample === null) return undefined;
  if (isJsonArray(sample)) return typeof segment === 'number' ? sample.at(segment) : undefined;
  return isJsonObject(sample) && typeof segment === 'string' ? sample.get(segment) : undefined;
}
