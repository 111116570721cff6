import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '@/testing/temporary-store';
import { flagOf, loadSettings, SETTING_NAMES, variableOf } from './settings';

const load = (
  given: Partial<Parameters<typeof loadSettings>[0]> & { readonly files?: Record<string, string> } = {},
) => {
  const { files = {}, folder = temporaryFolder(), ...rest } = given;
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return { folder, loaded: loadSettings({ folder, processEnv: {}, ...rest }) };
};

const settingsOf = (given: Parameters<typeof load>[0] = {}) => {
  const { loaded } = load(given);
  if (!loaded.ok) throw new Error(loaded.error.join('\n'));
  return loaded.value;
};

const mistakesOf = (given: Parameters<typeof load>[0]): readonly string[] => {
  const { loaded } = load(given);
  if (loaded.ok) throw new Error('The settings were accepted');
  return loaded.error;
};

describe('loadSettings', () => {
  it('takes defaults where nothing is said', () => {
    const { folder, loaded } = load();
    expect(loaded.ok && loaded.value.settings).toEqual({
      host: '127.0.0.1',
      port: 3000,
      publicUrl: null,
      dataDir: join(folder, '.chainwright'),
      logLevel: 'warn',
      unfinishedRuns: 'take-over',
      onDoubt: 'interrupt',
      payloadBytesMax: 2 * 1024 * 1024,
    });
  });

  it('lets flags win over the environment, over .env.local, over the file, over defaults', () => {
    const layers = {
      flags: { port: '1001' },
      processEnv: { CHAINWRIGHT_PORT: '1002', CHAINWRIGHT_LOG_LEVEL: 'error' },
      files: {
        '.env.local': 'CHAINWRIGHT_PORT=1003\nCHAINWRIGHT_LOG_LEVEL=info\nCHAINWRIGHT_ON_DOUBT=call-again\n',
        'chainwright.config.json':
          '{"port":1004,"logLevel":"debug","onDoubt":"interrupt","unfinishedRuns":"ask","connections":[]}',
      },
    };
    const { settings, sources } = settingsOf(layers);
    expect(settings).toMatchObject({ port: 1001, logLevel: 'error', onDoubt: 'call-again', unfinishedRuns: 'ask' });
    expect(sources).toMatchObject({
      port: 'flag',
      logLevel: 'environment',
      onDoubt: '.env.local',
      unfinishedRuns: 'chainwright.config.json',
      host: 'default',
    });
  });

  it('counts an empty variable as unset', () => {
    expect(settingsOf({ processEnv: { CHAINWRIGHT_PORT: '' } }).settings.port).toBe(3000);
  });

  it('hands the variables of a connection on, the process over .env.local', () => {
    const { environment } = settingsOf({
      processEnv: { CXONE_CLIENT_ID: 'process' },
      files: { '.env.local': 'CXONE_CLIENT_ID=file\nCXONE_CLIENT_SECRET="of the file"\n' },
    });
    expect(environment).toMatchObject({ CXONE_CLIENT_ID: 'process', CXONE_CLIENT_SECRET: 'of the file' });
  });

  it.each(['127.0.0.1', '127.8.9.1', '::1', 'localhost'])('accepts the loopback address %s', (host) => {
    expect(settingsOf({ flags: { host } }).settings.host).toBe(host);
  });

  it.each(['0.0.0.0', '::', '192.168.1.5', '127.0.0.1.example.com', '127.0.0.999', 'example.com', ''])(
    'refuses the address %j, and says how to reach the server from elsewhere',
    (host) => {
      expect(mistakesOf({ flags: { host } })).toEqual([expect.stringMatching(/^--host: .*until sign-in.*ssh -L/)]);
    },
  );

  it.each([
    ['a port that is no number', { flags: { port: 'http' } }, '--port: '],
    ['a port that is too large', { processEnv: { CHAINWRIGHT_PORT: '70000' } }, 'CHAINWRIGHT_PORT: '],
    ['a mistake in .env.local', { files: { '.env.local': 'CHAINWRIGHT_PORT=-1' } }, 'CHAINWRIGHT_PORT in .env.local: '],
    [
      'a mistake in the file',
      { files: { 'chainwright.config.json': '{"logLevel":"loud"}' } },
      'logLevel in chainwright.config.json: ',
    ],
    [
      'an unknown key of the file',
      { files: { 'chainwright.config.json': '{"prot":1}' } },
      'prot in chainwright.config.json: no such setting. Did you mean port?',
    ],
    ['a file that is no JSON', { files: { 'chainwright.config.json': '{' } }, 'chainwright.config.json is not JSON: '],
    ['a public URL that is none', { flags: { publicUrl: 'javascript:alert(1)' } }, '--public-url: '],
  ])('refuses %s, naming the place', (_what, given, start) => {
    expect(mistakesOf(given)).toEqual([expect.stringContaining(start)]);
  });

  it('reports every mistake at once', () => {
    expect(mistakesOf({ flags: { port: 'x', onDoubt: 'maybe' } })).toHaveLength(2);
  });

  it('names each setting as flag and as variable', () => {
    expect(SETTING_NAMES.map((name) => [flagOf(name), variableOf(name)])).toContainEqual([
      'payload-bytes-max',
      'CHAINWRIGHT_PAYLOAD_BYTES_MAX',
    ]);
  });
});
