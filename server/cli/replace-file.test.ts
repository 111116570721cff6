import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { replaceFile } from './replace-file';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'chainwright-replace-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

it('replaces the text, keeps owner and permissions, and leaves nothing beside', async () => {
  const file = path.join(folder, `${'long'.repeat(60)}.json`);
  writeFileSync(file, 'old');
  chmodSync(file, 0o604);
  const before = statSync(file);
  expect(await replaceFile(file, 'new\u2028')).toEqual({ ok: true, value: undefined });
  const after = statSync(file);
  expect(readFileSync(file, 'utf8')).toBe('new\u2028');
  expect([after.mode, after.uid, after.gid]).toEqual([before.mode, before.uid, before.gid]);
  // A new file under the old name: whoever has the old one open goes on reading the old text.
  expect(after.ino).not.toBe(before.ino);
  expect(readdirSync(folder)).toHaveLength(1);
});

it('refuses what is no plain file, and makes none', async () => {
  mkdirSync(path.join(folder, 'directory'));
  symlinkSync('nowhere', path.join(folder, 'link'));
  const refusals = ['directory', 'link', 'missing'].map((name) => replaceFile(path.join(folder, name), 'new'));
  expect(await Promise.all(refusals)).toEqual([
    { ok: false, error: 'it is no plain file' },
    { ok: false, error: 'there is no such file' },
    { ok: false, error: 'there is no such file' },
  ]);
  expect(readdirSync(folder).sort()).toEqual(['directory', 'link']);
});
