import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Chain } from '@/lib/chain/chain';
import type { ActionId } from '@/lib/chain/ids';
import { printChain } from '@/lib/chain/print-chain';
import { type NoteId, type Sidecar, type Workbench, workbenchOf } from '@/lib/chain/workbench';
import { applyDiff, invertDiff, isEmptyDiff } from '@/lib/chain/workbench-diff';
import { fromPlain, Numeral } from '@/lib/json/value';
import {
  actionOf,
  chainFrom,
  chainOf,
  toActionId as id,
  toActionIds as ids,
  withAction,
} from '@/testing/chain-builder';
import { applyEdit } from './apply-edit';
import type { Edit } from './edit';

const at = { x: 0, y: 0 };

const tutorial = chainFrom({
  actions: {
    fetch_customer: { definition_id: 'd1', inputs: { account_id: '{{ input.account_id }}' } },
    enrich_data: {
      definition_id: 'd2',
      depends_on: ['fetch_customer'],
      inputs: { customer_id: '{{ fetch_customer.customer_id }}' },
    },
    update_crm: {
      definition_id: 'd3',
      depends_on: ['enrich_data', 'fetch_customer'],
      when: '{{ fetch_customer.is_active }}',
      inputs: {
        list: ['fetch_customer is text', { deep: 'Hi {{ fetch_customer.name | upper }} {{ enrich_data.tier }}' }],
      },
    },
  },
});

/** Applies an edit that must be accepted, and checks that its diff leads there and back. */
function edited(workbench: Workbench, edit: Edit): Workbench {
  const result = applyEdit(workbench, edit);
  if (!result.ok) throw new Error(`refused: ${result.error.message}`);
  const { workbench: after, diff } = result.value;
  expect(applyDiff(workbench, diff)).toEqual(after);
  expect(printChain(applyDiff(after, invertDiff(diff)).chain)).toBe(printChain(workbench.chain));
  expect(applyDiff(after, invertDiff(diff))).toEqual(workbench);
  return after;
}

const editedChain = (chain: Chain, edit: Edit): Chain => edited(workbenchOf(chain), edit).chain;

function refusal(workbench: Workbench, edit: Edit) {
  const result = applyEdit(workbench, edit);
  if (result.ok) throw new Error('accepted');
  return result.error;
}

function unchanged(workbench: Workbench, edit: Edit): void {
  const result = applyEdit(workbench, edit);
  if (!result.ok) throw new Error(`refused: ${result.error.message}`);
  expect(result.value.workbench).toBe(workbench);
  expect(isEmptyDiff(result.value.diff)).toBe(true);
}

const dependsOn = (chain: Chain, of: string) => chain.actions.get(id(of))!.depends_on;

