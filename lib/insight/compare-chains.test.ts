import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Action, type Chain, dependenciesOf } from '@/lib/chain/chain';
import { type ActionId, freshActionId } from '@/lib/chain/ids';
import { parseChainText } from '@/lib/chain/parse-chain';
import { printChain } from '@/lib/chain/print-chain';
import { type Workbench, workbenchOf } from '@/lib/chain/workbench';
import { applyEdit } from '@/lib/edit/apply-edit';
import type { Edit } from '@/lib/edit/edit';
import { formatPointer } from '@/lib/json/pointer';
import { fromPlain, isSameJson, Numeral } from '@/lib/json/value';
import { arbitraryAction, arbitraryActionId, arbitraryChain, arbitraryWorkbench } from '@/testing/arbitrary-chain';
import { arbitraryJson, arbitraryNumeral } from '@/testing/arbitrary-json';
import { chainFrom, chainOf, toActionId, withAction, withSettings } from '@/testing/chain-builder';
import { fuzzRuns } from '@/testing/fuzz-runs';
import { type ChainComparison, compareChains } from './compare-chains';
import { listChanges } from './describe-change';

const NOTHING: ChainComparison = {
  isSame: false,
  isSameBehaviour: false,
  renamed: [],
  added: [],
  removed: [],
  changed: [],
  edgesAdded: [],
  edgesRemoved: [],
  head: [],
  order: null,
  movedCards: null,
};

const isEmpty = (comparison: ChainComparison): boolean => listChanges(comparison).length === 0;
const edge = (from: string, to: string) => ({ from: toActionId(from), to: toActionId(to) });

//  fetch ─► enrich ─► update
const EXAMPLE = chainFrom({
  name: 'Customer enrichment',
  inputs: { type: 'object', properties: { account_id: { type: 'string' } } },
  actions: {
    fetch: { definition_id: 'get-customer', inputs: { id: '{{ input.account_id }}' } },
    enrich: { definition_id: 'enrich', depends_on: ['fetch'], inputs: { customer: '{{ fetch.customer_id }}' } },
    update: {
      definition_id: 'update',
      depends_on: ['enrich'],
      when: '{{ fetch.ok }}',
      inputs: { list: [1, '{{ enrich.record }}'] },
    },
  },
});

function edited(chain: Chain, ...edits: readonly Edit[]): Chain {
  const result = applyEdit(workbenchOf(chain), { type: 'batch', edits });
  if (!result.ok) throw new Error(result.error.message);
  return result.value.workbench.chain;
}

const rename = (from: string, to: string): Edit => ({
  type: 'rename-action',
  from: toActionId(from),
  to: toActionId(to),
});

