import { CircleCheck, CircleX, LoaderCircle } from 'lucide-react';
import type { ActionState, AttemptState } from '@/lib/run/reduce-run';
import { describeFailure, formatDuration } from './status-look';

/** Every try of one action: when it started, how long it took, how it ended, how long the next one waited. */
export function AttemptsList({ state, runStartMs }: { readonly state: ActionState; readonly runStartMs: number }) {
  if (state.attempts.length === 0) return <p className="text-xs text-text-2">No call was made.</p>;
  return (
    <ol className="text-xs">
      {state.attempts.map((attempt) => (
        <li key={attempt.attempt} className="border-b border-line-subtle py-1.5 last:border-0">
          <p className="flex flex-wrap items-center gap-x-3">
            <Outcome attempt={attempt} />
            <span className="font-medium text-text-1">Attempt {attempt.attempt}</span>
            <span className="text-text-2 tabular-nums">at +{formatDuration(attempt.startedAtMs - runStartMs)}</span>
            {attempt.latencyMs !== null && (
              <span className="text-text-2 tabular-nums">took {formatDuration(attempt.latencyMs)}</span>
            )}
            {attempt.failure !== null && <span className="text-danger">{describeFailure(attempt.failure)}</span>}
            {attempt.failure?.mayHaveHappened === true && <span className="text-warning">may have taken effect</span>}
          </p>
          {attempt.failure !== null && (
            <p className="mt-0.5 pl-[22px] text-text-1 [overflow-wrap:anywhere]">{attempt.failure.message}</p>
          )}
          {attempt.retryAtMs !== null && attempt.endedAtMs !== null && (
            <p className="mt-0.5 pl-[22px] text-text-2">
              {attempt.failure?.retryAfterMs === null || attempt.failure === null
                ? 'The next attempt was set for '
                : 'The server asked to wait; the next attempt was set for '}
              {formatDuration(attempt.retryAtMs - attempt.endedAtMs)} later.
            </p>
          )}
        </li>
      ))}
    </ol>
  );
}

function Outcome({ attempt }: { readonly attempt: AttemptState }) {
  if (attempt.endedAtMs === null) {
    return (
      <LoaderCircle size={14} strokeWidth={1.75} role="img" aria-label="under way" className="text-status-running" />
    );
  }
  return attempt.failure === null ? (
    <CircleCheck size={14} strokeWidth={1.75} role="img" aria-label="completed" className="text-status-completed" />
  ) : (
    <CircleX size={14} strokeWidth={1.75} role="img" aria-label="failed" className="text-status-failed" />
  );
}
