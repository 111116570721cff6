import { z } from 'zod';
import { flagOf, SETTING_NAMES, SETTINGS_SCHEMA, type SettingName, variableOf } from '@/server/settings';

/** `docs/settings.md`: every setting of the server with its flag, variable, default and limits. */
export const printSettingsPage = (): string => `${HEAD}${SETTING_NAMES.map(printRow).join('')}${TAIL}`;

const HEAD = `# Settings

<!-- Printed from server/settings.ts by \`npm run documents\`; changes belong there. -->

The settings of the server, that is of \`npm start\` and \`chainwright serve\`. All have defaults: without any, Chainwright
starts at http://127.0.0.1:3000 with a simulated tenant.

A setting can stand in four places. An earlier place wins:

1. a flag: \`npm start -- --port 3001\`, \`chainwright serve --port 3001\`
2. a variable of the environment: \`CHAINWRIGHT_PORT=3001\`
3. the same variable in the file \`.env.local\` of the working directory
4. the file \`chainwright.config.json\` of the working directory: \`{ "port": 3001 }\`

An empty variable counts as unset. A mistake in any of them stops the start, and every mistake is named.

| file, flag, variable | value | default | what it does |
|---|---|---|---|
`;

const TAIL = `
## Variables that are no settings

| variable | read by | what it does |
|---|---|---|
| \`CXONE_…\` | server and command line | the tenant, see [connections](connections.md) |
| \`CHAINWRIGHT_SECRET_X\` | \`chainwright run\` | the secret that a document names by \`"secret_ref": "X"\` |
| \`CHAINWRIGHT_ALLOW_HOSTS\` | \`chainwright run\` | hosts, with or without port, that outgoing calls may reach inside a private network; separated by commas or spaces |
| \`NO_COLOR\` | \`chainwright run\` | any value: no colours in the live table |
| \`CHROMIUM_PATH\` | \`npm test\` | the browser that the tests drive |
`;

function printRow(name: SettingName): string {
  const schema = z.toJSONSchema(SETTINGS_SCHEMA.shape[name], { io: 'output' });
  const names = [name, `--${flagOf(name)}`, variableOf(name)].map((one) => `\`${one}\``).join('<br>');
  const byDefault = schema.default === null ? 'none' : `\`${String(schema.default)}\``;
  return `| ${names} | ${describeValue(schema)} | ${byDefault} | ${schema.description ?? ''} |\n`;
}

type JsonSchema = z.core.JSONSchema.BaseSchema;

function describeValue({ type, format, minimum, maximum, anyOf, enum: choices }: JsonSchema): string {
  if (anyOf !== undefined) return anyOf.map((one) => (one.type === 'null' ? 'none' : describeValue(one))).join(', or ');
  if (choices !== undefined) return choices.map((choice) => `\`${String(choice)}\``).join(', ');
  if (type === 'integer') return `a whole number from ${group(minimum)} to ${group(maximum)}`;
  return format === 'uri' ? 'an http or https URL' : 'a text';
}

const group = (limit: number | undefined): string => (limit ?? 0).toLocaleString('en-US');
