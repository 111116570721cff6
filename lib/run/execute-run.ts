import type { Body } from '@/lib/json/body';
import type { JsonText } from '@/lib/json/value';
import type { Plan } from '@/lib/plan/plan';
import { invariant } from '@/lib/result';
import { createAbortGroup } from './abort-group';
import { callOnce } from './call-once';
import { createEngine, type Decision, type Effect, type Signal } from './engine';
import type { RunLog, RunPorts } from './ports';
import { emptyRun, type RunState, reduceRun } from './reduce-run';

/**
 * Drives a run until it has finished, or until this process has let go of it and nothing is in flight. A log with events
 * is taken over: the run goes on where the log ends.
 *
 * The only loop that awaits: decide, append, perform. Signals that arrive during an append are decided together after it.
 *
 * @returns The state as the log has it; `finishedAtMs` is null when the run was left to another process.
 * @throws {@link RunLost} when the log can no longer be written: calls in flight are aborted, nothing more is recorded.
 */
export async function executeRun(plan: Plan, ports: RunPorts): Promise<RunState> {
  const { log, clock, random, cancelled, released } = ports;
  let state = reduceRun(emptyRun(plan.runId), await log.read());
  if (state.finishedAtMs !== null) return state;

  const textOf = await loadBodies(log, bodiesToRead(plan, state));
  // A process on its way out does not even note that it took over.
  if (released.aborted) return state;
  const engine = createEngine(plan, state, textOf, log.keep);
  const mailbox = createMailbox<Signal>();
  const calls = createAbortGroup();
  const timers = createAbortGroup();
  const onCancelled = (): void => mailbox.post({ type: 'cancel-requested' });
  const onReleased = (): void => mailbox.post({ type: 'released' });
  cancelled.addEventListener('abort', onCancelled);
  released.addEventListener('abort', onReleased);

  const wakeAt = (atMs: number, signal: Signal): void => {
    const timer = timers.join();
    clock.sleep(Math.max(0, atMs - clock.nowMs()), timer.signal).then(() => {
      timer.leave();
      if (!timer.signal.aborted) mailbox.post(signal);
    });
  };
  const perform = (effect: Effect): void => {
    switch (effect.type) {
      case 'call': {
        const { actionId } = effect.call;
        const own = calls.join();
        callOnce(effect.call, ports, own.signal).then((outcome) => {
          own.leave();
          mailbox.post({ type: 'answered', actionId, ...outcome });
        });
        return;
      }
      case 'wake':
        wakeAt(effect.atMs, { type: 'retry-due', actionId: effect.actionId });
        return;
      case 'abort-calls':
        calls.abort();
        return;
      case 'report-defect':
        ports.reportDefect?.(effect.incidentId, effect.error);
        return;
    }
  };

  mailbox.post({ type: 'begun' });
  if (cancelled.aborted) onCancelled();

  try {
    let hasDeadline = false;
    for (;;) {
      const decision: Decision = engine.decide(await mailbox.take(), clock.nowMs(), random);
      const appending = decision.facts.length === 0 ? null : log.append(decision.facts);
      const [early, late] = splitEffects(decision.effects);
      for (const effect of early) perform(effect);
      if (appending !== null) state = reduceRun(state, await appending);
      for (const effect of late) perform(effect);
      if (decision.isOver) return state;
      if (!hasDeadline && plan.deadlineMs !== null && state.startedAtMs !== null) {
        hasDeadline = true;
        wakeAt(state.startedAtMs + plan.deadlineMs, { type: 'deadline-passed' });
      }
    }
  } finally {
    timers.abort();
    calls.abort();
    cancelled.removeEventListener('abort', onCancelled);
    released.removeEventListener('abort', onReleased);
  }
}

/** Calls that may be repeated need not wait for the disk: a crash that hides one does no harm. */
function splitEffects(effects: readonly Effect[]): readonly [early: readonly Effect[], late: readonly Effect[]] {
  const mayLeaveEarly = (effect: Effect): boolean => effect.type === 'call' && effect.call.effect !== 'write';
  return [effects.filter(mayLeaveEarly), effects.filter((effect) => !mayLeaveEarly(effect))];
}

/** Letters that wait until someone comes for them; all that have gathered are taken at once. */
function createMailbox<T>(): { readonly post: (letter: T) => void; readonly take: () => Promise<readonly T[]> } {
  let letters: T[] = [];
  let ring: (() => void) | null = null;
  return {
    post: (letter) => {
      letters.push(letter);
      ring?.();
    },
    take: async () => {
      if (letters.length === 0) {
        await new Promise<void>((resolve) => {
          ring = resolve;
        });
        ring = null;
      }
      const taken = letters;
      letters = [];
      return taken;
    },
  };
}

/** Every body that deciding may ask for: the plan's own, and of earlier events the outputs and the inputs of open attempts. */
function* bodiesToRead(plan: Plan, state: RunState): Generator<Body> {
  yield plan.input;
  for (const { source, onFailure } of plan.steps) {
    if (source.type === 'pinned' || source.type === 'reused') yield source.output;
    if (onFailure.type === 'fallback') yield onFailure.output;
  }
  for (const action of state.actionById.values()) {
    if (action.status === 'completed') yield action.output;
    else if ((action.status === 'running' || action.status === 'waiting') && action.inputs !== null)
      yield action.inputs;
  }
}

/** Texts at hand, so that deciding never waits. */
async function loadBodies(log: RunLog, bodies: Iterable<Body>): Promise<(body: Body) => JsonText> {
  const textBySha256 = new Map<string, JsonText>();
  for (const body of bodies) {
    if (body.type === 'stored' && !textBySha256.has(body.sha256)) {
      textBySha256.set(body.sha256, await log.load(body));
    }
  }
  return (body) => {
    if (body.type === 'inline') return body.text;
    const text = textBySha256.get(body.sha256);
    invariant(text !== undefined, `body ${body.sha256} was not loaded`);
    return text;
  };
}
