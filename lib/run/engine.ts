import type { ActionId } from '@/lib/chain/ids';
import { type ActionFailure, buildFailure } from '@/lib/failure/action-failure';
import type { Answer, Provenance } from '@/lib/failure/answer';
import { decideRetry } from '@/lib/failure/decide-retry';
import type { Body } from '@/lib/json/body';
import type { JsonText } from '@/lib/json/value';
import type { Call } from '@/lib/plan/call';
import type { Plan, PlanStep } from '@/lib/plan/plan';
import { reuseKey } from '@/lib/plan/reuse-key';
import { assertNever, invariant } from '@/lib/result';
import type { FinalRunStatus, RetriesEnded, RunFact, SkipReason } from './events';
import { internalFailure, makeIncidentId } from './incident';
import { createReadyQueue } from './ready-queue';
import type { RunState } from './reduce-run';
import { resolveStep } from './resolve-step';
import { haltsRun, hasEnded, restoreStep, type StepRun } from './step-run';
import { createScopes } from './step-scopes';

/** Counts changes of what logged facts mean. A worker claims runs of a version at most its own. */
export const ENGINE_VERSION = 1;

/** What the engine is told. Several that came while the log was writing are decided together. */
export type Signal =
  | { readonly type: 'begun' | 'cancel-requested' | 'deadline-passed' | 'released' }
  | { readonly type: 'retry-due'; readonly actionId: ActionId }
  | { readonly type: 'answered'; readonly actionId: ActionId; readonly answer: Answer; readonly latencyMs: number };

/** What is to be done about it. */
export type Effect =
  | { readonly type: 'call'; readonly call: Call }
  | { readonly type: 'wake'; readonly actionId: ActionId; readonly atMs: number }
  | { readonly type: 'abort-calls' }
  /** Our own bug, already recorded as an `internal` failure; its stack is for the process's log alone. */
  | { readonly type: 'report-defect'; readonly incidentId: string; readonly error: unknown };

/**
 * Record the facts first; perform the effects once they are durable. Only calls of `read` and `idempotent` actions may
 * leave while the append is under way, and their answers are decided after it. If the append fails, the engine is
 * thrown away, not rolled back.
 */
export interface Decision {
  readonly facts: readonly RunFact[];
  readonly effects: readonly Effect[];
  /** Nothing is left to decide here: the run has finished, or this process has let go and nothing is in flight. */
  readonly isOver: boolean;
}

export interface Engine {
  /**
   * @param nowMs wall clock in epoch milliseconds.
   * @param random from 0 (included) to 1 (excluded).
   */
  readonly decide: (signals: readonly Signal[], nowMs: number, random: () => number) => Decision;
}

/** Why nothing new starts. */
type Stop =
  | { readonly type: 'halted'; readonly by: ActionId }
  | { readonly type: 'cancelled' | 'deadline' | 'interrupted' };

/**
 * All deciding about a run: which action starts, waits, is skipped or ends, and how the run ends. Synchronous; no clock, no
 * chance, no I/O. Rebuilt from plan and state alone, in O(V + E) and the ancestor sets (V² / 8 bytes).
 *
 * An action starts when all that it needs have ended and a slot is free; of the ready ones the lowest plan position comes
 * first. A retry that waits keeps its slot, so one slot means one action after the other.
 *
 * @param state of the log as it stands: empty for a new run, anything for a take-over.
 * @param textOf gives the text of every body in plan and state that a step may still read; a missing one is a defect.
 * @param keep remembers a value for the facts of the next append.
 */
