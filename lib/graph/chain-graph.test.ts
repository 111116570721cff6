import { describe, expect, it } from 'vitest';
import { chainOf, withAction } from '@/testing/chain-builder';
import { chainOfEdges, edge, graphOfEdges, id, ids } from '@/testing/graph-builder';
import { graphOf } from './chain-graph';

describe('graphOf', () => {
  it('gives the same graph for the same chain object', () => {
    const chain = chainOfEdges('A B', 'A>B');
    expect(graphOf(chain)).toBe(graphOf(chain));
  });

  it('gives the same graph after an edit that changes neither ids nor edges, and another one after any other', () => {
    const chain = chainOfEdges('A B C', 'A>B', 'B>C');
    const graph = graphOf(chain);
    const relabelled = withAction(chain, 'B', { label: 'x', depends_on: ids('A') });
    expect(graphOf(relabelled)).toBe(graph);
    for (const other of [
      withAction(chain, 'B', { depends_on: ids('C') }),
      withAction(chain, 'B', { depends_on: [] }),
      withAction(chain, 'C', { depends_on: ids('B A') }),
      chainOfEdges('A B C D', 'A>B', 'B>C'),
      chainOfEdges('A B', 'A>B'),
      chainOfEdges('B A C', 'A>B', 'B>C'),
    ]) {
      graphOf({ ...chain });
      const own = graphOf(other);
      expect(own).not.toBe(graph);
      graphOf(chainOfEdges('Z'));
      expect(graphOf({ ...other })).toEqual(own);
    }
  });

  it('lists actions in document order and by first mention', () => {
    const graph = graphOfEdges('C A B', 'B>C', 'A>C');
    expect(graph.actionIds).toEqual(ids('C A B'));
    expect(graph.mentionOrder).toEqual(ids('C B A'));
  });

  it('lists successors in the order in which the document adds the edges', () => {
    const graph = graphOfEdges('D C B A', 'A>B', 'A>D', 'A>C');
    expect(graph.successors.get(id('A'))).toEqual(ids('D C B'));
  });

  it('lists predecessors in the order of depends_on', () => {
    const graph = graphOfEdges('A B C', 'B>C', 'A>C');
    expect(graph.predecessors.get(id('C'))).toEqual(ids('B A'));
  });

  it('keeps dependencies on actions that do not exist apart from the edges', () => {
    const graph = graphOfEdges('A B', 'A>B', 'ghost>B');
    expect(graph.missing).toEqual([edge('ghost>B')]);
    expect(graph.mentionOrder).toEqual(ids('A B'));
    expect(graph.predecessors.get(id('B'))).toEqual(ids('A'));
  });

  it('counts an edge once however often depends_on names it', () => {
    const chain = withAction(chainOf('A B'), 'B', { depends_on: ['A', 'A'] });
    const graph = graphOf(chain);
    expect(graph.successors.get(id('A'))).toEqual(ids('B'));
  });

  it('treats names of Object.prototype as ordinary ids', () => {
    const graph = graphOfEdges('__proto__ constructor', '__proto__>constructor', 'toString>constructor');
    expect(graph.successors.get(id('__proto__'))).toEqual(ids('constructor'));
    expect(graph.missing).toEqual([edge('toString>constructor')]);
  });
});
