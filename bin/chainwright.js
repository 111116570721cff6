#!/usr/bin/env node
import { existsSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';

const bundle = fileURLToPath(new URL('../dist/cli.js', import.meta.url));

if (existsSync(bundle)) await import(pathToFileURL(bundle).href);
else {
  console.error('The command line is not built yet: run `npm start` once in the project folder.');
  process.exitCode = 2;
}
