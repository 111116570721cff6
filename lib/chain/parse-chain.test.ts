import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FAILURE_KINDS } from '@/lib/failure/action-failure';
import { parseTrustedJson } from '@/lib/json/parse-json';
import type { JsonText, JsonValue } from '@/lib/json/value';
import { arbitraryJson } from '@/testing/arbitrary-json';
import { toActionId } from '@/testing/chain-builder';
import { fuzzRuns } from '@/testing/fuzz-runs';
import { ACTIONS_MAX } from './chain';
import { parseChain, parseChainText } from './parse-chain';
import { printChain } from './print-chain';
import { REJECTIONS_MAX, type Rejection } from './rejection';

const FORMAT = '"format":"chainwright.chain/1"';

function rejectionsOf(text: string): readonly Rejection[] {
  const parsed = parseChainText(text);
  if (parsed.ok) throw new Error(`Accepted: ${text.slice(0, 200)}`);
  return parsed.error;
}

const chainOfText = (text: string) => {
  const parsed = parseChainText(text);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
  return parsed.value;
};

const withSettings = (settings: string) => `{${FORMAT},"settings":${settings},"actions":{}}`;
const withAction = (action: string) => `{${FORMAT},"actions":{"a":${action}}}`;

describe('parseChain', () => {
  it('reads the smallest document', () => {
    expect(chainOfText(`{${FORMAT},"actions":{}}`)).toEqual({ actions: new Map(), extra: new Map() });
  });

  it('takes null and repeated dependencies and null inputs as what they mean', () => {
    const chain = chainOfText(
      `{${FORMAT},"actions":{"a":{"definition_id":"d","depends_on":null,"inputs":null},"b":{"definition_id":"d","depends_on":["a","a","c","a"]}}}`,
    );
    expect(chain.actions.get(toActionId('a'))).toEqual({
      definition_id: 'd',
      depends_on: [],
      inputs: new Map(),
      extra: new Map(),
    });
    expect(chain.actions.get(toActionId('b'))?.depends_on).toEqual(['a', 'c']);
    expect(printChain(chain)).not.toContain('null');
  });

  it('keeps actions in document order, whatever their ids', () => {
    const action = '{"definition_id":"d"}';
    const ids = ['b', '10', '2', '__proto__', 'constructor', 'a'];
    const chain = chainOfText(`{${FORMAT},"actions":{${ids.map((id) => `"${id}":${action}`).join(',')}}}`);
    expect([...chain.actions.keys()]).toEqual(ids);
  });

  it('takes cycles, self-loops and missing dependencies as a draft', () => {
    const chain = chainOfText(
      `{${FORMAT},"actions":{"a":{"definition_id":"d","depends_on":["a","b"]},"b":{"definition_id":"d","depends_on":["a","ghost"]}}}`,
    );
    expect(chain.actions.size).toBe(2);
  });

  it('keeps x- keys of every object with fixed keys', () => {
    const text = `{${FORMAT},"settings":{"retry":{"x-r":1},"webhook":{"url":"https://example.org","x-w":2},"x-s":3},"actions":{"a":{"definition_id":"d","retry":{"x-ar":4},"x-a":5}},"x-c":6}`;
    const printed = printChain(chainOfText(text));
    for (const key of ['x-r', 'x-w', 'x-s', 'x-ar', 'x-a', 'x-c']) expect(printed).toContain(`"${key}"`);
  });

  it('keeps a webhook address as it was written', () => {
    const text = withSettings('{"webhook":{"url":"HTTPS://Example.org:443/a b"}}');
    expect(printChain(chainOfText(text))).toContain('"HTTPS://Example.org:443/a b"');
  });

  it('leaves free data alone: any key, any order, any spelling', () => {
    const free = '{"z":1.0,"10":[],"2":{"__proto__":null,"x-":1},"definition_id":5}';
    const chain = chainOfText(withAction(`{"definition_id":"d","inputs":${free},"fallback":${free}}`));
    const again = chainOfText(printChain(chain));
    expect(again).toEqual(chain);
    expect(printChain(chain).replace(/\s/g, '')).toContain(`"inputs":${free}`);
  });
});

