import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { actionToJson, printChain } from '@/lib/chain/print-chain';
import { type Workbench, workbenchOf } from '@/lib/chain/workbench';
import { fromPlain, isSameJson } from '@/lib/json/value';
import { arbitraryAcyclicChain, arbitraryWorkbench } from '@/testing/arbitrary-chain';
import { chainFrom, chainOf, toActionId as id, toActionIds as ids } from '@/testing/chain-builder';
import { applyEdit } from './apply-edit';
import { copyActions, pasteActions } from './clipboard';

const chain = chainFrom({
  actions: {
    a: { definition_id: 'd' },
    b: { definition_id: 'd', depends_on: ['a'], inputs: { x: '{{ a.x }}' } },
    c: {
      definition_id: 'd',
      depends_on: ['a', 'b'],
      when: '{{ b.ok }}',
      inputs: { x: '{{ a.x }} {{ b.x }} b' },
      'x-mine': 1,
    },
  },
});

const workbench: Workbench = {
  ...workbenchOf(chain),
  layout: new Map([
    [id('b'), { x: 100, y: 50 }],
    [id('c'), { x: 300, y: 20 }],
  ]),
  pins: new Map([[id('b'), 'private']]),
};

const paste = (into: Workbench, text: string, at = { x: 0, y: 0 }) => {
  const pasted = pasteActions(into, text, at);
  if (!pasted.ok) throw new Error(pasted.error);
  const applied = applyEdit(into, pasted.value.edit);
  if (!applied.ok) throw new Error(applied.error.message);
  return { ids: pasted.value.ids, workbench: applied.value.workbench };
};

describe('copy and paste', () => {
  it('renames inside the pasted actions what is taken, and keeps what leads outside', () => {
    const after = paste(workbench, copyActions(workbench, ids('c b')));
    expect(after.ids).toEqual(ids('b_2 c_2'));
    const [b, c] = after.ids.map((each) => after.workbench.chain.actions.get(each)!);
    expect(b!.depends_on).toEqual(ids('a'));
    expect(c!.depends_on).toEqual(ids('a b_2'));
    expect(c!.when).toBe('{{ b_2.ok }}');
    expect(c!.inputs).toEqual(fromPlain({ x: '{{ a.x }} {{ b_2.x }} b' }));
    expect(c!.extra).toEqual(fromPlain({ 'x-mine': 1 }));
  });

  it('keeps ids that are free, and drops dependencies on what is not there', () => {
    const after = paste(workbenchOf(chainOf('z')), copyActions(workbench, ids('b c')));
    expect(after.ids).toEqual(ids('b c'));
    expect(after.workbench.chain.actions.get(id('b'))!.depends_on).toEqual([]);
    expect(after.workbench.chain.actions.get(id('c'))!.depends_on).toEqual(ids('b'));
  });

  it('lays the cards out as they lay, with their upper left corner at the pointer', () => {
    const { layout } = paste(workbench, copyActions(workbench, ids('b c')), { x: 1000, y: 2000 }).workbench;
    expect(layout.get(id('b_2'))).toEqual({ x: 1000, y: 2030 });
    expect(layout.get(id('c_2'))).toEqual({ x: 1200, y: 2000 });
  });

  it('lays cards that had no place side by side', () => {
    const from = workbenchOf(chain);
    const { layout } = paste(from, copyActions(from, ids('b c')), { x: 10, y: 10 }).workbench;
    expect(layout.get(id('b_2'))).not.toEqual(layout.get(id('c_2')));
  });

  it('copies no pins', () => {
    const text = copyActions(workbench, ids('b'));
    expect(text).not.toContain('private');
    expect(paste(workbench, text).workbench.pins.has(id('b_2'))).toBe(false);
  });

  it('takes no fresh id that a pasted template reads for something else', () => {
    const from = workbenchOf(chainFrom({ actions: { a: { definition_id: 'd', inputs: { x: '{{ a_2.x }}' } } } }));
    expect(paste(from, copyActions(from, ids('a'))).ids).toEqual(ids('a_3'));
  });

  it('accepts a whole chain document', () => {
    expect(paste(workbenchOf(chainOf('z')), printChain(chain)).ids).toEqual(ids('a b c'));
  });

  it.each([
    ['no JSON', 'Hello', 'it is no JSON object'],
    ['another format', '{"format":"other/1"}', 'no actions of Chainwright'],
    ['no actions', '{"format":"chainwright.actions/1","actions":{}}', 'holds no actions'],
    ['a broken action', '{"format":"chainwright.actions/1","actions":{"a":{}}}', 'definition_id is missing'],
  ])('refuses %s with a sentence', (_title, text, words) => {
    const pasted = pasteActions(workbench, text, { x: 0, y: 0 });
    expect(!pasted.ok && pasted.error).toContain(words);
  });

  it('passes over cards whose place cannot be read', () => {
    const text = copyActions(workbench, ids('b')).replace('100', '"left"');
    expect(paste(workbench, text, { x: 7, y: 8 }).workbench.layout.get(id('b_2'))).toEqual({ x: 7, y: 8 });
  });

  it('moves whole chains into an empty one without a change (property)', () => {
    fc.assert(
      fc.property(arbitraryWorkbench(arbitraryAcyclicChain()), (from) => {
        const all = [...from.chain.actions.keys()];
        fc.pre(all.length > 0);
        const after = paste(workbenchOf(chainOf('')), copyActions(from, all));
        expect(after.ids).toEqual(all);
        for (const [each, action] of after.workbench.chain.actions) {
          expect(isSameJson(actionToJson(action), actionToJson(from.chain.actions.get(each)!))).toBe(true);
        }
      }),
    );
  });

  it('pastes beside the originals under ids that nobody has (property)', () => {
    fc.assert(
      fc.property(arbitraryWorkbench(arbitraryAcyclicChain()), (from) => {
        const all = [...from.chain.actions.keys()];
        fc.pre(all.length > 0);
        const after = paste(from, copyActions(from, all));
        expect(new Set([...all, ...after.ids]).size).toBe(2 * all.length);
        for (const each of all) expect(after.workbench.chain.actions.get(each)).toBe(from.chain.actions.get(each));
      }),
    );
  });
});