describe('add-action', () => {
  it('adds at the end of the document, with its card', () => {
    const after = edited(workbenchOf(chainOf('B A')), {
      type: 'add-action',
      id: id('C'),
      action: actionOf({ depends_on: ['A', 'A'] }),
      at: { x: 16, y: 32 },
    });
    expect([...after.chain.actions.keys()]).toEqual(ids('B A C'));
    expect(dependsOn(after.chain, 'C')).toEqual(ids('A'));
    expect(after.layout.get(id('C'))).toEqual({ x: 16, y: 32 });
  });

  it('refuses an id that is taken, and one that is none', () => {
    const workbench = workbenchOf(chainOf('A'));
    const add = (text: string) =>
      refusal(workbench, { type: 'add-action', id: text as never, action: actionOf({}), at });
    expect(add('A')).toMatchObject({ type: 'id-taken', id: 'A' });
    expect(add('input')).toMatchObject({ type: 'bad-id' });
    expect(add('')).toMatchObject({ type: 'bad-id' });
  });

  // B named A before A existed: ┌───┐   ┌───┐
  // adding A → after B closes   │ B │◄┄┄│ A │
  // a loop                      └─┬─┘   └───┘
  //                               └───────►▲
  it('refuses to close a cycle through an action that named it before it existed', () => {
    const workbench = workbenchOf(chainOf('B', 'A>B'));
    const refused = refusal(workbench, {
      type: 'add-action',
      id: id('A'),
      action: actionOf({ depends_on: ['B'] }),
      at,
    });
    expect(refused).toMatchObject({ type: 'would-cycle', path: ids('B A'), message: 'would loop: A → B → A' });
    const itself = { type: 'add-action', id: id('X'), action: actionOf({ depends_on: ['X'] }), at } as const;
    expect(refusal(workbench, itself)).toMatchObject({ type: 'would-cycle', path: ids('X') });
  });

  it('refuses what import would reject: the 2,001st action, brackets too deep, an empty definition id', () => {
    const full = workbenchOf(chainOf(Array.from({ length: 2000 }, (_, i) => `a${i}`).join(' ')));
    expect(refusal(full, { type: 'add-action', id: id('one'), action: actionOf({}), at })).toMatchObject({
      type: 'limit',
      message: 'A chain has at most 2000 actions.',
    });
    const action = actionOf({ definition_id: '' });
    expect(refusal(workbenchOf(chainOf('A')), { type: 'add-action', id: id('B'), action, at }).type).toBe('limit');
  });
});

describe('delete-actions', () => {
  // ┌───┐  ┌───┐  ┌───┐  ┌───┐
  // │ A ├─►│ B ├─►│ C ├─►│ D │   and X → D
  // └───┘  └───┘  └───┘  └───┘
  const row = chainOf('A B C D X', 'A>B>C>D', 'X>D');

  it('takes the edges of the deleted actions with them', () => {
    const after = editedChain(row, { type: 'delete-actions', ids: ids('B C'), healEdges: false });
    expect([...after.actions.keys()]).toEqual(ids('A D X'));
    expect(dependsOn(after, 'D')).toEqual(ids('X'));
  });

  it('heals over several deleted actions in a row, at the place of the edge', () => {
    const after = editedChain(row, { type: 'delete-actions', ids: ids('B C'), healEdges: true });
    expect(dependsOn(after, 'D')).toEqual(ids('A X'));
  });

  it('heals without doubling an edge, and never makes an action wait for itself or for what does not exist', () => {
    const both = chainOf('A B C', 'A>B>C', 'A>C');
    expect(dependsOn(editedChain(both, { type: 'delete-actions', ids: ids('B'), healEdges: true }), 'C')).toEqual(
      ids('A'),
    );
    const ring = chainOf('A B', 'A>B', 'B>A', 'ghost>B');
    expect(dependsOn(editedChain(ring, { type: 'delete-actions', ids: ids('B'), healEdges: true }), 'A')).toEqual([]);
  });

  it('takes cards, pins and allowed literals along and shares what it does not touch', () => {
    const before: Workbench = {
      ...workbenchOf(row),
      layout: new Map(ids('A B').map((each) => [each, at])),
      pins: new Map([[id('B'), true]]),
      allowedLiterals: new Set(['/actions/B/inputs/token', '/actions/A/inputs/token']),
    };
    const after = edited(before, { type: 'delete-actions', ids: ids('B B'), healEdges: false });
    expect([...after.layout.keys()]).toEqual(ids('A'));
    expect(after.pins.size).toBe(0);
    expect([...after.allowedLiterals]).toEqual(['/actions/A/inputs/token']);
    expect(after.chain.actions.get(id('D'))).toBe(row.actions.get(id('D')));
    expect(after.notes).toBe(before.notes);
  });

  it('leaves templates that read a deleted action as they are', () => {
    const after = editedChain(tutorial, { type: 'delete-actions', ids: ids('fetch_customer'), healEdges: true });
    expect(after.actions.get(id('enrich_data'))!.inputs).toBe(tutorial.actions.get(id('enrich_data'))!.inputs);
  });

  it('refuses an action that is not there', () => {
    const refused = refusal(workbenchOf(row), { type: 'delete-actions', ids: ids('A ghost'), healEdges: false });
    expect(refused).toEqual({
      type: 'unknown-action',
      id: 'ghost',
      message: 'There is no action ghost in this chain.',
    });
    const long = 'g'.repeat(100_000) as ActionId;
    const { message } = refusal(workbenchOf(row), { type: 'delete-actions', ids: [long], healEdges: false });
    expect(message.length).toBeLessThan(400);
  });
});

