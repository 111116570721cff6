const LOOKS = {
  simulator: 'bg-simulated-soft text-simulated',
  test: 'bg-accent-soft text-accent-text',
  production: 'bg-danger-soft text-danger',
} as const;

/** What a connection is for, wherever it is chosen or its outputs stand. */
export function PurposeBadge({ purpose }: { readonly purpose: keyof typeof LOOKS }) {
  return (
    <span className={`rounded-sm px-1.5 text-[11px] leading-[18px] font-medium ${LOOKS[purpose]}`}>{purpose}</span>
  );
}