describe('a rename', () => {
  it('is a rename and nothing else, whatever templates and dependencies it carries along', () => {
    expect(compareChains(EXAMPLE, edited(EXAMPLE, rename('fetch', 'fetch_customer')))).toEqual({
      ...NOTHING,
      renamed: [{ from: 'fetch', to: 'fetch_customer' }],
    });
  });

  it('is found beside other edits of the same action, which are told in the words of both documents', () => {
    const after = edited(
      EXAMPLE,
      rename('fetch', 'fetch_customer'),
      rename('enrich', 'enrich_record'),
      { type: 'set-input', id: toActionId('enrich_record'), path: ['customer'], value: '{{ fetch_customer.id }}' },
      { type: 'patch-action', id: toActionId('enrich_record'), patch: { label: 'Enrich' } },
    );
    const comparison = compareChains(EXAMPLE, after);
    expect(comparison).toEqual({
      ...NOTHING,
      renamed: [
        { from: 'fetch', to: 'fetch_customer' },
        { from: 'enrich', to: 'enrich_record' },
      ],
      changed: [
        {
          id: 'enrich_record',
          idBefore: 'enrich',
          changes: [
            {
              type: 'changed',
              path: '/inputs/customer',
              from: '{{ fetch.customer_id }}',
              to: '{{ fetch_customer.id }}',
            },
            { type: 'added', path: '/label', to: 'Enrich' },
          ],
        },
      ],
    });
  });

  it('is found for every action at once', () => {
    const ids = [...EXAMPLE.actions.keys()];
    const after = edited(EXAMPLE, ...ids.map((id) => rename(id, `crm_${id}`)));
    expect(compareChains(EXAMPLE, after)).toEqual({
      ...NOTHING,
      renamed: ids.map((id) => ({ from: id, to: `crm_${id}` })),
    });
  });

  //      ┌─► b ─┐                  ┌─► x ─┐
  //  a ──┤      ├─► d   becomes  a ┤      ├─► d  : only the way through the graph tells which is which
  //      └─► c ─┴─► e              └─► y ─┴─► e
  it('is found by the neighbours where inputs and definition are the same', () => {
    const before = sameDefinition(chainOf('a b c d e', 'a>b>d', 'a>c>d', 'c>e'));
    const after = sameDefinition(chainOf('a y x d e', 'a>x>d', 'a>y>d', 'y>e'));
    expect(compareChains(before, after).renamed).toEqual([
      { from: 'c', to: 'y' },
      { from: 'b', to: 'x' },
    ]);
  });

  it('gives twins in document order', () => {
    const before = sameDefinition(chainOf('a b1 b2 b3', 'a>b1', 'a>b2', 'a>b3'));
    const after = sameDefinition(chainOf('a c1 c2 c3', 'a>c1', 'a>c2', 'a>c3'));
    expect(compareChains(before, after)).toEqual({
      ...NOTHING,
      renamed: [1, 2, 3].map((n) => ({ from: `b${n}`, to: `c${n}` })),
    });
  });

  it('leaves over the last of more twins', () => {
    const before = sameDefinition(chainOf('a b1 b2', 'a>b1', 'a>b2'));
    const after = sameDefinition(chainOf('a c1 c2 c3', 'a>c1', 'a>c2', 'a>c3'));
    expect(compareChains(before, after)).toMatchObject({
      renamed: [1, 2].map((n) => ({ from: `b${n}`, to: `c${n}` })),
      added: [{ id: 'c3' }],
    });
  });

  it('is taken from the more alike of two, and the other one is added', () => {
    const before = chainFrom({ actions: { a: { definition_id: 'd', inputs: { x: 1, y: 2 } } } });
    const after = chainFrom({
      actions: {
        b: { definition_id: 'd', inputs: { x: 1, y: 3 } },
        c: { definition_id: 'd', inputs: { x: 1, y: 2 } },
      },
    });
    expect(compareChains(before, after)).toMatchObject({
      renamed: [{ from: 'a', to: 'c' }],
      added: [{ id: 'b', definitionId: 'd' }],
      changed: [],
    });
  });

  it('is never seen between actions of different definitions', () => {
    const after = withAction(edited(EXAMPLE, rename('update', 'store')), 'store', { definition_id: 'store' });
    expect(compareChains(EXAMPLE, after)).toMatchObject({
      renamed: [],
      removed: [{ id: 'update', definitionId: 'update' }],
      added: [{ id: 'store', definitionId: 'store' }],
      edgesRemoved: [edge('enrich', 'update')],
      edgesAdded: [edge('enrich', 'store')],
    });
  });

  it('is not made up of two actions that share no more than the definition', () => {
    const before = chainFrom({
      actions: {
        a: { definition_id: 'x' },
        b: { definition_id: 'x' },
        notify: { definition_id: 'mail', depends_on: ['a'], inputs: { to: '{{ a.mail }}' } },
      },
    });
    const after = chainFrom({
      actions: {
        a: { definition_id: 'x' },
        b: { definition_id: 'x' },
        warn: { definition_id: 'mail', depends_on: ['b'], inputs: { cc: '{{ b.mail }}' } },
      },
    });
    expect(compareChains(before, after)).toMatchObject({
      renamed: [],
      removed: [{ id: 'notify' }],
      added: [{ id: 'warn' }],
    });
  });

  it('is nothing that an id in both documents can be part of: it is one action with another definition', () => {
    const [a, b] = ['a', 'b'].map((id): Action => ({ definition_id: `is-${id}`, label: id, extra: new Map() }));
    const before: Chain = {
      actions: new Map([
        [toActionId('a'), a!],
        [toActionId('b'), b!],
      ]),
      extra: new Map(),
    };
    const after: Chain = {
      actions: new Map([
        [toActionId('a'), b!],
        [toActionId('b'), a!],
      ]),
      extra: new Map(),
    };
    const comparison = compareChains(before, after);
    expect(comparison.renamed).toEqual([]);
    expect(comparison.changed.map(({ id, changes }) => [id, changes.map(({ path }) => path)])).toEqual([
      ['a', ['/definition_id', '/label']],
      ['b', ['/definition_id', '/label']],
    ]);
  });

  it('is found for names of Object.prototype and for ids that no template can name', () => {
    const before = sameDefinition(chainOf('constructor b c', 'constructor>b>c'));
    for (const to of ['__proto__', '10', 'a-b']) {
      const comparison = compareChains(before, edited(before, rename('constructor', to)));
      expect(comparison).toEqual({ ...NOTHING, renamed: [{ from: 'constructor', to }] });
    }
  });
});