describe('connect and disconnect', () => {
  it('adds the edge last', () => {
    expect(
      dependsOn(editedChain(chainOf('A B C', 'B>C'), { type: 'connect', from: id('A'), to: id('C') }), 'C'),
    ).toEqual(ids('B A'));
  });

  it('refuses an edge that would close a cycle, naming it', () => {
    const edit = { type: 'connect', from: id('update_crm'), to: id('fetch_customer') } as const;
    // The shortest way back: update_crm also waits for fetch_customer itself.
    expect(refusal(workbenchOf(tutorial), edit)).toEqual({
      type: 'would-cycle',
      path: ids('fetch_customer update_crm'),
      message: 'would loop: update_crm → fetch_customer → update_crm',
    });
    const itself = refusal(workbenchOf(chainOf('A')), { type: 'connect', from: id('A'), to: id('A') });
    expect(itself).toMatchObject({ type: 'would-cycle', message: 'would loop: A → A' });
  });

  it('refuses an edge that is there already and edges of unknown actions', () => {
    const workbench = workbenchOf(chainOf('A B', 'A>B'));
    expect(refusal(workbench, { type: 'connect', from: id('A'), to: id('B') })).toEqual({
      type: 'duplicate-edge',
      message: 'B already depends on A.',
    });
    expect(refusal(workbench, { type: 'connect', from: id('ghost'), to: id('B') }).type).toBe('unknown-action');
    expect(refusal(workbench, { type: 'connect', from: id('A'), to: id('ghost') }).type).toBe('unknown-action');
  });

  it('cuts several edges at once, those from actions that do not exist included', () => {
    const chain = chainOf('A B C', 'A>B', 'A>C', 'ghost>C', 'B>C');
    const edges = [
      { from: id('A'), to: id('B') },
      { from: id('A'), to: id('C') },
      { from: id('ghost'), to: id('C') },
    ];
    const after = editedChain(chain, { type: 'disconnect', edges });
    expect([dependsOn(after, 'B'), dependsOn(after, 'C')]).toEqual([[], ids('B')]);
    expect(refusal(workbenchOf(chain), { type: 'disconnect', edges: [{ from: id('C'), to: id('A') }] })).toEqual({
      type: 'no-such-edge',
      message: 'A does not depend on C.',
    });
  });
});

