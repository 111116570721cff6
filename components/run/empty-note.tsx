import type { ReactNode } from 'react';

/** What an empty panel says: a sentence and what to do. */
export const EmptyNote = ({ children }: { readonly children: ReactNode }) => (
  <p className="mx-auto max-w-96 p-6 text-center text-sm text-text-2">{children}</p>
);

export const NothingRunYet = () => (
  <EmptyNote>
    Run the chain to see each call here. Press <strong className="font-medium text-text-1">Run</strong> or{' '}
    <kbd className="rounded-sm border border-line-strong px-1 text-xs">{MOD}+Enter</kbd>.
  </EmptyNote>
);

/** What the platform prints on the key; the server renders the one that most have. */
const MOD = typeof navigator !== 'undefined' && /Mac|iPhone|iPad/.test(navigator.userAgent) ? '⌘' : 'Ctrl';
