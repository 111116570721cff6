import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { effectiveSettings } from '@/lib/chain/chain';
import { hashChain, printChain } from '@/lib/chain/print-chain';
import { printConnectionMap } from '@/lib/definition/connection-map';
import { printDefinitions } from '@/lib/definition/definitions-snapshot';
import { applyEdit } from '@/lib/edit/apply-edit';
import { adviseEdges } from '@/lib/edit/edge-advice';
import { graphOf } from '@/lib/graph/chain-graph';
import { arbitraryChain, arbitraryWorkbench } from '@/testing/arbitrary-chain';
import { toActionId } from '@/testing/chain-builder';
import { fuzzRuns } from '@/testing/fuzz-runs';
import { TUTORIAL_MAPPING } from '@/testing/tutorial-mapping';
import { type Imported, type ImportedChain, importBytes, importText } from './import-chain';
import { printSidecar } from './sidecar';

const importedAs = <Kind extends Imported['kind']>(text: string, ...kinds: readonly Kind[]) => {
  const result = importText(text);
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  const { value } = result;
  if (!(kinds as readonly string[]).includes(value.kind)) throw new Error(`It is a ${value.kind}`);
  return value as Extract<Imported, { readonly kind: Kind }>;
};

const imported = (text: string): ImportedChain => importedAs(text, 'chain', 'mapping');

const rejected = (text: string, fileName?: string) => {
  const result = importText(text, fileName);
  if (result.ok) throw new Error(`Accepted: ${text.slice(0, 100)}`);
  return result.error;
};

describe('importing a chain document', () => {
  it('gives back on export the very bytes that came in (property)', () => {
    fc.assert(
      fc.property(arbitraryChain(), (chain) => {
        const text = printChain(chain);
        const { kind, workbench, problems } = imported(text);
        expect(kind).toBe('chain');
        expect(printChain(workbench.chain)).toBe(text);
        expect(hashChain(workbench.chain)).toBe(hashChain(chain));
        expect(problems).toEqual([]);
      }),
    );
  });

  it('lays no tutorial’s meaning over it', () => {
    const { workbench } = imported('{"format":"chainwright.chain/1","actions":{}}');
    expect(workbench.chain.settings).toBeUndefined();
  });

  it('tells that repeated dependencies were folded', () => {
    const { workbench, problems } = imported(
      '{"format":"chainwright.chain/1","actions":{"a/b":{"definition_id":"d","depends_on":["x","y","x","x","y"]}}}',
    );
    expect(workbench.chain.actions.get(toActionId('a/b'))?.depends_on).toEqual(['x', 'y']);
    expect(problems).toMatchObject([
      { code: 'dependency_duplicate', severity: 'info', action: 'a/b', path: '/actions/a~1b/depends_on' },
      { code: 'dependency_duplicate', message: 'a/b names its dependency y more than once; it is kept once.' },
    ]);
  });

  it('imports cycles and missing dependencies as a draft', () => {
    const { workbench } = imported(
      '{"format":"chainwright.chain/1","actions":{"a":{"definition_id":"d","depends_on":["b","ghost"]},"b":{"definition_id":"d","depends_on":["a"]}}}',
    );
    expect(workbench.chain.actions.size).toBe(2);
  });
});

