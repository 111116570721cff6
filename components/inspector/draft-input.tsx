import { type ComponentProps, useState } from 'react';
import { FIELD_LOOK } from '@/components/ui/field';

/**
 * A text that is taken over as soon as it is right. While it is wrong the field keeps what was typed and says why; leaving the
 * field with a wrong text goes back to the value in force.
 */
export function DraftInput({
  value,
  check,
  onCommit,
  isMultiline = false,
  ...rest
}: {
  readonly value: string;
  readonly check: (text: string) => string | null;
  readonly onCommit: (text: string) => void;
  readonly isMultiline?: boolean;
} & Pick<ComponentProps<'input'>, 'id' | 'placeholder' | 'inputMode' | 'aria-describedby' | 'aria-label'>) {
  const [draft, setDraft] = useState<string | null>(null);
  const text = draft ?? value;
  const error = draft === null ? null : check(draft);
  const onChange = (next: string): void => {
    setDraft(next);
    if (check(next) === null) onCommit(next);
  };
  return (
    <>
      {isMultiline ? (
        <textarea
          id={rest.id}
          aria-label={rest['aria-label']}
          aria-invalid={error !== null}
          className={`${FIELD_LOOK} h-auto min-h-24 py-1.5 font-mono text-xs`}
          spellCheck={false}
          value={text}
          onChange={(event) => onChange(event.target.value)}
          onBlur={() => setDraft(null)}
        />
      ) : (
        <input
          {...rest}
          aria-invalid={error !== null}
          className={FIELD_LOOK}
          spellCheck={false}
          autoComplete="off"
          value={text}
          onChange={(event) => onChange(event.target.value)}
          onBlur={() => setDraft(null)}
        />
      )}
      {error !== null && (
        <p role="alert" className="mt-1 text-xs text-danger">
          {error}
        </p>
      )}
    </>
  );
}
