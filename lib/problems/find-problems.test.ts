import { describe, expect, it } from 'vitest';
import type { Chain } from '@/lib/chain/chain';
import { parseChainText } from '@/lib/chain/parse-chain';
import { printChain } from '@/lib/chain/print-chain';
import { workbenchOf } from '@/lib/chain/workbench';
import { applyDiff, invertDiff } from '@/lib/chain/workbench-diff';
import { applyEdit } from '@/lib/edit/apply-edit';
import { exportChain } from '@/lib/exchange/export-chain';
import { importText } from '@/lib/exchange/import-chain';
import { fromPlain, type JsonValue } from '@/lib/json/value';
import { chainOf } from '@/testing/chain-builder';
import {
  documentOf,
  EXPORTED_CASES,
  IMPORTED_CASES,
  KNOWN,
  PROBLEM_CASES,
  REFUSED_CASES,
  reading,
} from '@/testing/problem-cases';
import { type Known, NOTHING_KNOWN } from './draft';
import { findChainProblems, findProblems, problemOfRejection } from './find-problems';
import { PROBLEM_SEVERITY, type Problem, type ProblemCode } from './problem';

const problemsOf = (chain: Chain, code: ProblemCode, known: Known = KNOWN): readonly Problem[] =>
  findChainProblems(chain, known).filter((problem) => problem.code === code);