describe('set-input', () => {
  const chain = withAction(chainOf('A'), 'A', { inputs: { name: 'x', list: [1, { deep: true }] } });
  const workbench = workbenchOf(chain);
  const set = (path: readonly (string | number)[], value: string | undefined): Edit => ({
    type: 'set-input',
    id: id('A'),
    path,
    value,
  });
  const inputs = (edit: Edit) => editedChain(chain, edit).actions.get(id('A'))!.inputs;

  it('sets, adds and takes out at any depth', () => {
    expect(inputs(set(['list', 1, 'deep'], 'y'))).toEqual(fromPlain({ name: 'x', list: [1, { deep: 'y' }] }));
    expect(inputs(set(['list', 2], 'y'))).toEqual(fromPlain({ name: 'x', list: [1, { deep: true }, 'y'] }));
    expect(inputs(set(['list', 0], undefined))).toEqual(fromPlain({ name: 'x', list: [{ deep: true }] }));
    expect(inputs(set(['__proto__'], 'y'))).toEqual(
      new Map([...(chain.actions.get(id('A'))!.inputs as Map<string, never>), ['__proto__', 'y']]),
    );
  });

  it('replaces or removes all inputs with an empty path', () => {
    expect(inputs(set([], 'all'))).toBe('all');
    expect(inputs(set([], undefined))).toBeUndefined();
  });

  it('makes null inputs empty, as import reads them (regression)', () => {
    const result = applyEdit(workbench, { type: 'set-input', id: id('A'), path: [], value: null });
    expect(result.ok && result.value.workbench.chain.actions.get(id('A'))!.inputs).toEqual(new Map());
  });

  it('makes inputs where there are none', () => {
    const after = editedChain(chainOf('A'), set(['name'], 'x'));
    expect(after.actions.get(id('A'))!.inputs).toEqual(fromPlain({ name: 'x' }));
  });

  it.each([
    ['below a text', ['name', 'deep'], 'y'],
    ['beyond the end of a list', ['list', 3], 'y'],
    ['at a word in a list', ['list', 'first'], 'y'],
    ['below a key that is not there', ['a', 'b'], 'y'],
    ['for taking out what is not there', ['ghost'], undefined],
    ['for taking out beyond a list', ['list', 2], undefined],
  ])('refuses a place %s', (_title, path, value) => {
    expect(refusal(workbench, set(path, value)).type).toBe('no-such-place');
  });

  it('changes nothing when the value is the same', () => {
    unchanged(workbench, set(['name'], 'x'));
  });

  it('refuses brackets deeper than a document may have', () => {
    let value = fromPlain([]);
    for (let depth = 0; depth < 64; depth++) value = [value];
    const refused = refusal(workbench, { type: 'set-input', id: id('A'), path: ['name'], value });
    expect(refused.type).toBe('limit');
    expect(refused.message).toContain('nested deeper than 64');
  });
});

describe('patch-action and patch-chain', () => {
  it('replace keys and take out those given as undefined', () => {
    const chain = withAction(chainOf('A'), 'A', { label: 'Old', notes: 'Keep' });
    const patch = { label: undefined, timeout_sec: new Numeral('10.0') };
    const after = editedChain(chain, { type: 'patch-action', id: id('A'), patch }).actions.get(id('A'))!;
    expect('label' in after).toBe(false);
    expect(after).toMatchObject({ notes: 'Keep', timeout_sec: new Numeral('10.0') });
    const named = editedChain(chain, { type: 'patch-chain', patch: { name: undefined, description: 'New' } });
    expect('name' in named).toBe(false);
    expect(named.description).toBe('New');
    expect(named.actions).toBe(chain.actions);
  });

  it('refuse values that import would reject, saying what is expected', () => {
    const workbench = workbenchOf(chainOf('A'));
    const patchA = (patch: object) => refusal(workbench, { type: 'patch-action', id: id('A'), patch });
    expect(patchA({ timeout_sec: new Numeral('0') }).message).toContain('from 0.1 to 3600');
    expect(patchA({ definition_id: undefined }).type).toBe('limit');
    expect(patchA({ retry: { max_attempts: new Numeral('1.5'), extra: new Map() } }).type).toBe('limit');
    const name = 'x'.repeat(201);
    expect(refusal(workbench, { type: 'patch-chain', patch: { name } }).type).toBe('limit');
  });

  it('change nothing when the values are the same', () => {
    const workbench = workbenchOf(withAction(chainOf('A'), 'A', { label: 'Same' }));
    unchanged(workbench, { type: 'patch-action', id: id('A'), patch: { label: 'Same', notes: undefined } });
    unchanged(workbench, { type: 'patch-chain', patch: { name: 'Test chain', settings: undefined } });
  });
});

