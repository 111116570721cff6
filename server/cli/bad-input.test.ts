import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { BAD_INPUTS, type BadInput, hugeInput, isAtOrBelow, MESSAGE_BYTES_MAX } from '@/testing/bad-input';
import { type BuiltCommand, buildCommand } from '@/testing/built-command';

interface Report {
  readonly files: readonly {
    readonly file: string;
    readonly problems: readonly {
      readonly code: string;
      readonly severity: string;
      readonly message: string;
      readonly path: string;
    }[];
  }[];
}

let command: BuiltCommand;
let folder: string;

beforeAll(async () => {
  command = await buildCommand();
});
afterAll(() => command.remove());
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'chainwright-bad-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** What the command made of one file, in one value that compares well; null when it is as it must be. */
function complaintOf(
  { name, outcome, code, path: place }: BadInput,
  told: Report['files'][number] | undefined,
): unknown {
  if (told === undefined) return { name, told: 'nothing' };
  const { problems } = told;
  const hasError = problems.some(({ severity }) => severity === 'error');
  const isRight =
    hasError === (outcome !== 'accepted') &&
    (code === undefined || problems.some((each) => each.code === code)) &&
    (place === undefined || problems.some((each) => isAtOrBelow(each.path, place))) &&
    problems.every(({ message }) => Buffer.byteLength(message) <= MESSAGE_BYTES_MAX);
  return isRight ? null : { name, problems: problems.slice(0, 3) };
}

it('names what is wrong in each of many bad files, and changes none of them', async () => {
  const names = BAD_INPUTS.map((_, i) => `${i}.json`);
  for (const [i, { bytes }] of BAD_INPUTS.entries()) writeFileSync(path.join(folder, names[i]!), bytes);
  const { code, stdout, stderr } = await command.run(['validate', '--json', ...names], { folder });
  expect({ code, stderr }).toEqual({ code: 3, stderr: '' });
  const byFile = new Map((JSON.parse(stdout) as Report).files.map((report) => [report.file, report]));
  expect(BAD_INPUTS.map((input, i) => complaintOf(input, byFile.get(`${i}.json`))).filter(Boolean)).toEqual([]);
  expect(readdirSync(folder)).toHaveLength(BAD_INPUTS.length);
  for (const [i, { bytes }] of BAD_INPUTS.entries()) {
    expect(readFileSync(path.join(folder, names[i]!)).equals(bytes)).toBe(true);
  }
}, 60_000);

it('exits 3 for each that is rejected or a draft, within seconds, and names the file', async () => {
  // One process each: a few of every kind are enough, the others go the same way.
  const chosen = [...BAD_INPUTS.filter((_, i) => i % 31 === 0 && i < 186), hugeInput()];
  for (const { bytes, outcome, name } of chosen) {
    const { code, stdout, stderr } = await command.run(['validate', '-'], { folder, stdin: Buffer.from(bytes) });
    expect({ name, code, stderr }).toEqual({ name, code: outcome === 'accepted' ? 0 : 3, stderr: '' });
    if (outcome !== 'accepted') expect(stdout).toMatch(/^standard input.*: error \w+/);
  }
}, 60_000);
