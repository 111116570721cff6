import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Chain } from '@/lib/chain/chain';
import { printChain } from '@/lib/chain/print-chain';
import { type Workbench, workbenchOf } from '@/lib/chain/workbench';
import { applyEdit } from '@/lib/edit/apply-edit';
import { graphOf } from '@/lib/graph/chain-graph';
import { planOrder } from '@/lib/graph/plan-order';
import { findAncestors, isAncestor } from '@/lib/graph/reach';
import { arbitraryChain } from '@/testing/arbitrary-chain';
import { chainOf, toActionIds as ids, withAction } from '@/testing/chain-builder';
import { documentOf, FAKE_TOKEN, KNOWN, PROBLEM_CASES } from '@/testing/problem-cases';
import { applySafeFixes, impliedEdgesFix } from './apply-fixes';
import { findChainProblems, NOTHING_KNOWN } from './find-problems';
import type { Problem } from './problem';

const codes = (problems: readonly Problem[]): readonly string[] => problems.map(({ code }) => code);
const edgesOf = (chain: Chain): readonly string[] =>
  [...chain.actions].flatMap(([to, { depends_on = [] }]) => depends_on.map((from) => `${from}>${to}`));

/** Each action of a row reads all earlier ones and waits for none, as in a mapping whose runner keeps every result. */
const rowReadingAll = (count: number): Chain =>
  documentOf(
    Object.fromEntries(
      Array.from({ length: count }, (_, i) => [
        `a${i}`,
        { inputs: { x: Array.from({ length: Math.min(i, 5) }, (_, back) => `{{ a${i - 1 - back}.x }}`) } },
      ]),
    ),
  );

describe('applySafeFixes', () => {
  it('adds implied edges, cuts needless ones and those of an action to itself, and lowers timeouts', () => {
    const chain = documentOf(
      {
        a: { depends_on: ['a'] },
        b: { depends_on: ['a'], timeout_sec: 30, inputs: { x: '{{ a.x }}' } },
        c: { inputs: { x: '{{ b.x }} {{ b.y }}' } },
        d: { depends_on: ['c', 'a'], inputs: { x: '{{ c.x }}' } },
      },
      { settings: { deadline_sec: 20, timeout_sec: 60 } },
    );
    const { workbench, applied, left } = applySafeFixes(workbenchOf(chain), NOTHING_KNOWN);
    expect(edgesOf(workbench.chain)).toEqual(['a>b', 'b>c', 'c>d']);
    expect(codes(applied)).toEqual([
      'timeout_never_reached',
      'dependency_self',
      'timeout_never_reached',
      'reference_not_upstream',
      'reference_not_upstream',
      // Only now that c waits for b does d wait for a through others.
      'edge_redundant',
    ]);
    expect(left).toEqual([]);
    expect(workbench.chain.settings?.timeout_sec?.text).toBe('20');
    expect(workbench.chain.actions.get('b' as never)?.timeout_sec?.text).toBe('20');
  });

  it('leaves what a person has to judge', () => {
    const chain = documentOf({ a: { inputs: { x: FAKE_TOKEN, y: '{{ imput.x }}' } }, b: { depends_on: ['aa'] } });
    const start = workbenchOf(chain);
    const fixed = applySafeFixes(start, NOTHING_KNOWN);
    expect(fixed.workbench).toBe(start);
    expect(fixed.applied).toEqual([]);
    expect(codes(fixed.left)).toEqual(['secret_literal', 'reference_unknown', 'dependency_missing']);
    expect(fixed.left.every(({ fix }) => fix !== undefined)).toBe(true);
  });

  it('adds one of two edges that would close a loop together', () => {
    const chain = documentOf({ a: { inputs: { x: '{{ b.x }}' } }, b: { inputs: { x: '{{ a.x }}' } } });
    const { workbench, applied, left } = applySafeFixes(workbenchOf(chain), NOTHING_KNOWN);
    expect(edgesOf(workbench.chain)).toEqual(['b>a']);
    expect(codes(applied)).toEqual(['reference_not_upstream']);
    expect(left).toEqual([expect.objectContaining({ code: 'reference_not_upstream', action: 'b' })]);
    expect(left[0]!.fix).toBeUndefined();
  });

  it('leaves a redundant edge that decides which action starts first', () => {
    const chain = documentOf({ c: { depends_on: ['a', 'b'] }, z: {}, a: {}, b: { depends_on: ['a'] } });
    const { workbench, left } = applySafeFixes(workbenchOf(chain), NOTHING_KNOWN);
    expect(workbench.chain).toBe(chain);
    expect(left.filter(({ code }) => code === 'edge_redundant')).toMatchObject([
      { action: 'c', fix: { isSafe: false } },
    ]);
    const mentioned = documentOf({ a: {}, c: { depends_on: ['a', 'b'] }, z: {}, b: { depends_on: ['a'] } });
    expect(codes(applySafeFixes(workbenchOf(mentioned), NOTHING_KNOWN).applied)).toEqual(['edge_redundant']);
  });

  it('changes no order of starting by taking redundant edges away, however many go at once (property)', () => {
    const rows = fc.uniqueArray(fc.tuple(fc.nat(5), fc.nat(5)), { maxLength: 14, selector: String });
    const mixed = fc.shuffledSubarray([...names], { minLength: names.length });
    fc.assert(
      fc.property(rows, mixed, (pairs, order) => {
        const edges = pairs.filter(([a, b]) => a < b).map(([a, b]) => `${names[a]}>${names[b]}`);
        const chain = chainOf(order.join(' '), ...edges);
        const { workbench, applied } = applySafeFixes(workbenchOf(chain), NOTHING_KNOWN);
        expect(applied.every(({ code }) => code === 'edge_redundant')).toBe(true);
        expect(planOrder(graphOf(workbench.chain))).toEqual(planOrder(graphOf(chain)));
      }),
    );
  });

  it('passes over literals that the workbench or the caller allows', () => {
    const start: Workbench = {
      ...workbenchOf(documentOf({ a: { inputs: { x: FAKE_TOKEN, y: FAKE_TOKEN, z: FAKE_TOKEN } } })),
      allowedLiterals: new Set(['/actions/a/inputs/x']),
    };
    const known = { ...NOTHING_KNOWN, allowedLiterals: new Set(['/actions/a/inputs/y']) };
    expect(applySafeFixes(start, known).left.map(({ path }) => path)).toEqual(['/actions/a/inputs/z']);
  });

  it('mends 2,000 actions in seconds', () => {
    const startMs = performance.now();
    const { workbench, left } = applySafeFixes(workbenchOf(rowReadingAll(2000)), NOTHING_KNOWN);
    expect(performance.now() - startMs).toBeLessThan(15_000);
    expect(left).toEqual([]);
    expect(edgesOf(workbench.chain)).toHaveLength(5 * 2000 - 15);
  });

  it('leaves no safe fix that could be applied, adds no error, and lets every action read what it read (property)', () => {
    const cases = PROBLEM_CASES.map(({ bad }) => bad);
    fc.assert(
      fc.property(fc.oneof(arbitraryReaders, arbitraryChain(), fc.constantFrom(...cases)), (chain) => {
        const start = workbenchOf(chain);
        const errors = (problems: readonly Problem[]) =>
          new Set(problems.filter(({ severity }) => severity === 'error').map(({ code, path }) => `${code} ${path}`));
        const before = errors(findChainProblems(chain, KNOWN));
        const { workbench, left } = applySafeFixes(start, KNOWN);
        expect(left).toEqual(findChainProblems(workbench.chain, KNOWN));
        for (const { code, fix } of left) {
          if (fix?.isSafe === true) expect([code, applyEdit(workbench, fix.edit).ok]).toEqual([code, false]);
        }
        // Cutting an edge moves those behind it up in their list.
        const placeless = (places: ReadonlySet<string>) =>
          [...places].map((place) => place.replace(/depends_on\/\d+$/, ''));
        for (const error of placeless(errors(left))) expect(placeless(before)).toContain(error);
        for (const [id, action] of chain.actions) {
          const now = workbench.chain.actions.get(id)!;
          expect([now.inputs, now.when, now.fallback]).toEqual([action.inputs, action.when, action.fallback]);
          for (const ancestor of findAncestors(graphOf(chain), id)) {
            expect(isAncestor(graphOf(workbench.chain), ancestor, id)).toBe(true);
          }
        }
      }),
    );
  });
});

