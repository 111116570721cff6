import { useQueryClient } from '@tanstack/react-query';
import { FileUp } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { createChain } from '@/components/server-data/api-client';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { FIELD_LOOK, Field } from '@/components/ui/field';
import type { Rejection } from '@/lib/chain/parse-chain';
import { type Imported, importText } from '@/lib/exchange/import-chain';
import { findChainProblems, NOTHING_KNOWN } from '@/lib/problems/find-problems';
import { printBench } from './open-workbench';

interface Chosen {
  readonly text: string;
  readonly fileName: string | null;
}

/** Takes a chain document or the tutorial's mapping, from a file or as text, and opens it as a chain of its own. */
export function ImportDialog({ onClose }: { readonly onClose: () => void }) {
  const router = useRouter();
  const queries = useQueryClient();
  const [chosen, setChosen] = useState<Chosen>({ text: '', fileName: null });
  const [serverError, setServerError] = useState<string | null>(null);
  const [isBusy, setIsBusy] = useState(false);
  const imported = chosen.text.trim() === '' ? null : importText(chosen.text, chosen.fileName ?? undefined);

  const readFile = async (file: File): Promise<void> => setChosen({ text: await file.text(), fileName: file.name });

  const open = async (found: Imported): Promise<void> => {
    setIsBusy(true);
    const created = await createChain(printBench(found.workbench));
    if (!created.ok) {
      setIsBusy(false);
      setServerError(created.error.message);
      return;
    }
    await queries.invalidateQueries({ queryKey: ['chains'] });
    onClose();
    router.push(`/chains/${created.value.chainId}`);
  };

  return (
    <Dialog
      title="Import a chain"
      description="A chain document, or the mapping of actions from a Python script. It opens as a new chain; nothing is overwritten."
      isOpen
      onClose={onClose}
      isWide
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            look="primary"
            disabled={isBusy || imported === null || !imported.ok}
            onClick={() => imported?.ok && void open(imported.value)}
          >
            Import
          </Button>
        </>
      }
    >
      <section
        aria-label="Drop a file here"
        className="mb-3 flex items-center gap-3 rounded-md border-2 border-dashed border-line-strong p-4"
        onDragOver={(event) => event.preventDefault()}
        onDrop={(event) => {
          event.preventDefault();
          const file = event.dataTransfer.files[0];
          if (file !== undefined) void readFile(file);
        }}
      >
        <FileUp size={18} className="text-text-3" aria-hidden />
        <label className="flex-1">
          <span className="mb-1 block text-xs font-medium text-text-2">Choose a file, or drop one here</span>
          <input
            type="file"
            accept=".json,application/json,text/plain"
            className="w-full text-sm file:mr-3 file:h-8 file:rounded-md file:border file:border-line-strong file:bg-surface-raised file:px-2.5 file:text-text-1"
            onChange={(event) => {
              const file = event.target.files?.[0];
              if (file !== undefined) void readFile(file);
            }}
          />
        </label>
      </section>
      <Field label="Or paste the text">
        {(ids) => (
          <textarea
            {...ids}
            className={`${FIELD_LOOK} h-44 py-1.5 font-mono text-xs`}
            spellCheck={false}
            placeholder={'{ "fetch_customer": { "definition_id": "…", "depends_on": [], "inputs": { … } } }'}
            value={chosen.text}
            onChange={(event) => setChosen({ text: event.target.value, fileName: null })}
          />
        )}
      </Field>
      {imported !== null &&
        (imported.ok ? <WhatComes imported={imported.value} /> : <WhyNot rejections={imported.error} />)}
      {serverError !== null && (
        <p role="alert" className="mt-2 text-danger">
          {serverError}
        </p>
      )}
    </Dialog>
  );
}

function WhatComes({ imported }: { readonly imported: Imported }) {
  const { chain } = imported.workbench;
  const count = chain.actions.size;
  const draftProblems = findChainProblems(chain, NOTHING_KNOWN).filter(({ severity }) => severity !== 'info');
  const errors = draftProblems.filter(({ severity }) => severity === 'error').length;
  return (
    <div className="rounded-md bg-surface-sunken p-3">
      <p className="font-medium">
        {imported.kind === 'mapping' ? 'A mapping' : 'A chain document'} of {count} {count === 1 ? 'action' : 'actions'}
      </p>
      {imported.kind === 'mapping' && (
        <p className="mt-0.5 text-text-2">
          It gets the tutorial’s meaning: templates give text, one action at a time, and reading something that is not
          there is an error.
        </p>
      )}
      {imported.problems.length > 0 && (
        <ul className="mt-1 max-h-32 list-disc overflow-auto pl-5 text-text-2">
          {imported.problems.map((problem) => (
            <li key={problem.path + problem.code}>{problem.message}</li>
          ))}
        </ul>
      )}
      {draftProblems.length > 0 && (
        <p className={`mt-1 ${errors > 0 ? 'text-danger' : 'text-warning'}`}>
          {errors > 0 ? `${errors} ${errors === 1 ? 'error' : 'errors'} to mend` : `${draftProblems.length} warnings`}{' '}
          after the import: it opens as a draft and names each.
        </p>
      )}
    </div>
  );
}

function WhyNot({ rejections }: { readonly rejections: readonly Rejection[] }) {
  return (
    <div role="alert" className="rounded-md bg-danger-soft p-3 text-danger">
      <p className="font-medium">This cannot be imported</p>
      <ul className="mt-1 list-disc pl-5">
        {rejections.slice(0, 6).map((rejection) => (
          <li key={rejection.path + rejection.message}>
            {rejection.path !== '' && <code className="mr-1">{rejection.path}</code>}
            {rejection.message}
            {rejection.line !== undefined && ` (line ${rejection.line}, column ${rejection.column ?? 1})`}
          </li>
        ))}
      </ul>
    </div>
  );
}
