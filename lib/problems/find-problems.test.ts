import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Chain } from '@/lib/chain/chain';
import { printChain } from '@/lib/chain/print-chain';
import { workbenchOf } from '@/lib/chain/workbench';
import { applyDiff, invertDiff } from '@/lib/chain/workbench-diff';
import type { Definition } from '@/lib/definition/definition';
import { applyEdit } from '@/lib/edit/apply-edit';
import { parseJson } from '@/lib/json/parse-json';
import { fromPlain, type JsonValue, type PlainJson } from '@/lib/json/value';
import { arbitraryChain } from '@/testing/arbitrary-chain';
import { arbitraryJson } from '@/testing/arbitrary-json';
import { chainFrom, chainOf } from '@/testing/chain-builder';
import { findChainProblems, findProblems, type Known, NOTHING_KNOWN } from './find-problems';
import { PROBLEM_SEVERITY, type Problem, type ProblemCode } from './problem';

const definition = (
  id: string,
  schemas: { readonly input?: PlainJson; readonly output?: PlainJson } = {},
): Definition => ({
  id,
  name: id.toUpperCase(),
  description: '',
  inputSchema: schemas.input === undefined ? null : fromPlain(schemas.input),
  outputSchema: schemas.output === undefined ? null : fromPlain(schemas.output),
  effect: id === 'reader' ? 'read' : null,
  origin: 'connection',
});

const knownWith = (...definitions: readonly Definition[]): Known => ({
  ...NOTHING_KNOWN,
  definitions: new Map(definitions.map((each) => [each.id, each])),
});

const known = knownWith(
  definition('d'),
  definition('reader'),
  definition('lookup', {
    input: {
      type: 'object',
      properties: {
        account_id: { type: 'string' },
        options: { type: 'object', properties: { deep: { type: 'boolean' } }, required: ['deep'] },
      },
      required: ['account_id'],
    },
    output: {
      type: 'object',
      properties: {
        customer_id: { type: 'string' },
        orders: { type: 'array', items: { type: 'object', properties: { total: { type: 'number' } } } },
      },
    },
  }),
);

type Actions = { readonly [id: string]: { readonly [key: string]: PlainJson } };
const document = (actions: Actions, head: { readonly [key: string]: PlainJson } = {}): Chain =>
  chainFrom({
    ...head,
    actions: Object.fromEntries(Object.entries(actions).map(([id, action]) => [id, { definition_id: 'd', ...action }])),
  });

const problemsOf = (chain: Chain, code: ProblemCode): readonly Problem[] =>
  findChainProblems(chain, known).filter((problem) => problem.code === code);

interface Case {
  readonly code: ProblemCode;
  readonly title: string;
  /** Has the problem once. */
  readonly bad: Chain;
  readonly expected: Partial<Problem>;
  /** Differs as little as can be and has it not. */
  readonly good: Chain;
  readonly isFixable?: boolean;
}

const read = (template: string, more: Actions = {}): Chain =>
  document({
    a: { definition_id: 'lookup', inputs: { account_id: '1' } },
    b: { depends_on: ['a'], inputs: { x: template } },
    ...more,
  });

