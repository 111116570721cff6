import { slugOf } from '@/lib/definition/definition-name';

/** `Customer enrichment!` → `customer-enrichment`. Letters of any script stay; nothing that a file system reads as a path. */
export function toFileStem(name: string): string {
  const stem = slugOf(name);
  if (stem === '') return 'untitled';
  // Windows takes these for devices, whatever the extension.
  return /^(?:con|prn|aux|nul|com\d|lpt\d)$/.test(stem) ? `chain-${stem}` : stem;
}
