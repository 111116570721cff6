import type { Chain } from '@/lib/chain/chain';
import type { ActionId } from '@/lib/chain/ids';
import { parseChainText } from '@/lib/chain/parse-chain';
import { hashChain, printChain } from '@/lib/chain/print-chain';
import { workbenchOf } from '@/lib/chain/workbench';
import type { Definition } from '@/lib/definition/definition';
import { applyEdit } from '@/lib/edit/apply-edit';
import { type ChainGraph, graphOf } from '@/lib/graph/chain-graph';
import { findCycles } from '@/lib/graph/cycles';
import { planOrder } from '@/lib/graph/plan-order';
import { findClosingPath } from '@/lib/graph/reach';
import { findRedundantEdges } from '@/lib/graph/redundant-edges';
import { fromPlain } from '@/lib/json/value';
import { applySafeFixes } from '@/lib/problems/apply-fixes';
import { findChainProblems, type Known, NOTHING_KNOWN } from '@/lib/problems/find-problems';
import { layeredDocument } from './layered-document';
import { expectThat, type Measured, medianMs } from './measure';

/** The pure core: documents, graphs, problems, edits. The floor of reading is `JSON.parse` of the same text. */
export async function measureCore(): Promise<readonly Measured[]> {
  const small = layeredDocument(200);
  const large = layeredDocument(2000);
  const chain = chainOf(large);
  expectThat(printChain(chainOf(printChain(chain))) === printChain(chain), 'canonical text is not stable');
  expectThat(hashChain(chain).length === 64, 'no hash');

  const last = 'a1999' as ActionId;
  const known = knownToTheBench();
  const afterEdit = editor(chain, last);
  const doubtfulSmall = doubtfulDocument(200);
  const afterDoubtfulEdit = editor(chainOf(doubtfulDocument(2000)), last);
  const ring = chainOf(ringDocument(2000));
  const readers = chainOf(mappingDocument(2000));
  const joined = chainOf(joinedDocument(200, 40));
  return [
    {
      name: 'read a chain of 2,000 actions',
      ms: await medianMs(9, () => chainOf(large)),
      floorMs: await medianMs(9, () => JSON.parse(large)),
      bar: null,
    },
    {
      name: 'graph and plan order of 2,000 actions',
      ms: await medianMs(9, () => {
        const order = planOrder(freshGraphOf(chain));
        expectThat(order.ok, 'a cycle in an acyclic chain');
      }),
      floorMs: null,
      bar: null,
    },
    {
      name: 'would an edge close a cycle, 2,000 actions',
      ms: await medianMs(99, () => {
        expectThat(findClosingPath(graphOf(chain), last, 'a9' as ActionId) !== undefined, 'a loop was not seen');
      }),
      floorMs: null,
      bar: 'well under 1 ms',
    },
    {
      name: 'problems of 200 actions, first time',
      ms: await medianMs(31, () => findChainProblems(chainOf(small), NOTHING_KNOWN)),
      floorMs: null,
      bar: '20 ms, reading included here',
    },
    {
      name: 'the same with definitions, map and secrets known',
      ms: await medianMs(31, () => {
        const found = findChainProblems(chainOf(small), known);
        expectThat(found.length === 10, `not the unread outputs of the last layer, but ${found.length} problems`);
      }),
      floorMs: null,
      bar: '20 ms, reading included here',
    },
    {
      name: 'problems after one edit in 2,000 actions',
      ms: await medianMs(9, () => findChainProblems(afterEdit(), NOTHING_KNOWN)),
      floorMs: null,
      bar: '50 ms, the edit included here',
    },
    {
      name: 'the same with definitions, map and secrets known',
      ms: await medianMs(9, () => {
        const codes = findChainProblems(afterEdit(), known).map(({ code }) => code);
        // The edited action reads nothing any more: one edge only orders, and one more output is unread.
        expectThat(codes.length === 12 && codes.includes('edge_order_only'), codes.join());
      }),
      floorMs: null,
      bar: '50 ms, the edit included here',
    },
    {
      name: 'problems of 200 actions that have two each, first time',
      ms: await medianMs(31, () => {
        const found = findChainProblems(chainOf(doubtfulSmall), NOTHING_KNOWN);
        expectThat(found.length === 394, `${found.length} problems`);
      }),
      floorMs: null,
      bar: '20 ms, reading included here',
    },
    {
      name: 'problems after one edit in 2,000 actions that have two each',
      ms: await medianMs(9, () => {
        const found = findChainProblems(afterDoubtfulEdit(), NOTHING_KNOWN);
        expectThat(found.length > 3_990, `${found.length} problems`);
      }),
      floorMs: null,
      bar: '50 ms, the edit included here',
    },
    {
      name: 'the cycle of a ring of 2,000 actions',
      ms: await medianMs(9, () => {
        const [found, ...others] = findCycles(freshGraphOf(ring));
        expectThat(found?.cycle.length === 2000 && others.length === 0, 'not the one cycle of a ring');
      }),
      floorMs: null,
      bar: null,
    },
    {
      name: 'redundant edges, 200 actions that wait for the 40 before them',
      ms: await medianMs(9, () => {
        const redundant = findRedundantEdges(freshGraphOf(joined));
        expectThat(redundant.length === countEdges(joined) - 199, `${redundant.length} redundant edges`);
      }),
      floorMs: null,
      bar: null,
    },
    {
      name: 'all edges that the templates of 2,000 actions imply, added',
      ms: await medianMs(3, () => {
        const { left } = applySafeFixes(workbenchOf({ ...readers }), NOTHING_KNOWN);
        expectThat(left.length === 0, `${left[0]?.message}`);
      }),
      floorMs: null,
      bar: null,
    },
  ];
}

