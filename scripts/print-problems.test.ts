import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { printProblemsPage } from './print-problems';
import { projectDir } from './setup.js';

it('docs/problems.md is what the code says (else: npm run documents)', () => {
  expect(readFileSync(path.join(projectDir, 'docs', 'problems.md'), 'utf8')).toBe(printProblemsPage());
});
