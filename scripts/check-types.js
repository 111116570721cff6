/** `npm run types`: checks every source, test and script against its types, those of the routes included. */
import { removeStaleTypes, run, runMain } from './setup.js';

await runMain(async () => {
  removeStaleTypes();
  await run(process.execPath, ['node_modules/next/dist/bin/next', 'typegen']);
  await run(process.execPath, ['node_modules/typescript/bin/tsc', '--noEmit']);
});
