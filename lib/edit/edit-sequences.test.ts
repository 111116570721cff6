import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Chain } from '@/lib/chain/chain';
import { type ActionId, freshActionId } from '@/lib/chain/ids';
import { parseChainText } from '@/lib/chain/parse-chain';
import { printChain } from '@/lib/chain/print-chain';
import type { NoteId, Workbench } from '@/lib/chain/workbench';
import {
  applyDiff,
  diffWorkbench,
  invertDiff,
  isEmptyDiff,
  squashDiffs,
  type WorkbenchDiff,
} from '@/lib/chain/workbench-diff';
import { printWorkbench } from '@/lib/exchange/workbench-text';
import { graphOf } from '@/lib/graph/chain-graph';
import { findCycles } from '@/lib/graph/cycles';
import { formatPointer } from '@/lib/json/pointer';
import {
  arbitraryAction,
  arbitraryActionId,
  arbitraryAcyclicChain,
  arbitraryChain,
  arbitraryWorkbench,
} from '@/testing/arbitrary-chain';
import { arbitraryJson } from '@/testing/arbitrary-json';
import { fuzzRuns } from '@/testing/fuzz-runs';
import { applyEdit } from './apply-edit';
import type { ActionPatch, Edit, EditRefusal } from './edit';

/** A new type of edit or refusal does not compile until it is named here, and fails below until it is tried. */
const EVERY_EDIT: Record<Edit['type'], true> = {
  'add-action': true,
  'delete-actions': true,
  'move-cards': true,
  connect: true,
  disconnect: true,
  'set-input': true,
  'patch-action': true,
  'rename-action': true,
  'patch-chain': true,
  'set-sample-input': true,
  'choose-sample-input': true,
  'choose-connection': true,
  'set-pin': true,
  'allow-literal': true,
  'apply-sidecar': true,
  batch: true,
};
const EVERY_REFUSAL: Record<EditRefusal['type'], true> = {
  'unknown-action': true,
  'bad-id': true,
  'id-taken': true,
  'duplicate-edge': true,
  'no-such-edge': true,
  'would-cycle': true,
  'no-such-place': true,
  limit: true,
};

/** Chance as numbers: an edit is made for the workbench that the edits before it left. */
interface Choice {
  readonly first: number;
  readonly second: number;
  readonly edit: (workbench: Workbench, choice: Choice) => Edit;
}

type Maker = Choice['edit'];

const pick = <T>(items: readonly T[], n: number): T | undefined => items[n % Math.max(1, items.length)];
const idsOf = ({ chain }: Workbench): readonly ActionId[] => [...chain.actions.keys()];
const anyId = (workbench: Workbench, n: number): ActionId => pick(idsOf(workbench), n) ?? ('ghost' as ActionId);
const edgesOf = ({ chain }: Workbench) =>
  [...chain.actions].flatMap(([to, { depends_on = [] }]) => depends_on.map((from) => ({ from, to })));

/** Sidecars speak of actions that the chain lacks. */
const BEYOND = 'beyond the chain' as ActionId;

const arbitrarySidecarMaker: fc.Arbitrary<Maker> = fc
  .record({
    notes: fc.uniqueArray(fc.constantFrom('n1', 'n2', '__proto__'), { maxLength: 3 }),
    samples: fc.uniqueArray(fc.constantFrom('Default', 'x', '__proto__'), { maxLength: 3 }),
    value: arbitraryJson({ depthMax: 1 }),
    chosen: fc.constantFrom(null, 'Default', 'nowhere'),
    keepsOld: fc.boolean(),
  })
  .map(
    ({ notes, samples, value, chosen, keepsOld }): Maker =>
      (workbench, { first, second }) => {
        const place = { x: first, y: second };
        const note = { ...place, width: 10, height: 10, text: 'x' };
        const old = keepsOld ? workbench : { notes: [], sampleInputs: [], allowedLiterals: [] };
        return {
          type: 'apply-sidecar',
          sidecar: {
            layout: new Map([anyId(workbench, first), BEYOND].map((id) => [id, place])),
            notes: new Map([...notes.map((id) => [id as NoteId, note] as const), ...old.notes]),
            sampleInputs: new Map([...samples.map((name) => [name, value] as const), ...old.sampleInputs]),
            pins: new Map([BEYOND, anyId(workbench, second)].map((id) => [id, value])),
            allowedLiterals: new Set([...old.allowedLiterals, '/name']),
            sampleInputName: chosen,
          },
        };
      },
  );

