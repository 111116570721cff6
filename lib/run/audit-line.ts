import type { ActionFailure } from '@/lib/failure/action-failure';
import { printCompactJson } from '@/lib/json/print-json';
import { fromPlain, type JsonObject, type JsonText, type JsonValue, Numeral, type PlainJson } from '@/lib/json/value';
import { assertNever } from '@/lib/result';
import type { RunEvent } from './events';

/**
 * The audit lines of one event: `{trace_id, action_id, event, timestamp, details}` on one line without a newline, and
 * for every failed action the tutorial's own line (event `failure`, `details.error_type`) after it.
 *
 * `timestamp` is in seconds. Details name everything but what was sent and what came back: an audit trace may be kept
 * where customer data may not.
 */
export function printAuditLines(event: RunEvent): readonly JsonText[] {
  const lines = [auditLine(event, event.type.replace(/[.-]/g, '_'), fromPlain(detailsOf(event)))];
  if (event.type === 'action.failed') {
    lines.push(auditLine(event, 'failure', fromPlain({ error_type: event.failure.kind })));
  }
  return lines.map(printCompactJson);
}

const auditLine = (event: RunEvent, name: string, details: JsonValue): JsonObject =>
  new Map<string, JsonValue>([
    ['trace_id', event.runId],
    ['action_id', 'actionId' in event ? event.actionId : null],
    ['event', name],
    ['timestamp', Numeral.of(event.atMs / 1000)],
    ['details', details],
  ]);

function detailsOf(event: RunEvent): { readonly [key: string]: PlainJson } {
  const { seq } = event;
  switch (event.type) {
    case 'run.started':
      return {
        seq,
        chain_hash: event.chainHash,
        connection: { ...event.connection },
        actions: event.actions.map(({ actionId, definitionId, needs }) => ({
          action_id: actionId,
          definition_id: definitionId,
          needs,
        })),
        engine_version: event.engineVersion,
      };
    case 'run.taken-over':
    case 'run.cancel-requested':
    case 'action.queued':
      return { seq };
    case 'run.finished':
      return { seq, status: event.status };
    case 'action.started':
      return {
        seq,
        attempt: event.attempt,
        call_key: event.callKey,
        warnings: event.warnings.map((one) => ({ ...one })),
      };
    case 'action.retry-scheduled':
      return {
        seq,
        attempt: event.attempt,
        failure: failureDetails(event.failure),
        latency_ms: event.latencyMs,
        delay_ms: event.delayMs,
        retry_at: event.retryAtMs / 1000,
      };
    case 'action.completed':
      return {
        seq,
        attempt: event.attempt,
        latency_ms: event.latencyMs,
        provenance: event.provenance,
        replaced: event.replaced === null ? null : failureDetails(event.replaced),
      };
    case 'action.failed':
      return {
        seq,
        attempt: event.attempt,
        failure: failureDetails(event.failure),
        latency_ms: event.latencyMs,
        retries_ended: event.retriesEnded,
      };
    case 'action.skipped':
      return { seq, because: event.because.type, ...('by' in event.because ? { by: event.because.by } : {}) };
    default:
      return assertNever(event);
  }
}

const failureDetails = (failure: ActionFailure): PlainJson => ({
  kind: failure.kind,
  message: failure.message,
  may_have_happened: failure.mayHaveHappened,
  retry_after_ms: failure.retryAfterMs,
  http_status: failure.httpStatus,
  where: failure.where === null ? null : { ...failure.where },
});
