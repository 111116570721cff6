'use client';

import { useState } from 'react';
import { toast } from 'sonner';
import { readBench } from '@/components/designer/open-workbench';
import { useEditorStore } from '@/components/editor-store/editor-store-provider';
import { loadChain } from '@/components/server-data/api-client';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import type { Workbench } from '@/lib/chain/workbench';
import { diffWorkbench } from '@/lib/chain/workbench-diff';
import { dropDraft } from './local-draft';
import type { Saving } from './use-autosave';

/** Two copies of one chain differ: which one goes on is a person's choice, and the other can still be undone to. */
export function ConflictView({
  chainId,
  saving,
  draft,
}: {
  readonly chainId: string;
  readonly saving: Saving;
  readonly draft: Workbench | null;
}) {
  const store = useEditorStore();
  const [isDraftSettled, setIsDraftSettled] = useState(false);
  const [isBusy, setIsBusy] = useState(false);
  const isDraft = draft !== null && !isDraftSettled;
  if (saving.state.status !== 'conflict' && !isDraft) return null;

  const adopt = (workbench: Workbench): void => {
    const state = store.getState();
    state.adoptWorkbench(workbench, diffWorkbench(state.workbench, workbench));
  };

  const settle = async (choice: 'mine' | 'theirs'): Promise<void> => {
    setIsBusy(true);
    const latest = await loadChain(chainId);
    setIsBusy(false);
    if (!latest.ok) {
      toast.error('The saved chain cannot be read', { description: latest.error.message });
      return;
    }
    const theirs = readBench(latest.value);
    if (!theirs.ok) {
      toast.error('The saved chain cannot be read', { description: theirs.error[0]?.message });
      return;
    }
    const mine = draft !== null && isDraft ? draft : store.getState().workbench;
    setIsDraftSettled(true);
    if (isDraft && choice === 'theirs') await dropDraft(chainId).catch(() => undefined);
    // Both become steps, the chosen one last: Undo leads to the other, whichever stood on the canvas.
    adopt(choice === 'mine' ? theirs.value : mine);
    adopt(choice === 'mine' ? mine : theirs.value);
    saving.rebase(latest.value.revision, choice === 'theirs' ? store.getState().workbench : null);
  };

  return (
    <Dialog
      title={isDraft ? 'This device holds edits that were never saved' : 'This chain was saved somewhere else'}
      description={
        isDraft
          ? 'They were made from an older version than the server has. Choose which one goes on; the other can be reached by Undo.'
          : 'Your edits were made from an older version than the server has. Choose which one goes on; the other can be reached by Undo.'
      }
      isOpen
      onClose={null}
      footer={
        <>
          <Button disabled={isBusy} onClick={() => void settle('theirs')}>
            Use the server’s
          </Button>
          <Button look="primary" disabled={isBusy} onClick={() => void settle('mine')}>
            Keep my edits
          </Button>
        </>
      }
    />
  );
}
