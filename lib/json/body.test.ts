import { describe, expect, it } from 'vitest';
import { INLINE_BYTES_MAX, toBody } from './body';
import { sha256Hex } from './print-json';
import type { JsonText } from './value';

/** A JSON string of exactly so many UTF-8 bytes. */
const textOf = (bytes: number, character = 'a'): JsonText => {
  const count = (bytes - 2) / Buffer.byteLength(character);
  expect(Number.isInteger(count)).toBe(true);
  return `"${character.repeat(count)}"` as JsonText;
};

describe('toBody', () => {
  it.each(['a', 'é', '€', '👩'])('keeps 8 KB of %s inline', (character) => {
    const bytes = 2 + Math.floor((INLINE_BYTES_MAX - 2) / Buffer.byteLength(character)) * Buffer.byteLength(character);
    const text = textOf(bytes, character);
    expect(toBody(text)).toEqual({ type: 'inline', text });
  });

  it.each(['a', 'é', '€', '👩'])('tells what is larger by its hash, size and first characters: %s', (character) => {
    const width = Buffer.byteLength(character);
    const bytes = 2 + (Math.floor((INLINE_BYTES_MAX - 2) / width) + 1) * width;
    const text = textOf(bytes, character);
    const body = toBody(text);
    expect(body).toMatchObject({ type: 'stored', sha256: sha256Hex(text), sizeBytes: bytes });
    expect(body.type === 'stored' && text.startsWith(body.preview) && body.preview.length).toBeGreaterThan(1000);
  });

  it('does not cut a preview in the middle of a character', () => {
    const body = toBody(`"${'a'.repeat(1022)}👩${'a'.repeat(10_000)}"` as JsonText);
    expect(body.type === 'stored' && body.preview).not.toMatch(/\p{Cs}/u);
  });
});