describe('importing the tutorial’s mapping', () => {
  it('keeps its actions and writes its meaning into the settings', () => {
    const { workbench, kind, problems } = imported(TUTORIAL_MAPPING);
    expect(kind).toBe('mapping');
    expect(problems).toEqual([]);
    expect(effectiveSettings(workbench.chain)).toMatchObject({
      binding: 'text',
      undefinedMode: 'strict',
      maxConcurrency: 1,
    });
    const text = printChain(workbench.chain);
    expect(text).toContain(
      '"settings": {\n    "binding": "text",\n    "undefined": "strict",\n    "max_concurrency": 1\n  }',
    );
    expect(JSON.parse(text).actions).toEqual(JSON.parse(TUTORIAL_MAPPING));
    expect(workbench.chain.name).toBeUndefined();
  });

  it('reads the same mapping below an actions key', () => {
    const { workbench, kind } = imported(`{"actions": ${TUTORIAL_MAPPING}}`);
    expect(kind).toBe('mapping');
    expect(printChain(workbench.chain)).toBe(printChain(imported(TUTORIAL_MAPPING).workbench.chain));
  });

  it('takes what the object around actions says over the tutorial’s meaning', () => {
    const { workbench, problems } = imported(
      `{"name":"n","author":"me","settings":{"max_concurrency":3,"timeout_sec":5},"actions":${TUTORIAL_MAPPING}}`,
    );
    expect(workbench.chain.name).toBe('n');
    expect(effectiveSettings(workbench.chain)).toMatchObject({ binding: 'text', maxConcurrency: 3, timeoutMs: 5000 });
    expect(problems).toMatchObject([{ code: 'mapping_key_kept', path: '/x-author' }]);
    expect(problems[0]?.action).toBeUndefined();
  });

  it('takes one text as depends_on, and null as none', () => {
    const { workbench } = imported(
      '{"a":{"definition_id":"d","depends_on":null},"b":{"definition_id":"d","depends_on":"a"}}',
    );
    expect(workbench.chain.actions.get(toActionId('a'))?.depends_on).toEqual([]);
    expect(workbench.chain.actions.get(toActionId('b'))?.depends_on).toEqual(['a']);
  });

  it('keeps unknown keys as x- keys and lists each, with what may have been meant', () => {
    const { workbench, problems } = imported(
      '{"a":{"definition_id":"d","dependson":["b"],"owner":"me","x-owner":"you","label":"A"},"b":{"definition_id":"d"}}',
    );
    const action = workbench.chain.actions.get(toActionId('a'))!;
    expect(action.label).toBe('A');
    expect([...action.extra]).toEqual([
      ['x-owner', 'you'],
      ['x-dependson', ['b']],
      ['x-owner-2', 'me'],
    ]);
    expect(problems.filter(({ code }) => code === 'mapping_key_kept')).toMatchObject([
      {
        severity: 'info',
        action: 'a',
        path: '/actions/a/x-dependson',
        message:
          'dependson is no key of a chain; it is kept as x-dependson and has no effect. If depends_on was meant, rename it.',
      },
      {
        path: '/actions/a/x-owner-2',
        message: 'owner is no key of a chain; it is kept as x-owner-2 and has no effect.',
      },
    ]);
  });

  it('lists what a document repeats very often once it is told often enough, and takes no time over it', () => {
    const keys = Array.from({ length: 100_000 }, (_, i) => `"k${i}":1`).join();
    const { problems } = imported(`{"a":{"definition_id":"d",${keys}}}`);
    expect(problems).toHaveLength(200);
    expect(problems.at(-1)?.message).toMatch(
      /^So it is at 99801 more places, this one being the first of them\. k199 is/,
    );
    const waits = Array.from({ length: 200_000 }, (_, i) => `"w${i}"`).join();
    const twice = imported(`{"a":{"definition_id":"d","depends_on":[${waits},"w0"]}}`);
    expect(twice.problems).toMatchObject([{ code: 'dependency_duplicate' }]);
  }, 10_000);

  it('names no place longer than can be read', () => {
    const { problems } = imported(`{"a":{"definition_id":"d","${'k'.repeat(10_000)}":1}}`);
    expect(problems[0]?.path).toBe('/actions/a');
    expect(problems[0]?.message.length).toBeLessThan(300);
  });

  it('keeps a key named __proto__', () => {
    const { workbench } = imported('{"__proto__":{"definition_id":"d","__proto__":{"a":1}}}');
    expect([...workbench.chain.actions.get(toActionId('__proto__'))!.extra.keys()]).toEqual(['x-__proto__']);
  });

  it.each(['actions', 'format', 'name', 'contract', '$schema'])(
    'takes %s for an action id where an action stands under it',
    (id) => {
      const { workbench, kind } = imported(
        `{"${id}":{"definition_id":"d"},"b":{"definition_id":"d","depends_on":["${id}"]}}`,
      );
      expect(kind).toBe('mapping');
      expect([...workbench.chain.actions.keys()]).toEqual([id, 'b']);
    },
  );

  it('takes an empty mapping as an empty chain', () => {
    expect(imported('{}').workbench.chain.actions.size).toBe(0);
  });
});