/** Every action calls the same definition, so that nothing but the graph tells them apart. */
const sameDefinition = (chain: Chain): Chain => ({
  ...chain,
  actions: new Map([...chain.actions].map(([id, action]) => [id, { ...action, definition_id: 'd' }])),
});

describe('changes of one action', () => {
  it('are told leaf by leaf, inputs that came whole included', () => {
    const before = chainFrom({ actions: { a: { definition_id: 'd', retry: { max_attempts: 2 }, timeout_sec: 10 } } });
    const after = chainFrom({
      actions: { a: { definition_id: 'd', inputs: { x: 1, y: {} }, retry: { max_attempts: 3 }, 'x-owner': 'me' } },
    });
    expect(compareChains(before, after).changed).toEqual([
      {
        id: 'a',
        idBefore: 'a',
        changes: [
          { type: 'removed', path: '/timeout_sec', from: new Numeral('10') },
          { type: 'changed', path: '/retry/max_attempts', from: new Numeral('2'), to: new Numeral('3') },
          { type: 'added', path: '/inputs/x', to: new Numeral('1') },
          { type: 'added', path: '/inputs/y', to: new Map() },
          { type: 'added', path: '/x-owner', to: 'me' },
        ],
      },
    ]);
  });

  it('tell dependencies in another order, and a list that came empty', () => {
    const before = chainOf('a b c', 'a>c', 'b>c');
    const after = chainOf('a b c', 'b>c', 'a>c');
    expect(compareChains(before, after)).toMatchObject({
      edgesAdded: [],
      edgesRemoved: [],
      changed: [{ id: 'c', changes: [{ type: 'changed', path: '/depends_on', from: ['a', 'b'], to: ['b', 'a'] }] }],
    });
    const absent = chainFrom({ actions: { a: { definition_id: 'd' } } });
    const empty = chainFrom({ actions: { a: { definition_id: 'd', depends_on: [] } } });
    expect(compareChains(absent, empty)).toEqual({
      ...NOTHING,
      isSameBehaviour: true,
      changed: [{ id: 'a', idBefore: 'a', changes: [{ type: 'added', path: '/depends_on', to: [] }] }],
    });
  });
});

