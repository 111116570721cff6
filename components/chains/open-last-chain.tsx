'use client';

import { useQuery } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { useEffect } from 'react';
import { PageState } from '@/components/designer/page-state';
import { chainsQuery } from '@/components/server-data/queries';
import { Button } from '@/components/ui/button';

/** The front door: opens the chain that was edited last, which at first is the example. */
export function OpenLastChain() {
  const router = useRouter();
  const { data, error, refetch } = useQuery(chainsQuery);
  const target =
    data === undefined ? null : data.chains[0] === undefined ? '/chains' : `/chains/${data.chains[0].chainId}`;
  useEffect(() => {
    if (target !== null) router.replace(target);
  }, [target, router]);
  if (error === null) return <PageState title="Opening Chainwright…" isBusy />;
  return (
    <PageState title="Chainwright cannot be opened">
      <p>{error.message}</p>
      <Button className="mt-4" onClick={() => void refetch()}>
        Try again
      </Button>
    </PageState>
  );
}
