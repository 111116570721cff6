import { useEffect, useState } from 'react';
import type { EditorState } from '@/components/editor-store/editor-store';
import { useEditorStore } from '@/components/editor-store/editor-store-provider';

/** How often a live view is drawn again: often enough to feel live, and ten times cheaper than once a frame. */
const SAMPLE_MS = 100;

/**
 * A part of the store that changes many times a second, looked at ten times a second. The first change after a rest shows
 * at once, and the last one always shows.
 *
 * @param select must be the same function on every render; declare it outside of the component.
 */
export function useSampled<T>(select: (state: EditorState) => T): T {
  const store = useEditorStore();
  const [value, setValue] = useState(() => select(store.getState()));

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | null = null;
    let isStale = false;
    const take = (): void => setValue(() => select(store.getState()));
    const rest = (): void => {
      timer = null;
      if (!isStale) return;
      isStale = false;
      take();
      timer = setTimeout(rest, SAMPLE_MS);
    };
    take();
    const unsubscribe = store.subscribe((state, before) => {
      if (Object.is(select(state), select(before))) return;
      if (timer !== null) {
        isStale = true;
        return;
      }
      take();
      timer = setTimeout(rest, SAMPLE_MS);
    });
    return () => {
      unsubscribe();
      if (timer !== null) clearTimeout(timer);
    };
  }, [store, select]);

  return value;
}

/** Wall time in epoch milliseconds that moves on only while something ticks. */
export function useNow(isTicking: boolean): number {
  const [nowMs, setNowMs] = useState(() => Date.now());
  useEffect(() => {
    if (!isTicking) return;
    setNowMs(Date.now());
    const timer = setInterval(() => setNowMs(Date.now()), SAMPLE_MS);
    return () => clearInterval(timer);
  }, [isTicking]);
  return nowMs;
}
