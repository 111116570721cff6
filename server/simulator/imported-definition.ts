import type { Definition } from '@/lib/definition/definition';
import { makeOutput } from './made-output';
import type { SimulatedDefinition } from './simulated-definition';

/** As the simulator's own definitions take it on average. */
const LATENCY_MS = [140, 420] as const;

/**
 * An imported definition as one of the simulator: inputs are checked against its schema, outputs are data made from it. What
 * it does not tell is taken as it comes: any inputs are right, and the output is an empty object.
 */
export const simulateImported = ({
  id,
  name,
  description,
  effect,
  inputSchema,
  outputSchema,
}: Definition): SimulatedDefinition => ({
  id,
  name,
  description,
  effect,
  inputSchema: inputSchema ?? true,
  outputSchema: outputSchema ?? true,
  latencyMs: LATENCY_MS,
  isDeferred: false,
  answer: ({ chance }) => (outputSchema === null ? new Map() : makeOutput(outputSchema, chance)),
});
