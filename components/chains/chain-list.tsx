'use client';

import { useQuery, useQueryClient } from '@tanstack/react-query';
import { FilePlus2, Trash2, Upload } from 'lucide-react';
import Link from 'next/link';
import { useRouter } from 'next/navigation';
import { useEffect, useState } from 'react';
import { toast } from 'sonner';
import { newWorkbench } from '@/components/designer/new-workbench';
import { printBench } from '@/components/designer/open-workbench';
import { ImportDialog } from '@/components/exchange/import-dialog';
import { useFileDrop } from '@/components/exchange/use-file-drop';
import { dropDraft } from '@/components/saving/local-draft';
import { createChain, deleteChain } from '@/components/server-data/api-client';
import { chainsQuery } from '@/components/server-data/queries';
import { Button, IconButton } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { DropOverlay } from '@/components/ui/drop-overlay';
import { SearchInput } from '@/components/ui/field';
import { shownChainName } from '@/lib/chain/chain-name';
import type { Workbench } from '@/lib/chain/workbench';
import { exampleWorkbench } from '@/lib/exchange/example-chain';
import type { ChainSummary } from '@/lib/protocol/api';

const TIME = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });

/** All saved chains: open, find, make, import, delete. */
export function ChainList() {
  const router = useRouter();
  const queries = useQueryClient();
  const { data, error, refetch } = useQuery(chainsQuery);
  const [search, setSearch] = useState('');
  const [isCreating, setIsCreating] = useState(false);
  /** The files that the window opens with; null while it is closed. */
  const [importing, setImporting] = useState<readonly File[] | null>(null);
  const isDropping = useFileDrop(importing === null ? setImporting : null);
  const [doomed, setDoomed] = useState<ChainSummary | null>(null);
  const [isHydrated, setIsHydrated] = useState(false);
  useEffect(() => setIsHydrated(true), []);
  const found = (data?.chains ?? []).filter((chain) => chain.name.toLowerCase().includes(search.toLowerCase()));

  const create = async (workbench: Workbench): Promise<void> => {
    if (isCreating) return;
    setIsCreating(true);
    const created = await createChain(printBench(workbench));
    if (created.ok) router.push(`/chains/${created.value.chainId}`);
    else {
      setIsCreating(false);
      toast.error('No chain was made', { description: created.error.message });
    }
  };
  const remove = async (chain: ChainSummary): Promise<void> => {
    setDoomed(null);
    const answer = await deleteChain(chain.chainId);
    if (answer.ok) await dropDraft(chain.chainId).catch(() => undefined);
    else toast.error(`${nameOf(chain)} was not deleted`, { description: answer.error.message });
    await queries.invalidateQueries({ queryKey: ['chains'] });
  };

  return (
    <main className="h-full overflow-auto" data-hydrated={isHydrated || undefined}>
      <div className="mx-auto max-w-4xl px-6 py-10">
        <header className="mb-6 flex items-center gap-3">
          <h1 className="flex-1 text-xl font-semibold">Chains</h1>
          <Button icon={<Upload size={15} aria-hidden />} onClick={() => setImporting([])}>
            Import
          </Button>
          <Button onClick={() => void create(exampleWorkbench())}>New from the example</Button>
          <Button look="primary" icon={<FilePlus2 size={15} aria-hidden />} onClick={() => void create(newWorkbench())}>
            New chain
          </Button>
        </header>
        <div className="mb-4">
          <SearchInput
            label="Search chains"
            placeholder="Search by name"
            value={search}
            onChange={(event) => setSearch(event.target.value)}
          />
        </div>
        {error !== null && (
          <div role="alert" className="rounded-md bg-danger-soft p-4 text-danger">
            {error.message}{' '}
            <button type="button" className="underline" onClick={() => void refetch()}>
              Try again
            </button>
          </div>
        )}
        {data !== undefined && found.length === 0 && (
          <p className="py-10 text-center text-text-2">
            {search === ''
              ? 'No chains yet. Make one, import one, or start from the example.'
              : `No chain is called “${search}”.`}
          </p>
        )}
        <ul className="overflow-hidden rounded-lg border border-line-subtle bg-surface-panel empty:hidden">
          {found.map((chain) => (
            <li
              key={chain.chainId}
              className="flex items-center border-t border-line-subtle first:border-t-0 hover:bg-surface-hover"
            >
              <Link href={`/chains/${chain.chainId}`} className="flex min-w-0 flex-1 items-baseline gap-3 px-4 py-3">
                <span className="min-w-0 truncate font-medium">{nameOf(chain)}</span>
                <span className="flex-1 text-xs text-text-3">
                  {chain.actionCount} {chain.actionCount === 1 ? 'action' : 'actions'}
                </span>
                <time
                  className="text-xs whitespace-nowrap text-text-3"
                  dateTime={new Date(chain.updatedAtMs).toISOString()}
                >
                  {TIME.format(chain.updatedAtMs)}
                </time>
              </Link>
              <IconButton label={`Delete ${nameOf(chain)}`} className="mr-2" onClick={() => setDoomed(chain)}>
                <Trash2 size={15} />
              </IconButton>
            </li>
          ))}
        </ul>
      </div>
      <DropOverlay isShown={isDropping} />
      {importing !== null && (
        <ImportDialog openChain={null} droppedFiles={importing} onClose={() => setImporting(null)} />
      )}
      {doomed !== null && (
        <Dialog
          title={`Delete ${nameOf(doomed)}?`}
          description="The chain and what lies beside it are gone for good. Its runs stay."
          isOpen
          onClose={() => setDoomed(null)}
          footer={
            <>
              <Button onClick={() => setDoomed(null)}>Cancel</Button>
              <Button look="danger" onClick={() => void remove(doomed)}>
                Delete
              </Button>
            </>
          }
        />
      )}
    </main>
  );
}

const nameOf = (chain: ChainSummary): string => shownChainName(chain.name);