describe('the edges that templates imply', () => {
  /** As people write it for a script that runs one action after the other: the order says what waits for what. */
  const WITHOUT_EDGES = TUTORIAL_MAPPING.replaceAll(/"depends_on": \[[^\]]*\],\n/g, '');

  it('can all be added to the tutorial’s mapping in one step, which makes it wait as the tutorial’s does', () => {
    const { workbench } = imported(WITHOUT_EDGES);
    const { missing } = adviseEdges(workbench.chain);
    expect(missing).toEqual([
      { from: 'fetch_customer', to: 'enrich_data' },
      { from: 'enrich_data', to: 'update_crm' },
    ]);
    const edits = missing.map(({ from, to }) => ({ type: 'connect', from, to }) as const);
    const added = applyEdit(workbench, { type: 'batch', edits });
    if (!added.ok) throw new Error(added.error.message);
    const { chain } = imported(TUTORIAL_MAPPING).workbench;
    expect([...graphOf(added.value.workbench.chain).predecessors]).toEqual([...graphOf(chain).predecessors]);
    expect(adviseEdges(added.value.workbench.chain).missing).toEqual([]);
  });

  it('can all be added in one step to any mapping, loops of references included (property)', () => {
    const ids = ['a', 'b', 'c', 'd', 'e', 'f'];
    const action = fc.record({ reads: fc.subarray(ids), waits: fc.subarray(ids, { maxLength: 2 }) });
    fc.assert(
      fc.property(fc.array(action, { minLength: 6, maxLength: 6 }), (actions) => {
        const mapping = actions.map(({ reads, waits }, index) => [
          ids[index],
          { definition_id: 'd', depends_on: waits, inputs: { x: reads.map((id) => `{{ ${id}.x }}`) } },
        ]);
        const { workbench } = imported(JSON.stringify(Object.fromEntries(mapping)));
        const edits = adviseEdges(workbench.chain).missing.map(
          ({ from, to }) => ({ type: 'connect', from, to }) as const,
        );
        expect(applyEdit(workbench, { type: 'batch', edits })).toMatchObject({ ok: true });
      }),
      { numRuns: fuzzRuns(200) },
    );
  });
});

describe('importing definitions', () => {
  const file = (name: string) =>
    `{"name":"${name}","integrationType":"t","actionType":"custom","config":{"request":{"requestType":"GET"}},"contract":{"input":{"inputSchema":{"type":"object"}}},"secure":false}`;

  it('reads a definition file', () => {
    expect(importedAs(file('Get X - Exported 2024-11-19 @ 14:10'), 'definitions')).toEqual({
      kind: 'definitions',
      definitions: [
        {
          id: 'local:get-x',
          name: 'Get X',
          description: '',
          inputSchema: new Map([['type', 'object']]),
          outputSchema: null,
          effect: 'read',
          origin: 'imported',
        },
      ],
      problems: [],
    });
  });

  it('reads a list of definition files, each under an id of its own', () => {
    const { definitions } = importedAs(`[${file('Get X')},${file('Get-X')}]`, 'definitions');
    expect(definitions.map(({ id, name }) => [id, name])).toEqual([
      ['local:get-x', 'Get X'],
      ['local:get-x-2', 'Get-X'],
    ]);
  });

  it('reads a snapshot, and prints the same bytes again', () => {
    const text = printDefinitions(importedAs(`[${file('Get X')},${file('B')}]`, 'definitions').definitions);
    expect(printDefinitions(importedAs(text, 'definitions').definitions)).toBe(text);
  });

  it('says the name of a file in a refusal, the beginning of a long one', () => {
    expect(rejected('[]', 'x.json')[0]?.message).toMatch(/^x\.json holds a list; /);
    expect(Buffer.byteLength(rejected('[]', '語'.repeat(5000))[0]?.message ?? '')).toBeLessThanOrEqual(4096);
  });

  it('rejects the whole list for one wrong file, with its place in the text', () => {
    expect(rejected(`[${file('Get X')},\n${file('')}]`)).toMatchObject([{ path: '/1/name', line: 2, column: 2 }]);
    expect(rejected(`[${file('Get X')},\n5]`, 'x.json')).toMatchObject([
      { path: '/1', line: 2, column: 1, message: expect.stringMatching(/^x\.json holds a list .* the item 1 is none/) },
    ]);
  });

  it('rejects a definition without a name, and quotes nothing of its config', () => {
    const rejections = rejected('{"config":{"headers":{"authorization":"hunter2"}},"contract":{"input":5}}');
    expect(rejections.map(({ path }) => path)).toEqual(['/name', '/contract/input']);
    expect(JSON.stringify(rejections)).not.toContain('hunter2');
  });
});

