import { useCallback, useEffect, useRef, useState } from 'react';
import { type Opened, printBench } from '@/components/designer/open-workbench';
import type { EditorStore } from '@/components/editor-store/editor-store';
import { loadChain, saveChain } from '@/components/server-data/api-client';
import { type Autosave, createAutosave, type SaveState } from './autosave';
import { dropDraft, writeDraft } from './local-draft';

export interface Saving {
  readonly state: SaveState;
  /** Writes what is pending; resolves when the server has answered. */
  readonly flush: () => Promise<void>;
  readonly rebase: Autosave['rebase'];
}

/** Saves the open chain while it is edited, and once more when the page is left. */
export function useAutosave(store: EditorStore, chainId: string, opened: Opened): Saving {
  const [state, setState] = useState<SaveState>(opened.isUnsaved ? { status: 'saving' } : { status: 'saved' });
  const autosave = useRef<Autosave | null>(null);

  useEffect(() => {
    const current = createAutosave(opened.revision, {
      chainId,
      print: printBench,
      save: (body) => saveChain(chainId, body),
      load: () => loadChain(chainId),
      writeDraft,
      dropDraft,
      schedule: (task, ms) => {
        const timer = setTimeout(task, ms);
        return () => clearTimeout(timer);
      },
      nowMs: Date.now,
      tell: setState,
    });
    autosave.current = current;
    if (opened.isUnsaved) current.noteEdit(store.getState().workbench);
    const unsubscribe = store.subscribe((after, before) => {
      if (after.workbench !== before.workbench) current.noteEdit(after.workbench);
    });
    // A page that is hidden may never come back: what is pending goes now.
    const onHide = (): void => {
      if (document.visibilityState === 'hidden' && current.hasUnsaved()) void current.flush();
    };
    document.addEventListener('visibilitychange', onHide);
    return () => {
      document.removeEventListener('visibilitychange', onHide);
      unsubscribe();
      void current.flush().finally(current.close);
    };
  }, [store, chainId, opened]);

  return {
    state,
    flush: useCallback(async () => autosave.current?.flush(), []),
    rebase: useCallback<Autosave['rebase']>((revision, saved) => autosave.current?.rebase(revision, saved), []),
  };
}
