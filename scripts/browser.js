/** Finds the browser that the tests drive, or installs one. Plain Node without dependencies. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { runToEnd, SetupFailure } from './setup.js';

/** Without these Chromium fails as root, on machines without a graphics card, and hammers a closed network. */
export const BROWSER_FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

const NAMES_ON_PATH = [
  'chromium',
  'chromium-browser',
  'google-chrome-stable',
  'google-chrome',
  'chrome',
  'microsoft-edge-stable',
  'microsoft-edge',
];

const MAC_APPS = [
  'Google Chrome.app/Contents/MacOS/Google Chrome',
  'Chromium.app/Contents/MacOS/Chromium',
  'Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
];

const WINDOWS_PROGRAMS = [
  'Google\\Chrome\\Application\\chrome.exe',
  'Chromium\\Application\\chrome.exe',
  'Microsoft\\Edge\\Application\\msedge.exe',
];

/**
 * The path of Chromium, Chrome or Edge: `CHROMIUM_PATH`, else one that is installed in a usual place, else undefined.
 * A `CHROMIUM_PATH` at which nothing stands is a SetupFailure, never silently passed over.
 *
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {string | undefined}
 */
export function findBrowser(env = process.env) {
  const chosen = env.CHROMIUM_PATH;
  if (chosen !== undefined && chosen !== '') {
    if (existsSync(chosen)) return chosen;
    throw new SetupFailure(`CHROMIUM_PATH is ${chosen}, but there is no such file.`);
  }
  return listUsualPlaces(env).find((place) => existsSync(place));
}

/**
 * Gives the path of a browser; installs Debian's Chromium when there is none, this is Debian or Ubuntu and the user is
 * root. Otherwise a SetupFailure says what to type.
 *
 * @returns {Promise<string>}
 */
export async function getBrowser() {
  const found = findBrowser();
  if (found !== undefined) return found;
  if (!canInstall()) throw new SetupFailure(`The browser tests need Chrome, Chromium or Edge. ${howToInstall()}`);

  console.error('Installing Chromium for the browser tests (apt-get) …');
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  // An index of one source that cannot be reached must not stop an install that another one can serve.
  await runToEnd('apt-get', ['update', '-qq'], { env });
  await runToEnd('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium'], { env });
  const installed = findBrowser();
  if (installed === undefined) throw new SetupFailure(`apt-get could not install Chromium. ${howToInstall()}`);
  return installed;
}

/** @param {NodeJS.ProcessEnv} env @returns {string[]} */
function listUsualPlaces(env) {
  switch (process.platform) {
    case 'darwin':
      return ['/Applications', path.join(env.HOME ?? '/', 'Applications')].flatMap((folder) =>
        MAC_APPS.map((app) => path.join(folder, app)),
      );
    case 'win32':
      return [env.PROGRAMFILES, env['PROGRAMFILES(X86)'], env.LOCALAPPDATA]
        .filter((folder) => folder !== undefined)
        .flatMap((folder) => WINDOWS_PROGRAMS.map((program) => path.join(folder, program)));
    default:
      return (env.PATH ?? '')
        .split(path.delimiter)
        .filter((folder) => folder !== '')
        .flatMap((folder) => NAMES_ON_PATH.map((name) => path.join(folder, name)));
  }
}

function canInstall() {
  return process.platform === 'linux' && process.getuid?.() === 0 && existsSync('/usr/bin/apt-get');
}

function howToInstall() {
  switch (process.platform) {
    case 'darwin':
      return 'Type: brew install --cask google-chrome';
    case 'win32':
      return 'Type: winget install Google.Chrome';
    default:
      return existsSync('/usr/bin/apt-get')
        ? 'Type: sudo apt-get update && sudo apt-get install -y chromium'
        : 'Install Chromium, or type: CHROMIUM_PATH=/path/to/chrome npm test';
  }
}
