import fc from 'fast-check';
import type { Chain } from '@/lib/chain/chain';
import type { ActionId } from '@/lib/chain/ids';
import { type ChainGraph, type Edge, graphOf } from '@/lib/graph/chain-graph';
import { actionOf, chainOf, toActionId, toActionIds } from './chain-builder';

export const id = toActionId;
export const ids = toActionIds;
export const edge = (text: string): Edge => {
  const [from, to] = text.split('>');
  return { from: id(from!), to: id(to!) };
};

/** As `chainOf`, with lists of ids and edges as well: `chainOfEdges('A D B C', 'A>D', { from, to })`. */
export const chainOfEdges = (actionIds: string | readonly ActionId[], ...edges: readonly (string | Edge)[]): Chain =>
  chainOf(
    typeof actionIds === 'string' ? actionIds : actionIds.join(' '),
    ...edges.map((each) => (typeof each === 'string' ? each : `${each.from}>${each.to}`)),
  );

export const graphOfEdges = (...args: Parameters<typeof chainOfEdges>): ChainGraph => graphOf(chainOfEdges(...args));

export const edgesOf = (graph: ChainGraph): Edge[] =>
  [...graph.successors].flatMap(([from, targets]) => targets.map((to) => ({ from, to })));

/** Ids in a random document order, names of `Object.prototype` and integer-like ids among them. */
const arbitraryIds = fc
  .shuffledSubarray(['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', '__proto__', 'constructor', '10', '2'], { minLength: 1 })
  .map((names) => names.map(id));

/** Any graph over up to 12 actions: cycles, self-loops and islands included. */
export const arbitraryGraph: fc.Arbitrary<ChainGraph> = arbitraryIds.chain((names) =>
  fc
    .uniqueArray(fc.tuple(fc.constantFrom(...names), fc.constantFrom(...names)), {
      maxLength: names.length * 2,
      selector: (pair) => JSON.stringify(pair),
    })
    .map((pairs) => graphOfEdges(names, ...pairs.map(([from, to]) => ({ from, to })))),
);

/** A graph without cycles; edges point along a hidden order that is not the document's. */
export const arbitraryDag: fc.Arbitrary<ChainGraph> = arbitraryIds.chain((names) =>
  fc
    .tuple(
      fc.shuffledSubarray(names, { minLength: names.length }),
      fc.uniqueArray(fc.tuple(fc.nat(names.length - 1), fc.nat(names.length - 1)), {
        maxLength: names.length * 3,
        selector: (pair) => JSON.stringify(pair),
      }),
    )
    .map(([hidden, pairs]) =>
      graphOfEdges(names, ...pairs.filter(([a, b]) => a < b).map(([a, b]) => ({ from: hidden[a]!, to: hidden[b]! }))),
    ),
);

/** A chain as the recorded cases have it: the actions in document order, each with what it depends on. Any ids; linear time. */
export const chainOfDependencies = (dependsOn: Iterable<readonly [string, readonly string[]]>): Chain => ({
  actions: new Map([...dependsOn].map(([of, depends_on]) => [id(of), actionOf({ depends_on })])),
  extra: new Map(),
});
