import { Upload } from 'lucide-react';

/** Over the whole page while files hang over it: that they may be let go here, and what comes of it. */
export function DropOverlay({ isShown }: { readonly isShown: boolean }) {
  if (!isShown) return null;
  return (
    // Lets the drag through: what takes the files listens on the page.
    <div role="status" className="pointer-events-none fixed inset-0 z-50 grid place-items-center bg-scrim p-6">
      <div className="flex items-center gap-3 rounded-lg border-2 border-dashed border-accent bg-surface-overlay px-8 py-6 text-base font-medium shadow-overlay">
        <Upload size={20} className="text-accent-text" aria-hidden />
        Drop the files to see what they hold
      </div>
    </div>
  );
}
