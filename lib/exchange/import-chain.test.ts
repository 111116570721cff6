import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { effectiveSettings } from '@/lib/chain/chain';
import { hashChain, printChain } from '@/lib/chain/print-chain';
import { arbitraryChain } from '@/testing/arbitrary-chain';
import { toActionId } from '@/testing/chain-builder';
import { fuzzRuns } from '@/testing/fuzz-runs';
import { TUTORIAL_MAPPING } from '@/testing/tutorial-mapping';
import { type Imported, importText } from './import-chain';

const imported = (text: string): Imported => {
  const result = importText(text);
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result.value;
};

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
    ['[]', 'x.json holds a list; expected a chain document or a mapping of actions.'],
    ['5', 'x.json holds a number; expected a chain document or a mapping of actions.'],
    ['null', 'x.json holds null; expected a chain document or a mapping of actions.'],
    ['{"format":"chainwright.sidecar/1"}', /^x\.json is a sidecar: .* import the chain document itself\.$/],
    ['{"format":"chainwright.definitions/1"}', /^x\.json is a snapshot of definitions/],
    ['{"format":"chainwright.workbench/1"}', /^x\.json is what the store keeps beside a chain/],
    [
      '{"name":"Lookup - Exported 2024","integrationType":"x","actionType":"custom","config":{},"contract":{},"secure":false}',
      /^x\.json is the definition of a data action, not a chain\./,
    ],
    [
      '{"name":"Lookup","category":"c","integrationId":"i","config":{},"contract":{}}',
      /^x\.json is the definition of a data action, not a chain\./,
    ],
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
        ),
        (text) => {
          const result = importText(text);
          if (result.ok) expect(importText(printChain(result.value.workbench.chain)).ok).toBe(true);
          else expect(result.error.length).toBeGreaterThan(0);
        },
      ),
      { numRuns: fuzzRuns(500) },
    );
  });
});