describe('changes of the chain itself', () => {
  it('are told leaf by leaf: name, settings, schema of the inputs, keys of one’s own', () => {
    const after = {
      ...withSettings(EXAMPLE, {
        timeout_sec: new Numeral('10'),
        retry: { max_attempts: new Numeral('2'), extra: new Map() },
      }),
      name: 'Other',
      inputs: fromPlain({ type: 'object', properties: { account_id: { type: 'integer' } }, required: ['account_id'] }),
      extra: new Map([['x-team', 'crm']]),
    };
    expect(compareChains(EXAMPLE, after)).toEqual({
      ...NOTHING,
      head: [
        { type: 'changed', path: '/name', from: 'Customer enrichment', to: 'Other' },
        { type: 'changed', path: '/inputs/properties/account_id/type', from: 'string', to: 'integer' },
        { type: 'added', path: '/inputs/required', to: ['account_id'] },
        { type: 'added', path: '/settings/timeout_sec', to: new Numeral('10') },
        { type: 'added', path: '/settings/retry/max_attempts', to: new Numeral('2') },
        { type: 'added', path: '/x-team', to: 'crm' },
      ],
    });
  });
});

describe('the order of actions', () => {
  it('names the fewest actions that moved, and says whether they now start in another order', () => {
    const before = chainOf('a b c d', 'a>d', 'b>d', 'c>d');
    expect(compareChains(before, chainOf('c a b d', 'a>d', 'b>d', 'c>d')).order).toEqual({
      moved: ['c'],
      changesPlan: true,
    });
    const row = chainOf('a b c d', 'a>b>c>d');
    expect(compareChains(row, chainOf('d b a c', 'a>b>c>d')).order).toEqual({
      moved: ['d', 'b'],
      changesPlan: false,
    });
  });

  it('is judged apart from what else changed', () => {
    const before = chainOf('a b c', 'a>b>c');
    // The edges changed the plan, not the order in the document.
    expect(compareChains(before, chainOf('b a c', 'b>a>c')).order).toEqual({ moved: ['b'], changesPlan: false });
    expect(compareChains(before, chainOf('new a b c', 'a>b>c')).order).toBeNull();
  });

  it('leads to no plan where actions wait in a circle', () => {
    const comparison = compareChains(chainOf('a b', 'a>b', 'b>a'), chainOf('b a', 'a>b', 'b>a'));
    expect(comparison.order).toEqual({ moved: ['b'], changesPlan: false });
  });
});

describe('layouts', () => {
  const layout = (...places: readonly (readonly [string, number])[]) =>
    new Map(places.map(([id, x]) => [toActionId(id), { x, y: 0 }]));

  it('are set apart: a moved card is told, and the chains stay the same', () => {
    const layouts = {
      before: layout(['fetch', 0], ['enrich', 1]),
      after: layout(['fetch', 5], ['enrich', 1], ['update', 2]),
    };
    expect(compareChains(EXAMPLE, EXAMPLE, layouts)).toEqual({
      ...NOTHING,
      isSame: true,
      isSameBehaviour: true,
      movedCards: [
        { id: 'fetch', from: { x: 0, y: 0 }, to: { x: 5, y: 0 } },
        { id: 'update', from: null, to: { x: 2, y: 0 } },
      ],
    });
  });

  it('follow a rename', () => {
    const layouts = { before: layout(['fetch', 0]), after: layout(['fetch_customer', 0]) };
    expect(compareChains(EXAMPLE, edited(EXAMPLE, rename('fetch', 'fetch_customer')), layouts).movedCards).toEqual([]);
  });
});

const arbitraryBench = arbitraryWorkbench(arbitraryChain());
const idsOf = ({ chain }: Workbench): readonly ActionId[] => [...chain.actions.keys()];
const pick = <T>(items: readonly T[], n: number): T | undefined => items[n % Math.max(1, items.length)];
const edgesOf = (chain: Chain) =>
  [...chain.actions].flatMap(([to, action]) => dependenciesOf(action).map((from) => ({ from, to })));

