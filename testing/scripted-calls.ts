import { buildFailure, type FailureFacts } from '@/lib/failure/action-failure';
import type { Answer } from '@/lib/failure/answer';
import type { JsonText } from '@/lib/json/value';
import type { Call } from '@/lib/plan/call';
import type { Clock, Invoke } from '@/lib/run/ports';

export const outputOf = (output: string): Answer => ({
  type: 'output',
  output: output as JsonText,
  envelope: null,
  provenance: 'live',
});

export const failureOf = (kind: FailureFacts['kind'], facts: Partial<FailureFacts> = {}): Answer => ({
  type: 'failure',
  failure: buildFailure({ kind, message: `It was ${kind}.`, wasSent: true, ...facts }),
  envelope: null,
});

/** What a scripted tenant does with a call: answer after a while. */
export interface Reaction {
  readonly answer: Answer;
  readonly afterMs?: number;
}

export interface ScriptedCalls {
  readonly invoke: Invoke;
  /** Every call that left, in order. */
  readonly calls: readonly Call[];
  readonly inFlightMax: () => number;
  /** Actions whose call was aborted on the wire. */
  readonly aborted: readonly string[];
}

/**
 * An `invoke` that reacts by script, on a virtual clock. An action without a script answers `{"from": its id}` after 100 ms;
 * the n-th reaction of a list is for the n-th call of that action, and one call too many is a defect.
 */
export function scriptCalls(
  clock: Clock,
  script: Readonly<Record<string, Reaction | readonly Reaction[]>> = {},
): ScriptedCalls {
  const reactions = new Map(Object.entries(script));
  const calls: Call[] = [];
  const aborted: string[] = [];
  let inFlight = 0;
  let inFlightMax = 0;

  const invoke: Invoke = async (call, signal, sent) => {
    const { actionId } = call;
    const earlier = calls.filter((one) => one.actionId === actionId).length;
    calls.push(call);
    const scripted = reactions.get(actionId) ?? { answer: outputOf(JSON.stringify({ from: actionId })) };
    const reaction = Array.isArray(scripted) ? scripted[earlier] : (scripted as Reaction);
    if (reaction === undefined) throw new Error(`Call ${earlier + 1} of ${actionId} is not in the script`);
    inFlight += 1;
    inFlightMax = Math.max(inFlightMax, inFlight);
    sent();
    await clock.sleep(reaction.afterMs ?? 100, signal);
    inFlight -= 1;
    if (signal.aborted) aborted.push(actionId);
    return reaction.answer;
  };
  return { invoke, calls, aborted, inFlightMax: () => inFlightMax };
}
