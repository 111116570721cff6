import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Chain } from '@/lib/chain/chain';
import { workbenchOf } from '@/lib/chain/workbench';
import { graphOf } from '@/lib/graph/chain-graph';
import { findAncestors } from '@/lib/graph/reach';
import { chainOf, toActionId as id, toActionIds as ids, withAction } from '@/testing/chain-builder';
import { edge } from '@/testing/graph-builder';
import { applyEdit } from './apply-edit';
import { adviseEdges, cheapestCut, fieldsRead } from './edge-advice';

const reading = (chain: Chain, reader: string, template: string): Chain =>
  withAction(chain, reader, { inputs: { x: template } });

/** How a run of the chain ends for each action, document order being an order of running, when some of them fail. */
function endings(chain: Chain, failing: ReadonlySet<string>): ReadonlyMap<string, string> {
  const ends = new Map<string, string>();
  for (const [each, action] of chain.actions) {
    const isReady = (action.depends_on ?? []).every((from) => ends.get(from) === 'completed');
    const runs = isReady || action.run_if === 'all_done';
    ends.set(each, runs ? (failing.has(each) ? 'failed' : 'completed') : 'skipped');
  }
  return ends;
}

describe('adviseEdges', () => {
  // ┌───┐  ┌───┐
  // │ A │  │ B │   B reads A and does not wait for it
  // └───┘  └───┘
  it('finds an edge that a template implies and nothing provides', () => {
    expect(adviseEdges(reading(chainOf('A B'), 'B', '{{ A.x }}')).missing).toEqual([edge('A>B')]);
  });

  it('asks for no edge where a longer path provides it, nor for one from the action itself or from nothing', () => {
    const chain = reading(chainOf('A B C', 'A>B>C'), 'C', '{{ A.x }} {{ C.x }} {{ ghost.x }} {{ input.x }}');
    expect(adviseEdges(chain).missing).toEqual([]);
  });

  it('leaves out an edge that would close a cycle, with those there or with another proposed one', () => {
    expect(adviseEdges(reading(chainOf('A B', 'A>B'), 'A', '{{ B.x }}')).missing).toEqual([]);
    const mutual = reading(reading(chainOf('A B'), 'A', '{{ B.x }}'), 'B', '{{ A.x }}');
    expect(adviseEdges(mutual).missing).toEqual([edge('B>A')]);
  });

  //   ┌──────────────┐
  //   │              ▼
  // ┌─┴─┐  ┌───┐  ┌───┐
  // │ A ├─►│ B ├─►│ C │   C reads B
  // └───┘  └───┘  └───┘
  it('tells redundant edges from those that only order, and both from those that carry data', () => {
    const chain = reading(chainOf('A B C', 'A>B>C', 'A>C'), 'C', '{{ B.x }}');
    expect(adviseEdges(chain)).toEqual({ missing: [], orderOnly: [edge('A>B')], redundant: [edge('A>C')] });
    const both = reading(chainOf('A B C', 'A>B>C', 'A>C'), 'C', '{{ B.x }} {{ A.x }}');
    expect(adviseEdges(both)).toEqual({ missing: [], orderOnly: [edge('A>B')], redundant: [] });
  });

  //   ┌──────────────┐
  //   │              ▼
  // ┌─┴─┐  ┌───┐  ┌───┐
  // │ A ├─►│ B ├─►│ C │   B runs whatever became of A
  // └───┘  └───┘  └───┘
  it('keeps an edge that decides whether its target is skipped, because an action between runs anyway', () => {
    const chain = chainOf('A B C', 'A>B>C', 'A>C');
    const past = withAction(chain, 'B', { run_if: 'all_done' });
    expect(adviseEdges(past)).toEqual({
      missing: [],
      orderOnly: [edge('A>B'), edge('B>C'), edge('A>C')],
      redundant: [],
    });
    expect(adviseEdges(withAction(past, 'C', { run_if: 'all_done' })).redundant).toEqual([edge('A>C')]);
    expect(adviseEdges(withAction(chain, 'A', { run_if: 'all_done' })).redundant).toEqual([edge('A>C')]);
  });

  it('takes an edge for redundant when one of several paths passes skips on', () => {
    const chain = chainOf('A B D C', 'A>B>C', 'A>D>C', 'A>C');
    expect(adviseEdges(withAction(chain, 'B', { run_if: 'all_done' })).redundant).toEqual([edge('A>C')]);
  });

  it('leaves what is skipped and waited for as it was when all redundant edges go (property)', () => {
    const names = ids('A B C D E F G');
    const rows = fc.uniqueArray(fc.tuple(fc.nat(6), fc.nat(6)), { maxLength: 16, selector: String });
    fc.assert(
      fc.property(rows, fc.subarray([...names]), fc.subarray([...names]), (pairs, anyway, failing) => {
        const edges = pairs.filter(([a, b]) => a < b).map(([a, b]) => `${names[a]}>${names[b]}`);
        const chain = anyway.reduce(
          (made, each) => withAction(made, each, { run_if: 'all_done' }),
          chainOf(names.join(' '), ...edges),
        );
        const { redundant } = adviseEdges(chain);
        const cut = applyEdit(workbenchOf(chain), { type: 'disconnect', edges: redundant });
        if (!cut.ok) throw new Error(cut.error.message);
        const after = cut.value.workbench.chain;
        expect(endings(after, new Set(failing))).toEqual(endings(chain, new Set(failing)));
        for (const each of names) {
          expect(findAncestors(graphOf(after), each)).toEqual(new Set(findAncestors(graphOf(chain), each)));
        }
      }),
    );
  });

  it('counts a condition as a read', () => {
    const chain = withAction(chainOf('A B', 'A>B'), 'B', { when: '{{ A.x }}' });
    expect(adviseEdges(chain).orderOnly).toEqual([]);
  });

  it.each(['{{ A.x ', '{% for i in A.x %}{% endfor %}', '{{ "A" | nofilter }}'])(
    'says nothing of edges that a template may read over which cannot be read: %s',
    (template) => {
      const chain = reading(chainOf('A B C', 'A>B>C', 'A>C'), 'C', template);
      expect(adviseEdges(chain)).toEqual({ missing: [], orderOnly: [edge('A>B'), edge('B>C')], redundant: [] });
    },
  );

  it('takes part of a word for no mention', () => {
    const chain = reading(chainOf('A B C', 'A>B>C', 'A>C'), 'C', '{{ AB.xA ');
    expect(adviseEdges(chain).redundant).toEqual([edge('A>C')]);
  });

  it('proposes missing edges that can all be added at once (property)', () => {
    const names = ids('A B C D E F');
    const name = fc.constantFrom(...names);
    const reads = fc.array(fc.tuple(name, fc.subarray([...names])), { maxLength: 6 });
    fc.assert(
      fc.property(reads, fc.uniqueArray(fc.tuple(fc.nat(5), fc.nat(5)), { maxLength: 6 }), (pairs, rows) => {
        const edges = rows.filter(([a, b]) => a < b).map(([a, b]) => `${names[a]}>${names[b]}`);
        const chain = pairs.reduce(
          (made, [reader, read]) => reading(made, reader, read.map((each) => `{{ ${each}.x }}`).join()),
          chainOf(names.join(' '), ...edges),
        );
        const { missing } = adviseEdges(chain);
        const edit = { type: 'batch', edits: missing.map((each) => ({ type: 'connect' as const, ...each })) } as const;
        const connected = applyEdit(workbenchOf(chain), edit);
        if (!connected.ok) throw new Error(connected.error.message);
        expect(adviseEdges(connected.value.workbench.chain).missing).toEqual([]);
      }),
    );
  });
});

