import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fuzzRuns } from '@/testing/fuzz-runs';
import { decodeText } from './decode-text';

const MEGABYTE = 1024 * 1024;
const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const problemOf = (bytes: Uint8Array) => {
  const decoded = decodeText(bytes, MEGABYTE);
  if (decoded.ok) throw new Error(`Decoded: ${decoded.value.slice(0, 80)}`);
  return decoded.error;
};

describe('decodeText', () => {
  it('gives the text of UTF-8 bytes, a byte order mark included (property)', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        // A zero among the first two bytes is UTF-16 of a text that could be JSON.
        fc.pre(!text.slice(0, 2).includes('\0'));
        expect(decodeText(bytesOf(`\uFEFF${text}`), MEGABYTE)).toEqual({ ok: true, value: `\uFEFF${text}` });
        expect(decodeText(bytesOf(text), MEGABYTE)).toEqual({ ok: true, value: text });
      }),
      { numRuns: fuzzRuns(300) },
    );
  });

  it.each([
    ['a lone continuation', [0x80]],
    ['a byte that never occurs', [0xff]],
    ['an overlong slash', [0xc0, 0xaf]],
    ['an overlong sequence of three', [0xe0, 0x80, 0xaf]],
    ['an overlong sequence of four', [0xf0, 0x80, 0x80, 0xaf]],
    ['half a surrogate pair', [0xed, 0xa0, 0x80]],
    ['a sequence above U+10FFFF', [0xf4, 0x90, 0x80, 0x80]],
    ['a sequence that breaks off', [0xe2, 0x82, 0x22]],
    ['a sequence at the end that breaks off', [0xf0, 0x9f, 0x91]],
    ['Latin-1', [0xfc, 0x62, 0x65, 0x72]],
  ])('refuses %s at its first byte, and repairs nothing', (_, bad) => {
    const before = bytesOf('{\n  "ü€👩": "');
    expect(problemOf(Uint8Array.of(...before, ...bad))).toMatchObject({
      code: 'json_syntax',
      path: '',
      line: 2,
      column: 12,
      message: expect.stringMatching(
        `^Not UTF-8 text: at byte offset ${before.length} \\(0x${bad[0]!.toString(16)}\\), .* Save the file as UTF-8`,
      ),
    });
  });

  it('finds the first bad byte wherever bytes were damaged (property)', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', minLength: 3 }),
        fc.uint8Array({ minLength: 1, maxLength: 4 }),
        (text, put) => {
          const before = bytesOf(`[${text}`);
          const decoded = decodeText(Uint8Array.of(...before, ...put, 0x22), MEGABYTE);
          if (decoded.ok || decoded.error.message.includes('UTF-16')) return;
          const offset = Number(/offset (\d+)/.exec(decoded.error.message)?.[1]);
          expect(offset).toBeGreaterThanOrEqual(before.length);
          expect(() =>
            new TextDecoder('utf-8', { fatal: true }).decode(Uint8Array.of(...before, ...put).subarray(0, offset)),
          ).not.toThrow();
        },
      ),
      { numRuns: fuzzRuns(500) },
    );
  });

  it.each([
    ['little-endian with its mark', [0xff, 0xfe, 0x7b, 0], 0],
    ['big-endian with its mark', [0xfe, 0xff, 0, 0x7b], 0],
    ['little-endian without one', [0x7b, 0, 0x7d, 0], 1],
    ['big-endian without one', [0, 0x7b, 0, 0x7d], 0],
  ])('tells UTF-16 %s, although its bytes may be UTF-8 too', (_, bytes, offset) => {
    expect(problemOf(Uint8Array.from(bytes))).toMatchObject({
      code: 'json_syntax',
      line: 1,
      message: expect.stringMatching(
        `^Not UTF-8 text: at byte offset ${offset} .*the file is UTF-16\\. Save it as UTF-8`,
      ),
    });
  });

  it('says of an archive that it has to be unpacked', () => {
    expect(problemOf(Uint8Array.of(0x50, 0x4b, 3, 4, 0xff)).message).toContain('compressed. Unpack it');
    expect(problemOf(Uint8Array.of(0x1f, 0x8b, 8, 0)).message).toContain('compressed. Unpack it');
  });

  it('looks at the size before it looks at a byte, the byte order mark apart', () => {
    const bytes = new Uint8Array(MEGABYTE + 1).fill(0xff);
    expect(problemOf(bytes)).toMatchObject({ code: 'limit', line: 1, column: 1 });
    expect(problemOf(bytes.subarray(1)).code).toBe('json_syntax');
    const marked = new Uint8Array(MEGABYTE + 4).fill(0x20);
    marked.set([0xef, 0xbb, 0xbf]);
    expect(decodeText(marked.subarray(0, MEGABYTE + 3), MEGABYTE).ok).toBe(true);
    expect(problemOf(marked).code).toBe('limit');
  });

  it('takes no byte for the empty text', () => {
    expect(decodeText(new Uint8Array(0), MEGABYTE)).toEqual({ ok: true, value: '' });
  });
});
