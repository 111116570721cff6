import { importBytes } from '@/lib/exchange/import-chain';
import { SIDECAR_LIMITS } from '@/lib/exchange/sidecar';
import { err } from '@/lib/result';
import type { Source } from './import-plan';

/** Reads a file of a person. One byte more than is accepted tells that it is too long, without reading all of it. */
export async function readSource(file: File): Promise<Source> {
  const source = { id: `file ${file.name}`, fileName: file.name };
  try {
    const bytes = new Uint8Array(await file.slice(0, BYTES_READ_MAX).arrayBuffer());
    return { ...source, read: importBytes(bytes, file.name, file.size) };
  } catch {
    const message = 'The browser cannot read this file: it is a folder, was moved, or may not be opened.';
    return { ...source, read: err([{ code: 'schema', message, path: '' }]) };
  }
}

/** A sidecar may be longest; a byte order mark counts for nothing. */
const BYTES_READ_MAX = SIDECAR_LIMITS.sizeBytesMax + 3 + 1;

/** With the new ones at the end; one of an equal name takes the place of the old. */
export function addSources(known: readonly Source[], added: readonly Source[]): readonly Source[] {
  const byId = new Map([...known, ...added].map((source) => [source.id, source]));
  return [...byId.values()];
}
