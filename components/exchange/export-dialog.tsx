import { AlertTriangle, CircleX, Download } from 'lucide-react';
import { useEffect, useMemo, useState } from 'react';
import { toast } from 'sonner';
import { placesOf } from '@/components/canvas/ghost-places';
import { useEditor, useEditorStore } from '@/components/editor-store/editor-store-provider';
import { useDefinitions } from '@/components/palette/definitions-context';
import { useKnown } from '@/components/problems/problems-context';
import { CopyButton } from '@/components/run/copy-button';
import { saveBlob } from '@/components/run/save-file';
import { ScrollRegion } from '@/components/run/scroll-region';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Field, Select } from '@/components/ui/field';
import { hashChain } from '@/lib/chain/print-chain';
import type { Workbench } from '@/lib/chain/workbench';
import { type ExportedFile, type ExportRefusal, exportChain } from '@/lib/exchange/export-chain';
import { drawChain } from '@/lib/exchange/picture';
import type { Known } from '@/lib/problems/find-problems';
import type { Problem } from '@/lib/problems/problem';
import type { Result } from '@/lib/result';
import { EXPORTS, type ExportChoice, isPicture } from './export-choices';
import { type MappingInput, mappingInputsOf } from './mapping-input';
import { Place } from './place-words';
import { pngOfSvg } from './png-of-svg';
import { headlineOf } from './refusal-headline';

/** The chain as a file of the chosen kind, shown before it is taken. Errors stand in the way of chain and mapping alone. */
export function ExportDialog({ onClose }: { readonly onClose: () => void }) {
  const workbench = useEditor((state) => state.workbench);
  const known = useExportKnown();
  const [kind, setKind] = useState<ExportChoice>('chain');
  const [sampleName, setSampleName] = useState<string | null>(workbench.sampleInputName);
  const [allowLossy, setAllowLossy] = useState(false);
  const inputs = useMemo(() => mappingInputsOf(workbench), [workbench]);
  const input = inputs?.find((item) => item.sampleName === sampleName) ?? inputs?.[0];
  const exported = useMemo(
    () => exportAs(kind, workbench, known, { input, allowLossy }),
    [kind, workbench, known, input, allowLossy],
  );
  const losses = exported.ok
    ? exported.value.losses
    : exported.error.reason === 'losses'
      ? exported.error.problems
      : NO_PROBLEMS;
  const isPng = kind === 'png';
  const fileName = exported.ok
    ? isPng
      ? exported.value.fileName.replace(/svg$/, 'png')
      : exported.value.fileName
    : null;

  const download = async (file: ExportedFile): Promise<void> => {
    const text = new Blob([file.text], { type: file.mediaType });
    if (!isPng) saveBlob(file.fileName, text);
    else {
      const png = await pngOfSvg(file.text);
      if (png.ok) saveBlob(fileName ?? 'chain.png', png.value);
      else toast.error('The picture was not made', { description: png.error });
    }
  };

  return (
    <Dialog
      title="Export the chain"
      isOpen
      onClose={onClose}
      size="large"
      footer={
        <>
          {exported.ok && !isPng && (
            <CopyButton label="Copy the text" text={() => exported.value.text} className="mr-auto h-8 px-2">
              Copy
            </CopyButton>
          )}
          <Button
            look="primary"
            className="max-w-[60%]"
            icon={<Download size={15} className="shrink-0" aria-hidden />}
            disabled={!exported.ok}
            onClick={() => exported.ok && void download(exported.value)}
          >
            <span className="truncate">{fileName === null ? 'Download' : `Download ${fileName}`}</span>
          </Button>
        </>
      }
    >
      <div className="flex min-h-full gap-5">
        <KindChoice kind={kind} onChoose={setKind} />
        <div className="flex min-w-0 flex-1 flex-col">
          {kind === 'mapping' && inputs !== null && (
            <InputChoice inputs={inputs} chosen={input} onChoose={setSampleName} />
          )}
          {losses.length > 0 && <Losses losses={losses} isAllowed={allowLossy} onAllow={setAllowLossy} />}
          {exported.ok &&
            exported.value.notes.map((note) => (
              <p key={note} role="status" className="mb-3 rounded-md bg-warning-soft p-3 break-words text-warning">
                {note}
              </p>
            ))}
          {!exported.ok && exported.error.reason !== 'losses' && <Refusal refusal={exported.error} onClose={onClose} />}
          {exported.ok && (
            <>
              {isPicture(kind) ? <Picture svg={exported.value.text} /> : <Text text={exported.value.text} />}
              {kind === 'chain' && <Hash workbench={workbench} fileName={exported.value.fileName} />}
            </>
          )}
        </div>
      </div>
    </Dialog>
  );
}

