import { CircleAlert, Info, TriangleAlert } from 'lucide-react';
import { CodeText } from '@/components/ui/code-text';
import type { Severity, TemplateRange } from '@/lib/problems/problem';

export interface FieldPreview {
  /** The value as JSON. */
  readonly text: string;
  readonly type: string;
  /** Where it comes from: "last run", "pin", "sample". */
  readonly source: string;
}

export interface FieldProblem {
  readonly severity: Severity;
  readonly message: string;
  /** Where in the text; absent when the whole field is meant. */
  readonly range?: TemplateRange;
  readonly fix?: { readonly label: string; readonly apply: () => void };
}

const LOOKS = {
  error: { Icon: CircleAlert, className: 'text-danger', word: 'Error' },
  warning: { Icon: TriangleAlert, className: 'text-warning', word: 'Warning' },
  info: { Icon: Info, className: 'text-text-2', word: 'Note' },
} as const satisfies Record<Severity, unknown>;

/** What a field gives, and what is wrong with it, each problem with its fix. */
export function FieldNotes({
  id,
  preview,
  problems,
}: {
  readonly id: string;
  readonly preview: FieldPreview | null | undefined;
  readonly problems: readonly FieldProblem[];
}) {
  return (
    <div id={id} className="text-xs">
      {preview === null && <p className="mt-1 text-text-3">no value yet</p>}
      {preview !== null && preview !== undefined && (
        <p className="mt-1 flex min-w-0 gap-1 text-text-2" title={preview.text}>
          <span className="min-w-0 truncate font-mono text-text-1">= {preview.text}</span>
          <span className="shrink-0">
            · {preview.type} · {preview.source}
          </span>
        </p>
      )}
      {problems.map(({ severity, message, fix }, index) => {
        const { Icon, className, word } = LOOKS[severity];
        return (
          <p key={`${index} ${message}`} className={`mt-1 flex items-start gap-1 ${className}`}>
            <Icon size={14} strokeWidth={1.75} role="img" aria-label={word} className="mt-px shrink-0" />
            <span className="min-w-0 flex-1 [overflow-wrap:anywhere]">
              <CodeText text={message} />
            </span>
            {fix !== undefined && (
              <button
                type="button"
                onClick={fix.apply}
                className="-my-1 min-h-6 shrink-0 rounded-sm px-1.5 font-medium text-accent-text hover:bg-surface-hover"
              >
                {fix.label}
              </button>
            )}
          </p>
        );
      })}
    </div>
  );
}
