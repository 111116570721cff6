import type { PlainJson } from '@/lib/json/value';

/**
 * Input that people and programs really bring along, and what must become of it wherever it comes in: through the
 * library, the import route or the command line.
 *
 * - `rejected`: refused with sentences of at most 4 KB each that name the place; nothing is kept.
 * - `draft`: taken in whole, with at least one problem of severity error.
 * - `accepted`: taken in without an error.
 */
export interface BadInput {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly outcome: 'rejected' | 'draft' | 'accepted';
  /** A rejection or problem of this code must be among what is told. */
  readonly code?: string;
  /** One of them must name this JSON pointer, or a place below it. */
  readonly path?: string;
}

/** Whether a sentence about `pointer` tells of `path`. */
export const isAtOrBelow = (pointer: string, path: string): boolean =>
  pointer === path || pointer.startsWith(`${path}/`);

/** No sentence about a document is longer, in bytes. */
export const MESSAGE_BYTES_MAX = 4 * 1024;

const encoder = new TextEncoder();
const concat = (...parts: readonly Uint8Array[]): Uint8Array => Buffer.concat(parts);
const json = (value: PlainJson): string => JSON.stringify(value);
const mapping = (actions: string): string => `{${actions}}`;
const chain = (actions: string): string => `{"format":"chainwright.chain/1","actions":{${actions}}}`;
const action = (more = ''): string => `{"definition_id":"d"${more}}`;

const BOM = Uint8Array.of(0xef, 0xbb, 0xbf);