/** What comparing finds after one edit that changed something; refused edits are passed over. */
function compareEdited(workbench: Workbench, edit: Edit): ChainComparison | undefined {
  const result = applyEdit(workbench, edit);
  if (!result.ok || result.value.workbench.chain === workbench.chain) return undefined;
  return compareChains(workbench.chain, result.value.workbench.chain);
}

describe('one edit of any chain gives exactly what it did (property)', () => {
  it('renaming', () => {
    fc.assert(
      fc.property(arbitraryBench, fc.nat(), arbitraryActionId, fc.boolean(), (workbench, n, wish, isFresh) => {
        const from = pick(idsOf(workbench), n);
        if (from === undefined) return;
        const to = isFresh ? freshActionId(wish, (id) => workbench.chain.actions.has(id as ActionId)) : wish;
        const comparison = compareEdited(workbench, { type: 'rename-action', from, to });
        if (comparison !== undefined) expect(comparison).toEqual({ ...NOTHING, renamed: [{ from, to }] });
      }),
      { numRuns: fuzzRuns(150) },
    );
  });

  it('adding and deleting', () => {
    fc.assert(
      fc.property(arbitraryBench, fc.nat(), arbitraryActionId, arbitraryAction, (workbench, n, id, action) => {
        const depends_on = idsOf(workbench).slice(0, n % 3);
        const add: Edit = { type: 'add-action', id, action: { ...action, depends_on }, at: { x: 0, y: 0 } };
        const lone = { id, definitionId: action.definition_id };
        const edges = depends_on.map((from) => ({ from, to: id }));
        const added = compareEdited(workbench, add);
        if (added !== undefined) expect(added).toEqual({ ...NOTHING, added: [lone], edgesAdded: edges });

        const gone = pick(idsOf(workbench), n);
        if (gone === undefined) return;
        const removed = compareEdited(workbench, { type: 'delete-actions', ids: [gone], healEdges: false });
        expect(removed).toEqual({
          ...NOTHING,
          removed: [{ id: gone, definitionId: workbench.chain.actions.get(gone)!.definition_id }],
          edgesRemoved: edgesOf(workbench.chain).filter(({ from, to }) => from === gone || to === gone),
        });
      }),
    );
  });

  it('connecting and disconnecting', () => {
    fc.assert(
      fc.property(arbitraryBench, fc.nat(), fc.nat(), (workbench, n, m) => {
        const [from, to] = [pick(idsOf(workbench), n), pick(idsOf(workbench), m)];
        if (from === undefined || to === undefined) return;
        const connected = compareEdited(workbench, { type: 'connect', from, to });
        if (connected !== undefined) expect(connected).toEqual({ ...NOTHING, edgesAdded: [{ from, to }] });
        const cut = pick(edgesOf(workbench.chain), n);
        if (cut === undefined) return;
        const disconnected = compareEdited(workbench, { type: 'disconnect', edges: [cut] });
        expect(disconnected).toEqual({ ...NOTHING, edgesRemoved: [cut] });
      }),
    );
  });

  it('setting an input', () => {
    const leaf = fc.oneof(arbitraryNumeral, fc.string(), fc.boolean(), fc.constant(null));
    fc.assert(
      fc.property(arbitraryBench, fc.nat(), fc.string(), leaf, (workbench, n, key, value) => {
        const id = pick(idsOf(workbench), n);
        const inputs = id === undefined ? undefined : workbench.chain.actions.get(id)!.inputs;
        if (id === undefined || !(inputs === undefined || inputs instanceof Map)) return;
        const before = inputs?.get(key);
        const comparison = compareEdited(workbench, { type: 'set-input', id, path: [key], value });
        if (comparison === undefined) {
          expect(before !== undefined && isSameJson(before, value)).toBe(true);
          return;
        }
        const path = formatPointer(['inputs', key]);
        const change =
          before === undefined
            ? { type: 'added', path, to: value }
            : { type: 'changed', path, from: before, to: value };
        expect(comparison.changed).toEqual([{ id, idBefore: id, changes: [change] }]);
        expect({ ...comparison, changed: [] }).toEqual(NOTHING);
      }),
    );
  });

  it('moving cards, pinning and naming samples: nothing', () => {
    fc.assert(
      fc.property(arbitraryBench, fc.nat(), arbitraryJson({ depthMax: 1 }), (workbench, n, output) => {
        const id = pick(idsOf(workbench), n);
        if (id === undefined) return;
        const edits: readonly Edit[] = [
          { type: 'move-cards', positions: new Map([[id, { x: n, y: n }]]) },
          { type: 'set-pin', id, output },
        ];
        const result = applyEdit(workbench, { type: 'batch', edits });
        expect(result.ok && isEmpty(compareChains(workbench.chain, result.value.workbench.chain))).toBe(true);
      }),
    );
  });
});

