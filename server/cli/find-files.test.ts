import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { findFiles } from './find-files';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'chainwright-find-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function lay(...files: readonly string[]): void {
  for (const file of files) {
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    writeFileSync(path.join(folder, file), '{}');
  }
}

const find = async (...patterns: readonly string[]) => {
  const { files, mistakes, notes } = await findFiles(patterns, folder);
  return { files: files.map(({ file }) => file), mistakes, notes };
};

it('takes of a folder every .json file below it, by name, without node_modules and dotted names', async () => {
  lay('c/b.json', 'c/a.json', 'c/d/e.json', 'c/read.me', 'c/node_modules/n.json', 'c/.git/g.json', 'c/.h.json');
  expect(await find('c')).toEqual({ files: ['c/a.json', 'c/b.json', 'c/d/e.json'], mistakes: [], notes: [] });
  expect((await find('.')).files).toEqual(['c/a.json', 'c/b.json', 'c/d/e.json']);
});

it.each([
  ['c/*.json', ['c/a.json', 'c/b.json']],
  ['c/**/*.json', ['c/a.json', 'c/b.json', 'c/d/e.json', 'c/d/f/g.json']],
  ['./c/d/**', ['c/d/e.json', 'c/d/f/g.json']],
  ['c/{a,d/e}.json', ['c/a.json', 'c/d/e.json']],
  ['c/[!a].json', ['c/b.json']],
  ['*/?.json', ['c/a.json', 'c/b.json']],
  ['c/.x/*.json', ['c/.x/h.json']],
])('expands the pattern %s', async (pattern, expected) => {
  lay('c/a.json', 'c/b.json', 'c/d/e.json', 'c/d/f/g.json', 'c/.x/h.json', 'c/node_modules/n.json');
  expect(await find(pattern)).toEqual({ files: expected, mistakes: [], notes: [] });
});

it('takes a name that is there as it is, also one that reads like a pattern', async () => {
  lay('[a].json', 'a.json');
  expect((await find('[a].json')).files).toEqual(['[a].json']);
});

it('gives each file once, and knows which were named', async () => {
  lay('c/a.json', 'c/b.json');
  const { files } = await findFiles(['c', './c/b.json', 'c/*.json', '-', '-'], folder);
  expect(files.map(({ file, isNamed, searches }) => [file, isNamed, [...searches]])).toEqual([
    ['c/a.json', false, ['c', 'c/*.json']],
    ['c/b.json', true, ['c', 'c/*.json']],
    ['-', true, []],
  ]);
});

it('says of each argument that leads nowhere why, and goes on with the others', async () => {
  lay('a.json');
  mkdirSync(path.join(folder, 'empty'));
  const { files, mistakes } = await find('nowhere.json', 'x*\u001b[2J.json', 'empty', 'a.json');
  expect(files).toEqual(['a.json']);
  expect(mistakes).toEqual([
    'nowhere.json cannot be read: there is no such file.',
    'x*\\u001b[2J.json matches no file.',
    'empty holds no .json file.',
  ]);
});

it('follows links to files and an argument that is a link, but goes in no circle', async () => {
  lay('c/a.json', 'elsewhere/b.json');
  symlinkSync('..', path.join(folder, 'c/up'));
  symlinkSync('.', path.join(folder, 'c/self.json'));
  symlinkSync('../elsewhere/b.json', path.join(folder, 'c/b.json'));
  symlinkSync('nowhere', path.join(folder, 'c/broken.json'));
  symlinkSync('circle', path.join(folder, 'circle'));
  symlinkSync('c', path.join(folder, 'link'));
  expect(await find('c', 'link/a.json')).toEqual({
    files: ['c/a.json', 'c/b.json', 'link/a.json'],
    mistakes: [],
    notes: ['c/broken.json is passed over: it is a link that leads nowhere.'],
  });
  expect((await find('link')).files).toEqual(['link/a.json', 'link/b.json']);
  expect((await find('circle')).mistakes).toEqual(['circle cannot be read: its symbolic links go in a circle.']);
});

it('never takes a file called - for standard input', async () => {
  lay('-');
  expect((await find('*')).files).toEqual([`.${path.sep}-`]);
});