/** One case a line: name, text, outcome, and what must be told. */
const TEXTS: readonly (readonly [
  name: string,
  text: string,
  outcome: BadInput['outcome'],
  told?: Pick<BadInput, 'code' | 'path'>,
])[] = [
  ['an empty file', '', 'rejected', { code: 'json_syntax' }],
  ['nothing but space', ' \n\t\n', 'rejected', { code: 'json_syntax' }],
  [
    'an HTML page',
    '<!DOCTYPE html>\n<html><head><title>Sign in</title></head></html>',
    'rejected',
    { code: 'json_syntax' },
  ],
  ['YAML text', 'fetch_customer:\n  definition_id: d\n  depends_on: []\n', 'rejected', { code: 'json_syntax' }],
  ['a trailing comma in an object', chain(`"a":${action()},`), 'rejected', { code: 'json_syntax', path: '/actions' }],
  ['a trailing comma in a list', chain(`"a":${action(',"depends_on":["b",]')}`), 'rejected', { code: 'json_syntax' }],
  ['a comment', `// mine\n${chain('')}`, 'rejected', { code: 'json_syntax' }],
  ['single quotes', "{'a': {'definition_id': 'd'}}", 'rejected', { code: 'json_syntax' }],
  ['a Python literal', mapping(`"a":{"definition_id":"d","inputs":{"x":None}}`), 'rejected', { code: 'json_syntax' }],
  ['not a number', chain(`"a":${action(',"inputs":NaN')}`), 'rejected', { code: 'json_syntax' }],
  ['text behind the document', `${chain('')} x`, 'rejected', { code: 'json_syntax' }],
  ['half a document', '{"format":"chainwright.chain/1","actions":{"a":{"defin', 'rejected', { code: 'json_syntax' }],
  ['a control character in a text', chain(`"a":${action(',"label":"a\u0001b"')}`), 'rejected', { code: 'json_syntax' }],
  ['a newer format', '{"format":"chainwright.chain/2","actions":{}}', 'rejected', { code: 'schema', path: '/format' }],
  ['a format of somebody else', '{"format":"n8n","actions":{}}', 'rejected', { code: 'schema', path: '/format' }],
  [
    'an unknown key',
    chain(`"a":${action(',"depend_on":[]')}`),
    'rejected',
    { code: 'schema', path: '/actions/a/depend_on' },
  ],
  [
    'a key that stands twice',
    chain(`"a":${action()},"a":${action()}`),
    'rejected',
    { code: 'duplicate_key', path: '/actions/a' },
  ],
  [
    'a key that stands twice deep in free data',
    chain(`"a":${action(',"inputs":{"x":[{"y":1,"y":1}]}')}`),
    'rejected',
    { code: 'duplicate_key', path: '/actions/a/inputs/x/0/y' },
  ],
  ['an action without a definition', chain('"a":{}'), 'rejected', { code: 'schema', path: '/actions/a/definition_id' }],
  ['an action called input', chain(`"input":${action()}`), 'rejected', { code: 'action_id', path: '/actions/input' }],
  ['an empty action id', chain(`"":${action()}`), 'rejected', { code: 'action_id', path: '/actions/' }],
  ['an action id of 129 characters', chain(`"${'x'.repeat(129)}":${action()}`), 'rejected', { code: 'action_id' }],
  ['a control character in an id', chain(`"a\\u0007":${action()}`), 'rejected', { code: 'action_id' }],
  ['half a surrogate pair in an id', chain(`"\\ud800":${action()}`), 'rejected', { code: 'action_id' }],
  ['half a surrogate pair in a value', chain(`"a":${action(',"inputs":{"x":"\\ud800 \\udc00"}')}`), 'accepted'],
  [
    'names of Object.prototype as ids',
    chain(
      ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'valueOf']
        .map((id, i, all) => `"${id}":${action(i === 0 ? '' : `,"depends_on":["${all[i - 1]}"]`)}`)
        .join(),
    ),
    'accepted',
  ],
  [
    'names of Object.prototype as keys of inputs',
    chain(`"a":${action(',"inputs":{"__proto__":{"polluted":true},"constructor":1}')}`),
    'accepted',
  ],
  ['__proto__ as a key of an action', chain(`"a":${action(',"__proto__":{}')}`), 'rejected', { code: 'schema' }],
  ['ids that look like numbers', chain(`"10":${action()},"2":${action(',"depends_on":["10"]')}`), 'accepted'],
  [
    'huge numbers in inputs',
    chain(`"a":${action(`,"inputs":{"x":9007199254740993,"y":${'9'.repeat(1000)},"z":1e400,"f":2.0}`)}`),
    'accepted',
  ],
  [
    'a huge number in the settings',
    `{"format":"chainwright.chain/1","settings":{"max_concurrency":${'9'.repeat(400)}},"actions":{}}`,
    'rejected',
    { code: 'schema', path: '/settings/max_concurrency' },
  ],
  ['depends_on null', chain(`"a":${action(',"depends_on":null')}`), 'accepted'],
  [
    'depends_on as a text',
    chain(`"a":${action()},"b":${action(',"depends_on":"a"')}`),
    'rejected',
    { code: 'schema', path: '/actions/b/depends_on' },
  ],
  [
    'depends_on as a number',
    chain(`"a":${action(',"depends_on":7')}`),
    'rejected',
    { code: 'schema', path: '/actions/a/depends_on' },
  ],
  [
    'depends_on of numbers',
    chain(`"a":${action(',"depends_on":[7]')}`),
    'rejected',
    { code: 'schema', path: '/actions/a/depends_on/0' },
  ],
  ['depends_on as a text in a mapping', mapping(`"a":${action()},"b":${action(',"depends_on":"a"')}`), 'accepted'],
  ['depends_on null in a mapping', mapping(`"a":${action(',"depends_on":null,"inputs":null')}`), 'accepted'],
  [
    'depends_on as a number in a mapping',
    mapping(`"a":${action(',"depends_on":7')}`),
    'rejected',
    { code: 'schema', path: '/a/depends_on' },
  ],
  [
    'an action that depends on itself',
    chain(`"a":${action(',"depends_on":["a"]')}`),
    'draft',
    { code: 'dependency_self' },
  ],
  [
    'two actions that depend on each other',
    chain(`"a":${action(',"depends_on":["b"]')},"b":${action(',"depends_on":["a"]')}`),
    'draft',
    { code: 'cycle' },
  ],
  [
    'a dependency on nobody',
    chain(`"a":${action(',"depends_on":["nobody"]')}`),
    'draft',
    { code: 'dependency_missing' },
  ],
  ['a broken template', chain(`"a":${action(',"inputs":{"x":"{{ a. }}"}')}`), 'draft', { code: 'template_syntax' }],
  ['a template of 1 MB', chain(`"a":${action(`,"inputs":{"x":"${'{{ x '.repeat(200_000)}"}`)}`), 'draft'],
  ['100,000 brackets', '['.repeat(100_000), 'rejected', { code: 'limit' }],
  ['100,000 objects in one another', '{"a":'.repeat(100_000), 'rejected', { code: 'limit' }],
  [
    '100,000 brackets in the inputs',
    chain(`"a":${action(`,"inputs":${'['.repeat(100_000)}${']'.repeat(100_000)}`)}`),
    'rejected',
    { code: 'limit' },
  ],
  [
    '65 brackets in one another',
    chain(`"a":${action(`,"inputs":${'['.repeat(62)}${']'.repeat(62)}`)}`),
    'rejected',
    { code: 'limit' },
  ],
  ['64 brackets in one another', chain(`"a":${action(`,"inputs":${'['.repeat(61)}${']'.repeat(61)}`)}`), 'accepted'],
  [
    '2,001 actions',
    chain(Array.from({ length: 2001 }, (_, i) => `"a${i}":${action()}`).join()),
    'rejected',
    { code: 'limit', path: '/actions' },
  ],
  ['2,000 actions', chain(Array.from({ length: 2000 }, (_, i) => `"a${i}":${action()}`).join()), 'accepted'],
  [
    '2,000 wrong actions',
    chain(Array.from({ length: 2000 }, (_, i) => `"a${i}":{"nonsense":${i}}`).join()),
    'rejected',
    { code: 'schema' },
  ],
  ['a key of 1 MB', chain(`"a":${action(`,"${'k'.repeat(1_000_000)}":1`)}`), 'rejected', { code: 'schema' }],
  ['an id of 1 MB', chain(`"${'k'.repeat(1_000_000)}":${action()}`), 'rejected', { code: 'action_id' }],
  ['a definition id of 1 MB', chain(`"a":${action().replace('"d"', `"${'k'.repeat(1_000_000)}"`)}`), 'accepted'],
  [
    'text just over 5 MB',
    chain(`"a":${action(`,"notes":"${'n'.repeat(5 * 1024 * 1024)}"`)}`),
    'rejected',
    { code: 'limit' },
  ],
];

