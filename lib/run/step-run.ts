import type { ActionFailure } from '@/lib/failure/action-failure';
import type { Body } from '@/lib/json/body';
import type { JsonText } from '@/lib/json/value';
import type { PlanStep } from '@/lib/plan/plan';
import { assertNever } from '@/lib/result';
import type { RetriesEnded, SkipReason } from './events';
import type { RunState } from './reduce-run';

/** One step as the engine follows it; the engine alone writes to it. */
export interface StepRun {
  readonly position: number;
  readonly step: PlanStep;
  phase: 'open' | 'in-flight' | 'waiting' | 'completed' | 'failed' | 'skipped';
  isQueued: boolean;
  /** Number of the last attempt that started; 0 before the first. */
  attempt: number;
  /** Attempts whose answer is known: a call that a crash cut off took a number, not a try. */
  tries: number;
  firstStartedAtMs: number | null;
  inputs: JsonText | null;
  lastFailure: ActionFailure | null;
  retriesEnded: RetriesEnded | null;
  because: SkipReason['type'] | null;
  retryAtMs: number;
  outputText: JsonText | null;
}

/** As the log left it. A step `in-flight` here is one whose call a crash cut off. */
export function restoreStep(
  step: PlanStep,
  position: number,
  state: RunState,
  textOf: (body: Body) => JsonText,
): StepRun {
  const known = state.actionById.get(step.actionId);
  const attempts = known?.attempts ?? [];
  const run: StepRun = {
    position,
    step,
    phase: 'open',
    isQueued: known?.status === 'queued',
    attempt: attempts.at(-1)?.attempt ?? 0,
    tries: attempts.filter(({ failure }) => failure !== null).length,
    firstStartedAtMs: attempts[0]?.startedAtMs ?? null,
    inputs: null,
    lastFailure: null,
    retriesEnded: null,
    because: null,
    retryAtMs: 0,
    outputText: null,
  };
  switch (known?.status) {
    case undefined:
    case 'idle':
    case 'queued':
      return run;
    case 'running':
      return { ...run, phase: 'in-flight', inputs: known.inputs && textOf(known.inputs) };
    case 'waiting': {
      const { failure, retryAtMs, inputs } = known;
      return { ...run, phase: 'waiting', inputs: inputs && textOf(inputs), lastFailure: failure, retryAtMs };
    }
    case 'completed':
      return { ...run, phase: 'completed', outputText: textOf(known.output) };
    case 'failed':
      return { ...run, phase: 'failed', lastFailure: known.failure, retriesEnded: known.retriesEnded };
    case 'skipped':
      return { ...run, phase: 'skipped', because: known.because.type };
    default:
      return assertNever(known);
  }
}

export const hasEnded = ({ phase }: StepRun): boolean =>
  phase === 'completed' || phase === 'failed' || phase === 'skipped';

export const haltsRun = ({ phase, step }: StepRun): boolean => phase === 'failed' && step.onFailure.type === 'halt';
