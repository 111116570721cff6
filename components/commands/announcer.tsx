'use client';

import { useEffect, useRef, useState } from 'react';
import { useEditorStore } from '@/components/editor-store/editor-store-provider';
import { lookOf } from '@/components/run/status-look';

/** At most one polite message a second: a screen reader is no log. */
const PAUSE_MS = 1000;

/** Says what happens in a run: one polite message per finished action, an assertive one for a failure. */
export function Announcer() {
  const store = useEditorStore();
  const [polite, setPolite] = useState('');
  const [assertive, setAssertive] = useState('');
  const waiting = useRef<string[]>([]);

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | null = null;
    const speak = (): void => {
      timer = null;
      if (waiting.current.length === 0) return;
      setPolite(waiting.current.join('. '));
      waiting.current = [];
      timer = setTimeout(speak, PAUSE_MS);
    };
    const unsubscribe = store.subscribe((state, before) => {
      if (state.run === before.run || state.run === null) return;
      for (const [id, action] of state.run.actionById) {
        if (action === before.run?.actionById.get(id)) continue;
        if (action.status === 'failed') setAssertive(`${id} ${lookOf(action).sentence}`);
        else if (action.status === 'completed') waiting.current.push(`${id} ${lookOf(action).sentence}`);
      }
      if (state.run.finishedAtMs !== null && before.run?.finishedAtMs === null) {
        waiting.current.push(`Run ${state.run.status.replaceAll('_', ' ')}`);
      }
      timer ??= setTimeout(speak, 0);
    });
    return () => {
      unsubscribe();
      if (timer !== null) clearTimeout(timer);
    };
  }, [store]);

  return (
    <>
      <div className="sr-only" aria-live="polite">
        {polite}
      </div>
      <div className="sr-only" aria-live="assertive">
        {assertive}
      </div>
    </>
  );
}
