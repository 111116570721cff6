import type { ReactNode } from 'react';

/** A part that scrolls by itself, by keyboard too. */
export function ScrollRegion({
  label,
  className,
  children,
}: {
  /** The accessible name. */
  readonly label: string;
  readonly className: string;
  readonly children: ReactNode;
}) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: without it a keyboard cannot scroll text that holds no button.
    <section tabIndex={0} aria-label={label} className={`overflow-y-auto focus-visible:-outline-offset-2 ${className}`}>
      {children}
    </section>
  );
}