const BYTES: readonly BadInput[] = [
  {
    name: 'invalid UTF-8',
    bytes: concat(encoder.encode('{"a":"'), Uint8Array.of(0xff, 0xfe, 0x80), encoder.encode('"}')),
    outcome: 'rejected',
    code: 'json_syntax',
  },
  {
    name: 'a surrogate written as UTF-8',
    bytes: concat(encoder.encode('{"a":"'), Uint8Array.of(0xed, 0xa0, 0x80), encoder.encode('"}')),
    outcome: 'rejected',
    code: 'json_syntax',
  },
  { name: 'UTF-16', bytes: Buffer.from(`\uFEFF${chain('')}`, 'utf16le'), outcome: 'rejected', code: 'json_syntax' },
  {
    name: 'a compressed file',
    bytes: Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 0xab, 0x56, 0),
    outcome: 'rejected',
    code: 'json_syntax',
  },
  {
    name: 'a byte order mark before a chain',
    bytes: concat(BOM, encoder.encode(chain(`"a":${action()}`))),
    outcome: 'accepted',
  },
  {
    name: 'a byte order mark before a mapping',
    bytes: concat(BOM, encoder.encode(mapping(`"a":${action()}`))),
    outcome: 'accepted',
  },
  { name: 'a byte order mark and nothing else', bytes: BOM, outcome: 'rejected', code: 'json_syntax' },
];

/** A ring of `size` actions whose ids have the greatest length. */
const ring = (size: number): BadInput => {
  const id = (i: number): string => `a${i}_`.padEnd(128, 'x');
  const actions = Array.from(
    { length: size },
    (_, i) => `"${id(i)}":${action(`,"depends_on":["${id((i + size - 1) % size)}"]`)}`,
  );
  return {
    name: `a loop of ${size}`,
    bytes: encoder.encode(chain(actions.join())),
    outcome: 'draft',
    code: size === 1 ? 'dependency_self' : 'cycle',
  };
};