const PATCHED_KEYS = [
  ...(['definition_id', 'label', 'notes', 'disabled', 'when', 'run_if', 'timeout_sec', 'retry'] as const),
  ...(['on_failure', 'fallback', 'effect'] as const),
] satisfies readonly (keyof ActionPatch)[];

const arbitraryMaker: fc.Arbitrary<Maker> = fc.oneof(
  fc.tuple(arbitraryActionId, arbitraryAction).map(
    ([id, action]): Maker =>
      (workbench, { first, second }) => {
        const depends_on = [anyId(workbench, first)];
        return { type: 'add-action', id, action: { ...action, depends_on }, at: { x: first, y: second } };
      },
  ),
  fc.boolean().map(
    (healEdges): Maker =>
      (workbench, { first, second }) => ({
        type: 'delete-actions',
        ids: [anyId(workbench, first), anyId(workbench, second)],
        healEdges,
      }),
  ),
  fc.constant<Maker>((workbench, { first, second }) => ({
    type: 'move-cards',
    positions: new Map([[anyId(workbench, first), { x: second, y: first }]]),
  })),
  fc.constant<Maker>((workbench, { first, second }) => ({
    type: 'connect',
    from: anyId(workbench, first),
    to: anyId(workbench, second),
  })),
  fc.constant<Maker>((workbench, { first, second }) => {
    const edges = edgesOf(workbench);
    const ghost = { from: 'ghost' as ActionId, to: anyId(workbench, first) };
    if (second % 10 === 0) return { type: 'disconnect', edges: [ghost] };
    return { type: 'disconnect', edges: edges.filter((_edge, i) => i === first % edges.length || i === second) };
  }),
  fc
    .tuple(
      fc.constantFrom<readonly string[]>(['a'], ['b'], ['__proto__'], []),
      fc.option(arbitraryJson({ depthMax: 2 }), { nil: undefined }),
    )
    .map(
      ([path, value]): Maker =>
        (workbench, { first }) => ({ type: 'set-input', id: anyId(workbench, first), path, value }),
    ),
  // Templates that read other actions, for renaming and deleting to meet.
  fc.constantFrom('a', 'b').map(
    (key): Maker =>
      (workbench, { first, second }) => ({
        type: 'set-input',
        id: anyId(workbench, first),
        path: [key],
        value: `{{ ${anyId(workbench, second)}.x }}`,
      }),
  ),
  fc.tuple(arbitraryAction, fc.subarray([...PATCHED_KEYS], { minLength: 1 })).map(
    ([action, keys]): Maker =>
      (workbench, { first }) => ({
        type: 'patch-action',
        id: anyId(workbench, first),
        // A key that the other action lacks is taken out.
        patch: Object.fromEntries(keys.map((key) => [key, action[key]])),
      }),
  ),
  fc.tuple(arbitraryActionId, fc.boolean()).map(
    ([wish, isFresh]): Maker =>
      (workbench, { first }) => {
        const to = isFresh ? freshActionId(wish, (id) => workbench.chain.actions.has(id as ActionId)) : wish;
        return { type: 'rename-action', from: anyId(workbench, first), to };
      },
  ),
  fc.constantFrom<Maker>(
    (workbench, { first, second }) => ({
      type: 'rename-action',
      from: anyId(workbench, first),
      to: anyId(workbench, second),
    }),
    (workbench, { first }) => ({ type: 'rename-action', from: anyId(workbench, first), to: 'input' as ActionId }),
    (workbench, { first }) => ({ type: 'patch-action', id: anyId(workbench, first), patch: { definition_id: '' } }),
  ),
  fc.tuple(arbitraryChain({ actionsMax: 0 }), fc.subarray(['name', 'description', 'inputs', 'settings'])).map(
    ([chain, keys]): Maker =>
      () => ({
        type: 'patch-chain',
        patch: Object.fromEntries(keys.map((key) => [key, chain[key as keyof Chain]])),
      }),
  ),
  fc
    .tuple(fc.constantFrom('Default', 'x', '__proto__'), fc.option(arbitraryJson({ depthMax: 1 }), { nil: undefined }))
    .map(
      ([name, value]): Maker =>
        () => ({ type: 'set-sample-input', name, value }),
    ),
  fc.constantFrom(null, 'Default', 'x').map(
    (name): Maker =>
      () => ({ type: 'choose-sample-input', name }),
  ),
  fc.constantFrom(null, 'c1').map(
    (connectionId): Maker =>
      () => ({ type: 'choose-connection', connectionId }),
  ),
  fc.option(arbitraryJson({ depthMax: 1 }), { nil: undefined }).map(
    (output): Maker =>
      (workbench, { first }) => ({ type: 'set-pin', id: anyId(workbench, first), output }),
  ),
  fc.constant<Maker>((workbench, { first }) => ({
    type: 'allow-literal',
    pointer: formatPointer(['actions', anyId(workbench, first), 'definition_id']),
  })),
  arbitrarySidecarMaker,
);

