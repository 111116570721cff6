import { CircleX, Download } from 'lucide-react';
import { useMemo } from 'react';
import { useEditor, useEditorStore } from '@/components/editor-store/editor-store-provider';
import { useProblems } from '@/components/problems/problems-context';
import { CopyButton } from '@/components/run/copy-button';
import { saveFile } from '@/components/run/save-file';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { hashChain } from '@/lib/chain/print-chain';
import { exportChain } from '@/lib/exchange/export-chain';

/** The canonical document as a file. Errors, and only errors, stand in its way. */
export function ExportDialog({ onClose }: { readonly onClose: () => void }) {
  const store = useEditorStore();
  const workbench = useEditor((state) => state.workbench);
  const errors = useProblems().filter((problem) => problem.severity === 'error');
  const { fileName, text } = useMemo(() => exportChain(workbench), [workbench]);
  const hash = hashChain(workbench.chain);
  return (
    <Dialog
      title="Export the chain"
      description="The canonical document: no layout, no samples, no secrets. The command line and every runner take it as it is."
      isOpen
      onClose={onClose}
      isWide
      footer={
        <>
          <CopyButton label="Copy the document" text={() => text} className="mr-auto h-8 px-2">
            Copy
          </CopyButton>
          <Button
            look="primary"
            icon={<Download size={15} aria-hidden />}
            disabled={errors.length > 0}
            onClick={() => saveFile(fileName, text, 'application/json')}
          >
            Download {fileName}
          </Button>
        </>
      }
    >
      {errors.length > 0 && (
        <div role="alert" className="mb-3 rounded-md bg-danger-soft p-3 text-danger">
          <p className="flex items-center gap-2 font-medium">
            <CircleX size={15} aria-hidden />{' '}
            {errors.length === 1 ? 'One error stands' : `${errors.length} errors stand`} against the export
          </p>
          <ul className="mt-1 list-disc pl-6">
            {errors.slice(0, 4).map((problem) => (
              <li key={problem.path + problem.code}>{problem.message}</li>
            ))}
          </ul>
          <Button
            className="mt-2"
            onClick={() => {
              onClose();
              store.getState().openDock('problems');
            }}
          >
            Show the problems
          </Button>
        </div>
      )}
      <textarea
        readOnly
        aria-label="The document"
        spellCheck={false}
        className="h-[38vh] w-full resize-none max-h-[38vh] overflow-auto rounded-md border border-line-subtle bg-surface-sunken p-3 font-mono text-xs leading-[18px]"
        value={text}
      />
      <dl className="mt-3 grid grid-cols-[auto_1fr] gap-x-3 text-xs">
        <dt className="text-text-3">SHA-256</dt>
        <dd className="font-mono break-all">{hash}</dd>
      </dl>
      <p className="mt-1 text-xs text-text-3">
        <code>sha256sum {fileName}</code> prints the same.
      </p>
    </Dialog>
  );
}