describe('importing what lies beside a chain', () => {
  it('reads a sidecar', () => {
    fc.assert(
      fc.property(arbitraryWorkbench(), (workbench) => {
        const text = printSidecar(workbench, workbench.chain);
        const { sidecar } = importedAs(text, 'sidecar');
        const { chain: _chain, connectionId: _connectionId, ...beside } = workbench;
        expect(sidecar).toEqual(beside);
        expect(printSidecar(sidecar)).toBe(text);
      }),
    );
  });

  it('reads a connection map', () => {
    const text = printConnectionMap(new Map([['__proto__', 'd-1']]), 'Production');
    const { connection, map } = importedAs(text, 'connection-map');
    expect([connection, [...map]]).toEqual(['Production', [['__proto__', 'd-1']]]);
  });

  it('takes a sidecar of 6 MB and 100 brackets, and no chain of that size', () => {
    const pin = `${'['.repeat(98)}"${'a'.repeat(6 * 1024 * 1024)}"${']'.repeat(98)}`;
    expect(
      importedAs(`{ "format": "chainwright.sidecar/1", "pins": {"a": ${pin}} }`, 'sidecar').sidecar.pins.size,
    ).toBe(1);
    expect(rejected(`{"format":"chainwright.chain/1","actions":{},"x-a":${pin}}`)).toMatchObject([{ code: 'limit' }]);
    expect(rejected(`{"pins":{"a":${pin}},"format":"chainwright.sidecar/1"}`)).toMatchObject([{ code: 'limit' }]);
  });

  it('stops counting what is wrong at 10,000 places', () => {
    const many = Array.from({ length: 20_000 }, () => '1').join(',');
    for (const text of [
      `{"format":"chainwright.sidecar/1","allowed_literals":[${many}]}`,
      `{"format":"chainwright.definitions/1","definitions":[${many}]}`,
    ]) {
      const rejections = rejected(text);
      expect(rejections).toHaveLength(100);
      expect(rejections.at(-1)?.message).toBe('At least 9901 more places are wrong; mend these first.');
    }
  });

  it('rejects a sidecar with the place in the text', () => {
    expect(rejected('{"format":"chainwright.sidecar/1",\n"layouts":{}}')).toMatchObject([
      { path: '/layouts', line: 2, column: 1, message: 'Unknown key `layouts`; did you mean layout?' },
    ]);
    expect(rejected('{"format":"chainwright.sidecar/1","connection_id":"c"}')).toMatchObject([
      { path: '/connection_id' },
    ]);
  });
});

describe('importing bytes', () => {
  const bytesOf = (text: string) => new TextEncoder().encode(text);

  it('reads what the text says, with a byte order mark or without', () => {
    for (const mark of ['', '\uFEFF']) {
      const read = importBytes(bytesOf(mark + TUTORIAL_MAPPING));
      expect(read.ok && 'workbench' in read.value && printChain(read.value.workbench.chain)).toBe(
        printChain(imported(TUTORIAL_MAPPING).workbench.chain),
      );
    }
  });

  it('rejects bytes that are no UTF-8 instead of repairing them', () => {
    const bytes = Uint8Array.of(...bytesOf('{"a":{"definition_id":"'), 0xfc, ...bytesOf('"}}'));
    expect(importBytes(bytes)).toMatchObject({
      ok: false,
      error: [{ code: 'json_syntax', line: 1, column: 24, message: expect.stringContaining('byte offset 23 (0xfc)') }],
    });
  });

  it('rejects 50 MB unread, and says the limit that holds for the kind', () => {
    const huge = new Uint8Array(50 * 1024 * 1024).fill(0xff);
    expect(importBytes(huge)).toMatchObject({
      error: [{ code: 'limit', message: expect.stringContaining('at most 5.0 MB') }],
    });
    huge.set(bytesOf('\uFEFF\n{ "format" : "chainwright.sidecar/1"'));
    expect(importBytes(huge)).toMatchObject({
      error: [{ code: 'limit', message: expect.stringContaining('at most 16.0 MB') }],
    });
  });

  it('says the size of the whole file when it was given only the beginning', () => {
    const read = importBytes(bytesOf('{"a":1'), 'a.json', 30 * 1024 * 1024);
    expect(!read.ok && read.error.map(({ message }) => message)).toEqual([
      'The text has 30.0 MB; at most 5.0 MB are accepted.',
    ]);
  });

  it('has the name of the file in its sentence', () => {
    const read = importBytes(bytesOf('7'), 'seven.json');
    expect(!read.ok && read.error[0]?.message).toMatch(/^seven\.json holds a number;/);
  });
});

