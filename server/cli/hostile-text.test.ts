import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { EXPORT_KINDS } from '@/lib/exchange/export-chain';
import { type BuiltCommand, buildCommand } from '@/testing/built-command';
import { createFakeTerminal } from '@/testing/fake-terminal';
import { diff } from './commands/diff';
import { exportFile } from './commands/export';
import { plan } from './commands/plan';
import { validate } from './commands/validate';
import type { Terminal } from './terminal';

/** Clears the screen, sets the title, recolours by one C1 character, turns the reading direction, ends the line. */
const EVIL = '\u001b[2J\u001b]0;t\u0007\u009b31m\u202e\u2066\u200f\u0085\u2028\r\u007f';
/** Action ids may hold no control characters, but marks of direction. */
const EVIL_ID = 'id\u202e\u2066\u200f\u061c\u2028';
const ACTS_ON_TERMINAL = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/;

const SOUND = {
  format: 'chainwright.chain/1',
  name: EVIL,
  description: EVIL,
  actions: {
    [EVIL_ID]: { definition_id: EVIL, label: EVIL, inputs: { [EVIL]: EVIL }, [`x-${EVIL}`]: EVIL },
    [`${EVIL_ID}2`]: { definition_id: `local:${EVIL}`, depends_on: [EVIL_ID], when: `{{ '${EVIL_ID}' }}` },
  },
};
const DRAFT = {
  ...SOUND,
  actions: {
    ...SOUND.actions,
    c: {
      definition_id: EVIL,
      depends_on: [`${EVIL}nobody`, 'c'],
      inputs: { [EVIL]: `{{ nobody['${EVIL_ID}'] ${EVIL} }}` },
    },
    d: {
      definition_id: 'd',
      inputs: { [EVIL]: `AKIA${'IOSFODNN7EXAMPLQ'}`, y: `{{ input.${EVIL_ID} }} {{ ${EVIL_ID} }}` },
    },
  },
};
const REJECTED = { format: 'chainwright.chain/1', [EVIL]: 1, actions: { [EVIL]: { definition_id: 'd' } } };
const FORMAT = { format: EVIL, actions: {} };
const DUPLICATE = `{"a": {"definition_id": "d", ${JSON.stringify(EVIL)}: 1, ${JSON.stringify(EVIL)}: 2}}`;

/** Without the imported definition, whose file the simulator would ask for. */
const RUNNABLE = { ...SOUND, actions: { [EVIL_ID]: SOUND.actions[EVIL_ID]! } };

const FILES = [SOUND, DRAFT, REJECTED, FORMAT, DUPLICATE, RUNNABLE].map(
  (content, i) => [`${EVIL}${i}.json`, content] as const,
);
const NAMES = FILES.map(([name]) => name);
const MAP_NAME = `${EVIL}map.json`;

let command: BuiltCommand;
let folder: string;
beforeAll(async () => {
  command = await buildCommand();
  folder = mkdtempSync(path.join(tmpdir(), 'chainwright-evil-'));
  for (const [name, content] of FILES) {
    writeFileSync(path.join(folder, name), typeof content === 'string' ? content : JSON.stringify(content));
  }
  writeFileSync(
    path.join(folder, MAP_NAME),
    JSON.stringify({ format: 'chainwright.connection-map/1', connection: EVIL, definitions: { [EVIL]: EVIL } }),
  );
});
afterAll(() => {
  command.remove();
  rmSync(folder, { recursive: true });
});

/** What a command writes, its refusal included. */
async function outputOf(work: (terminal: Terminal) => Promise<unknown>): Promise<string> {
  const { terminal, out, err } = createFakeTerminal({ folder, isOutTerminal: true });
  const refusal = await work(terminal).then(
    () => '',
    (error: Error) => error.message,
  );
  return out() + err() + refusal;
}

it('prints nothing of a document or a file name that acts on a terminal', async () => {
  const outputs: string[] = [];
  for (const json of [false, true]) {
    const options = { strict: true, fix: false, json, allowLiteral: [`/${EVIL}`], map: MAP_NAME };
    outputs.push(
      await outputOf((terminal) => validate([...NAMES, `${EVIL}*`, `${EVIL}nowhere`, '.'], options, terminal)),
    );
    outputs.push(
      await outputOf((terminal) => validate([NAMES[0]!], { ...options, definitions: [NAMES[1]!] }, terminal)),
    );
    for (const name of NAMES) {
      outputs.push(await outputOf((terminal) => plan(name, { json, input: '{}' }, terminal)));
      outputs.push(await outputOf((terminal) => plan(name, { json, map: MAP_NAME }, terminal)));
      outputs.push(await outputOf((terminal) => diff(NAMES[0]!, name, { json }, terminal)));
    }
  }
  for (const to of EXPORT_KINDS) {
    for (const name of NAMES) {
      outputs.push(await outputOf((terminal) => exportFile(name, { to, allowLossy: true, input: '{}' }, terminal)));
    }
  }
  expect(outputs.filter((text) => text === '')).toEqual([]);
  expect(outputs.filter((text) => ACTS_ON_TERMINAL.test(text))).toEqual([]);
  expect(outputs.filter((text) => text.includes('\\u001b[2J')).length).toBeGreaterThan(20);
});

it('nor in results, audit lines and usage errors of a process', async () => {
  const run = await command.run(['run', NAMES[5]!, '--simulator'], { folder });
  expect(run.code).toBe(1);
  expect(JSON.parse(run.stdout).failures).toHaveProperty([EVIL_ID]);
  const refusals = [
    ['run', NAMES[0]!, '--simulator'],
    ['run', NAMES[1]!, '--simulator'],
    ['run', NAMES[0]!, '--simulator', '--input', `{"${EVIL}`],
    ['plan', NAMES[0]!, `--${EVIL}`],
    ['export', NAMES[0]!, '--to', EVIL],
    ['export', NAMES[0]!, '--to', 'chain', '--sidecar', NAMES[3]!],
    ['validate', NAMES[0]!, '--map', NAMES[2]!],
    [EVIL],
  ];
  const told = [run, ...(await Promise.all(refusals.map((args) => command.run(args, { folder }))))];
  expect(told.slice(1).map(({ code }) => code)).toEqual([2, 3, 2, 2, 2, 2, 2, 2]);
  for (const { stdout, stderr } of told) expect(stdout + stderr).not.toMatch(ACTS_ON_TERMINAL);
});
