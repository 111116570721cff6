'use client';

import { useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { useEffect, useState } from 'react';
import { type LocalDraft, readDraft } from '@/components/saving/local-draft';
import { ApiError, chainQuery } from '@/components/server-data/queries';
import { Button } from '@/components/ui/button';
import type { SavedChain } from '@/lib/protocol/api';
import { Designer } from './designer';
import { PageState } from './page-state';

/** Fetches a chain and what of it is only on this device, then opens the designer on both. */
export function OpenChain({ chainId }: { readonly chainId: string }) {
  const saved = useQuery(chainQuery(chainId));
  const [draft, setDraft] = useState<LocalDraft | null | 'reading'>('reading');

  useEffect(() => {
    readDraft(chainId).then(
      (found) => setDraft(found ?? null),
      // Without a device store there is no draft; the server's copy is the one.
      () => setDraft(null),
    );
  }, [chainId]);

  if (saved.error instanceof ApiError) {
    const isGone = saved.error.failure.type === 'refused' && saved.error.failure.status === 404;
    return (
      <PageState title={isGone ? 'This chain does not exist' : 'The chain cannot be opened'}>
        <p>{isGone ? 'It was deleted, or the address is mistyped.' : saved.error.message}</p>
        <div className="mt-4 flex justify-center gap-2">
          {!isGone && <Button onClick={() => void saved.refetch()}>Try again</Button>}
          <Link href="/chains" className="inline-flex h-8 items-center px-2 text-accent-text underline">
            All chains
          </Link>
        </div>
      </PageState>
    );
  }
  if (saved.data === undefined || draft === 'reading') return <PageState title="Opening the chain…" isBusy />;
  return <Designer saved={saved.data} draft={unsavedOf(saved.data, draft)} />;
}

/** A draft that says the same as the server needs no word. */
function unsavedOf(saved: SavedChain, draft: LocalDraft | null): LocalDraft | null {
  if (draft === null) return null;
  const isSame = draft.documentText === saved.documentText && draft.workbenchText === saved.workbenchText;
  return isSame ? null : draft;
}
