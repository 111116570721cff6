import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { printSettingsPage } from './print-settings';
import { projectDir } from './setup.js';

it('docs/settings.md is what the code says (else: npm run documents)', () => {
  expect(readFileSync(path.join(projectDir, 'docs', 'settings.md'), 'utf8')).toBe(printSettingsPage());
});