const arbitraryChoice: fc.Arbitrary<Choice> = fc
  .tuple(arbitraryMaker, fc.option(arbitraryMaker, { freq: 4 }), fc.nat(50), fc.nat(50))
  .map(([make, alsoMake, first, second]) => ({
    first,
    second,
    edit:
      alsoMake === null
        ? make
        : (workbench, choice) => ({ type: 'batch', edits: [make(workbench, choice), alsoMake(workbench, choice)] }),
  }));

const arbitrarySequence = fc.array(arbitraryChoice, { minLength: 1, maxLength: 30 });

/** Refused edits leave everything as it was; the others are steps. */
function play(start: Workbench, choices: readonly Choice[]) {
  const reasons: EditRefusal['type'][] = [];
  const steps: (Record<'before' | 'after', Workbench> & { readonly edit: Edit; readonly diff: WorkbenchDiff })[] = [];
  let workbench = start;
  for (const choice of choices) {
    const edit = choice.edit(workbench, choice);
    const result = applyEdit(workbench, edit);
    if (!result.ok) {
      expect(result.error.message).not.toBe('');
      reasons.push(result.error.type);
      continue;
    }
    steps.push({ edit, before: workbench, after: result.value.workbench, diff: result.value.diff });
    workbench = result.value.workbench;
  }
  return { steps, reasons, end: workbench };
}

function idsOfSidecars(edit: Edit): readonly ActionId[] {
  if (edit.type === 'batch') return edit.edits.flatMap(idsOfSidecars);
  return edit.type === 'apply-sidecar' ? [...edit.sidecar.layout.keys(), ...edit.sidecar.pins.keys()] : [];
}

/** Document and workbench, byte for byte as they are stored: orders show that equality of maps does not see. */
const textOf = (workbench: Workbench): string => printChain(workbench.chain) + printWorkbench(workbench);

/** The edit, and those of a batch. */
const editsIn = (edit: Edit): readonly Edit[] => [edit, ...(edit.type === 'batch' ? edit.edits.flatMap(editsIn) : [])];

