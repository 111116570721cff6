import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dependenciesOf } from '@/lib/chain/chain';
import { graphOf } from '@/lib/graph/chain-graph';
import { planOrder } from '@/lib/graph/plan-order';
import { arbitraryAcyclicChain, arbitraryChain } from './arbitrary-chain';
import { chainFrom, chainOf, toActionId, withAction } from './chain-builder';

describe('chainOf', () => {
  it('draws actions in the order of the first words and dependencies in the order of the edges', () => {
    const chain = chainOf('A D B C', 'A>D', 'A>B>C>D', 'A>D', 'ghost>A');
    expect([...chain.actions].map(([id, action]) => [id, dependenciesOf(action)])).toEqual([
      ['A', ['ghost']],
      ['D', ['A', 'C']],
      ['B', ['A']],
      ['C', ['B']],
    ]);
  });

  it.each([['A', 'A'], ['A', 'A>B'], ['input'], ['A', 'A>input']])(
    'refuses %j %j, so that a slip in a test is seen',
    (...text) => {
      expect(() => chainOf(text[0]!, ...text.slice(1))).toThrow();
    },
  );
});

describe('withAction', () => {
  it('replaces the named keys only', () => {
    const chain = withAction(chainOf('A B', 'A>B'), 'B', { inputs: { id: '{{ A.id }}' } });
    expect(chain.actions.get(toActionId('B'))).toMatchObject({ depends_on: ['A'], definition_id: 'definition-of-B' });
    expect(chain.actions.get(toActionId('B'))?.inputs).toEqual(new Map([['id', '{{ A.id }}']]));
  });
});

describe('chainFrom', () => {
  it('throws what the one door says against a document', () => {
    expect(() => chainFrom({ actions: { A: {} } })).toThrow('/actions/A/definition_id: definition_id is missing');
  });
});

describe('arbitrary chains', () => {
  const sample = <T>(arbitrary: fc.Arbitrary<T>) => fc.sample(arbitrary, { numRuns: 200, seed: 1 });

  it('are acyclic and complete where they promise it, and often hold edges', () => {
    const graphs = sample(arbitraryAcyclicChain()).map(graphOf);
    expect(graphs.every((graph) => planOrder(graph).ok && graph.missing.length === 0)).toBe(true);
    expect(
      graphs.filter((graph) => [...graph.successors.values()].some((targets) => targets.length > 0)).length,
    ).toBeGreaterThan(50);
  });

  it('hold cycles and missing dependencies where they do not', () => {
    const graphs = sample(arbitraryChain()).map(graphOf);
    expect(graphs.filter((graph) => !planOrder(graph).ok).length).toBeGreaterThan(20);
    expect(graphs.filter((graph) => graph.missing.length > 0).length).toBeGreaterThan(20);
  });
});
