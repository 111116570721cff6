import { buildFailure } from '@/lib/failure/action-failure';
import type { Answer } from '@/lib/failure/answer';
import type { Call } from '@/lib/plan/call';
import { internalFailure, makeIncidentId } from './incident';
import type { RunPorts } from './ports';

export interface CallOutcome {
  readonly answer: Answer;
  /** From the last `sent` to the answer, by the monotonic clock; 0 when no request was left standing. */
  readonly latencyMs: number;
}

/**
 * One attempt: the first of answer, timeout and stop. Never rejects.
 *
 * The timeout counts from `sent`; a request that was turned away counts no longer, and the next one starts anew. Timeout
 * and stop also abort the call's own signal, so the request ends on the wire; an `invoke` that ignores its signal is
 * left behind and its late answer dropped.
 *
 * @param stop of this call alone: it takes a listener for as long as the call lasts.
 */
export function callOnce(
  call: Call,
  { invoke, clock, random, reportDefect }: Pick<RunPorts, 'invoke' | 'clock' | 'random' | 'reportDefect'>,
  stop: AbortSignal,
): Promise<CallOutcome> {
  return new Promise((resolve) => {
    const aborter = new AbortController();
    let timer: AbortController | null = null;
    let sentAtMs: number | null = null;
    let isSettled = false;

    const settle = (answer: Answer): void => {
      if (isSettled) return;
      isSettled = true;
      timer?.abort();
      stop.removeEventListener('abort', onStop);
      resolve({ answer, latencyMs: sentAtMs === null ? 0 : clock.monotonicMs() - sentAtMs });
    };

    const onStop = (): void => {
      const message =
        sentAtMs === null
          ? 'The run was stopped before the request left.'
          : 'The run was stopped while the call was under way.';
      settle({
        type: 'failure',
        failure: buildFailure({ kind: 'cancelled', message, wasSent: sentAtMs !== null }),
        envelope: null,
      });
      aborter.abort();
    };

    const onSent = (): (() => void) => {
      if (isSettled) return () => undefined;
      sentAtMs = clock.monotonicMs();
      timer?.abort();
      const ownTimer = new AbortController();
      timer = ownTimer;
      clock.sleep(call.timeoutMs, ownTimer.signal).then(() => {
        if (ownTimer.signal.aborted || isSettled) return;
        const message = `No complete answer within ${call.timeoutMs / 1000} s.`;
        settle({ type: 'failure', failure: buildFailure({ kind: 'timeout', message, wasSent: true }), envelope: null });
        aborter.abort();
      });
      return () => {
        // The answer to an earlier request takes nothing away from a later one.
        if (timer !== ownTimer) return;
        ownTimer.abort();
        timer = null;
        sentAtMs = null;
      };
    };

    const onDefect = (error: unknown): void => {
      if (isSettled) return;
      const incidentId = makeIncidentId(random);
      reportDefect?.(incidentId, error);
      settle({ type: 'failure', failure: internalFailure(incidentId, sentAtMs !== null), envelope: null });
      aborter.abort();
    };

    if (stop.aborted) return onStop();
    stop.addEventListener('abort', onStop);
    try {
      invoke(call, aborter.signal, onSent).then(settle, onDefect);
    } catch (error) {
      // A port that throws before it gives a promise is as defective as one that rejects.
      onDefect(error);
    }
  });
}