describe('a rejection says path, found and expected', () => {
  it.each([
    ['[]', '', 'The document is a list; expected a chain: an object with "format": "chainwright.chain/1".'],
    ['"x"', '', 'The document is the text "x"; expected a chain: an object with "format": "chainwright.chain/1".'],
    ['{"actions":{}}', '/format', 'format is missing; expected "chainwright.chain/1".'],
    [
      '{"format":"chainwright.chain/0","actions":{}}',
      '/format',
      'format is the text "chainwright.chain/0"; expected "chainwright.chain/1".',
    ],
    [
      '{"format":"chainwright.chain/2","actions":{"a":{"steps":5}}}',
      '/format',
      'The format is chainwright.chain/2: this was made by a newer Chainwright, and this one reads up to chainwright.chain/1. Update Chainwright, or export the file again from the version that made it, in the older format.',
    ],
    [`{${FORMAT}}`, '/actions', 'actions is missing; expected an object: action id → action.'],
    [`{${FORMAT},"actions":null}`, '/actions', 'actions is null; expected an object: action id → action.'],
    [`{${FORMAT},"actions":[]}`, '/actions', 'actions is a list; expected an object: action id → action.'],
    [`{${FORMAT},"actions":{},"inputs":5}`, '/inputs', 'inputs is 5; expected a JSON Schema: an object.'],
    [`{${FORMAT},"actions":{},"name":5}`, '/name', 'name is 5; expected a text.'],
    [
      `{${FORMAT},"actions":{},"name":"${'n'.repeat(201)}"}`,
      '/name',
      `name is the text "${'n'.repeat(60)}…"; expected at most 200 characters.`,
    ],
    [`{${FORMAT},"actions":{},"settings":null}`, '/settings', 'settings is null; expected an object.'],
    [
      withSettings('{"binding":"strong"}'),
      '/settings/binding',
      'binding is the text "strong"; expected "typed" or "text".',
    ],
    [
      withSettings('{"max_concurrency":65}'),
      '/settings/max_concurrency',
      'max_concurrency is 65; expected a whole number from 1 to 64.',
    ],
    [
      withSettings('{"max_concurrency":1.5}'),
      '/settings/max_concurrency',
      'max_concurrency is 1.5; expected a whole number from 1 to 64.',
    ],
    [
      withSettings('{"timeout_sec":"30"}'),
      '/settings/timeout_sec',
      'timeout_sec is the text "30"; expected a number from 0.1 to 3600.',
    ],
    [
      withSettings('{"timeout_sec":0}'),
      '/settings/timeout_sec',
      'timeout_sec is 0; expected a number from 0.1 to 3600.',
    ],
    [withSettings('{"retry":[]}'), '/settings/retry', 'retry is a list; expected an object.'],
    [
      withSettings('{"retry":{"on":["timeout","sometimes"]}}'),
      '/settings/retry/on/1',
      `on.1 is the text "sometimes"; expected ${FAILURE_KINDS.map((kind) => JSON.stringify(kind)).join(', ')}.`,
    ],
    [withSettings('{"webhook":{}}'), '/settings/webhook/url', 'url is missing; expected a text.'],
    [
      withSettings('{"webhook":{"url":"ftp://example.org"}}'),
      '/settings/webhook/url',
      'url is the text "ftp://example.org"; expected an http or https address.',
    ],
    [
      withSettings('{"webhook":{"url":"https://example.org","secret_ref":"my secret"}}'),
      '/settings/webhook/secret_ref',
      'secret_ref is no name of a secret; expected capitals, digits and _, such as STATUS_WEBHOOK_SECRET.',
    ],
    [withAction('5'), '/actions/a', 'The action "a" is 5; expected an object with definition_id.'],
    [withAction('{}'), '/actions/a/definition_id', 'definition_id is missing; expected a text.'],
    [
      withAction('{"definition_id":""}'),
      '/actions/a/definition_id',
      'definition_id is the text ""; expected a definition id.',
    ],
    [
      withAction('{"definition_id":"d","depends_on":"b"}'),
      '/actions/a/depends_on',
      'depends_on is the text "b"; expected a list.',
    ],
    [
      withAction('{"definition_id":"d","depends_on":["b",7]}'),
      '/actions/a/depends_on/1',
      'depends_on.1 is 7; expected a text.',
    ],
    [
      withAction('{"definition_id":"d","disabled":"yes"}'),
      '/actions/a/disabled',
      'disabled is the text "yes"; expected true or false.',
    ],
    [
      withAction('{"definition_id":"d","effect":null}'),
      '/actions/a/effect',
      'effect is null; expected "read", "idempotent", "write".',
    ],
    [
      withAction('{"definition_id":"d","retry":{"max_attempts":0}}'),
      '/actions/a/retry/max_attempts',
      'max_attempts is 0; expected a whole number from 1 to 100.',
    ],
  ])('%s', (text, path, message) => {
    expect(rejectionsOf(text)).toMatchObject([{ code: 'schema', path, message }]);
  });

  it.each([
    [
      withAction('{"definition_id":"d","time_out_sec":1}'),
      '/actions/a/time_out_sec',
      'Unknown key `time_out_sec`; did you mean timeout_sec?',
    ],
    [
      withSettings('{"retry":{"max_attempt":1}}'),
      '/settings/retry/max_attempt',
      'Unknown key `max_attempt`; did you mean max_attempts?',
    ],
    [
      withSettings('{"webhook":{"url":"https://example.org","headers":{}}}'),
      '/settings/webhook/headers',
      'Unknown key `headers`; known are url, secret_ref, events. Keys of your own begin with x-.',
    ],
    [
      withAction('{"definition_id":"d","$schema":"s"}'),
      '/actions/a/$schema',
      /^Unknown key `\$schema`; known are definition_id, /,
    ],
    [
      withAction('{"definition_id":"d","__proto__":{"label":"x"}}'),
      '/actions/a/__proto__',
      /^Unknown key `__proto__`; known are /,
    ],
    [withAction('{"definition_id":"d","constructor":1}'), '/actions/a/constructor', /^Unknown key `constructor`; /],
    [`{${FORMAT},"actions":{},"__proto__":{"name":"x"}}`, '/__proto__', /^Unknown key `__proto__`; /],
  ])('refuses the unknown key of %s', (text, path, message) => {
    expect(rejectionsOf(text)).toMatchObject([{ code: 'schema', path, message: expect.stringMatching(message) }]);
  });

  it.each([
    [`{${FORMAT},"actions":{"input":{"definition_id":"d"}}}`, '/actions/input'],
    [`{${FORMAT},"actions":{"":{"definition_id":"d"}}}`, '/actions/'],
    [`{${FORMAT},"actions":{"a\\u0000":{"definition_id":"d"}}}`, '/actions/a\u0000'],
    [withAction('{"definition_id":"d","depends_on":["b","input"]}'), '/actions/a/depends_on/1'],
  ])('refuses the id in %s', (text, path) => {
    expect(rejectionsOf(text)).toMatchObject([
      { code: 'action_id', path, message: expect.stringContaining('cannot be an action id') },
    ]);
  });

  it('gives line and column of the place', () => {
    const text = `{\n  ${FORMAT},\n  "actions": {\n    "a": {\n      "definition_id": "d",\n      "label": 5\n    },\n    "b": {}\n  }\n}\n`;
    expect(rejectionsOf(text)).toMatchObject([
      { path: '/actions/a/label', line: 6, column: 7 },
      { path: '/actions/b/definition_id', line: 8, column: 5 },
    ]);
  });

  it('hands on what the JSON reader says', () => {
    expect(rejectionsOf('{"a":1,"a":2}')).toMatchObject([{ code: 'duplicate_key', path: '/a', line: 1, column: 8 }]);
    expect(rejectionsOf('{')).toMatchObject([{ code: 'json_syntax', line: 1, column: 2 }]);
  });

  it('lists every wrong place, and says how many more there are', () => {
    expect(rejectionsOf(withAction('{"definition_id":5,"label":5,"nope":1}'))).toHaveLength(3);
    const actions = Array.from({ length: 500 }, (_, i) => `"a${i}":{}`).join(',');
    const rejections = rejectionsOf(`{${FORMAT},"actions":{${actions}}}`);
    expect(rejections).toHaveLength(REJECTIONS_MAX);
    expect(rejections.at(-1)?.message).toBe('401 more places are wrong; mend these first.');
  });

  it('stays short when a key or value is long', () => {
    const long = 'k'.repeat(1_000_000);
    for (const text of [
      withAction(`{"definition_id":"d","${long}":1}`),
      withAction(`{"definition_id":"d","effect":"${long}"}`),
      `{${FORMAT},"actions":{"${long}":{"definition_id":"d"}}}`,
      `{${FORMAT},"actions":{"${long}":5}}`,
      withAction(`{"definition_id":"d","depends_on":["${long}"]}`),
      withAction(`{"definition_id":"d","timeout_sec":1${long.replaceAll('k', '0')}}`),
    ]) {
      for (const { message, path } of rejectionsOf(text)) {
        expect(Buffer.byteLength(message)).toBeLessThanOrEqual(4096);
        expect(path.length).toBeLessThan(300);
      }
    }
  });

  it('never cuts a pair of surrogates in two', () => {
    const [rejection] = rejectionsOf(withAction(`{"definition_id":"d","${'k'.repeat(59)}😀 and more":1}`));
    expect(rejection?.message).toContain(`${'k'.repeat(59)}…`);
  });
});