describe('findChainProblems', () => {
  it.each(PROBLEM_CASES)('finds $code: $title', ({ code, bad, good, expected, known = KNOWN, knownOfGood = known }) => {
    expect(problemsOf(bad, code, known)).toEqual([
      expect.objectContaining({ severity: PROBLEM_SEVERITY[code], ...expected }),
    ]);
    expect(problemsOf(good, code, knownOfGood)).toEqual([]);
  });

  it.each(PROBLEM_CASES.filter(({ isFixable }) => isFixable))(
    'fixes $code ($title) in one step that undoes byte for byte',
    ({ code, bad, known = KNOWN }) => {
      const [problem] = problemsOf(bad, code, known);
      const start = workbenchOf(bad);
      const fixed = applyEdit(start, problem!.fix!.edit);
      if (!fixed.ok) throw new Error(fixed.error.message);
      const { workbench, diff } = fixed.value;
      const after = findChainProblems(workbench.chain, { ...known, allowedLiterals: workbench.allowedLiterals });
      expect(after.filter((each) => each.code === code)).toEqual([]);
      expect(after.filter(({ severity }) => severity === 'error')).toEqual([]);
      const undone = applyDiff(workbench, invertDiff(diff));
      expect(printChain(undone.chain)).toBe(printChain(bad));
      expect(undone).toEqual(start);
    },
  );

  it.each(PROBLEM_CASES.filter(({ isFixable }) => !isFixable))(
    'offers no fix for $code ($title)',
    ({ code, bad, known = KNOWN }) => {
      expect(problemsOf(bad, code, known)[0]!.fix).toBeUndefined();
    },
  );

  it.each(REFUSED_CASES)('gives $code for a text that is refused, and nothing of it', ({ code, bad, good, path }) => {
    const refused = parseChainText(bad);
    expect(refused.ok).toBe(false);
    expect(refused.ok ? [] : refused.error.map(problemOfRejection)).toEqual([
      expect.objectContaining({ code, path, severity: 'error' }),
    ]);
    expect(parseChainText(good).ok).toBe(true);
  });

  it.each(IMPORTED_CASES)('hears of $code from an import, and of nothing else', ({ code, bad, good, path }) => {
    const told = (text: string): readonly Problem[] => {
      const imported = importText(text);
      return imported.ok && 'problems' in imported.value ? imported.value.problems : [];
    };
    expect(importText(good).ok).toBe(true);
    expect(told(bad)).toEqual([expect.objectContaining({ code, path, severity: PROBLEM_SEVERITY[code] })]);
    expect(told(good)).toEqual([]);
  });

  it.each(EXPORTED_CASES)('hears of $code from an export, and of nothing else', ({ code, bad, good, path }) => {
    const losses = (chain: Chain): readonly Problem[] => {
      const request = {
        kind: 'mapping',
        workbench: workbenchOf(chain),
        known: NOTHING_KNOWN,
        allowLossy: true,
      } as const;
      const exported = exportChain(request);
      if (!exported.ok) throw new Error(exported.error.message);
      return exported.value.losses;
    };
    expect(losses(bad)).toEqual([expect.objectContaining({ code, path, severity: PROBLEM_SEVERITY[code] })]);
    expect(losses(good)).toEqual([]);
  });

  it('has a case for every code, and each case is tried above', () => {
    const cases = [...PROBLEM_CASES, ...REFUSED_CASES, ...IMPORTED_CASES, ...EXPORTED_CASES];
    expect(new Set<string>(cases.map(({ code }) => code))).toEqual(new Set(Object.keys(PROBLEM_SEVERITY)));
  });

  it('finds nothing in a sound chain', () => {
    expect(findChainProblems(reading('{{ a.customer_id }} {{ a.orders[0].total }}'), KNOWN)).toEqual([]);
  });

  it('checks nothing against definitions that are unknown', () => {
    const chain = documentOf({
      a: { definition_id: 'nobody' },
      b: { depends_on: ['a'], inputs: { x: '{{ a.whatever }}' } },
    });
    expect(findChainProblems(chain, NOTHING_KNOWN)).toEqual([]);
  });

  it('reports one minimal cycle for each group, and offers no cut where every edge carries data', () => {
    const chain = documentOf({
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

  it('calls no edge of a loop free that a broken template may read over', () => {
    const chain = documentOf({
      a: { depends_on: ['b'], inputs: { x: '{{ b.x ' } },
      b: { depends_on: ['a'], inputs: { x: '{{ a.x }}' } },
    });
    expect(problemsOf(chain, 'cycle').map(({ fix }) => fix)).toEqual([undefined]);
  });

  it('takes the output of an action for used that a broken template mentions, by all words of its id', () => {
    const chain = documentOf({
      a: { effect: 'read' },
      'get order': { effect: 'read' },
      'get it': { effect: 'read' },
      b: { inputs: { x: '{{ get order.x }} {{ a.' } },
    });
    expect(problemsOf(chain, 'unused_output').map(({ action }) => action)).toEqual(['get it']);
  });

  it('explains a read of what runs later, and of the action itself, without a fix', () => {
    const chain = documentOf({
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
    const chain = documentOf({ a: { inputs: { x: '{{ account_id }}' } } }, { inputs });
    const [problem] = problemsOf(chain, 'reference_unknown');
    expect(problem!.message).toContain('Did you mean input.account_id?');
    const fixed = applyEdit(workbenchOf(chain), problem!.fix!.edit);
    expect(fixed.ok && fixed.value.workbench.chain.actions.get('a' as never)!.inputs).toEqual(
      fromPlain({ x: '{{ input.account_id }}' }),
    );
  });

  it('checks fields of the chain’s own inputs', () => {
    const inputs = { type: 'object', properties: { account_id: { type: 'string' } } };
    const chain = documentOf({ a: { inputs: { x: '{{ input.acount_id }}' } } }, { inputs });
    expect(problemsOf(chain, 'reference_field_unknown')).toEqual([
      expect.objectContaining({
        message: 'a, inputs.x: acount_id is not in the inputs of this chain. Did you mean account_id?',
      }),
    ]);
  });

  it('says nothing of a guarded field, unless a near name makes it a likely slip', () => {
    expect(problemsOf(reading("{{ a.nickname | default('') }}"), 'reference_field_unknown')).toEqual([]);
    expect(problemsOf(reading("{{ a.customer_idd | default('') }}"), 'reference_field_unknown')).toHaveLength(1);
  });

  it('fixes a condition as well as an input', () => {
    const chain = documentOf({
      a: { definition_id: 'lookup', inputs: { account_id: '1' } },
      b: { depends_on: ['a'], when: '{{ aa.customer_id }}' },
    });
    const [problem] = problemsOf(chain, 'reference_unknown');
    const fixed = applyEdit(workbenchOf(chain), problem!.fix!.edit);
    expect(fixed.ok && fixed.value.workbench.chain.actions.get('b' as never)!.when).toBe('{{ a.customer_id }}');
  });

  it('orders problems by action in document order, then by place, list items by number', () => {
    const chain = documentOf(
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

  it('answers brackets too deep with a limit', () => {
    let deep: JsonValue = [];
    for (let i = 0; i < 100_000; i++) deep = [deep];
    expect(findProblems(deep, NOTHING_KNOWN).map(({ code }) => code)).toEqual(['limit']);
  });
});
