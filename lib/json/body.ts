import { utf8ToBytes } from '@noble/hashes/utils';
import { sha256Hex } from './print-json';
import type { JsonText } from './value';

/** A recorded value: up to 8 KB inside the event, larger ones by content hash, written in the same transaction. */
export type Body =
  | { readonly type: 'inline'; readonly text: JsonText }
  | {
      readonly type: 'stored';
      readonly sha256: string;
      readonly sizeBytes: number;
      /** The first characters of the text, for a look before the whole is fetched; not JSON by itself. */
      readonly preview: string;
    };

/** Larger values are told by hash: 200 events a second to many browsers must stay small. */
export const INLINE_BYTES_MAX = 8 * 1024;
const PREVIEW_LENGTH = 1024;

export function toBody(text: JsonText): Body {
  // A UTF-16 unit takes at most three bytes, so short text needs no count.
  const sizeBytes = text.length * 3 <= INLINE_BYTES_MAX ? 0 : utf8ToBytes(text).length;
  if (sizeBytes <= INLINE_BYTES_MAX) return { type: 'inline', text };
  // The cut must not leave half a character at the end.
  return {
    type: 'stored',
    sha256: sha256Hex(text),
    sizeBytes,
    preview: text.slice(0, PREVIEW_LENGTH).replace(/[\ud800-\udbff]$/, ''),
  };
}
