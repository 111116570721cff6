/** `npm run documents`: prints the pages of docs/ that follow from tables in the code. Tests see whether they are current. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { printFailuresPage } from './print-failures';
import { printProblemsPage } from './print-problems';
import { printSettingsPage } from './print-settings';
import { projectDir } from './setup.js';

const PAGES = {
  'failures.md': printFailuresPage,
  'problems.md': printProblemsPage,
  'settings.md': printSettingsPage,
};

for (const [name, print] of Object.entries(PAGES)) writeFileSync(path.join(projectDir, 'docs', name), print());
