import type { ComponentProps, ReactNode } from 'react';
import { Hint } from './hint';

type Look = 'primary' | 'secondary' | 'quiet' | 'danger';

const LOOKS: Readonly<Record<Look, string>> = {
  primary: 'bg-accent text-text-on-accent hover:bg-accent-hover font-medium',
  secondary: 'border border-line-strong bg-surface-raised text-text-1 hover:bg-surface-hover',
  quiet: 'text-text-2 hover:bg-surface-hover hover:text-text-1',
  danger: 'border border-line-strong bg-surface-raised text-danger hover:bg-danger-soft',
};

const SHAPE =
  'inline-flex h-8 shrink-0 items-center justify-center gap-1.5 rounded-md px-2.5 text-sm whitespace-nowrap select-none ' +
  'disabled:pointer-events-none disabled:opacity-50 aria-disabled:opacity-50';

export interface ButtonProps extends ComponentProps<'button'> {
  readonly look?: Look;
  readonly icon?: ReactNode;
}

export function Button({ look = 'secondary', icon, children, className = '', ...rest }: ButtonProps) {
  return (
    <button type="button" className={`${SHAPE} ${LOOKS[look]} ${className}`} {...rest}>
      {icon}
      {children}
    </button>
  );
}

export interface IconButtonProps extends Omit<ButtonProps, 'children' | 'icon'> {
  /** The accessible name, shown as a tooltip too. */
  readonly label: string;
  readonly keys?: string;
  readonly children: ReactNode;
}

/** A square button that shows an icon alone. */
export function IconButton({ label, keys, look = 'quiet', children, className = '', ...rest }: IconButtonProps) {
  return (
    <Hint text={label} {...(keys === undefined ? {} : { keys })}>
      <button type="button" aria-label={label} className={`${SHAPE} w-8 !px-0 ${LOOKS[look]} ${className}`} {...rest}>
        {children}
      </button>
    </Hint>
  );
}
