import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createFakeTerminal } from '@/testing/fake-terminal';
import { readBytes, readTextFile } from './terminal';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'chainwright-terminal-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

it('reads a file of the folder, and standard input for -', async () => {
  writeFileSync(path.join(folder, 'a.json'), 'text');
  const { terminal } = createFakeTerminal({ folder, stdin: 'piped' });
  expect(await readTextFile(terminal, 'a.json')).toBe('text');
  expect(await readTextFile(terminal, '-')).toBe('piped');
});

it.each([
  ['missing', 'there is no such file'],
  ['.', 'it is a directory'],
  ['a\0b', 'that is no name of a file'],
  ['/dev/zero', 'it has more than 64 MB, and a chain document at most 5'],
  ['huge', 'it has more than 64 MB, and a chain document at most 5'],
])('says in a few words why %j cannot be read', async (file, reason) => {
  writeFileSync(path.join(folder, 'huge'), '');
  truncateSync(path.join(folder, 'huge'), 3_000_000_000);
  const { terminal } = createFakeTerminal({ folder });
  expect(await readBytes(terminal, file)).toEqual({ ok: false, error: reason });
});

it('stops reading a standard input without end', async () => {
  const { terminal } = createFakeTerminal({ folder });
  async function* endless() {
    for (;;) yield new Uint8Array(1024 * 1024);
  }
  expect(await readBytes({ ...terminal, stdin: endless }, '-')).toMatchObject({ ok: false });
});

it('refuses bytes that are no text, by the name of the file made printable', async () => {
  writeFileSync(path.join(folder, 'a\u001bb'), Uint8Array.of(0xff));
  const { terminal } = createFakeTerminal({ folder });
  await expect(readTextFile(terminal, 'a\u001bb')).rejects.toThrow('a\\u001bb is not UTF-8 text.');
});
