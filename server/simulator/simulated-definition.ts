import type { Definition } from '@/lib/definition/definition';
import { fromPlain, type JsonObject, type JsonValue, Numeral, type PlainJson } from '@/lib/json/value';
import type { Chance } from './chance';

/** What an answer is computed from. */
export interface Question {
  readonly inputs: JsonObject;
  /** Seeded by definition and inputs: the same question has the same answer. */
  readonly chance: Chance;
  /** The simulator's own seed, for what several definitions must agree on. */
  readonly seed: string;
}

/** A data action that the simulator knows. */
export interface SimulatedDefinition {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  /** Null for an imported one whose file does not say. */
  readonly effect: Definition['effect'];
  readonly inputSchema: JsonValue;
  readonly outputSchema: JsonValue;
  /** How long a call of it takes at least and at most, in milliseconds. */
  readonly latencyMs: readonly [number, number];
  /** The call is accepted at once and its output fetched later, as long-running data actions do it. */
  readonly isDeferred: boolean;
  /** Undefined when nothing was found that the output schema allows; a definition of the simulator's own always answers. */
  readonly answer: (question: Question) => JsonValue | undefined;
}

type PlainSchema = { readonly [key: string]: PlainJson };

/** A schema of a text field. */
export const text = (description: string, example: string, more: PlainSchema = {}): PlainSchema => ({
  type: 'string',
  description,
  examples: [example],
  ...more,
});

export const number = (description: string, example: number, more: PlainSchema = {}): PlainSchema => ({
  type: 'number',
  description,
  examples: [example],
  ...more,
});

export const whole = (description: string, example: number, more: PlainSchema = {}): PlainSchema => ({
  type: 'integer',
  description,
  examples: [example],
  ...more,
});

export const flag = (description: string, example = true): PlainSchema => ({
  type: 'boolean',
  description,
  examples: [example],
});

export const instant = (description: string, more: PlainSchema = {}): PlainSchema =>
  text(description, '2025-03-09T14:25:00Z', { format: 'date-time', ...more });

/** May also be null. */
export const orNull = (schema: PlainSchema): PlainSchema => ({ ...schema, type: [schema.type as string, 'null'] });

export const listOf = (description: string, items: PlainSchema): PlainSchema => ({ type: 'array', description, items });

/** An object whose fields are all required, but those that stand in `optional`. */
export const object = (
  properties: { readonly [key: string]: PlainSchema },
  { description, optional = [] }: { readonly description?: string; readonly optional?: readonly string[] } = {},
): PlainSchema => ({
  type: 'object',
  ...(description === undefined ? {} : { description }),
  properties,
  required: Object.keys(properties).filter((key) => !optional.includes(key)),
});

/** Output made by our own code: Numerals pass as they are spelled, everything else as plain JSON. */
export type Output =
  | null
  | boolean
  | string
  | number
  | Numeral
  | readonly Output[]
  | { readonly [key: string]: Output };

export function toOutput(output: Output): JsonValue {
  if (output instanceof Numeral) return output;
  if (Array.isArray(output)) return output.map(toOutput);
  if (typeof output !== 'object' || output === null) return fromPlain(output as PlainJson);
  return new Map(Object.entries(output).map(([key, item]) => [key, toOutput(item)]));
}

/** A text input that the schema has already required; a number counts by its spelling. */
export function readText(inputs: JsonObject, name: string, fallback = ''): string {
  const value = inputs.get(name);
  if (typeof value === 'string') return value;
  return value instanceof Numeral ? value.text : fallback;
}

export function readNumber(inputs: JsonObject, name: string, fallback: number): number {
  const value = inputs.get(name);
  return value instanceof Numeral ? value.toNumber() : fallback;
}