describe('fieldsRead', () => {
  it('counts each path once', () => {
    const chain = reading(chainOf('A B', 'A>B'), 'B', '{{ A.x }} {{ A.x }} {{ A.y.z }} {{ input.x }}');
    expect(fieldsRead(chain, id('A'), id('B'))).toBe(2);
    expect(fieldsRead(chain, id('B'), id('A'))).toBe(0);
    expect(fieldsRead(chain, id('A'), id('ghost'))).toBe(0);
  });
});

describe('cheapestCut', () => {
  const chain = reading(reading(chainOf('A B C D', 'A>B>C>D'), 'B', '{{ A.x }}'), 'D', '{{ C.x }} {{ C.y }}');

  it('cuts the edge that carries the fewest fields', () => {
    expect(cheapestCut(chain, ids('A B C D'))).toEqual(edge('B>C'));
    expect(cheapestCut(reading(chain, 'C', '{{ B.x }} {{ B.y }}'), ids('A B C D'))).toEqual(edge('A>B'));
  });

  it('cuts the last of equals', () => {
    expect(cheapestCut(chainOf('A B C', 'A>B>C'), ids('A B C'))).toEqual(edge('B>C'));
  });

  it('takes a path of one action for a defect', () => {
    expect(() => cheapestCut(chain, ids('A'))).toThrow('closes no path');
  });
});