it('the edits tried here are of every type, each accepted with a change, and refused for every reason', () => {
  const changed = new Map<string, number>();
  const refused = new Set<string>();
  const cases = fc.sample(fc.tuple(arbitraryWorkbench(arbitraryChain()), arbitrarySequence), {
    numRuns: 200,
    seed: 20250101,
  });
  for (const [start, choices] of cases) {
    const { steps, reasons } = play(start, choices);
    for (const reason of reasons) refused.add(reason);
    for (const { edit, diff } of steps) {
      if (isEmptyDiff(diff)) continue;
      for (const { type } of editsIn(edit)) changed.set(type, (changed.get(type) ?? 0) + 1);
    }
  }
  expect([...changed.keys()].sort()).toEqual(Object.keys(EVERY_EDIT).sort());
  expect(Math.min(...changed.values())).toBeGreaterThan(20);
  expect([...refused].sort()).toEqual(Object.keys(EVERY_REFUSAL).sort());
});

describe('any sequence of 1 to 30 edits', () => {
  it('is taken back by its diffs inverted in reverse order: byte-equal document and workbench (property)', () => {
    fc.assert(
      fc.property(arbitraryWorkbench(arbitraryChain()), arbitrarySequence, (start, choices) => {
        const { steps, end } = play(start, choices);
        let back = end;
        for (const { before, diff } of [...steps].reverse()) {
          back = applyDiff(back, invertDiff(diff));
          expect(textOf(back)).toBe(textOf(before));
        }
        expect(back).toEqual(start);
        for (const { diff } of steps) back = applyDiff(back, diff);
        expect(textOf(back)).toBe(textOf(end));
        expect(back).toEqual(end);
      }),
      { numRuns: fuzzRuns(100) },
    );
  });

  it('squashes to one diff that leads there and back (property)', () => {
    fc.assert(
      fc.property(arbitraryWorkbench(arbitraryChain()), arbitrarySequence, (start, choices) => {
        const { steps, end } = play(start, choices);
        const all = steps.map(({ diff }) => diff).reduce(squashDiffs, diffWorkbench(start, start));
        expect(textOf(applyDiff(start, all))).toBe(textOf(end));
        expect(applyDiff(start, all)).toEqual(end);
        const back = applyDiff(end, invertDiff(all));
        expect(textOf(back)).toBe(textOf(start));
        expect(back).toEqual(start);
      }),
      { numRuns: fuzzRuns(100) },
    );
  });

  it('never closes a cycle and never makes a document that import rejects (property)', () => {
    fc.assert(
      fc.property(arbitraryWorkbench(arbitraryAcyclicChain()), arbitrarySequence, (start, choices) => {
        for (const { after } of play(start, choices).steps) {
          expect(findCycles(graphOf(after.chain))).toEqual([]);
          const read = parseChainText(printChain(after.chain));
          expect(read.ok && printChain(read.value)).toBe(printChain(after.chain));
        }
      }),
      { numRuns: fuzzRuns(100) },
    );
  });

  it('keeps everything beside the chain keyed by actions that exist, or that a sidecar spoke of (property)', () => {
    fc.assert(
      fc.property(arbitraryWorkbench(arbitraryChain()), arbitrarySequence, (start, choices) => {
        const { steps, end } = play(start, choices);
        const spokenOf = new Set(steps.flatMap(({ edit }) => idsOfSidecars(edit)));
        for (const id of [...end.layout.keys(), ...end.pins.keys()]) {
          expect(end.chain.actions.has(id) || spokenOf.has(id), id).toBe(true);
        }
        expect(end.sampleInputName === null || end.sampleInputs.has(end.sampleInputName)).toBe(true);
      }),
      { numRuns: fuzzRuns(100) },
    );
  });

  it('gives the same workbench for an empty diff and another one else (property)', () => {
    fc.assert(
      fc.property(arbitraryWorkbench(arbitraryChain()), arbitrarySequence, (start, choices) => {
        for (const { before, after, diff } of play(start, choices).steps) {
          expect(before === after).toBe(isEmptyDiff(diff));
        }
      }),
      { numRuns: fuzzRuns(100) },
    );
  });
});
