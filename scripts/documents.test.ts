import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  ACTION_FIELDS,
  ACTIONS_MAX,
  CHAIN_FIELDS,
  RETRY_FIELDS,
  SETTINGS_FIELDS,
  WEBHOOK_FIELDS,
} from '@/lib/chain/chain';
import { parseChainText } from '@/lib/chain/parse-chain';
import { printChain } from '@/lib/chain/print-chain';
import { RETRYABLE_KINDS } from '@/lib/failure/action-failure';
import { parseJson } from '@/lib/json/parse-json';
import { printCompactJson } from '@/lib/json/print-json';
import { isJsonObject, type JsonValue } from '@/lib/json/value';
import { bindInputs } from '@/lib/template/bind-inputs';
import { ALLOCATION_MAX, DEPTH_MAX, OUTPUT_MAX, STEPS_MAX } from '@/lib/template/budget';
import { FILTERS, UNSUPPORTED_FILTERS } from '@/lib/template/callables/filters';
import { TESTS, UNSUPPORTED_TESTS } from '@/lib/template/callables/jinja-tests';
import { TEMPLATE_LENGTH_MAX } from '@/lib/template/parse-template';
import { SIMULATED_DEFINITIONS } from '@/server/simulator/definitions';
import { projectDir } from './setup.js';