describe('rename-action', () => {
  const before: Workbench = {
    ...workbenchOf(tutorial),
    layout: new Map([[id('fetch_customer'), at]]),
    pins: new Map([[id('fetch_customer'), 'pinned']]),
    allowedLiterals: new Set(['/actions/fetch_customer/inputs/account_id', '/actions/enrich_data/inputs/customer_id']),
  };
  const rename = (to: string, from = 'fetch_customer'): Edit => ({
    type: 'rename-action',
    from: id(from),
    to: to as never,
  });

  it('rewrites dependencies, templates, conditions and what lies beside the chain, and keeps the place', () => {
    const after = edited(before, rename('load'));
    expect([...after.chain.actions.keys()]).toEqual(ids('load enrich_data update_crm'));
    const update = after.chain.actions.get(id('update_crm'))!;
    expect(update.depends_on).toEqual(ids('enrich_data load'));
    expect(update.when).toBe('{{ load.is_active }}');
    expect(update.inputs).toEqual(
      fromPlain({ list: ['fetch_customer is text', { deep: 'Hi {{ load.name | upper }} {{ enrich_data.tier }}' }] }),
    );
    expect([...after.layout.keys(), ...after.pins.keys()]).toEqual(ids('load load'));
    expect([...after.allowedLiterals]).toEqual([
      '/actions/load/inputs/account_id',
      '/actions/enrich_data/inputs/customer_id',
    ]);
  });

  it('shares actions that say nothing about the renamed one', () => {
    const after = edited(before, rename('store', 'update_crm'));
    expect(after.chain.actions.get(id('enrich_data'))).toBe(tutorial.actions.get(id('enrich_data')));
    expect(after.chain.actions.get(id('store'))).toBe(tutorial.actions.get(id('update_crm')));
  });

  it('changes nothing when the name is the same', () => {
    unchanged(before, rename('fetch_customer'));
  });

  it('refuses ids that are taken, invalid, or unnameable although templates read the action', () => {
    expect(refusal(before, rename('enrich_data'))).toMatchObject({ type: 'id-taken', id: 'enrich_data' });
    expect(refusal(before, rename('input')).type).toBe('bad-id');
    expect(refusal(before, rename('fetch customer'))).toEqual({
      type: 'bad-id',
      message: 'Templates of enrich_data, update_crm read fetch_customer, and no template can name “fetch customer”.',
    });
    expect(refusal(before, rename('x', 'ghost')).type).toBe('unknown-action');
    edited(before, rename('update crm', 'update_crm'));
  });

  it('refuses to close a cycle through an action that named the new id before anything had it', () => {
    const refused = refusal(workbenchOf(chainOf('A B', 'A>B', 'C>A')), rename('C', 'B'));
    expect(refused).toMatchObject({ type: 'would-cycle', path: ids('A C') });
  });

  it('counts an edge once when the new id was a missing dependency of the same action', () => {
    const after = editedChain(chainOf('A B', 'A>B', 'X>B'), rename('X', 'A'));
    expect(dependsOn(after, 'B')).toEqual(ids('X'));
  });
});

