import { type Chain, inputsOf } from '@/lib/chain/chain';
import type { Workbench } from '@/lib/chain/workbench';
import { isJsonArray, isJsonObject, type JsonValue } from '@/lib/json/value';
import { propertiesOf } from '@/lib/schema/json-schema';
import { INPUT_NAME } from '@/lib/template/compile-expression';
import { findReferences, type Reference } from '@/lib/template/references';

/** Values that a mapping can be written with. */
export interface MappingInput {
  /** Of the sample input set; null for the examples of the chain's inputs. */
  readonly sampleName: string | null;
  readonly value: JsonValue;
}

/**
 * What a person can choose from, the sample input sets first; null where no template reads the input, so that there is
 * nothing to choose. Empty where nobody gave any value: a mapping must not be written with made-up ones.
 */
export function mappingInputsOf({ chain, sampleInputs }: Workbench): readonly MappingInput[] | null {
  const reads = readsOfInput(chain);
  if (reads.length === 0) return null;
  if (sampleInputs.size > 0) return [...sampleInputs].map(([sampleName, value]) => ({ sampleName, value }));
  const examples = chain.inputs === undefined ? undefined : givenExampleOf(chain.inputs, 0);
  const isWhole = (value: JsonValue): boolean =>
    reads.every(({ path, isGuarded }) => isGuarded || hasPath(value, path.slice(1)));
  return examples !== undefined && isWhole(examples) ? [{ sampleName: null, value: examples }] : [];
}

function readsOfInput(chain: Chain): readonly Reference[] {
  const texts = [...chain.actions.values()].flatMap((action) => textsIn(inputsOf(action)));
  return texts.flatMap((text) => findReferences(text).filter(({ path }) => path[0] === INPUT_NAME));
}

function textsIn(value: JsonValue): readonly string[] {
  if (typeof value === 'string') return [value];
  if (isJsonArray(value)) return value.flatMap(textsIn);
  return isJsonObject(value) ? [...value.values()].flatMap(textsIn) : [];
}

/** A schema may refer to itself. */
const DEPTH_MAX = 6;

/** What the author wrote down as an example, a default or the only value; undefined where nothing was written. */
function givenExampleOf(schema: JsonValue, depth: number): JsonValue | undefined {
  if (!isJsonObject(schema) || depth > DEPTH_MAX) return undefined;
  const examples = schema.get('examples');
  if (isJsonArray(examples) && examples[0] !== undefined) return examples[0];
  for (const key of ['example', 'default', 'const']) {
    const given = schema.get(key);
    if (given !== undefined) return given;
  }
  const fields = propertiesOf(schema).flatMap(({ name, schema: property }) => {
    const given = givenExampleOf(property, depth + 1);
    return given === undefined ? [] : [[name, given] as const];
  });
  return fields.length === 0 ? undefined : new Map(fields);
}

function hasPath(value: JsonValue, path: readonly string[]): boolean {
  let at: JsonValue | undefined = value;
  for (const name of path) {
    at = isJsonObject(at ?? null) ? (at as Map<string, JsonValue>).get(name) : undefined;
    // What lies inside a list, a method say, is for the exporter to judge.
    if (at === undefined) return false;
    if (isJsonArray(at)) return true;
  }
  return true;
}