describe('a refused import', () => {
  it.each([
    ['{"a":{"definition_id":"d","timeout_sec":"x"}}', '/a/timeout_sec', 'schema'],
    ['{"a":{"definition_id":"d"},"b":5}', '/b', 'schema'],
    ['{"a":{"definition_id":"d"},"b":{}}', '/b/definition_id', 'schema'],
    ['{"input":{"definition_id":"d"}}', '/input', 'action_id'],
    ['{"a":{"definition_id":"d","depends_on":""}}', '/a/depends_on/0', 'action_id'],
    ['{"a":{"definition_id":"d","depends_on":5}}', '/a/depends_on', 'schema'],
    ['{"actions":{"a":{}}}', '/actions/a/definition_id', 'schema'],
    ['{"actions":[]}', '/actions', 'schema'],
    ['{"settings":5,"actions":{}}', '/settings', 'schema'],
  ])('points into the text that came in: %s', (text, path, code) => {
    const [first] = rejected(text);
    expect(first).toMatchObject({ code, path, line: 1 });
    expect(first?.column).toBeGreaterThan(0);
  });

  it('names the line of a mistake in a mapping', () => {
    expect(rejected('{\n "a": {\n  "definition_id": 5\n }\n}')).toMatchObject([
      { path: '/a/definition_id', line: 3, column: 3 },
    ]);
  });

  it.each([
    ['[]', 'x.json holds a list; expected a chain document, a mapping of actions, or a definition file.'],
    ['[1]', 'x.json holds a list; expected a chain document, a mapping of actions, or a definition file.'],
    ['5', 'x.json holds a number; expected a chain document, a mapping of actions, or a definition file.'],
    ['"x"', 'x.json holds a string; expected a chain document, a mapping of actions, or a definition file.'],
    ['null', 'x.json holds null; expected a chain document, a mapping of actions, or a definition file.'],
    ['{"format":"chainwright.workbench/1"}', /^x\.json is what the store keeps beside a chain/],
    ['{"format":"chainwright.definition/1"}', /^format is the text ".*"; did you mean chainwright\.definitions\/1\?$/],
    ['{"format":"n8n"}', /^format is the text "n8n"; expected one of chainwright\.chain\/1, /],
    [
      '{"format":"chainwright.chain/2","actions":5}',
      /made by a newer Chainwright.* reads up to chainwright\.chain\/1\. Update/,
    ],
    [
      '{"format":"chainwright.sidecar/3"}',
      /made by a newer Chainwright.* reads up to chainwright\.sidecar\/1\. Update/,
    ],
    ['{"format":"chainwright.connection-map/2"}', /made by a newer Chainwright/],
    ['{"users":[1,2]}', /^x\.json is neither a chain document nor a mapping of actions: expected "format"/],
    ['{"nodes":{"a":{"type":"start"}}}', /^x\.json is neither a chain document nor a mapping of actions/],
  ])('says of %s what it is and what was expected', (text, message) => {
    const rejections = rejected(text, 'x.json');
    expect(rejections).toHaveLength(1);
    expect(rejections[0]).toMatchObject({ code: 'schema', line: 1, message: expect.stringMatching(message) });
  });

  it.each([
    ['', 'json_syntax'],
    ['<!doctype html>', 'json_syntax'],
    ['{"a":{"definition_id":"d","definition_id":"e"}}', 'duplicate_key'],
    ['{"format":"chainwright.chain/9","actions":{}}', 'schema'],
    [`${'{"a":'.repeat(65)}1${'}'.repeat(65)}`, 'limit'],
    ['{"name":"N","contract":{},"contract":{}}', 'duplicate_key'],
    [`{${Array.from({ length: 2001 }, (_, i) => `"a${i}":{"definition_id":"d"}`).join(',')}}`, 'limit'],
  ])('has the code of its cause: %#', (text, code) => {
    expect(rejected(text)).toMatchObject([{ code }]);
  });

  it('never throws on any text (property)', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.json(),
          fc.json().map((text) => `{"a":{"definition_id":"d","inputs":${text}}}`),
          fc.json().map((text) => `{"name":"N","integrationType":"t","config":${text},"contract":{"input":${text}}}`),
          fc
            .tuple(
              fc.constantFrom('sidecar', 'definitions', 'connection-map', 'chain'),
              fc.constantFrom('layout', 'notes', 'sample_inputs', 'pins', 'definitions', 'actions', 'allowed_literals'),
              fc.json(),
            )
            .map(([kind, key, text]) => `{"format":"chainwright.${kind}/1","${key}":${text}}`),
        ),
        (text) => {
          const result = importText(text);
          if (result.ok && 'workbench' in result.value) {
            expect(importText(printChain(result.value.workbench.chain)).ok).toBe(true);
          } else if (!result.ok) expect(result.error.length).toBeGreaterThan(0);
        },
      ),
      { numRuns: fuzzRuns(500) },
    );
  });
});
