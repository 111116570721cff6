import { assertNever } from '@/lib/result';
import type { FinalRunStatus, RetriesEnded, RunEvent } from '@/lib/run/events';
import { describeFailedAttempts, describeFailure, describeSkip, formatDuration } from './status-look';

export const RUN_WORDS = {
  interrupted: 'interrupted',
  cancelled: 'cancelled',
  timed_out: 'timed out',
  failed: 'failed',
  completed_with_failures: 'completed with failures',
  completed: 'completed',
} as const satisfies Record<FinalRunStatus, string>;

/** Why no further attempt was made, as a sentence. */
export const RETRIES_ENDED_WORDS = {
  'not-listed': 'Failures of this kind are not tried again (`retry.on`).',
  attempts: 'All attempts that `max_attempts` allows were used.',
  elapsed: 'The time that `max_elapsed_sec` allows would have been passed.',
  deadline: 'The deadline of the run would have been passed.',
  halted: 'Another failure halted the run.',
  cancelled: 'The run was cancelled.',
  'in-doubt': 'Nobody knows whether the call took effect, so it was not repeated.',
} as const satisfies Record<RetriesEnded, string>;

/** One event as a sentence that a person reads in the log of the run: "fetch_customer completed in 412 ms". */
export function sentenceOf(event: RunEvent): string {
  switch (event.type) {
    case 'run.started': {
      const { actions, connection } = event;
      const count = `${actions.length} action${actions.length === 1 ? '' : 's'}`;
      return `The run started: ${count} on ${connection.name} (${connection.purpose})`;
    }
    case 'run.taken-over':
      return 'Another process took the run over';
    case 'run.cancel-requested':
      return 'Stop was asked for';
    case 'run.finished':
      return `The run ${event.status === 'interrupted' || event.status === 'cancelled' ? 'was ' : ''}${RUN_WORDS[event.status]}`;
    case 'action.queued':
      return `${event.actionId} is ready`;
    case 'action.started':
      return event.attempt === 1 ? `${event.actionId} started` : `${event.actionId} started attempt ${event.attempt}`;
    case 'action.retry-scheduled': {
      const asked = event.failure.retryAfterMs === null ? '' : ', as the server asked';
      const wait = `tries again in ${formatDuration(event.delayMs)}${asked}`;
      return `${event.actionId} attempt ${event.attempt} failed: ${describeFailure(event.failure)}; ${wait}`;
    }
    case 'action.completed': {
      const { actionId, provenance, attempt, latencyMs, replaced } = event;
      if (provenance === 'pinned' || provenance === 'mocked')
        return `${actionId} completed with its ${provenance} output`;
      if (provenance === 'reused') return `${actionId} completed with the output of an earlier run`;
      if (provenance === 'fallback') {
        const why = replaced === null ? '' : ` after ${describeFailure(replaced)}`;
        return `${actionId} completed with its fallback output${why}`;
      }
      return `${actionId} completed in ${formatDuration(latencyMs)}${attempt > 1 ? ` after ${attempt} attempts` : ''}`;
    }
    case 'action.failed': {
      const { actionId, failure, attempt, latencyMs } = event;
      return `${actionId} failed: ${describeFailedAttempts(failure, attempt, latencyMs)}. ${failure.message}`;
    }
    case 'action.skipped':
      return `${event.actionId} was skipped. ${describeSkip(event.because)}`;
    default:
      return assertNever(event);
  }
}
