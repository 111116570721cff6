import { printChain } from '@/lib/chain/print-chain';
import type { Workbench } from '@/lib/chain/workbench';

/** The chain as a file: its canonical text, byte for byte what `chainwright export` writes and what its hash is of. */
export function exportChain(workbench: Workbench): { readonly fileName: string; readonly text: string } {
  return { fileName: `${toFileStem(workbench.chain.name ?? '')}.chain.json`, text: printChain(workbench.chain) };
}

const STEM_LENGTH_MAX = 80;

/** `Customer enrichment!` → `customer-enrichment`. Letters of any script stay; nothing that a file system reads as a path. */
function toFileStem(name: string): string {
  const stem = [
    ...name
      .normalize('NFC')
      .toLowerCase()
      .replace(/[^\p{L}\p{M}\p{N}]+/gu, '-'),
  ]
    .slice(0, STEM_LENGTH_MAX)
    .join('')
    .replace(/^-+|-+$/g, '');
  if (stem === '') return 'untitled';
  // Windows takes these for devices, whatever the extension.
  return /^(?:con|prn|aux|nul|com\d|lpt\d)$/.test(stem) ? `chain-${stem}` : stem;
}
