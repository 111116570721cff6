'use client';

/** What a person sees when a page breaks; the draft of the open chain is kept on this device. */
export default function ErrorPage({ error, reset }: { readonly error: Error; readonly reset: () => void }) {
  return (
    <main className="grid h-full place-items-center p-6">
      <div role="alert" className="max-w-lg">
        <h1 className="text-lg font-semibold">This page stopped working</h1>
        <p className="mt-1 text-text-2">
          Your last edits are kept on this device. Try again; if it stays so, report this message:
        </p>
        <pre className="mt-3 overflow-auto rounded-md bg-surface-sunken p-3 font-mono text-xs">{error.message}</pre>
        <button type="button" onClick={reset} className="mt-4 rounded-md bg-accent px-3 py-1.5 text-text-on-accent">
          Try again
        </button>
      </div>
    </main>
  );
}
