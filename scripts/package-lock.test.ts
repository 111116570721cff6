import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { projectDir } from './setup.js';

interface LockFile {
  readonly packages: Readonly<Record<string, { readonly optionalDependencies?: Readonly<Record<string, string>> }>>;
}

// npm writes such a lock file without a word when a registry lacks a part for another platform, and then refuses it:
// `npm ci` ends with "Missing: … from lock file" on every fresh machine.
it('the lock file names every part that its packages offer for some platform', () => {
  const lock = JSON.parse(readFileSync(path.join(projectDir, 'package-lock.json'), 'utf8')) as LockFile;
  const places = Object.keys(lock.packages);
  expect(places.length).toBeGreaterThan(100);
  const missing = Object.entries(lock.packages).flatMap(([place, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies)
      .filter((name) => !places.some((other) => other.endsWith(`node_modules/${name}`)))
      .map((name) => `${place} needs ${name}`),
  );
  expect(missing).toEqual([]);
});
