const STEM_LENGTH_MAX = 80;

/** `Customer enrichment!` → `customer-enrichment`. Letters of any script stay; nothing that a file system reads as a path. */
export function toFileStem(name: string): string {
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
