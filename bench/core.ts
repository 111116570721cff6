import type { ActionId } from '@/lib/chain/ids';
import { parseChainText } from '@/lib/chain/parse-chain';
import { hashChain, printChain } from '@/lib/chain/print-chain';
import { workbenchOf } from '@/lib/chain/workbench';
import { applyEdit } from '@/lib/edit/apply-edit';
import { graphOf } from '@/lib/graph/chain-graph';
import { planOrder } from '@/lib/graph/plan-order';
import { findClosingPath } from '@/lib/graph/reach';
import { findChainProblems, NOTHING_KNOWN } from '@/lib/problems/find-problems';
import { layeredDocument } from './layered-document';
import { expectThat, type Measured, medianMs } from './measure';

/** The pure core: documents, graphs, problems, edits. The floor of reading is `JSON.parse` of the same text. */
export async function measureCore(): Promise<readonly Measured[]> {
  const small = layeredDocument(200);
  const large = layeredDocument(2000);
  const chain = chainOf(large);
  expectThat(printChain(chainOf(printChain(chain))) === printChain(chain), 'canonical text is not stable');
  expectThat(hashChain(chain).length === 64, 'no hash');

  let workbench = workbenchOf(chain);
  findChainProblems(workbench.chain, NOTHING_KNOWN);
  let edits = 0;
  const last = 'a1999' as ActionId;
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
        const order = planOrder(graphOf({ ...chain }));
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
      ms: await medianMs(9, () => findChainProblems(chainOf(small), NOTHING_KNOWN)),
      floorMs: null,
      bar: '20 ms, reading included here',
    },
    {
      name: 'problems after one edit in 2,000 actions',
      ms: await medianMs(9, () => {
        const edited = applyEdit(workbench, {
          type: 'set-input',
          id: last,
          path: ['account_id'],
          value: `edit ${++edits}`,
        });
        if (!edited.ok) throw new Error(edited.error.message);
        workbench = edited.value.workbench;
        findChainProblems(workbench.chain, NOTHING_KNOWN);
      }),
      floorMs: null,
      bar: '50 ms, the edit included here',
    },
  ];
}

function chainOf(text: string) {
  const parsed = parseChainText(text);
  if (!parsed.ok) throw new Error(parsed.error[0]?.message);
  return parsed.value;
}