describe('what lies beside the chain', () => {
  const workbench: Workbench = {
    ...workbenchOf(withAction(chainOf('A B'), 'A', { inputs: { token: 'abc' } })),
    layout: new Map([[id('A'), at]]),
    sampleInputs: new Map([['Default', new Numeral('1.0')]]),
    sampleInputName: 'Default',
  };

  it('moves cards without touching the chain', () => {
    const after = edited(workbench, { type: 'move-cards', positions: new Map([[id('B'), { x: 5, y: 6 }]]) });
    expect(after.layout.get(id('B'))).toEqual({ x: 5, y: 6 });
    expect(after.chain).toBe(workbench.chain);
    unchanged(workbench, { type: 'move-cards', positions: new Map([[id('A'), { x: 0, y: 0 }]]) });
    expect(refusal(workbench, { type: 'move-cards', positions: new Map([[id('ghost'), at]]) }).type).toBe(
      'unknown-action',
    );
    const nowhere = new Map([[id('A'), { x: Number.NaN, y: 0 }]]);
    expect(refusal(workbench, { type: 'move-cards', positions: nowhere }).type).toBe('no-such-place');
  });

  it('keeps no sample input chosen that is gone', () => {
    const gone = edited(workbench, { type: 'set-sample-input', name: 'Default', value: undefined });
    expect([gone.sampleInputs.size, gone.sampleInputName]).toEqual([0, null]);
    unchanged(workbench, { type: 'set-sample-input', name: 'Default', value: new Numeral('1.0') });
    const set = edited(workbench, { type: 'set-sample-input', name: '__proto__', value: null });
    expect([...set.sampleInputs.keys()]).toEqual(['Default', '__proto__']);
    expect(refusal(workbench, { type: 'set-sample-input', name: 'x', value: undefined }).type).toBe('no-such-place');
    expect(refusal(workbench, { type: 'choose-sample-input', name: 'x' }).type).toBe('no-such-place');
    expect(edited(workbench, { type: 'choose-sample-input', name: null }).sampleInputName).toBeNull();
  });

  it('pins outputs of existing actions and takes pins off', () => {
    const pinned = edited(workbench, { type: 'set-pin', id: id('A'), output: null });
    expect(pinned.pins.get(id('A'))).toBeNull();
    unchanged(pinned, { type: 'set-pin', id: id('A'), output: null });
    expect(edited(pinned, { type: 'set-pin', id: id('A'), output: undefined }).pins.size).toBe(0);
    expect(refusal(workbench, { type: 'set-pin', id: id('A'), output: undefined }).message).toBe('A has no pin.');
    expect(refusal(workbench, { type: 'set-pin', id: id('ghost'), output: null }).type).toBe('unknown-action');
  });

  it('chooses a connection and allows literals that stand in the document', () => {
    expect(edited(workbench, { type: 'choose-connection', connectionId: 'c1' }).connectionId).toBe('c1');
    unchanged(workbench, { type: 'choose-connection', connectionId: null });
    const allowed = edited(workbench, { type: 'allow-literal', pointer: '/actions/A/inputs/token' });
    expect([...allowed.allowedLiterals]).toEqual(['/actions/A/inputs/token']);
    unchanged(allowed, { type: 'allow-literal', pointer: '/actions/A/inputs/token' });
    expect(refusal(workbench, { type: 'allow-literal', pointer: '/actions/A/inputs/ghost' }).type).toBe(
      'no-such-place',
    );
    expect(refusal(workbench, { type: 'allow-literal', pointer: 'no pointer' }).type).toBe('no-such-place');
  });
});