export function createEngine(
  plan: Plan,
  state: RunState,
  textOf: (body: Body) => JsonText,
  keep: (text: JsonText) => Body,
): Engine {
  const steps = plan.steps.map((step, position) => restoreStep(step, position, state, textOf));
  const stepById = new Map(steps.map((run) => [run.step.actionId, run]));
  const ready = createReadyQueue(
    plan.steps.map((step) => step.needs),
    (position) => hasEnded(steps[position]!),
  );
  const scopeOf = createScopes(steps, () => textOf(plan.input));

  let openCount = steps.filter((run) => !hasEnded(run)).length;
  let busySlots = steps.filter((run) => run.phase === 'in-flight' || run.phase === 'waiting').length;
  let inFlightCount = 0;
  let isCancelRequested = state.isCancelRequested;
  let isReleased = false;
  let isFinished = state.finishedAtMs !== null;
  let stop: Stop | null = null;
  let startedAtMs = state.startedAtMs;

  /** Steps whose needs have all ended, not yet looked at. */
  let freed: number[] = [];
  let facts: RunFact[] = [];
  let effects: Effect[] = [];

  function decide(signals: readonly Signal[], nowMs: number, random: () => number): Decision {
    facts = [];
    effects = [];
    if (!isFinished) {
      for (const signal of signals) receive(signal, nowMs, random);
      if (isPastDeadline(nowMs)) stopRun({ type: 'deadline' });
      grantSlots(nowMs, random);
      if (openCount === 0 && startedAtMs !== null) {
        isFinished = true;
        facts.push({ type: 'run.finished', status: finalStatus() });
      }
    }
    return { facts, effects, isOver: isFinished || (isReleased && inFlightCount === 0) };
  }

  function receive(signal: Signal, nowMs: number, random: () => number): void {
    switch (signal.type) {
      case 'begun':
        begin(nowMs, random);
        return;
      case 'cancel-requested':
        if (!isCancelRequested) facts.push({ type: 'run.cancel-requested' });
        isCancelRequested = true;
        stopRun({ type: 'cancelled' });
        if (inFlightCount > 0) effects.push({ type: 'abort-calls' });
        return;
      case 'deadline-passed':
        stopRun({ type: 'deadline' });
        return;
      case 'released':
        isReleased = true;
        return;
      case 'retry-due': {
        const run = getStep(signal.actionId);
        // A stop may have ended it meanwhile; a released process leaves it to the next one.
        if (run.phase !== 'waiting' || isReleased) return;
        if (isPastDeadline(nowMs)) stopRun({ type: 'deadline' });
        else startAttempt(run, nowMs, random);
        return;
      }
      case 'answered': {
        const run = getStep(signal.actionId);
        invariant(run.phase === 'in-flight', `${signal.actionId} answered although no call was in flight`);
        inFlightCount -= 1;
        receiveAnswer(run, signal.answer, signal.latencyMs, nowMs, random);
        return;
      }
      default:
        assertNever(signal);
    }
  }

  function begin(nowMs: number, random: () => number): void {
    if (state.lastSeq === 0) {
      startedAtMs = nowMs;
      facts.push({
        type: 'run.started',
        chainHash: plan.chainHash,
        traceId: plan.runId,
        connection: plan.connection,
        actions: plan.steps.map(({ actionId, definitionId, needs }) => ({
          actionId,
          definitionId,
          needs: needs.map((need) => plan.steps[need]!.actionId),
        })),
        engineVersion: ENGINE_VERSION,
      });
    } else takeOver(nowMs, random);
    freed.push(...ready.initial);
  }

  /** Goes on where the log ends: finished actions stand, back-offs last as long as they would have. */
  function takeOver(nowMs: number, random: () => number): void {
    facts.push({ type: 'run.taken-over' });
    const halting = steps.find(haltsRun);
    const earlier: Stop | null = isCancelRequested
      ? { type: 'cancelled' }
      : halting !== undefined
        ? { type: 'halted', by: halting.step.actionId }
        : isPastDeadline(nowMs)
          ? { type: 'deadline' }
          : null;
    const lost = steps.filter((run) => run.phase === 'in-flight');
    const inDoubt = lost.filter(
      ({ step }) =>
        step.effect === 'write' && step.source.type !== 'mocked' && (plan.onDoubt === 'interrupt' || earlier !== null),
    );
    const stopped: Stop | null = inDoubt.length > 0 ? { type: 'interrupted' } : earlier;
    for (const run of lost) {
      if (inDoubt.includes(run)) fail(run, interruptedFailure('doubt'), null, 0, 'in-doubt');
      else if (stopped !== null) fail(run, interruptedFailure('repeatable'), null, 0, endedBy(stopped));
      // Its slot is held already; the call is made again, with the next number.
      else if (!isReleased) startAttempt(run, nowMs, random);
    }
    if (stopped !== null) stopRun(stopped);
    for (const run of steps) {
      if (run.phase === 'waiting') effects.push({ type: 'wake', actionId: run.step.actionId, atMs: run.retryAtMs });
    }
  }

  /** Ends at once what needs no slot, and queues the rest. Ends free further steps, hence a list that grows. */
  function settleFreed(): void {
    for (const position of freed) {
      const run = steps[position]!;
      if (run.phase !== 'open') continue;
      const { step } = run;
      const by = step.runIf === 'all_completed' ? findUnfulfilledNeed(step) : undefined;
      if (step.source.type === 'pinned') complete(run, textOf(step.source.output), null, 0, 'pinned', null);
      else if (step.source.type === 'disabled') skip(run, { type: 'disabled' });
      else if (by !== undefined) skip(run, { type: 'upstream', by });
      else if (!run.isQueued) {
        run.isQueued = true;
        facts.push({ type: 'action.queued', actionId: step.actionId });
      }
    }
    freed = [];
  }

  const findUnfulfilledNeed = (step: PlanStep): ActionId | undefined =>
    step.needs
      .map((need) => steps[need]!)
      .filter((need) => need.phase !== 'completed')
      .sort((a, b) => b.position - a.position)[0]?.step.actionId;

  function grantSlots(nowMs: number, random: () => number): void {
    for (;;) {
      settleFreed();
      if (stop !== null || isReleased || busySlots >= plan.maxConcurrency) return;
      const position = ready.take();
      if (position === undefined) return;
      const run = steps[position]!;
      if (run.phase === 'open') takeTurn(run, nowMs, random);
    }
  }

  function takeTurn(run: StepRun, nowMs: number, random: () => number): void {
    const { step } = run;
    const resolved = guard(random, () => resolveStep(step, plan, scopeOf(run)));
    if (!resolved.ok) {
      conclude(run, resolved.error, null, 0, 'not-listed');
      return;
    }
    if (resolved.value.type === 'condition-false') {
      skip(run, { type: 'condition' });
      return;
    }
    const { inputs, warnings } = resolved.value;
    if (step.source.type === 'reused') {
      const key = reuseKey({ definitionId: step.definitionId, connectionId: plan.connection.id, inputs });
      if (key === step.source.reuseKey) {
        complete(run, textOf(step.source.output), null, 0, 'reused', null);
        return;
      }
    }
    run.inputs = inputs;
    busySlots += 1;
    startAttempt(run, nowMs, random, warnings);
  }

  function startAttempt(
    run: StepRun,
    nowMs: number,
    random: () => number,
    warnings: readonly { readonly code: string; readonly path: string }[] = [],
  ): void {
    const { step } = run;
    const inputs = run.inputs;
    invariant(inputs !== null, `${step.actionId} starts before its inputs are resolved`);
    run.phase = 'in-flight';
    run.attempt += 1;
    run.firstStartedAtMs ??= nowMs;
    const { actionId, definitionId, callKey, timeoutMs, effect, source } = step;
    facts.push({ type: 'action.started', actionId, attempt: run.attempt, inputs: keep(inputs), callKey, warnings });
    if (source.type === 'mocked') {
      const answer = source.answers[Math.min(run.attempt, source.answers.length) - 1];
      invariant(answer !== undefined, `${actionId} is mocked without an answer`);
      receiveAnswer(run, answer, 0, nowMs, random);
      return;
    }
    inFlightCount += 1;
    const { attempt } = run;
    const call = { runId: plan.runId, actionId, attempt, definitionId, inputs, callKey, timeoutMs, effect };
    effects.push({ type: 'call', call });
  }

  function receiveAnswer(run: StepRun, answer: Answer, latencyMs: number, nowMs: number, random: () => number): void {
    const { step } = run;
    run.tries += 1;
    if (answer.type === 'output') {
      const provenance = step.source.type === 'mocked' ? 'mocked' : answer.provenance;
      complete(run, answer.output, answer.envelope, latencyMs, provenance, null);
      return;
    }
    const { failure, envelope } = answer;
    const decision = decideRetry({
      failure,
      policy: step.retry,
      attempt: run.tries,
      elapsedMs: nowMs - (run.firstStartedAtMs ?? nowMs),
      untilDeadlineMs: deadlineAtMs() === null ? null : deadlineAtMs()! - nowMs,
      random,
    });
    if (stop !== null && (decision.type === 'wait' || failure.kind === 'cancelled')) {
      // A call aborted by a person who cancels a run that was halting already is cancelled, not halted.
      const reason = failure.kind === 'cancelled' && isCancelRequested ? 'cancelled' : endedBy(stop);
      conclude(run, failure, envelope, latencyMs, reason);
      return;
    }
    if (decision.type === 'give-up') {
      conclude(run, failure, envelope, latencyMs, decision.reason);
      return;
    }
    const retryAtMs = nowMs + decision.delayMs;
    run.phase = 'waiting';
    run.lastFailure = failure;
    run.retryAtMs = retryAtMs;
    const { actionId } = step;
    const { delayMs } = decision;
    facts.push({
      type: 'action.retry-scheduled',
      actionId,
      attempt: run.attempt,
      failure,
      latencyMs,
      delayMs,
      retryAtMs,
    });
    effects.push({ type: 'wake', actionId, atMs: retryAtMs });
  }

  /** The last word on a failure: the fallback where the step has one, else `failed`, and under `halt` the end of the run. */
  function conclude(
    run: StepRun,
    failure: ActionFailure,
    envelope: JsonText | null,
    latencyMs: number,
    retriesEnded: RetriesEnded,
  ): void {
    const { onFailure } = run.step;
    if (onFailure.type === 'fallback' && failure.kind !== 'cancelled' && retriesEnded !== 'cancelled') {
      const output = textOf(onFailure.output);
      complete(run, output, envelope, latencyMs, 'fallback', failure);
      return;
    }
    fail(run, failure, envelope, latencyMs, retriesEnded);
    if (haltsRun(run)) stopRun({ type: 'halted', by: run.step.actionId });
  }

  /**
   * From here on nothing new starts: what is open is skipped, pending retries end, what is in flight comes back on its
   * own. The first stop gives the reason; a later one finds nothing left to skip.
   */
  function stopRun(reason: Stop): void {
    if (stop !== null || startedAtMs === null) return;
    stop = reason;
    for (const run of steps) {
      if (run.phase === 'open') skip(run, reason);
      else if (run.phase === 'waiting') {
        invariant(run.lastFailure !== null, `${run.step.actionId} waits without a failure`);
        conclude(run, run.lastFailure, null, 0, endedBy(reason));
      }
    }
  }

  function complete(
    run: StepRun,
    output: JsonText,
    envelope: JsonText | null,
    latencyMs: number,
    provenance: Provenance,
    replaced: ActionFailure | null,
  ): void {
    run.outputText = output;
    facts.push({
      type: 'action.completed',
      actionId: run.step.actionId,
      attempt: run.attempt,
      output: keep(output),
      envelope: envelope === null ? null : keep(envelope),
      latencyMs,
      provenance,
      replaced,
    });
    end(run, 'completed');
  }

  function fail(
    run: StepRun,
    failure: ActionFailure,
    envelope: JsonText | null,
    latencyMs: number,
    retriesEnded: RetriesEnded,
  ): void {
    run.retriesEnded = retriesEnded;
    run.lastFailure = failure;
    facts.push({
      type: 'action.failed',
      actionId: run.step.actionId,
      attempt: run.attempt,
      failure,
      envelope: envelope === null ? null : keep(envelope),
      latencyMs,
      retriesEnded,
    });
    end(run, 'failed');
  }

  function skip(run: StepRun, because: SkipReason): void {
    run.because = because.type;
    facts.push({ type: 'action.skipped', actionId: run.step.actionId, because });
    end(run, 'skipped');
  }

  function end(run: StepRun, phase: 'completed' | 'failed' | 'skipped'): void {
    if (run.phase === 'in-flight' || run.phase === 'waiting') busySlots -= 1;
    run.phase = phase;
    openCount -= 1;
    freed.push(...ready.end(run.position));
  }

  /** Highest first when several apply. */
  function finalStatus(): FinalRunStatus {
    const endedFor = (reason: RetriesEnded, skipped: SkipReason['type']): boolean =>
      steps.some((run) => (run.phase === 'failed' && run.retriesEnded === reason) || run.because === skipped);
    if (endedFor('in-doubt', 'interrupted')) return 'interrupted';
    if (isCancelRequested && endedFor('cancelled', 'cancelled')) return 'cancelled';
    if (endedFor('deadline', 'deadline')) return 'timed_out';
    if (steps.some(haltsRun)) return 'failed';
    return steps.some((run) => run.phase === 'failed') ? 'completed_with_failures' : 'completed';
  }

  const deadlineAtMs = (): number | null =>
    plan.deadlineMs === null || startedAtMs === null ? null : startedAtMs + plan.deadlineMs;

  function isPastDeadline(nowMs: number): boolean {
    const atMs = deadlineAtMs();
    return atMs !== null && nowMs >= atMs;
  }

  /** A throw while one step is evaluated is our own bug: it fails that step, and the run and the process live. */
  function guard<T extends { readonly ok: boolean }>(
    random: () => number,
    evaluate: () => T,
  ): T | { readonly ok: false; readonly error: ActionFailure } {
    try {
      return evaluate();
    } catch (error) {
      const incidentId = makeIncidentId(random);
      effects.push({ type: 'report-defect', incidentId, error });
      return { ok: false, error: internalFailure(incidentId, false) };
    }
  }

  function getStep(actionId: ActionId): StepRun {
    const run = stepById.get(actionId);
    invariant(run !== undefined, `the plan of run ${plan.runId} has no action ${actionId}`);
    return run;
  }

  return { decide };
}

/** What a stop says of retries that it ended. */
const endedBy = (stop: Stop): RetriesEnded => (stop.type === 'interrupted' ? 'halted' : stop.type);

const interruptedFailure = (effect: 'doubt' | 'repeatable'): ActionFailure =>
  buildFailure({
    kind: 'interrupted',
    message:
      effect === 'doubt'
        ? 'The process ended while this call was under way, so it may or may not have taken effect.'
        : 'The process ended while this call was under way, and the run was over before it could be made again.',
    wasSent: true,
  });
