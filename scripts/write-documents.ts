/**
 * `npm run documents`: prints the pages of docs/ and the published schema, which follow from tables in the code. Tests see
 * whether they are current.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { printFailuresPage } from './print-failures';
import { printProblemsPage } from './print-problems';
import { printChainSchema } from './print-schema';
import { printSettingsPage } from './print-settings';
import { projectDir } from './setup.js';

const DOCUMENTS = {
  'docs/failures.md': printFailuresPage,
  'docs/problems.md': printProblemsPage,
  'docs/settings.md': printSettingsPage,
  'public/schema/chain-1.json': printChainSchema,
};

for (const [name, print] of Object.entries(DOCUMENTS)) {
  const file = path.join(projectDir, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, print());
}
