import { buildIfNeeded } from '../scripts/setup.js';

/** The browser tests drive what is built; an old build would make them judge another program. */
export default async function globalSetup(): Promise<void> {
  await buildIfNeeded();
}