/** Nothing of it is known yet: the graph of another chain was asked for in between. */
function freshGraphOf(chain: Chain): ChainGraph {
  graphOf({ ...chain, actions: new Map() });
  return graphOf({ ...chain });
}

/** Edits the last action, another value each time, and gives the chain after it. */
function editor(chain: Chain, id: ActionId): () => Chain {
  let workbench = workbenchOf(chain);
  let edits = 0;
  return () => {
    const edited = applyEdit(workbench, { type: 'set-input', id, path: ['account_id'], value: `edit ${++edits}` });
    if (!edited.ok) throw new Error(edited.error.message);
    workbench = edited.value.workbench;
    return workbench.chain;
  };
}

/** Every check is on; the documents here are sound. */
function knownToTheBench(): Known {
  const object = (key: string) =>
    fromPlain({ type: 'object', properties: { [key]: { type: 'string' } }, required: [key] });
  const definition: Definition = {
    id: 'bench',
    name: 'Bench',
    description: '',
    inputSchema: object('account_id'),
    outputSchema: object('customer_id'),
    effect: 'read',
    origin: 'connection',
  };
  return {
    definitions: new Map([['bench', definition]]),
    idMap: new Map([['other', 'bench']]),
    secretNames: new Set(['STATUS']),
    allowedLiterals: new Set(['/name']),
  };
}

const documentWith = (actions: Record<string, unknown>): string =>
  JSON.stringify({ format: 'chainwright.chain/1', actions });

const ringDocument = (count: number): string =>
  documentWith(
    Object.fromEntries(
      Array.from({ length: count }, (_, i) => [
        `a${i}`,
        { definition_id: 'bench', depends_on: [`a${(i + count - 1) % count}`] },
      ]),
    ),
  );

/** Each action waits for the three before it and reads one: two edges are redundant. */
const doubtfulDocument = (count: number): string =>
  documentWith(
    Object.fromEntries(
      Array.from({ length: count }, (_, i) => [
        `a${i}`,
        {
          definition_id: 'bench',
          depends_on: i < 3 ? [] : [`a${i - 1}`, `a${i - 2}`, `a${i - 3}`],
          inputs: {
            account_id: '{{ input.account_id }}',
            text: i < 3 ? 'none' : `{{ a${i - 1}.name }} and {{ a${i - 1}.address.city | upper }}`,
            note: `Some text that says something about ${i}`,
          },
        },
      ]),
    ),
  );

/** Each action waits for those before it, as far back as `reach`. */
const joinedDocument = (count: number, reach: number): string =>
  documentWith(
    Object.fromEntries(
      Array.from({ length: count }, (_, i) => [
        `a${i}`,
        {
          definition_id: 'bench',
          depends_on: Array.from({ length: Math.min(i, reach) }, (_, back) => `a${i - 1 - back}`),
        },
      ]),
    ),
  );

/** Each action reads the two before it, and waits for none. */
const mappingDocument = (count: number): string =>
  documentWith(
    Object.fromEntries(
      Array.from({ length: count }, (_, i) => [
        `a${i}`,
        {
          definition_id: 'bench',
          inputs: { x: [i - 1, i - 2].filter((above) => above >= 0).map((above) => `{{ a${above}.customer_id }}`) },
        },
      ]),
    ),
  );

const countEdges = ({ actions }: Chain): number =>
  [...actions.values()].reduce((sum, { depends_on = [] }) => sum + depends_on.length, 0);

function chainOf(text: string) {
  const parsed = parseChainText(text);
  if (!parsed.ok) throw new Error(parsed.error[0]?.message);
  return parsed.value;
}
