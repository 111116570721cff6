import { sha256Hex } from '@/lib/json/print-json';
import type { JsonText } from '@/lib/json/value';

/**
 * Names one call by what decides its output: the definition sent, the connection, and the resolved inputs on one line.
 * The connection keeps what the simulator gave from passing for live.
 */
export const reuseKey = (call: {
  readonly definitionId: string;
  readonly connectionId: string;
  readonly inputs: JsonText;
}): string => sha256Hex(JSON.stringify([call.definitionId, call.connectionId, call.inputs]));