const cases: readonly Case[] = [
  {
    code: 'dependency_missing',
    title: 'a dependency on no action',
    bad: document({ a: {}, b: { depends_on: ['a', 'aa'], inputs: { x: '{{ a }}' } } }),
    good: document({ a: {}, aa: {}, b: { depends_on: ['a', 'aa'], inputs: { x: '{{ a }}' } } }),
    expected: {
      path: '/actions/b/depends_on/1',
      action: 'b' as never,
      message: 'b depends on aa, and there is no such action. Did you mean a?',
    },
    isFixable: true,
  },
  {
    code: 'parallel_possible',
    title: 'actions that could run side by side in a chain of one slot',
    bad: document({ a: {}, b: { depends_on: ['a'] }, c: { depends_on: ['a'] } }, { settings: { max_concurrency: 1 } }),
    good: document({ a: {}, b: { depends_on: ['a'] }, c: { depends_on: ['b'] } }, { settings: { max_concurrency: 1 } }),
    expected: {
      path: '/settings/max_concurrency',
      message: '2 actions could run side by side; max_concurrency is 1, so they run one at a time.',
    },
    isFixable: true,
  },
  {
    code: 'dependency_self',
    title: 'an action that depends on itself',
    bad: document({ a: { depends_on: ['a'] } }),
    good: document({ a: { depends_on: [] } }),
    expected: { path: '/actions/a/depends_on/0', message: 'a depends on itself.', related: ['a'] as never },
    isFixable: true,
  },
  {
    code: 'cycle',
    title: 'actions that wait for one another, cut where no template reads',
    bad: document({
      a: { depends_on: ['c'] },
      b: { depends_on: ['a'], inputs: { x: '{{ a.x }}' } },
      c: { depends_on: ['b'], inputs: { x: '{{ b.x }}' } },
    }),
    good: document({ a: {}, b: { depends_on: ['a'] }, c: { depends_on: ['b'] } }),
    expected: {
      path: '/actions/a/depends_on/0',
      related: ['a', 'b', 'c'] as never,
      message: 'These actions wait for one another: a → b → c → a.',
      fix: {
        label: 'Cut c → a, which no template uses',
        edit: { type: 'disconnect', edges: [{ from: 'c' as never, to: 'a' as never }] },
        isSafe: false,
      },
    },
    isFixable: true,
  },
  {
    code: 'template_syntax',
    title: 'a template that cannot be read',
    bad: read('{{ a.customer_id'),
    good: read('{{ a.customer_id }}'),
    expected: { path: '/actions/b/inputs/x', action: 'b' as never },
  },
  {
    code: 'template_unsupported',
    title: 'a tag that we do not have',
    bad: read("{% include 'x' %}"),
    good: read("{{ 'include' }}"),
    expected: { path: '/actions/b/inputs/x' },
  },
  {
    code: 'reference_unknown',
    title: 'a name that nothing has',
    bad: read('{{ imput.x }}'),
    good: read('{{ input.x }}'),
    expected: {
      path: '/actions/b/inputs/x',
      range: { line: 1, column: 4, length: 5 },
      message: 'b, inputs.x: nothing is called imput here. Did you mean input?',
    },
    isFixable: true,
  },
  {
    code: 'reference_not_upstream',
    title: 'a read of an action that is not waited for',
    bad: document({ a: {}, b: { inputs: { list: [{ x: 'Hi {{ a.x }}' }] } } }),
    good: document({
      a: {},
      m: { depends_on: ['a'] },
      b: { depends_on: ['m'], inputs: { list: [{ x: 'Hi {{ a.x }}' }] } },
    }),
    expected: {
      path: '/actions/b/inputs/list/0/x',
      range: { line: 1, column: 7, length: 1 },
      message: 'b, inputs.list[0].x: b reads a, but does not wait for it.',
      related: ['a'] as never,
    },
    isFixable: true,
  },
  {
    code: 'reference_field_unknown',
    title: 'a field that the output has not',
    bad: read('{{ a.customer_idd }}'),
    good: read('{{ a.customer_id }}'),
    expected: {
      path: '/actions/b/inputs/x',
      range: { line: 1, column: 6, length: 12 },
      message: 'b, inputs.x: customer_idd is not in the output of a. Did you mean customer_id?',
    },
    isFixable: true,
  },
  {
    code: 'when_not_expression',
    title: 'a condition with text beside its expression',
    bad: document({ a: { when: 'not {{ input.x }}' } }),
    good: document({ a: { when: ' {{ not input.x }} ' } }),
    expected: {
      path: '/actions/a/when',
      message: 'a, when: a condition is exactly one {{ expression }}, and nothing beside it.',
    },
  },
  {
    code: 'policy_conflict',
    title: 'a fallback that is never used',
    bad: document({ a: { fallback: {}, on_failure: 'halt' } }),
    good: document({ a: { fallback: {}, on_failure: 'fallback' } }),
    expected: {
      path: '/actions/a/fallback',
      message: 'a has a fallback that is never used: its on_failure is halt, not fallback.',
    },
    isFixable: true,
  },
  {
    code: 'policy_conflict',
    title: 'a fallback that is wanted and not there',
    bad: document({ a: { on_failure: 'fallback' } }),
    good: document({ a: { on_failure: 'fallback', fallback: null } }),
    expected: { path: '/actions/a/on_failure' },
    isFixable: true,
  },
  {
    code: 'action_id_unnameable',
    title: 'an id that no template can name',
    bad: document({ 'Fetch customer': {}, b: { depends_on: ['Fetch customer'] } }),
    good: document({ fetch_customer: {}, b: { depends_on: ['fetch_customer'] } }),
    expected: {
      path: '/actions/Fetch customer',
      fix: {
        label: 'Rename to fetch_customer (2 places)',
        edit: { type: 'rename-action', from: 'Fetch customer' as never, to: 'fetch_customer' as never },
        isSafe: false,
      },
    },
    isFixable: true,
  },
  {
    code: 'definition_unknown',
    title: 'a definition that the connection does not offer',
    bad: document({ a: { definition_id: 'lokup' } }),
    good: document({ a: { definition_id: 'lookup' } }),
    expected: {
      path: '/actions/a/definition_id',
      message: 'a calls the definition “lokup”, which the connection does not offer. Did you mean lookup?',
    },
  },
  {
    code: 'input_required_missing',
    title: 'a required input that is missing',
    bad: document({ a: { definition_id: 'lookup' } }),
    good: document({ a: { definition_id: 'lookup', inputs: { account_id: null } } }),
    expected: {
      path: '/actions/a/inputs/account_id',
      message: 'a: inputs.account_id is missing; LOOKUP requires it (string).',
    },
  },
  {
    code: 'input_required_missing',
    title: 'a required input inside an object',
    bad: document({ a: { definition_id: 'lookup', inputs: { account_id: '1', options: {} } } }),
    good: document({ a: { definition_id: 'lookup', inputs: { account_id: '1', options: '{{ input.options }}' } } }),
    expected: { path: '/actions/a/inputs/options/deep' },
  },
  {
    code: 'input_unknown',
    title: 'an input that the definition does not know',
    bad: document({ a: { definition_id: 'lookup', inputs: { account_id: '1', option: true } } }),
    good: document({ a: { definition_id: 'd', inputs: { account_id: '1', option: true } } }),
    expected: {
      path: '/actions/a/inputs/option',
      message: 'a: LOOKUP knows no input option. Did you mean options?',
    },
  },
  {
    code: 'retry_unsafe',
    title: 'a write that is tried again after a failure that may have had its effect',
    bad: document({ a: { definition_id: 'reader', retry: { on: ['rate_limited', 'timeout'] } } }),
    good: document({ a: { definition_id: 'reader', retry: { on: ['rate_limited'] } } }),
    expected: {
      path: '/actions/a/retry/on',
      message: 'a writes and is tried again after timeout: a call that failed so may have taken effect already.',
    },
    isFixable: true,
  },
  {
    code: 'retry_unsafe',
    title: 'the retries of the whole chain',
    bad: document({ a: {}, b: { effect: 'read' } }, { settings: { retry: { on: ['network'] } } }),
    good: document(
      { a: { retry: { max_attempts: 1 } }, b: { effect: 'read' } },
      { settings: { retry: { on: ['network'] } } },
    ),
    expected: { path: '/settings/retry/on', action: 'a' as never },
  },
  {
    code: 'edge_redundant',
    title: 'an edge that a longer path implies',
    bad: chainOf('a b c', 'a>b>c', 'a>c'),
    good: document({ a: {}, b: { depends_on: ['a'] }, c: { depends_on: ['b', 'a'], inputs: { x: '{{ a.x }}' } } }),
    expected: { path: '/actions/c/depends_on/1', related: ['a'] as never },
    isFixable: true,
  },
  {
    code: 'edge_order_only',
    title: 'an edge that no template reads over',
    bad: chainOf('a b', 'a>b'),
    good: document({ a: {}, b: { depends_on: ['a'], when: '{{ a.x }}' } }),
    expected: {
      path: '/actions/b/depends_on/0',
      message: 'b waits for a, but no template of it reads a: the edge only orders.',
    },
  },
];

