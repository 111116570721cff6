import type { ActionId } from '@/lib/chain/ids';
import type { ActionFailure } from '@/lib/failure/action-failure';
import type { Body } from '@/lib/json/body';
import { parseTrustedJson } from '@/lib/json/parse-json';
import { printJson } from '@/lib/json/print-json';
import { type JsonObject, type JsonText, type JsonValue, Numeral } from '@/lib/json/value';
import { invariant } from '@/lib/result';
import type { SkipReason } from './events';
import type { ActionState, RunState } from './reduce-run';

/** Outputs as text, by action: of every action that completed. */
export type OutputTexts = ReadonlyMap<ActionId, JsonText>;

/** Fetches the outputs of a run; small ones stand in its state already. */
export async function loadOutputs(state: RunState, load: (body: Body) => Promise<JsonText>): Promise<OutputTexts> {
  const texts = new Map<ActionId, JsonText>();
  for (const [id, action] of state.actionById) {
    if (action.status !== 'completed') continue;
    texts.set(id, action.output.type === 'inline' ? action.output.text : await load(action.output));
  }
  return texts;
}

/**
 * The result document of a run, in `snake_case`: the tutorial's keys `trace_id`, `results`, `latency`, `failures` first, then
 * what it lacks. Actions stand in plan order, numbers of outputs as they came; times are seconds.
 *
 * `latency` is the last attempt's call; `durations` runs from the first start to the end, back-off included. Both name
 * only actions that made a call. A fallback counts as a result, and its `provenance` says so.
 */
export function buildRunResult(state: RunState, outputs: OutputTexts): JsonObject {
  const results = new Map<string, JsonValue>();
  const latency = new Map<string, JsonValue>();
  const durations = new Map<string, JsonValue>();
  const distribution = new Map<string, number>();
  const skipped = new Map<string, JsonValue>();
  const provenance = new Map<string, JsonValue>();

  for (const { actionId } of state.actions) {
    const action = state.actionById.get(actionId);
    invariant(action !== undefined, `run ${state.runId} planned ${actionId} and has no state of it`);
    const call = timesOf(action);
    if (call !== null) {
      latency.set(actionId, toSeconds(call.latencyMs));
      durations.set(actionId, toSeconds(call.elapsedMs));
    }
    if (action.status === 'completed') {
      const text = outputs.get(actionId);
      invariant(text !== undefined, `the output of ${actionId} was not loaded`);
      results.set(actionId, parseTrustedJson(text));
      provenance.set(actionId, action.provenance);
    } else if (action.status === 'failed') {
      distribution.set(action.failure.kind, (distribution.get(action.failure.kind) ?? 0) + 1);
    } else if (action.status === 'skipped') skipped.set(actionId, skipToJson(action.because));
  }

  return new Map<string, JsonValue>([
    ['trace_id', state.runId],
    ['results', results],
    ['latency', latency],
    ['failures', failuresToJson(state)],
    ['status', state.status],
    ['chain_hash', state.chainHash],
    ['simulated', isSimulated(state)],
    ['durations', durations],
    ['failure_distribution', new Map([...distribution].map(([kind, count]) => [kind, Numeral.of(count)]))],
    ['skipped', skipped],
    ['provenance', provenance],
  ]);
}

/** The document as text, with one newline at the end: what the command line prints and `?wait` answers. */
export const printRunResult = (result: JsonObject): string => `${printJson(result)}\n`;

/** Whether anything in the run came from the simulator. */
const isSimulated = (state: RunState): boolean =>
  state.connection?.purpose === 'simulator' ||
  [...state.actionById.values()].some((action) => action.status === 'completed' && action.provenance === 'simulated');

/** One entry of `failures`. */
function failureToJson(failure: ActionFailure, attempts: number, elapsedMs: number): JsonObject {
  const { kind, message, httpStatus, mayHaveHappened } = failure;
  return new Map<string, JsonValue>([
    ['kind', kind],
    ['message', message],
    ...(httpStatus === null ? [] : [['http_status', Numeral.of(httpStatus)] as const]),
    ['attempts', Numeral.of(attempts)],
    ['elapsed_sec', toSeconds(elapsedMs)],
    ['may_have_happened', mayHaveHappened],
  ]);
}

/** All failures of a run, in plan order. */
export function failuresToJson(state: RunState): JsonObject {
  const failures = new Map<string, JsonValue>();
  for (const { actionId } of state.actions) {
    const action = state.actionById.get(actionId);
    if (action?.status !== 'failed') continue;
    failures.set(actionId, failureToJson(action.failure, action.attempts.length, timesOf(action)?.elapsedMs ?? 0));
  }
  return failures;
}

const skipToJson = (because: SkipReason): JsonObject =>
  new Map<string, JsonValue>([['because', because.type], ...('by' in because ? [['by', because.by] as const] : [])]);

/** Null for an action that made no call. Wall time may step back; a duration never does. */
function timesOf(action: ActionState): { readonly latencyMs: number; readonly elapsedMs: number } | null {
  const first = action.attempts[0];
  const last = action.attempts.at(-1);
  if (first === undefined || last === undefined) return null;
  const endedAtMs = action.endedAtMs ?? last.endedAtMs ?? last.startedAtMs;
  return { latencyMs: last.latencyMs ?? 0, elapsedMs: Math.max(0, endedAtMs - first.startedAtMs) };
}

const toSeconds = (ms: number): Numeral => Numeral.of(Math.round(ms) / 1000);