const NO_PROBLEMS: readonly Problem[] = [];

/** What an export is checked against, and what a snapshot is made of: definitions that are really known. */
function useExportKnown(): Known {
  const known = useKnown();
  const { catalog, byId } = useDefinitions();
  return useMemo(() => ({ ...known, definitions: catalog === null ? null : byId }), [known, catalog, byId]);
}

function exportAs(
  kind: ExportChoice,
  workbench: Workbench,
  known: Known,
  { input, allowLossy }: { readonly input: MappingInput | undefined; readonly allowLossy: boolean },
): Result<ExportedFile, ExportRefusal> {
  if (isPicture(kind)) {
    const svg = drawChain(workbench, {
      positions: placesOf(workbench),
      theme: themeOfPage(),
      known,
    });
    return { ok: true, value: { ...svg, losses: [], notes: [] } };
  }
  if (kind !== 'mapping') return exportChain({ kind, workbench, known });
  return exportChain({ kind, workbench, known, allowLossy, ...(input === undefined ? {} : { input: input.value }) });
}

const themeOfPage = (): 'light' | 'dark' => (document.documentElement.dataset.theme === 'dark' ? 'dark' : 'light');

function KindChoice({
  kind,
  onChoose,
}: {
  readonly kind: ExportChoice;
  readonly onChoose: (kind: ExportChoice) => void;
}) {
  return (
    <fieldset className="w-64 shrink-0">
      <legend className="mb-1 text-xs font-medium text-text-2">As</legend>
      {EXPORTS.map(({ choice, name, purpose }) => (
        <label
          key={choice}
          className="relative flex cursor-pointer items-start gap-2 rounded-md px-2 py-1.5 hover:bg-surface-hover has-checked:bg-surface-selected"
        >
          <input
            type="radio"
            name="export-kind"
            className="mt-1"
            checked={kind === choice}
            onChange={() => onChoose(choice)}
            aria-describedby={`export-${choice}`}
            aria-label={name}
          />
          <span className="min-w-0">
            <span className="block font-medium">{name}</span>
            <span id={`export-${choice}`} className="block text-xs text-text-2">
              {purpose}
            </span>
          </span>
        </label>
      ))}
    </fieldset>
  );
}

function InputChoice({
  inputs,
  chosen,
  onChoose,
}: {
  readonly inputs: readonly MappingInput[];
  readonly chosen: MappingInput | undefined;
  readonly onChoose: (sampleName: string) => void;
}) {
  const names = inputs.flatMap(({ sampleName }) => (sampleName === null ? [] : [sampleName]));
  if (names.length === 0) {
    return (
      <div className="mb-3">
        <p className="mb-1 text-xs font-medium text-text-2">Values written in place of input.*</p>
        <p className="text-text-2">
          {inputs.length > 0
            ? 'The examples of the chain’s inputs: there is no sample input set.'
            : 'There are none: make a sample input set under “Sample input” in the top bar, or give the chain’s inputs examples.'}
        </p>
      </div>
    );
  }
  return (
    <Field label="Values written in place of input.*">
      {(ids) => (
        <Select {...ids} value={chosen?.sampleName ?? ''} onChange={(event) => onChoose(event.target.value)}>
          {names.map((item) => (
            <option key={item}>{item}</option>
          ))}
        </Select>
      )}
    </Field>
  );
}