describe('findChainProblems', () => {
  it.each(cases)('finds $code: $title', ({ code, bad, good, expected }) => {
    expect(problemsOf(bad, code)).toEqual([expect.objectContaining({ severity: PROBLEM_SEVERITY[code], ...expected })]);
    expect(problemsOf(good, code)).toEqual([]);
  });

  it.each(cases.filter(({ isFixable }) => isFixable))(
    'fixes $code ($title) in one step that undoes byte for byte',
    ({ code, bad }) => {
      const [problem] = problemsOf(bad, code);
      const fixed = applyEdit(workbenchOf(bad), problem!.fix!.edit);
      if (!fixed.ok) throw new Error(fixed.error.message);
      const { workbench, diff } = fixed.value;
      expect(problemsOf(workbench.chain, code)).toEqual([]);
      const added = findChainProblems(workbench.chain, known).filter(({ severity }) => severity === 'error');
      expect(added).toEqual([]);
      expect(printChain(applyDiff(workbench, invertDiff(diff)).chain)).toBe(printChain(bad));
    },
  );

  it.each(cases.filter(({ isFixable }) => !isFixable))('offers no fix for $code ($title)', ({ code, bad }) => {
    expect(problemsOf(bad, code)[0]!.fix).toBeUndefined();
  });

  it('finds nothing in a sound chain', () => {
    expect(findChainProblems(read('{{ a.customer_id }} {{ a.orders[0].total }}'), known)).toEqual([]);
  });

  it('checks nothing against definitions that are unknown', () => {
    const chain = document({
      a: { definition_id: 'nobody' },
      b: { depends_on: ['a'], inputs: { x: '{{ a.whatever }}' } },
    });
    expect(findChainProblems(chain, NOTHING_KNOWN)).toEqual([]);
  });

  it('reports one minimal cycle for each group, and offers no cut where every edge carries data', () => {
    const chain = document({
      a: { depends_on: ['b'], inputs: { x: '{{ b.x }}' } },
      b: { depends_on: ['a'], inputs: { x: '{{ a.x }}' } },
      c: { depends_on: ['d', 'e'], inputs: { x: '{{ d.x }} {{ e.x }}' } },
      d: { depends_on: ['c'], inputs: { x: '{{ c.x }}' } },
      e: { depends_on: ['d'] },
    });
    const found = problemsOf(chain, 'cycle');
    expect(found.map(({ related }) => related)).toEqual([
      ['a', 'b'],
      ['c', 'd'],
    ]);
    expect(found.map(({ fix }) => fix)).toEqual([undefined, undefined]);
  });

  it('explains a read of what runs later, and of the action itself, without a fix', () => {
    const chain = document({
      a: { inputs: { x: '{{ c.x }} {{ a.x }}' } },
      b: { depends_on: ['a'] },
      c: { depends_on: ['b'] },
    });
    expect(problemsOf(chain, 'reference_not_upstream')).toEqual([
      expect.objectContaining({
        message: 'a, inputs.x: c runs after a (a → b → c), so its output cannot be read here.',
        range: { line: 1, column: 4, length: 1 },
      }),
      expect.objectContaining({ message: 'a, inputs.x: a cannot read its own output.' }),
    ]);
    expect(problemsOf(chain, 'reference_not_upstream').some(({ fix }) => fix !== undefined)).toBe(false);
  });

  it('proposes an input of the chain for its bare name', () => {
    const inputs = { type: 'object', properties: { account_id: { type: 'string' } } };
    const chain = document({ a: { inputs: { x: '{{ account_id }}' } } }, { inputs });
    const [problem] = problemsOf(chain, 'reference_unknown');
    expect(problem!.message).toContain('Did you mean input.account_id?');
    const fixed = applyEdit(workbenchOf(chain), problem!.fix!.edit);
    expect(fixed.ok && fixed.value.workbench.chain.actions.get('a' as never)!.inputs).toEqual(
      fromPlain({ x: '{{ input.account_id }}' }),
    );
  });

  it('checks fields of the chain’s own inputs', () => {
    const inputs = { type: 'object', properties: { account_id: { type: 'string' } } };
    const chain = document({ a: { inputs: { x: '{{ input.acount_id }}' } } }, { inputs });
    expect(problemsOf(chain, 'reference_field_unknown')).toEqual([
      expect.objectContaining({
        message: 'a, inputs.x: acount_id is not in the inputs of this chain. Did you mean account_id?',
      }),
    ]);
  });

  it('says nothing of a guarded field, unless a near name makes it a likely slip', () => {
    expect(problemsOf(read("{{ a.nickname | default('') }}"), 'reference_field_unknown')).toEqual([]);
    expect(problemsOf(read("{{ a.customer_idd | default('') }}"), 'reference_field_unknown')).toHaveLength(1);
  });

  it('fixes a condition as well as an input', () => {
    const chain = document({
      a: { definition_id: 'lookup', inputs: { account_id: '1' } },
      b: { depends_on: ['a'], when: '{{ aa.customer_id }}' },
    });
    const [problem] = problemsOf(chain, 'reference_unknown');
    const fixed = applyEdit(workbenchOf(chain), problem!.fix!.edit);
    expect(fixed.ok && fixed.value.workbench.chain.actions.get('b' as never)!.when).toBe('{{ a.customer_id }}');
  });

  it('orders problems by action in document order, then by place, list items by number', () => {
    const chain = document(
      {
        z: { depends_on: ['g2', 'g1'], inputs: { list: [...Array(11).keys()].map((n) => `{{ nobody_${n} }}`) } },
        a: { depends_on: ['g3'] },
      },
      { settings: { retry: { on: ['network'] } } },
    );
    const places = findChainProblems(chain, NOTHING_KNOWN).map(({ path }) => path);
    expect(places).toEqual([
      '/actions/z/depends_on/0',
      '/actions/z/depends_on/1',
      ...[...Array(11).keys()].map((n) => `/actions/z/inputs/list/${n}`),
      '/settings/retry/on',
      '/actions/a/depends_on/0',
      '/settings/retry/on',
    ]);
  });

  it('escapes ids in pointers and treats names of Object.prototype as ordinary ids', () => {
    const chain = chainOf('__proto__ constructor', '__proto__>constructor', 'a/b~c>constructor');
    expect(problemsOf(chain, 'dependency_missing')[0]!.path).toBe('/actions/constructor/depends_on/1');
    expect(problemsOf(chain, 'edge_order_only')[0]!.path).toBe('/actions/constructor/depends_on/0');
    expect(problemsOf(chainOf('a/b~c'), 'action_id_unnameable')[0]!.path).toBe('/actions/a~1b~0c');
  });

  it('gives the same list for a chain that was printed and read again (property)', () => {
    fc.assert(
      fc.property(arbitraryChain(), (chain) => {
        const again = findProblems(chainToPlainJson(chain), known);
        expect(again).toEqual(findChainProblems(chain, known));
      }),
    );
  });

  it('offers only fixes that can be applied and leave the problem behind (property)', () => {
    fc.assert(
      fc.property(arbitraryChain(), (chain) => {
        for (const problem of findChainProblems(chain, known)) {
          if (problem.fix === undefined) continue;
          const fixed = applyEdit(workbenchOf(chain), problem.fix.edit);
          if (!fixed.ok) throw new Error(`${problem.code}: ${fixed.error.message}`);
          const key = ({ code, message }: Problem) => JSON.stringify([code, message]);
          const left = findChainProblems(fixed.value.workbench.chain, known).map(key);
          expect(left).not.toContain(key(problem));
        }
      }),
    );
  });
});

