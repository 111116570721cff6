import { assertNever } from '@/lib/result';
import type { RunEvent } from '@/lib/run/events';

/** Events as short words for tests: `started a`, `retry a in 500`, `skipped b (upstream a)`, `finished failed`. */
export function traceOf(events: readonly RunEvent[]): readonly string[] {
  return events.map((event) => {
    switch (event.type) {
      case 'run.started':
        return 'run started';
      case 'run.taken-over':
        return 'taken over';
      case 'run.cancel-requested':
        return 'cancel requested';
      case 'run.finished':
        return `finished ${event.status}`;
      case 'action.queued':
        return `queued ${event.actionId}`;
      case 'action.started':
        return `started ${event.actionId}${event.attempt === 1 ? '' : ` #${event.attempt}`}`;
      case 'action.retry-scheduled':
        return `retry ${event.actionId} in ${event.delayMs}`;
      case 'action.completed':
        return `completed ${event.actionId}${event.provenance === 'live' ? '' : ` (${event.provenance})`}`;
      case 'action.failed':
        return `failed ${event.actionId} (${event.failure.kind}, ${event.retriesEnded})`;
      case 'action.skipped':
        return `skipped ${event.actionId} (${event.because.type}${'by' in event.because ? ` ${event.because.by}` : ''})`;
      default:
        return assertNever(event);
    }
  });
}

/** The same without `queued`, for tests that are not about waiting. */
export const outlineOf = (events: readonly RunEvent[]): readonly string[] =>
  traceOf(events).filter((line) => !line.startsWith('queued'));
