'use client';

import { Check, Copy } from 'lucide-react';
import { type ReactNode, useEffect, useState } from 'react';
import { toast } from 'sonner';

const CONFIRMED_MS = 1500;

/** Copies a text that is made at the moment of the click, and says so for a moment. */
export function CopyButton({
  label,
  text,
  children,
  className = '',
}: {
  /** The accessible name: "Copy trace id". */
  readonly label: string;
  readonly text: () => string;
  readonly children?: ReactNode;
  readonly className?: string;
}) {
  const [isCopied, setCopied] = useState(false);

  useEffect(() => {
    if (!isCopied) return;
    const timer = setTimeout(() => setCopied(false), CONFIRMED_MS);
    return () => clearTimeout(timer);
  }, [isCopied]);

  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text());
      setCopied(true);
    } catch {
      // Browsers refuse without permission, focus or a secure origin: a person must know that nothing was copied.
      toast.error('The browser did not allow copying. Select the text and copy it by keyboard.');
    }
  };

  const Icon = isCopied ? Check : Copy;
  return (
    <button
      type="button"
      aria-label={isCopied ? `${label}: copied` : label}
      title={label}
      onClick={copy}
      className={`inline-flex h-6 min-w-6 shrink-0 items-center justify-center gap-1 rounded-sm px-1 text-xs text-text-2 hover:bg-surface-hover hover:text-text-1 ${className}`}
    >
      <Icon size={14} strokeWidth={1.75} aria-hidden className={isCopied ? 'text-success' : ''} />
      {children}
    </button>
  );
}
