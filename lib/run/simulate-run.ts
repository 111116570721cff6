import { buildFailure } from '@/lib/failure/action-failure';
import type { Answer } from '@/lib/failure/answer';
import { type Body, toBody } from '@/lib/json/body';
import type { JsonText } from '@/lib/json/value';
import type { Call } from '@/lib/plan/call';
import type { Plan } from '@/lib/plan/plan';
import { invariant } from '@/lib/result';
import { createEngine, type Signal } from './engine';
import type { RunEvent } from './events';
import { emptyRun } from './reduce-run';

export interface SimulatedAnswer {
  readonly answer: Answer;
  /** From `sent` on; beyond the action's timeout it becomes one. */
  readonly latencyMs: number;
}

export interface SimulationOptions {
  /** Epoch milliseconds at which the run starts. Default 0. */
  readonly startAtMs?: number;
  /** Milliseconds after the start at which a person cancels. Default never. */
  readonly cancelAfterMs?: number;
}

/**
 * A whole run by the same engine, on virtual time and without a promise: rehearsals, worst cases, property tests. Deterministic
 * for the same plan, answers and `random`. Recording takes no time here.
 */
export function simulateRun(
  plan: Plan,
  answerTo: (call: Call) => SimulatedAnswer,
  random: () => number,
  { startAtMs = 0, cancelAfterMs }: SimulationOptions = {},
): readonly RunEvent[] {
  const events: RunEvent[] = [];
  const kept = new Map<string, JsonText>();
  const keep = (text: JsonText): Body => {
    const body = toBody(text);
    if (body.type === 'stored') kept.set(body.sha256, text);
    return body;
  };
  const textOf = (body: Body): JsonText => {
    const text = body.type === 'inline' ? body.text : kept.get(body.sha256);
    invariant(text !== undefined, 'a plan to simulate holds its bodies inline');
    return text;
  };
  const engine = createEngine(plan, emptyRun(plan.runId), textOf, keep);

  let nowMs = startAtMs;
  let due: readonly Due[] = [{ atMs: startAtMs, signal: { type: 'begun' } }];
  const post = (...more: readonly Due[]): void => {
    due = [...due, ...more];
  };
  if (plan.deadlineMs !== null) post({ atMs: startAtMs + plan.deadlineMs, signal: { type: 'deadline-passed' } });
  if (cancelAfterMs !== undefined) post({ atMs: startAtMs + cancelAfterMs, signal: { type: 'cancel-requested' } });

  while (due.length > 0) {
    nowMs = Math.max(nowMs, Math.min(...due.map(({ atMs }) => atMs)));
    const signals = due.filter(({ atMs }) => atMs <= nowMs).map(({ signal }) => signal);
    due = due.filter(({ atMs }) => atMs > nowMs);

    const decision = engine.decide(signals, nowMs, random);
    for (const fact of decision.facts) events.push({ ...fact, runId: plan.runId, seq: events.length + 1, atMs: nowMs });
    for (const effect of decision.effects) {
      if (effect.type === 'call') post(dueAnswer(effect.call, answerTo(effect.call), nowMs));
      else if (effect.type === 'wake') {
        post({ atMs: effect.atMs, signal: { type: 'retry-due', actionId: effect.actionId } });
      } else if (effect.type === 'abort-calls') due = due.map((one) => abortCall(one, nowMs));
      else throw effect.error;
    }
    if (decision.isOver) return events;
  }
  throw new Error(`Run ${plan.runId} waits for nothing and has not ended`);
}

/** A signal, and when it comes. */
interface Due {
  readonly atMs: number;
  readonly signal: Signal;
  readonly sentAtMs?: number;
}

function dueAnswer(call: Call, { answer, latencyMs }: SimulatedAnswer, nowMs: number): Due {
  const { actionId, timeoutMs } = call;
  if (latencyMs < timeoutMs) {
    return { atMs: nowMs + latencyMs, sentAtMs: nowMs, signal: { type: 'answered', actionId, answer, latencyMs } };
  }
  const message = `No complete answer within ${timeoutMs / 1000} s.`;
  const late = failureAnswer('timeout', message);
  return {
    atMs: nowMs + timeoutMs,
    sentAtMs: nowMs,
    signal: { type: 'answered', actionId, answer: late, latencyMs: timeoutMs },
  };
}

function abortCall(due: Due, nowMs: number): Due {
  if (due.signal.type !== 'answered') return due;
  const answer = failureAnswer('cancelled', 'The run was stopped while the call was under way.');
  return { atMs: nowMs, signal: { ...due.signal, answer, latencyMs: nowMs - (due.sentAtMs ?? nowMs) } };
}

const failureAnswer = (kind: 'timeout' | 'cancelled', message: string): Answer => ({
  type: 'failure',
  failure: buildFailure({ kind, message, wasSent: true }),
  envelope: null,
});