const read = (name: string): string => readFileSync(path.join(projectDir, name), 'utf8');
const PAGES = [
  'README.md',
  ...readdirSync(path.join(projectDir, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];

/** The text between a heading and the next one of the same or a higher level. */
function section(page: string, heading: string): string {
  const level = /^#+/.exec(heading)![0].length;
  const start = page.indexOf(`\n${heading}\n`);
  expect(start, heading).toBeGreaterThan(-1);
  const rest = page.slice(start + heading.length + 2);
  const end = rest.search(new RegExp(`^#{1,${level}} `, 'm'));
  return end === -1 ? rest : rest.slice(0, end);
}

/** The names in the first column of the tables of a text. */
const namesInTables = (text: string): readonly string[] =>
  [...text.matchAll(/^\| (`[^|]*`) \|/gm)].flatMap(([, cell]) =>
    [...cell!.matchAll(/`"?([^`"(\s]+)[^`]*`/g)].map(([, name]) => name!),
  );

const blocks = (page: string, info: string): readonly string[] =>
  [...page.matchAll(new RegExp(`^\`\`\`${info}\n([^]*?)^\`\`\`$`, 'gm'))].map(([, text]) => text!);

function json(text: string): JsonValue {
  const parsed = parseJson(text);
  if (!parsed.ok) throw new Error(`${parsed.error.message} ${text}`);
  return parsed.value;
}

describe('every page', () => {
  const anchors = new Map(
    PAGES.map((page) => [
      page,
      new Set([...read(page).matchAll(/^#+ (.+)$/gm)].map(([, heading]) => toAnchor(heading!))),
    ]),
  );

  it.each(PAGES)('%s links to what is there', (page) => {
    for (const [, target] of read(page).matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^https?:/.test(target!) || target!.endsWith('.png')) continue;
      const [file, anchor] = target!.split('#');
      const linked = file === '' ? page : path.posix.join(path.posix.dirname(page), file!);
      expect(existsSync(path.join(projectDir, linked)), `${page} → ${linked}`).toBe(true);
      if (anchor !== undefined) expect([...anchors.get(linked)!], `${page} → ${target}`).toContain(anchor);
    }
  });

  it('shows only pictures that npm run pictures takes', () => {
    const taken = read('scripts/take-screenshots.js');
    const shown = PAGES.flatMap((page) => [...read(page).matchAll(/docs\/pictures\/([\w-]+)\.png/g)]);
    expect(shown.length).toBeGreaterThan(1);
    for (const [, name] of shown) expect(taken).toContain(`'${name}'`);
  });

  it.each(PAGES)('%s names no folder of one machine', (page) => {
    expect(read(page)).not.toMatch(/(^|[\s`"'(])\/(work|tmp|home|root|Users)\//m);
  });
});

/** As GitHub makes anchors of headings. */
const toAnchor = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-');

describe('docs/chain-format.md', () => {
  const page = read('docs/chain-format.md');

  it.each([
    ['## The chain', CHAIN_FIELDS],
    ['### `retry`', RETRY_FIELDS],
    ['### `webhook`', WEBHOOK_FIELDS],
    ['## An action', ACTION_FIELDS],
  ])('has each key of %s, in the order of the canonical text', (heading, fields) => {
    expect(namesInTables(section(page, heading))).toEqual(Object.keys(fields.shape));
  });

  it('has each key of settings, in the order of the canonical text', () => {
    const [own] = section(page, '## `settings`').split('\n### ');
    expect(namesInTables(own!)).toEqual(Object.keys(SETTINGS_FIELDS.shape));
  });

  it('lists the failure kinds that can be retried, and the limit of actions', () => {
    expect(page).toContain(RETRYABLE_KINDS.map((kind) => `\`${kind}\``).join(', '));
    expect(page).toContain(ACTIONS_MAX.toLocaleString('en-US'));
  });

  it('shows a document in canonical text', () => {
    const [document] = blocks(page, 'json');
    const parsed = parseChainText(document!);
    expect(parsed.ok && printChain(parsed.value)).toBe(document);
  });
});

describe('docs/templates.md', () => {
  const page = read('docs/templates.md');
  const context = json(blocks(page, 'json context')[0]!);
  const scope = isJsonObject(context) ? context : new Map<string, JsonValue>();

  const examples = (['typed', 'text'] as const).flatMap((binding) =>
    blocks(page, `jinja ${binding}`).flatMap((block) =>
      block
        .trimEnd()
        .split('\n')
        .map((line) => {
          const [, template, given] = /^(.*?) +→ (.+)$/.exec(line) ?? [];
          return { binding, template: template ?? line, given: given ?? 'an example without →' };
        }),
    ),
  );

  it.each(examples)('$template gives $given ($binding)', ({ binding, template, given }) => {
    const bound = bindInputs({ inputs: template, scope, binding, undefinedMode: 'strict' });
    expect(bound.ok ? printCompactJson(bound.value.value) : bound.error.message).toBe(printCompactJson(json(given)));
  });

  it('lists every filter and test, and those that there are not', () => {
    expect([...namesInTables(section(page, '## Filters'))].sort()).toEqual([...FILTERS.keys()].sort());
    expect([...namesInTables(section(page, '## Tests'))].sort()).toEqual([...TESTS.keys()].sort());
    for (const [heading, names] of [
      ['## Filters', UNSUPPORTED_FILTERS],
      ['## Tests', UNSUPPORTED_TESTS],
    ] as const) {
      expect(section(page, heading)).toContain(`Not available: ${[...names].map((name) => `\`${name}\``).join(', ')}.`);
    }
  });

  it('states the limits in force', () => {
    const limits = [TEMPLATE_LENGTH_MAX, STEPS_MAX, ALLOCATION_MAX, OUTPUT_MAX, DEPTH_MAX];
    const text = section(page, '## Limits');
    for (const limit of limits) expect(text).toContain(`| ${limit.toLocaleString('en-US')}`);
  });
});

describe('docs/runners.md', () => {
  const page = read('docs/runners.md');

  it.each(['run', 'validate', 'plan', 'export', 'simulator'])(
    'names the options of %s that --help prints, and no other',
    (command) => {
      const { stdout } = spawnSync(process.execPath, ['--import', 'tsx', 'server/cli/main.ts', command, '--help'], {
        cwd: projectDir,
        encoding: 'utf8',
      });
      const offered = [...stdout.matchAll(/^ {2}(--[a-z-]+)/gm)].map(([, option]) => option!);
      expect(offered.length).toBeGreaterThan(1);
      expect(namesInTables(section(page, `## ${command}`))).toEqual(offered);
    },
  );
});

describe('docs/connections.md', () => {
  it('lists the definitions of the simulator', () => {
    const page = read('docs/connections.md');
    for (const { id, name, effect } of SIMULATED_DEFINITIONS)
      expect(page).toContain(`| \`${id}\` | ${name} | ${effect}`);
  });
});
