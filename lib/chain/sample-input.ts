import type { JsonValue } from '@/lib/json/value';
import { exampleOf } from '@/lib/schema/json-schema';
import type { Workbench } from './workbench';

/** The input that a test run of this workbench starts with: the chosen sample set, the first one, or the schema's examples. */
export function sampleInputOf(workbench: Workbench): JsonValue {
  const { sampleInputs, sampleInputName, chain } = workbench;
  const chosen = sampleInputName === null ? undefined : sampleInputs.get(sampleInputName);
  if (chosen !== undefined) return chosen;
  const [first] = sampleInputs.values();
  if (first !== undefined) return first;
  return chain.inputs === undefined ? new Map() : exampleOf(chain.inputs);
}