describe('apply-sidecar', () => {
  const note = { x: 1, y: 1, width: 100, height: 50, text: 'why' };
  const sidecar: Sidecar = {
    layout: new Map([
      [id('A'), { x: 5, y: 6 }],
      [id('ghost'), { x: 7, y: 8 }],
    ]),
    notes: new Map([['n' as NoteId, note]]),
    sampleInputs: new Map([['Gold', new Numeral('1.0')]]),
    pins: new Map([[id('B'), 'pinned']]),
    allowedLiterals: new Set(['/actions/A/inputs/token']),
    sampleInputName: 'Gold',
  };
  const before: Workbench = {
    ...workbenchOf(chainOf('A B', 'A>B')),
    layout: new Map([[id('B'), at]]),
    sampleInputs: new Map([['Old', null]]),
    connectionId: 'c1',
  };

  it('replaces all that lies beside the chain but the connection, what belongs to a missing action included', () => {
    const after = edited(before, { type: 'apply-sidecar', sidecar });
    expect(after).toEqual({ chain: before.chain, connectionId: 'c1', ...sidecar });
    expect(after.chain).toBe(before.chain);
  });

  it('changes nothing when everything is there already, whoever made the objects', () => {
    const after = edited(before, { type: 'apply-sidecar', sidecar });
    const again: Sidecar = {
      ...sidecar,
      notes: new Map([['n' as NoteId, { ...note }]]),
      sampleInputs: new Map([['Gold', new Numeral('1.0')]]),
      allowedLiterals: new Set(sidecar.allowedLiterals),
    };
    unchanged(after, { type: 'apply-sidecar', sidecar: again });
    const respelled: Sidecar = { ...again, sampleInputs: new Map([['Gold', new Numeral('1')]]) };
    expect(edited(after, { type: 'apply-sidecar', sidecar: respelled })).not.toBe(after);
  });

  it('takes a chosen sample input that the sidecar does not have for none, and refuses cards nowhere', () => {
    const named: Sidecar = { ...sidecar, sampleInputName: 'Old' };
    expect(edited(before, { type: 'apply-sidecar', sidecar: named }).sampleInputName).toBeNull();
    const nowhere: Sidecar = { ...sidecar, layout: new Map([[id('A'), { x: Number.NaN, y: 0 }]]) };
    expect(refusal(before, { type: 'apply-sidecar', sidecar: nowhere }).type).toBe('no-such-place');
  });

  it('leaves a renamed action its own pin where a missing action of the new id had one', () => {
    const after = edited(before, {
      type: 'apply-sidecar',
      sidecar: {
        ...sidecar,
        pins: new Map([
          [id('B'), 'own'],
          [id('ghost'), 'of the ghost'],
        ]),
      },
    });
    const renamed = edited(after, { type: 'rename-action', from: id('B'), to: id('ghost') });
    expect([...renamed.pins]).toEqual([['ghost', 'own']]);
  });
});

describe('batch', () => {
  it('applies all edits as one step, each on what the one before made', () => {
    const after = edited(workbenchOf(chainOf('A')), {
      type: 'batch',
      edits: [
        { type: 'add-action', id: id('B'), action: actionOf({}), at },
        { type: 'connect', from: id('A'), to: id('B') },
        { type: 'batch', edits: [{ type: 'rename-action', from: id('A'), to: id('C') }] },
      ],
    });
    expect(dependsOn(after.chain, 'B')).toEqual(ids('C'));
  });

  it('is refused whole', () => {
    const refused = refusal(workbenchOf(chainOf('A B')), {
      type: 'batch',
      edits: [
        { type: 'connect', from: id('A'), to: id('B') },
        { type: 'connect', from: id('B'), to: id('A') },
      ],
    });
    expect(refused).toMatchObject({ type: 'would-cycle', path: ids('A B') });
  });

  it('connects many at once as one after the other would, refusals included (property)', () => {
    const names = 'A B C D E'.split(' ').map(id);
    const name = fc.constantFrom(...names, id('ghost'));
    const arbitraryEdges = fc.array(fc.record({ from: name, to: name }), { minLength: 2, maxLength: 6 });
    fc.assert(
      fc.property(fc.constantFrom('A>B>C', 'C>A', 'A>B>A'), arbitraryEdges, (drawn, edges) => {
        const start = workbenchOf(chainOf('A B C D E', drawn));
        const edits = edges.map((edge) => ({ type: 'connect', ...edge }) as const);
        let inTurn: ReturnType<typeof applyEdit> | undefined;
        for (const edit of edits) {
          if (inTurn?.ok !== false) inTurn = applyEdit(inTurn?.value.workbench ?? start, edit);
        }
        const atOnce = applyEdit(start, { type: 'batch', edits });
        expect(atOnce.ok ? atOnce.value.workbench : atOnce.error).toEqual(
          inTurn!.ok ? inTurn!.value.workbench : inTurn!.error,
        );
      }),
    );
  });

  it('changes nothing when it is empty or takes itself back', () => {
    const workbench = workbenchOf(chainOf('A B', 'A>B'));
    unchanged(workbench, { type: 'batch', edits: [] });
    unchanged(workbench, {
      type: 'batch',
      edits: [
        { type: 'choose-connection', connectionId: 'x' },
        { type: 'choose-connection', connectionId: null },
      ],
    });
  });
});
