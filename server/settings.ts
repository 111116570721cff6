import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { findNearestName } from '@/lib/nearest-name';
import { err, ok, type Result } from '@/lib/result';
import { type Environment, readEnvironment } from './env-file';
import { LOG_LEVELS } from './observe/log';

const wholeNumber = (min: number, max: number) =>
  z
    .union([z.number(), z.string().regex(/^\d+$/).transform(Number)], `Expected a whole number from ${min} to ${max}.`)
    .pipe(z.number().int().min(min, `At least ${min}.`).max(max, `At most ${max}.`));

/** Every setting of the server, with its default and its words; `docs/settings.md` is printed from this. */
export const SETTINGS_SCHEMA = z.strictObject({
  host: z
    .string()
    .refine(isLoopback, {
      error:
        'Only a loopback address (127.0.0.1, ::1, localhost) can be served until sign-in exists: anybody who reaches the ' +
        'server could run chains. From another machine, forward the port: ssh -L 3000:127.0.0.1:3000 HOST.',
    })
    .default('127.0.0.1')
    .describe('Address to listen on; loopback only.'),
  port: wholeNumber(0, 65_535).default(3000).describe('Port to listen on; 0 takes any free one.'),
  publicUrl: z
    .url({ protocol: /^https?$/, error: 'Expected a URL such as https://chains.example.com.' })
    .nullable()
    .default(null)
    .describe('Where browsers reach the server, when not at its own address; links and the Host check use it.'),
  dataDir: z
    .string()
    .min(1)
    .default('.chainwright')
    .describe('Folder of the store, relative to the working directory.'),
  logLevel: z.enum(LOG_LEVELS).default('warn').describe('How much is written to standard error, as JSON lines.'),
  unfinishedRuns: z
    .enum(['take-over', 'ask'])
    .default('take-over')
    .describe('What happens at start to runs that an earlier process left: they go on, or stand until resumed.'),
  onDoubt: z
    .enum(['interrupt', 'call-again'])
    .default('interrupt')
    .describe('What a take-over does with a write that was under way: stop and name it, or call again.'),
  payloadBytesMax: wholeNumber(1024, 64 * 1024 * 1024)
    .default(2 * 1024 * 1024)
    .describe('Largest answer of an action, in bytes; longer ones are cut off and fail.'),
});

export type Settings = Readonly<z.output<typeof SETTINGS_SCHEMA>>;
export type SettingName = keyof Settings;

/** Where a value comes from; earlier ones win. */
export type SettingSource = 'flag' | 'environment' | '.env.local' | 'chainwright.config.json' | 'default';

export interface LoadedSettings {
  readonly settings: Settings;
  readonly sources: Readonly<Record<SettingName, SettingSource>>;
  /** The process environment over `.env.local`; credentials of a connection are read from it. */
  readonly environment: Environment;
}

export const SETTING_NAMES = Object.keys(SETTINGS_SCHEMA.shape) as readonly SettingName[];

const words = (name: SettingName): readonly string[] => name.replace(/[A-Z]/g, (letter) => ` ${letter}`).split(' ');
/** `dataDir` → `data-dir`: the flag of a setting, without its dashes. */
export const flagOf = (name: SettingName): string => words(name).join('-').toLowerCase();
/** `dataDir` → `CHAINWRIGHT_DATA_DIR`. */
export const variableOf = (name: SettingName): string => `CHAINWRIGHT_${words(name).join('_').toUpperCase()}`;

const CONFIG_FILE = 'chainwright.config.json';
/** Keys of the file that are no settings of the server. */
const OTHER_CONFIG_KEYS = ['$schema', 'connections'];

/**
 * The settings in force in a folder: flags over the process environment over `.env.local` over `chainwright.config.json` over
 * defaults. An empty variable counts as unset. Every mistake is reported, with the place it stands in.
 */
export function loadSettings(given: {
  readonly folder: string;
  readonly processEnv: Environment;
  readonly flags?: Readonly<Partial<Record<SettingName, string>>>;
}): Result<LoadedSettings, readonly string[]> {
  const { folder, processEnv, flags = {} } = given;
  const environment = readEnvironment(folder, processEnv);
  if (!environment.ok) return err([environment.error]);
  const config = readConfig(folder);
  if (!config.ok) return err(config.error);

  const values = new Map<SettingName, unknown>();
  const sources = {} as Record<SettingName, SettingSource>;
  for (const name of SETTING_NAMES) {
    const variable = variableOf(name);
    const fromEnvironment = environment.value[variable];
    if (flags[name] !== undefined) {
      values.set(name, flags[name]);
      sources[name] = 'flag';
    } else if (fromEnvironment !== undefined && fromEnvironment !== '') {
      values.set(name, fromEnvironment);
      sources[name] = processEnv[variable] === undefined ? '.env.local' : 'environment';
    } else if (config.value.has(name)) {
      values.set(name, config.value.get(name));
      sources[name] = CONFIG_FILE;
    } else sources[name] = 'default';
  }

  const parsed = SETTINGS_SCHEMA.safeParse(Object.fromEntries(values));
  if (!parsed.success) {
    return err(
      parsed.error.issues.map(({ path, message }) => {
        const name = path[0] as SettingName;
        return `${placeOf(name, sources[name])}: ${message}`;
      }),
    );
  }
  const settings = { ...parsed.data, dataDir: resolve(folder, parsed.data.dataDir) };
  return ok({ settings, sources, environment: environment.value });
}

function placeOf(name: SettingName, source: SettingSource): string {
  if (source === 'flag') return `--${flagOf(name)}`;
  if (source === 'environment') return variableOf(name);
  return source === '.env.local' ? `${variableOf(name)} in .env.local` : `${name} in ${CONFIG_FILE}`;
}

function readConfig(folder: string): Result<ReadonlyMap<string, unknown>, readonly string[]> {
  let text: string;
  try {
    text = readFileSync(join(folder, CONFIG_FILE), 'utf8');
  } catch (error) {
    const code = (error as { readonly code?: unknown }).code;
    return code === 'ENOENT' ? ok(new Map()) : err([`${CONFIG_FILE} cannot be read (${String(code)}).`]);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return err([`${CONFIG_FILE} is not JSON: ${error instanceof Error ? error.message : String(error)}`]);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return err([`${CONFIG_FILE}: expected an object.`]);
  }
  const entries = new Map(Object.entries(value));
  const known = [...SETTING_NAMES, ...OTHER_CONFIG_KEYS];
  const unknown = [...entries.keys()].filter((key) => !known.includes(key));
  if (unknown.length === 0) return ok(entries);
  return err(
    unknown.map((key) => {
      const nearest = findNearestName(key, SETTING_NAMES);
      return `${key} in ${CONFIG_FILE}: no such setting.${nearest === undefined ? '' : ` Did you mean ${nearest}?`}`;
    }),
  );
}

/** Whether only this machine can reach the address. Names other than `localhost` are not looked up: they may change. */
function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.(25[0-5]|2[0-4]\d|1?\d?\d)){3}$/.test(host);
}