/** Every place with a fixed key, with the types that may stand there. */
const PLACES: readonly (readonly [path: readonly string[], accepted: string])[] = [
  [['$schema'], 'string'],
  [['format'], ''],
  [['name'], 'string'],
  [['description'], 'string'],
  [['inputs'], 'object boolean'],
  [['settings'], 'object'],
  [['settings', 'binding'], ''],
  [['settings', 'undefined'], ''],
  [['settings', 'max_concurrency'], 'number'],
  [['settings', 'timeout_sec'], 'number'],
  [['settings', 'deadline_sec'], 'number null'],
  [['settings', 'on_failure'], ''],
  [['settings', 'retry'], 'object'],
  [['settings', 'retry', 'max_attempts'], 'number'],
  [['settings', 'retry', 'initial_delay_sec'], 'number'],
  [['settings', 'retry', 'multiplier'], 'number'],
  [['settings', 'retry', 'max_delay_sec'], 'number'],
  [['settings', 'retry', 'jitter'], ''],
  [['settings', 'retry', 'max_elapsed_sec'], 'number'],
  [['settings', 'retry', 'on'], 'array'],
  [['settings', 'webhook'], ''],
  [['settings', 'webhook', 'url'], ''],
  [['settings', 'webhook', 'secret_ref'], ''],
  [['settings', 'webhook', 'events'], ''],
  [['actions'], 'object'],
  [['actions', 'a'], ''],
  [['actions', 'a', 'definition_id'], 'string'],
  [['actions', 'a', 'depends_on'], 'array null'],
  [['actions', 'a', 'inputs'], 'null boolean number string array object'],
  [['actions', 'a', 'label'], 'string'],
  [['actions', 'a', 'notes'], 'string'],
  [['actions', 'a', 'disabled'], 'boolean'],
  [['actions', 'a', 'run_if'], ''],
  [['actions', 'a', 'timeout_sec'], 'number'],
  [['actions', 'a', 'retry'], 'object'],
  [['actions', 'a', 'on_failure'], ''],
  [['actions', 'a', 'effect'], ''],
];

const VALUES: readonly (readonly [type: string, value: PlainJson])[] = [
  ['null', null],
  ['boolean', true],
  ['number', 1],
  ['string', 'x'],
  ['array', []],
  ['object', {}],
];

function withValueAt(path: readonly string[], value: PlainJson): PlainJson {
  const whole: Record<string, PlainJson> = {
    format: 'chainwright.chain/1',
    settings: { webhook: { url: 'https://example.org/status' } },
    actions: { a: { definition_id: 'd' } },
  };
  const put = (at: PlainJson | undefined, rest: readonly string[]): PlainJson => {
    const [key, ...below] = rest;
    if (key === undefined) return value;
    const record = (typeof at === 'object' && at !== null ? at : {}) as Readonly<Record<string, PlainJson>>;
    return { ...record, [key]: put(record[key], below) };
  };
  return put(whole, path);
}

const EVERYWHERE: readonly BadInput[] = PLACES.flatMap(([path, accepted]) =>
  VALUES.map(([type, value]): BadInput => {
    const isAccepted = accepted.split(' ').includes(type);
    return {
      name: `${type === 'array' || type === 'object' ? 'an empty ' : ''}${type} at /${path.join('/')}`,
      bytes: encoder.encode(json(withValueAt(path, value))),
      outcome: isAccepted ? 'accepted' : 'rejected',
      ...(isAccepted ? {} : { code: 'schema', path: `/${path.join('/')}` }),
    };
  }),
);

const AS_DOCUMENT: readonly BadInput[] = VALUES.map(([type, value]) => ({
  name: `${type} as the whole document`,
  bytes: encoder.encode(json(value)),
  // The empty object is the mapping of no action.
  outcome: type === 'object' ? 'accepted' : 'rejected',
}));

/** All of them but the one of 50 MB, which {@link hugeInput} makes when it is asked for. */
export const BAD_INPUTS: readonly BadInput[] = [
  ...TEXTS.map(([name, text, outcome, told]) => ({ name, bytes: encoder.encode(text), outcome, ...told })),
  ...BYTES,
  ...[1, 2, 3, 10, 200, 2000].map(ring),
  ...AS_DOCUMENT,
  ...EVERYWHERE,
];

/** 50 MB that would be a chain if they were fewer. */
export const hugeInput = (): BadInput => ({
  name: '50 MB',
  bytes: encoder.encode(chain(`"a":${action(`,"notes":"${'n'.repeat(50 * 1024 * 1024)}"`)}`)),
  outcome: 'rejected',
  code: 'limit',
});
