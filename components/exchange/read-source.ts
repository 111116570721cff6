import { importBytes } from '@/lib/exchange/import-chain';
import { SIDECAR_LIMITS } from '@/lib/exchange/sidecar';
import { findSizeProblem } from '@/lib/json/parse-json';
import { err } from '@/lib/result';
import type { Source } from './import-plan';

/** Reads a file of a person; one that is longer than anything that is accepted is not read at all. */
export async function readSource(file: File): Promise<Source> {
  // The name alone says too little: two folders may have a file each of one name.
  const source = { id: `file ${file.name} ${file.size} ${file.lastModified}`, fileName: file.name };
  try {
    const tooLong = findSizeProblem(file.size, BYTES_READ_MAX);
    if (tooLong !== undefined) return { ...source, read: err([tooLong]) };
    const bytes = new Uint8Array(await file.arrayBuffer());
    return { ...source, read: importBytes(bytes, file.name, file.size) };
  } catch {
    const message = 'The browser cannot read this file: it is a folder, was moved, or may not be opened.';
    return { ...source, read: err([{ code: 'schema', message, path: '' }]) };
  }
}

/** A sidecar may be longest; a byte order mark counts for nothing. */
const BYTES_READ_MAX = SIDECAR_LIMITS.sizeBytesMax + 3;

/**
 * With the new ones at the end. The same file chosen again takes its own place, and the place of a refused one of its
 * name, which it mends; others of an equal name stand beside one another, and so do all that were chosen at once.
 */
export function addSources(known: readonly Source[], added: readonly Source[]): readonly Source[] {
  const all = [...known];
  const taken = new Set<string>();
  for (const source of added) {
    const isItsPlace = (old: Source): boolean =>
      !taken.has(old.id) && (old.id === source.id || (old.fileName === source.fileName && !old.read.ok));
    const at = all.findIndex(isItsPlace);
    const id = all.some((old, index) => index !== at && old.id === source.id)
      ? `${source.id} ${all.length}`
      : source.id;
    taken.add(id);
    if (at === -1) all.push({ ...source, id });
    else all[at] = { ...source, id };
  }
  return all;
}
