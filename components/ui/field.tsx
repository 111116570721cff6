import { Search } from 'lucide-react';
import { type ComponentProps, type ReactNode, useId } from 'react';

export const FIELD_LOOK =
  'h-8 w-full rounded-md border border-line-field bg-surface-raised px-2 text-sm text-text-1 placeholder:text-text-3 ' +
  'hover:border-text-3 focus:border-accent focus:outline-2 focus:outline-accent focus:-outline-offset-1 disabled:opacity-60';

/** A label over one control, with a line of help or an error below it. */
export function Field({
  label,
  hint,
  error,
  children,
}: {
  readonly label: string;
  readonly hint?: ReactNode;
  readonly error?: string | null;
  readonly children: (ids: { readonly id: string; readonly 'aria-describedby': string | undefined }) => ReactNode;
}) {
  const id = useId();
  const noteId = `${id}-note`;
  const hasNote = (error ?? null) !== null || hint !== undefined;
  return (
    <div className="mb-3">
      <label htmlFor={id} className="mb-1 block text-xs font-medium text-text-2">
        {label}
      </label>
      {children({ id, 'aria-describedby': hasNote ? noteId : undefined })}
      {hasNote && (
        <p id={noteId} className={`mt-1 text-xs ${error ? 'text-danger' : 'text-text-3'}`}>
          {error ?? hint}
        </p>
      )}
    </div>
  );
}

export function TextInput({ className = '', ...rest }: ComponentProps<'input'>) {
  return <input className={`${FIELD_LOOK} ${className}`} spellCheck={false} autoComplete="off" {...rest} />;
}

export function Select({ className = '', children, ...rest }: ComponentProps<'select'>) {
  return (
    <select className={`${FIELD_LOOK} ${className}`} {...rest}>
      {children}
    </select>
  );
}

/** A field that narrows a list. */
export function SearchInput({ label, ...rest }: { readonly label: string } & Omit<ComponentProps<'input'>, 'type'>) {
  return (
    <div className="relative">
      <Search size={14} className="absolute top-2 left-2.5 text-text-3" aria-hidden />
      <TextInput type="search" aria-label={label} {...rest} className="pl-8" />
    </div>
  );
}