function Losses({
  losses,
  isAllowed,
  onAllow,
}: {
  readonly losses: readonly Problem[];
  readonly isAllowed: boolean;
  readonly onAllow: (isAllowed: boolean) => void;
}) {
  return (
    <section aria-label="What a mapping cannot say" className="mb-3 rounded-md bg-warning-soft p-3">
      <p className="flex items-center gap-2 font-medium text-warning">
        <AlertTriangle size={15} className="shrink-0" aria-hidden />
        {losses.length === 1 ? 'One thing' : `${losses.length} things`} that a mapping cannot say
      </p>
      <ScrollRegion label="Losses" className="mt-1 max-h-[36vh]">
        <ul className="list-disc pl-6">
          {losses.map((loss) => (
            <li key={`${loss.path} ${loss.message}`} className="break-words">
              {loss.message} <Place path={loss.path} className="text-xs text-text-2" />
            </li>
          ))}
        </ul>
      </ScrollRegion>
      <label className="mt-2 flex min-h-6 items-center gap-2">
        <input type="checkbox" checked={isAllowed} onChange={(event) => onAllow(event.target.checked)} />
        Export all the same
      </label>
    </section>
  );
}

function Refusal({ refusal, onClose }: { readonly refusal: ExportRefusal; readonly onClose: () => void }) {
  const store = useEditorStore();
  const { problems, reason } = refusal;
  const shown = problems.slice(0, SHOWN_MAX);
  return (
    <div role="alert" className="rounded-md bg-danger-soft p-3 text-danger">
      <p className="flex items-start gap-2 font-medium">
        <CircleX size={15} className="mt-0.5 shrink-0" aria-hidden />
        <span className="min-w-0 break-words">{headlineOf(refusal)}</span>
      </p>
      {shown.length > 0 && (
        <ul className="mt-1 list-disc pl-6">
          {shown.map((problem) => (
            <li key={problem.path + problem.code + problem.message} className="break-words">
              {problem.message}
            </li>
          ))}
        </ul>
      )}
      {problems.length > shown.length && <p className="mt-1 pl-6">And {problems.length - shown.length} more.</p>}
      {reason === 'errors' && (
        <Button
          className="mt-2"
          onClick={() => {
            onClose();
            store.getState().openDock('problems');
          }}
        >
          Show the problems
        </Button>
      )}
    </div>
  );
}

const SHOWN_MAX = 6;

const Text = ({ text }: { readonly text: string }) => (
  <textarea
    readOnly
    aria-label="The text"
    spellCheck={false}
    className="min-h-[30vh] w-full flex-1 resize-none overflow-auto rounded-md border border-line-subtle bg-surface-sunken p-3 font-mono text-xs leading-[18px]"
    value={text}
  />
);

function Picture({ svg }: { readonly svg: string }) {
  const [url, setUrl] = useState<string | null>(null);
  useEffect(() => {
    const made = URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' }));
    setUrl(made);
    return () => URL.revokeObjectURL(made);
  }, [svg]);
  return (
    <div className="relative min-h-[30vh] flex-1 overflow-hidden rounded-md border border-line-subtle bg-surface-canvas">
      {url !== null && (
        // biome-ignore lint/performance/noImgElement: the picture lies in memory; there is nothing for a server to make smaller.
        <img
          src={url}
          alt="The chain as it lies on the canvas"
          className="absolute inset-2 size-[calc(100%-16px)] object-contain"
        />
      )}
    </div>
  );
}

function Hash({ workbench, fileName }: { readonly workbench: Workbench; readonly fileName: string }) {
  return (
    <>
      <dl className="mt-3 grid grid-cols-[auto_1fr] gap-x-3 text-xs">
        <dt className="text-text-3">SHA-256</dt>
        <dd className="font-mono break-all">{hashChain(workbench.chain)}</dd>
      </dl>
      <p className="mt-1 text-xs text-text-3">
        <code>sha256sum {fileName}</code> prints the same.
      </p>
    </>
  );
}