describe('limits', () => {
  const actions = (count: number) =>
    `{${FORMAT},"actions":{${Array.from({ length: count }, (_, i) => `"a${i}":{"definition_id":"d"}`).join(',')}}}`;

  it('takes 2,000 actions and refuses 2,001', () => {
    expect(chainOfText(actions(ACTIONS_MAX)).actions.size).toBe(2000);
    expect(rejectionsOf(actions(ACTIONS_MAX + 1))).toMatchObject([
      { code: 'limit', path: '/actions', message: 'The chain has 2001 actions; at most 2000 are accepted.' },
    ]);
  });

  it('refuses a value deeper than 64 that did not come as text', () => {
    let deep: JsonValue = null;
    for (let i = 0; i < 100_000; i++) deep = [deep];
    const document = parseTrustedJson(`{${FORMAT},"actions":{}}` as JsonText) as ReadonlyMap<string, JsonValue>;
    const parsed = parseChain(new Map([...document, ['x-deep', deep]]));
    expect(parsed).toMatchObject({ ok: false, error: [{ code: 'limit' }] });
  });

  it('never throws, whatever the value (property)', () => {
    const key = fc.constantFrom(
      'format',
      'actions',
      'settings',
      'retry',
      'webhook',
      'on',
      'url',
      'inputs',
      'depends_on',
      'definition_id',
      'when',
      'a',
      '__proto__',
      'x-y',
    );
    const { node } = fc.letrec<{ node: JsonValue }>((tie) => ({
      node: fc.oneof(
        { depthSize: 'large' },
        fc.constantFrom<JsonValue>('chainwright.chain/1', 'halt', null),
        arbitraryJson({ depthMax: 1 }),
        fc.array(tie('node'), { maxLength: 3 }),
        fc.array(fc.tuple(key, tie('node')), { maxLength: 5 }).map((entries) => new Map(entries)),
      ),
    }));
    fc.assert(
      fc.property(node, (value) => {
        const parsed = parseChain(value);
        if (parsed.ok) expect(parseChainText(printChain(parsed.value)).ok).toBe(true);
        else expect(parsed.error.length).toBeGreaterThan(0);
      }),
      { numRuns: fuzzRuns(500) },
    );
  });
});
