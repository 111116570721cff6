'use client';

import { Download } from 'lucide-react';
import { useMemo, useState } from 'react';
import { Button } from '@/components/ui/button';
import type { Body } from '@/lib/json/body';
import { parseJson } from '@/lib/json/parse-json';
import { printJson } from '@/lib/json/print-json';
import { clipJson, formatTemplatePath } from './clip-json';
import { CopyButton } from './copy-button';
import { saveFile } from './save-file';
import { formatBytes } from './status-look';
import { type LoadBody, useBodyText } from './use-body-text';
import { ValueTree } from './value-tree';

/** How much of a value is shown before a person asks for more. */
const FIRST_LENGTH = 10 * 1024;
/** An answer may be larger and deeper than a document; the payload budget bounds it already. */
const VALUE_LIMITS = { sizeBytesMax: 256 * 1024 * 1024, depthMax: 512 };

export interface ValueViewProps {
  readonly body: Body;
  readonly loadBody: LoadBody;
  /** What the value is, for names: "Output of fetch_customer". */
  readonly label: string;
  /** What a template calls the value: `fetch_customer`. Null where no template can read it. */
  readonly templateRoot: string | null;
}

/** A recorded value as a tree that folds; large ones show their beginning and say so. */
export function ValueView({ body, loadBody, label, templateRoot }: ValueViewProps) {
  const { state, load } = useBodyText(body, loadBody);
  if (state.status === 'ready') return <LoadedValue text={state.text} label={label} templateRoot={templateRoot} />;

  const size = formatBytes(state.sizeBytes);
  return (
    <div className="min-w-0">
      <p className="mb-1 flex flex-wrap items-center gap-2 text-xs text-text-2">
        {state.status === 'loading' && `Loading ${size}…`}
        {state.status === 'offered' && `The beginning of ${size}; the run used all of it.`}
        {state.status === 'failed' && (
          <span role="alert" className="text-danger">
            {size} could not be loaded. {state.message}
          </span>
        )}
        {state.status !== 'loading' && (
          <Button className="!h-6" onClick={load}>
            {state.status === 'failed' ? 'Try again' : `Load ${size}`}
          </Button>
        )}
      </p>
      <pre className="overflow-hidden font-mono text-xs break-all whitespace-pre-wrap text-text-2">
        {state.preview}…
      </pre>
    </div>
  );
}

/** A value that is at hand as text. */
export function LoadedValue({
  text,
  label,
  templateRoot,
}: {
  readonly text: string;
  readonly label: string;
  readonly templateRoot: string | null;
}) {
  const [lengthMax, setLengthMax] = useState(FIRST_LENGTH);
  const parsed = useMemo(() => parseJson(text, VALUE_LIMITS), [text]);
  const tree = useMemo(() => (parsed.ok ? clipJson(parsed.value, lengthMax) : null), [parsed, lengthMax]);

  if (!parsed.ok || tree === null) {
    // An envelope may be anything that a gateway sends: show it as it came.
    return (
      <pre className="font-mono text-xs break-all whitespace-pre-wrap text-text-1">{text.slice(0, lengthMax)}</pre>
    );
  }
  const sizeBytes = text.length > lengthMax ? new Blob([text]).size : 0;
  return (
    <div className="min-w-0">
      {sizeBytes > 0 && (
        <p className="mb-1 flex flex-wrap items-center gap-2 text-xs text-text-2">
          Showing {formatBytes(lengthMax)} of {formatBytes(sizeBytes)}; the run used all of it.
          <Button className="!h-6" onClick={() => setLengthMax(lengthMax * 4)}>
            Show more
          </Button>
          <Button
            className="!h-6"
            icon={<Download size={14} strokeWidth={1.75} aria-hidden />}
            onClick={() => saveFile(`${label.replace(/\W+/g, '_')}.json`, text, 'application/json')}
          >
            Download
          </Button>
        </p>
      )}
      <ValueTree
        root={tree}
        label={label}
        renderTools={(row, isActive) => (
          <>
            <CopyButton label="Copy value" text={() => printJson(row.value)} />
            {isActive && templateRoot !== null && (
              <CopyButton label="Copy path" text={() => formatTemplatePath(templateRoot, row.path)}>
                path
              </CopyButton>
            )}
          </>
        )}
      />
    </div>
  );
}
