import { describe, expect, it } from 'vitest';
import type { ActionId } from '@/lib/chain/ids';
import { type Workbench, workbenchOf } from '@/lib/chain/workbench';
import { applyEdit } from '@/lib/edit/apply-edit';
import { chainOf } from '@/testing/chain-builder';
import { readEdgeChanges, readNodeChanges } from './canvas-changes';
import { createEdgeBuilder, createNodeBuilder, edgeIdOf, NOTHING_TRANSIENT } from './canvas-nodes';
import { freePlace, positionsOf } from './card-positions';
import { describeLoop, illegalEnds } from './connect-state';

const id = (text: string) => text as ActionId;
const NONE: ReadonlySet<ActionId> = new Set();

const edited = (workbench: Workbench, edit: Parameters<typeof applyEdit>[1]): Workbench => {
  const result = applyEdit(workbench, edit);
  if (!result.ok) throw new Error(result.error.message);
  return result.value.workbench;
};

describe('canvas nodes', () => {
  it('keeps the objects of cards that did not change', () => {
    const build = createNodeBuilder();
    const before = workbenchOf(chainOf('A B', 'A>B'));
    const first = build(before, NONE, NOTHING_TRANSIENT);
    const after = edited(before, { type: 'patch-action', id: id('B'), patch: { notes: 'n' } });
    const second = build(after, NONE, NOTHING_TRANSIENT);
    expect(second[0]).toBe(first[0]);
    expect(second[1]).not.toBe(first[1]);
  });

  it('shows a missing dependency as a ghost beside the card that needs it', () => {
    const nodes = createNodeBuilder()(workbenchOf(chainOf('B', 'A>B')), NONE, NOTHING_TRANSIENT);
    expect(nodes.map((node) => [node.id, node.type])).toEqual([
      ['B', 'action'],
      ['A', 'ghost'],
    ]);
  });

  it('tells edges apart whose joined ids would be equal', () => {
    expect(edgeIdOf(id('a-b'), id('c'))).not.toBe(edgeIdOf(id('a'), id('b-c')));
  });

  it('keeps the objects of edges that did not change', () => {
    const build = createEdgeBuilder();
    const workbench = workbenchOf(chainOf('A B C', 'A>B', 'B>C'));
    const first = build(workbench, new Set());
    const second = build(workbench, new Set([edgeIdOf(id('B'), id('C'))]));
    expect(second[0]).toBe(first[0]);
    expect(second[1]).toMatchObject({ selected: true });
  });
});

describe('changes of React Flow', () => {
  it('are transient while a card is dragged and a move when it is let go', () => {
    const dragging = readNodeChanges(
      [{ type: 'position', id: 'A', position: { x: 8, y: 8 }, dragging: true }],
      NOTHING_TRANSIENT,
      NONE,
    );
    expect(dragging.moved.size).toBe(0);
    const dropped = readNodeChanges([{ type: 'position', id: 'A', dragging: false }], dragging.transient, NONE);
    expect([...dropped.moved]).toEqual([['A', { x: 8, y: 8 }]]);
    expect(dropped.transient.positions.size).toBe(0);
  });

  it('leave the very transient object when a card is measured to the size it had', () => {
    const change = { type: 'dimensions', id: 'A', dimensions: { width: 256, height: 64 } } as const;
    const first = readNodeChanges([change], NOTHING_TRANSIENT, NONE).transient;
    expect(readNodeChanges([change], first, NONE).transient).toBe(first);
  });

  it('never delete: that is an edit', () => {
    const read = readNodeChanges([{ type: 'remove', id: 'A' }], NOTHING_TRANSIENT, new Set([id('A')]));
    expect(read).toEqual({ transient: NOTHING_TRANSIENT, selectedIds: null, moved: new Map() });
    expect(readEdgeChanges([{ type: 'remove', id: 'e' }], new Set(['e']))).toBeNull();
  });
});

describe('card positions', () => {
  it('stand in columns by generation, so that edges run to the right', () => {
    const places = positionsOf(workbenchOf(chainOf('A B C', 'A>B', 'B>C')));
    expect(places.get(id('A'))!.x).toBeLessThan(places.get(id('B'))!.x);
    expect(places.get(id('B'))!.x).toBeLessThan(places.get(id('C'))!.x);
  });

  it('never lay two cards of a loop on one another', () => {
    const ids = Array.from({ length: 14 }, (_, i) => `n${i}`);
    const edges = ids.map((name, i) => `${name}>${ids[(i + 1) % ids.length]}`);
    const places = [...positionsOf(workbenchOf(chainOf(ids.join(' '), ...edges))).values()];
    expect(new Set(places.map(({ x, y }) => `${x},${y}`)).size).toBe(14);
  });

  it('give a free place that overlaps no card', () => {
    const taken = [
      { x: 0, y: 0 },
      { x: 0, y: 96 },
    ];
    const place = freePlace({ x: 3, y: 5 }, taken);
    expect(taken.every((other) => Math.abs(other.y - place.y) >= 64 || Math.abs(other.x - place.x) >= 256)).toBe(true);
    expect([place.x % 16, place.y % 16]).toEqual([0, 0]);
  });
});

//  A ──► B ──► C      D
describe('the ends that an edge cannot have', () => {
  const chain = chainOf('A B C D', 'A>B', 'B>C');

  it('are, from an output, itself, what it feeds already, and everything above it', () => {
    expect([...illegalEnds(chain, id('B'), 'source')].map(([end, why]) => `${end} ${why.type}`).sort()).toEqual([
      'A would-loop',
      'B self',
      'C duplicate',
    ]);
  });

  it('are, into an input, itself, what it needs already, and everything below it', () => {
    expect([...illegalEnds(chain, id('A'), 'target')].map(([end, why]) => `${end} ${why.type}`).sort()).toEqual([
      'A self',
      'B would-loop',
      'C would-loop',
    ]);
  });

  it('describes a loop as it would be walked', () => {
    expect(describeLoop({ from: id('C'), to: id('A'), path: [id('A'), id('B'), id('C')] })).toBe('C → A → B → C');
  });
});
