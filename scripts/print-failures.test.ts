import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { printFailuresPage } from './print-failures';
import { projectDir } from './setup.js';

it('docs/failures.md is what the code says (else: npm run documents)', () => {
  expect(readFileSync(path.join(projectDir, 'docs', 'failures.md'), 'utf8')).toBe(printFailuresPage());
});