/** A chain, and what a few edits make of it. Refused edits are passed over. */
const arbitraryPair: fc.Arbitrary<readonly [Chain, Chain]> = fc
  .tuple(
    arbitraryBench,
    fc.array(
      fc.record({ kind: fc.nat(8), n: fc.nat(50), m: fc.nat(50), wish: arbitraryActionId, action: arbitraryAction }),
      { maxLength: 8 },
    ),
  )
  .map(([start, wishes]) => {
    let workbench = start;
    for (const { kind, n, m, wish, action } of wishes) {
      const id = pick(idsOf(workbench), n);
      const other = pick(idsOf(workbench), m);
      const fresh = freshActionId(wish, (taken) => workbench.chain.actions.has(taken as ActionId));
      if (id === undefined || other === undefined) continue;
      const twin = workbench.chain.actions.get(id)!;
      const edits: readonly Edit[] = [
        { type: 'rename-action', from: id, to: fresh },
        { type: 'rename-action', from: id, to: wish },
        { type: 'delete-actions', ids: [id], healEdges: m % 2 === 0 },
        { type: 'add-action', id: fresh, action: { ...action, depends_on: [id] }, at: { x: 0, y: 0 } },
        { type: 'add-action', id: fresh, action: twin, at: { x: 0, y: 0 } },
        { type: 'connect', from: id, to: other },
        { type: 'disconnect', edges: edgesOf(workbench.chain).slice(n, n + 1) },
        { type: 'patch-action', id, patch: { label: wish, ...(m % 2 === 0 ? { disabled: true } : {}) } },
        { type: 'set-input', id, path: [wish], value: action.inputs },
      ];
      const result = applyEdit(workbench, edits[kind]!);
      if (result.ok) workbench = result.value.workbench;
    }
    return [start.chain, workbench.chain] as const;
  });

