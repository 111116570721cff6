import { useEffect, useRef, useState } from 'react';
import type { ActionState } from '@/lib/run/reduce-run';

/** A call must last this long before it is shown as running … */
const RUNNING_AFTER_MS = 100;
/** … and then shows at least this long, so that fast calls do not flicker. The data itself is never delayed. */
const RUNNING_AT_LEAST_MS = 250;

/** The state as the eye should see it: fast calls go from queued to completed without a flash of running. */
export function usePresentedState(state: ActionState | undefined): ActionState | undefined {
  const [shown, setShown] = useState(state);
  const shownSince = useRef(0);

  useEffect(() => {
    const show = (): void => {
      shownSince.current = performance.now();
      setShown(state);
    };
    const wasRunning = shown?.status === 'running';
    if (state?.status === 'running' && !wasRunning) {
      const timer = setTimeout(show, RUNNING_AFTER_MS);
      return () => clearTimeout(timer);
    }
    const rest = wasRunning && state !== undefined ? RUNNING_AT_LEAST_MS - (performance.now() - shownSince.current) : 0;
    if (rest <= 0) {
      show();
      return;
    }
    const timer = setTimeout(show, rest);
    return () => clearTimeout(timer);
  }, [state, shown?.status]);

  return shown;
}
