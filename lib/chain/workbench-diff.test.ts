import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { printCompactJson } from '@/lib/json/print-json';
import { arbitraryChain, arbitraryWorkbench } from '@/testing/arbitrary-chain';
import { chainOf, toActionId, withAction } from '@/testing/chain-builder';
import { printChain } from './print-chain';
import { type Workbench, workbenchOf } from './workbench';
import { applyDiff, diffWorkbench, emptyDiff, invertDiff, isEmptyDiff, squashDiffs } from './workbench-diff';

/** Everything of a workbench as one text, orders included where they mean something. */
const textOf = (workbench: Workbench): string =>
  JSON.stringify([
    printChain(workbench.chain),
    sorted(workbench.layout),
    [...workbench.notes],
    [...mapJson(workbench.sampleInputs)],
    sorted(mapJson(workbench.pins)),
    [...workbench.allowedLiterals],
    workbench.sampleInputName,
    workbench.connectionId,
  ]);
const mapJson = (map: Workbench['sampleInputs']) =>
  new Map([...map].map(([key, value]) => [key, printCompactJson(value)]));
const sorted = (map: ReadonlyMap<string, unknown>) => [...map].sort(([a], [b]) => (a < b ? -1 : 1));

/** Pairs that share most of their records, as before and after an edit, and pairs that share nothing. */
const arbitraryStep: fc.Arbitrary<readonly [Workbench, Workbench]> = fc
  .tuple(arbitraryWorkbench(), arbitraryWorkbench(), fc.array(fc.boolean(), { minLength: 8, maxLength: 8 }))
  .map(([a, b, takes]) => [a, mix(a, b, takes)] as const);

/** `a` with some of its parts taken over from `b`; actions are mixed one by one. */
function mix(a: Workbench, b: Workbench, takes: readonly boolean[]): Workbench {
  const take = (index: number) => takes[index % takes.length] === true;
  const actions = new Map([...a.chain.actions].filter((_, index) => take(index)));
  for (const [id, action] of b.chain.actions) if (take(actions.size)) actions.set(id, action);
  return {
    chain: take(0) ? { ...a.chain, actions } : b.chain,
    layout: take(1) ? a.layout : b.layout,
    notes: take(2) ? a.notes : b.notes,
    sampleInputs: take(3) ? a.sampleInputs : b.sampleInputs,
    pins: take(4) ? a.pins : b.pins,
    allowedLiterals: take(5) ? a.allowedLiterals : b.allowedLiterals,
    sampleInputName: take(6) ? a.sampleInputName : b.sampleInputName,
    connectionId: take(7) ? a.connectionId : b.connectionId,
  };
}

describe('workbench diffs', () => {
  it('applied to a, the diff from a to b gives b byte for byte (property)', () => {
    fc.assert(
      fc.property(arbitraryStep, ([a, b]) => {
        expect(textOf(applyDiff(a, diffWorkbench(a, b)))).toBe(textOf(b));
      }),
    );
  });

  it('inverted, a diff gives a back byte for byte, the order of actions included (property)', () => {
    fc.assert(
      fc.property(arbitraryStep, ([a, b]) => {
        const diff = diffWorkbench(a, b);
        expect(textOf(applyDiff(applyDiff(a, diff), invertDiff(diff)))).toBe(textOf(a));
        expect(invertDiff(invertDiff(diff))).toEqual(diff);
      }),
    );
  });

  it('squashed, two diffs do what one after the other does, and can be taken back (property)', () => {
    fc.assert(
      fc.property(arbitraryStep, arbitraryWorkbench(), fc.boolean(), ([a, b], c, isBack) => {
        const last = isBack ? a : c;
        const [first, second] = [diffWorkbench(a, b), diffWorkbench(b, last)];
        const squashed = squashDiffs(first, second);
        expect(textOf(applyDiff(a, squashed))).toBe(textOf(last));
        expect(textOf(applyDiff(last, invertDiff(squashed)))).toBe(textOf(a));
        expect(squashed).toEqual(diffWorkbench(a, last));
      }),
    );
  });

  it('squashed, any number of steps do not depend on how they are grouped (property)', () => {
    fc.assert(
      fc.property(
        fc.array(arbitraryWorkbench(arbitraryChain({ actionsMax: 4 })), { minLength: 4, maxLength: 4 }),
        (steps) => {
          const [one, two, three] = steps.slice(1).map((step, index) => diffWorkbench(steps[index]!, step));
          expect(squashDiffs(squashDiffs(one!, two!), three!)).toEqual(squashDiffs(one!, squashDiffs(two!, three!)));
        },
      ),
    );
  });

  it('between a workbench and itself there is no difference, and none gives the very same object (property)', () => {
    fc.assert(
      fc.property(arbitraryWorkbench(), (a) => {
        expect(isEmptyDiff(diffWorkbench(a, a))).toBe(true);
        expect(isEmptyDiff(diffWorkbench(a, { ...a, chain: { ...a.chain } }))).toBe(true);
        expect(applyDiff(a, emptyDiff)).toBe(a);
      }),
    );
  });

  it('share what did not change, so that nothing is drawn or checked again', () => {
    const a = workbenchOf(chainOf('A B C', 'A>B>C'));
    const b = { ...a, chain: withAction(a.chain, 'B', { label: 'new' }) };
    const after = applyDiff(a, diffWorkbench(a, b));
    expect(diffWorkbench(a, b).updated.size).toBe(1);
    expect(after.chain.actions.get(toActionId('A'))).toBe(a.chain.actions.get(toActionId('A')));
    expect(after.chain.actions.get(toActionId('B'))).toBe(b.chain.actions.get(toActionId('B')));
  });

  it('put a deleted action back where it stood', () => {
    const a = workbenchOf(chainOf('A B C'));
    const actions = new Map(a.chain.actions);
    actions.delete(toActionId('B'));
    const diff = diffWorkbench(a, { ...a, chain: { ...a.chain, actions } });
    const back = applyDiff(applyDiff(a, diff), invertDiff(diff));
    expect([...back.chain.actions.keys()]).toEqual(['A', 'B', 'C']);
  });

  it('notice a change of order alone', () => {
    const a = workbenchOf(chainOf('A B'));
    const b = { ...a, chain: { ...a.chain, actions: new Map([...a.chain.actions].reverse()) } };
    expect([...diffWorkbench(a, b).updated.keys()]).toEqual(['order']);
    expect(printChain(applyDiff(a, diffWorkbench(a, b)).chain)).toBe(printChain(b.chain));
  });

  it('refuse a workbench that they were not made from', () => {
    const [a, b] = [workbenchOf(chainOf('A B')), workbenchOf(chainOf('A B C'))];
    const diff = diffWorkbench(a, b);
    expect(() => applyDiff(b, diff)).toThrow('Diff adds action:C, which is already there');
    expect(() => applyDiff(a, invertDiff(diff))).toThrow('Diff removes action:C, which is not there');
    const relabelled = { ...b, chain: withAction(b.chain, 'C', { label: 'c' }) };
    expect(() => applyDiff(a, diffWorkbench(b, relabelled))).toThrow('Diff updates action:C, which is not there');
  });

  it('keep ids apart that would meet in a joined key', () => {
    const a = workbenchOf(chainOf('A'));
    const layout = new Map([[toActionId('A:B'), { x: 1, y: 1 }]]);
    const b = { ...a, layout, chain: chainOf('A layout:A:B') };
    expect(textOf(applyDiff(a, diffWorkbench(a, b)))).toBe(textOf(b));
  });
});
