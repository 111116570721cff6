import type { ReactNode } from 'react';

/** A page that has nothing to show yet, or nothing at all: what is so, and what to do. */
export function PageState({
  title,
  isBusy = false,
  children,
}: {
  readonly title: string;
  readonly isBusy?: boolean;
  readonly children?: ReactNode;
}) {
  return (
    <main className="grid h-full place-items-center p-6" aria-busy={isBusy}>
      <div className="max-w-md text-center" role={isBusy ? 'status' : undefined}>
        <h1 className={isBusy ? 'text-text-2' : 'text-lg font-semibold'}>{title}</h1>
        <div className="mt-1 text-text-2">{children}</div>
      </div>
    </main>
  );
}