describe('findProblems', () => {
  it('gives the reasons why a document cannot be read', () => {
    const problems = findProblems(
      fromPlain({
        format: 'chainwright.chain/1',
        actions: { a: { definition_id: 'd', dependson: [] }, input: { definition_id: 'd' } },
      }),
      NOTHING_KNOWN,
    );
    expect(problems).toEqual([
      expect.objectContaining({ code: 'schema', severity: 'error', path: '/actions/a/dependson', action: 'a' }),
      expect.objectContaining({ code: 'action_id', severity: 'error', path: '/actions/input' }),
    ]);
    expect(problems[1]!.action).toBeUndefined();
  });

  it('never throws, whatever the document (fuzz)', () => {
    fc.assert(
      fc.property(arbitraryJson(), arbitraryJson(), arbitraryJson(), (anything, actions, action) => {
        const documents: readonly JsonValue[] = [
          anything,
          new Map([
            ['format', 'chainwright.chain/1' as JsonValue],
            ['actions', actions],
          ]),
          new Map<string, JsonValue>([
            ['format', 'chainwright.chain/1'],
            ['inputs', anything],
            [
              'actions',
              new Map([
                [
                  'a',
                  new Map([
                    ['definition_id', 'lookup' as JsonValue],
                    ['inputs', action],
                  ]),
                ],
              ]),
            ],
          ]),
        ];
        for (const each of documents) {
          for (const problem of findProblems(each, known)) expect(problem.message).not.toBe('');
        }
      }),
    );
  });

  it('never throws, whatever the schemas of the definitions (fuzz)', () => {
    fc.assert(
      fc.property(arbitraryJson(), arbitraryJson(), (inputSchema, outputSchema) => {
        const odd = knownWith({ ...definition('lookup'), inputSchema, outputSchema });
        expect(Array.isArray(findChainProblems(read('{{ a.b.c }}'), odd))).toBe(true);
      }),
    );
  });

  it('answers brackets too deep with a limit', () => {
    let deep: JsonValue = [];
    for (let i = 0; i < 100_000; i++) deep = [deep];
    expect(findProblems(deep, NOTHING_KNOWN).map(({ code }) => code)).toEqual(['limit']);
  });
});

const chainToPlainJson = (chain: Chain): JsonValue => {
  const parsed = parseJson(printChain(chain));
  if (!parsed.ok) throw new Error(parsed.error.message);
  return parsed.value;
};