describe('any two chains', () => {
  it('are the same if and only if nothing is told and their texts are equal (property)', () => {
    fc.assert(
      fc.property(fc.oneof(arbitraryPair, fc.tuple(arbitraryChain(), arbitraryChain())), ([before, after]) => {
        for (const [a, b] of [
          [before, after],
          [before, before],
        ] as const) {
          const comparison = compareChains(a, b);
          const isSame = printChain(a) === printChain(b);
          expect([comparison.isSame, isEmpty(comparison)]).toEqual([isSame, isSame]);
          if (isSame) expect(comparison.isSameBehaviour).toBe(true);
        }
      }),
      { numRuns: fuzzRuns(200) },
    );
  });

  it('are the same as what is read from their text', () => {
    const read = parseChainText(printChain(EXAMPLE));
    expect(read.ok && compareChains(EXAMPLE, read.value)).toEqual({ ...NOTHING, isSame: true, isSameBehaviour: true });
  });

  it('tell the opposite when they change places (property)', () => {
    fc.assert(
      fc.property(arbitraryPair, ([before, after]) => {
        const [there, back] = [compareChains(before, after), compareChains(after, before)];
        expect(sorted(back.added)).toEqual(sorted(there.removed));
        expect(sorted(back.removed)).toEqual(sorted(there.added));
        expect(sorted(back.renamed.map(({ from, to }) => ({ from: to, to: from })))).toEqual(sorted(there.renamed));
        expect(back.isSameBehaviour).toBe(there.isSameBehaviour);
        expect((back.order === null) === (there.order === null)).toBe(true);
        // A name that nobody has may become one's own by a rename: there the two ways differ by design.
        if (there.renamed.length > 0) return;
        expect(sorted(back.edgesAdded)).toEqual(sorted(there.edgesRemoved));
        expect(sorted(back.edgesRemoved)).toEqual(sorted(there.edgesAdded));
        expect(back.changed.map(({ id }) => id).sort()).toEqual(there.changed.map(({ id }) => id).sort());
      }),
      { numRuns: fuzzRuns(200) },
    );
  });

  it('match one to one: every action is in both, added or removed (property)', () => {
    fc.assert(
      fc.property(arbitraryPair, ([before, after]) => {
        const { renamed, added, removed } = compareChains(before, after);
        const kept = [...before.actions.keys()].filter((id) => after.actions.has(id));
        const left = [...kept, ...renamed.map(({ from }) => from), ...removed.map(({ id }) => id)];
        const right = [...kept, ...renamed.map(({ to }) => to), ...added.map(({ id }) => id)];
        expect(left.sort()).toEqual([...before.actions.keys()].sort());
        expect(right.sort()).toEqual([...after.actions.keys()].sort());
        for (const { from, to } of renamed) {
          expect(before.actions.get(from)!.definition_id).toBe(after.actions.get(to)!.definition_id);
        }
      }),
    );
  });
});

const sorted = (items: readonly object[]): readonly string[] => items.map((item) => JSON.stringify(item)).sort();

describe('2,000 actions', () => {
  const big = largeChain(2000);

  it('renamed all at once are 2,000 renames and nothing else', () => {
    const after = renamedAll(big, (id) => `crm_${id}`);
    const { renamed, ...rest } = compareChains(big, after);
    expect(renamed).toHaveLength(2000);
    expect(renamed.every(({ from, to }) => to === `crm_${from}`)).toBe(true);
    expect({ ...rest, renamed: [] }).toEqual(NOTHING);
  });

  it('in a row, told apart by their place alone and listed the other way round, are found', () => {
    const names = Array.from({ length: 2000 }, (_, index) => `n${index}`);
    const row = sameDefinition(chainOf(names.join(' '), names.join('>')));
    const turned = sameDefinition(chainOf([...names].reverse().join(' '), names.join('>')));
    const { renamed, removed } = compareChains(
      row,
      renamedAll(turned, (id) => `m_${id}`),
    );
    expect(removed).toEqual([]);
    expect(renamed.filter(({ from, to }) => to !== `m_${from}`)).toEqual([]);
  });
});

function largeChain(size: number): Chain {
  const actions: Record<string, { definition_id: string; depends_on: string[]; inputs: Record<string, string> }> = {};
  for (let index = 0; index < size; index++) {
    const needs = [index - 1, Math.floor(index / 2), Math.floor(index / 3)].filter((need) => need >= 0 && need < index);
    const depends_on = [...new Set(needs)].map((need) => `step_${need}`);
    actions[`step_${index}`] = {
      definition_id: `definition-${index % 7}`,
      depends_on,
      inputs: { id: `{{ ${depends_on[0] ?? 'input'}.id }}`, n: `value ${index % 100}` },
    };
  }
  return chainFrom({ actions });
}

function renamedAll(chain: Chain, nameOf: (id: ActionId) => string): Chain {
  const text = printChain(chain).replace(/(?<=["{ ])(?:step_|n)\d+(?=[". ])/g, (id) => nameOf(toActionId(id)));
  const read = parseChainText(text);
  if (!read.ok) throw new Error(read.error[0]!.message);
  return read.value;
}