const names = ids('A B C D E F');
/** Chains whose actions read one another, along edges and beside them. */
const arbitraryReaders: fc.Arbitrary<Chain> = fc
  .tuple(
    fc.array(fc.tuple(fc.constantFrom(...names), fc.constantFrom(...names)), { maxLength: 8 }),
    fc.array(fc.tuple(fc.constantFrom(...names), fc.subarray([...names])), { maxLength: 6 }),
    fc.subarray([...names]),
  )
  .map(([edges, reads, anyway]) => {
    let chain = chainOf(names.join(' '), ...edges.map(([from, to]) => `${from}>${to}`));
    for (const [reader, read] of reads) {
      chain = withAction(chain, reader, { inputs: { x: read.map((each) => `{{ ${each}.x }}`) } });
    }
    for (const id of anyway) chain = withAction(chain, id, { run_if: 'all_done' });
    return chain;
  });

describe('impliedEdgesFix', () => {
  it('adds all edges that the templates imply, in one step', () => {
    const chain = rowReadingAll(4);
    const fix = impliedEdgesFix(chain);
    expect(fix?.label).toBe('Add the 6 edges that the templates imply');
    const edited = applyEdit(workbenchOf(chain), fix!.edit);
    if (!edited.ok) throw new Error(edited.error.message);
    expect(edgesOf(edited.value.workbench.chain)).toEqual(['a0>a1', 'a1>a2', 'a0>a2', 'a2>a3', 'a1>a3', 'a0>a3']);
    expect(impliedEdgesFix(edited.value.workbench.chain)).toBeUndefined();
  });

  it('names a single one', () => {
    expect(impliedEdgesFix(rowReadingAll(2))?.label).toBe('Add the edge that a template implies: a0 → a1');
  });

  it('can always be applied (property)', () => {
    fc.assert(
      fc.property(arbitraryReaders, (chain) => {
        const fix = impliedEdgesFix(chain);
        if (fix === undefined) return;
        const edited = applyEdit(workbenchOf(chain), fix.edit);
        expect(edited.ok).toBe(true);
        if (edited.ok) expect(printChain(edited.value.workbench.chain)).not.toBe(printChain(chain));
      }),
    );
  });
});
