import type { Chain } from '@/lib/chain/chain';
import { dependenciesOf } from '@/lib/chain/chain';
import type { ActionId } from '@/lib/chain/ids';
import type { CardLayout } from '@/lib/chain/workbench';

/** What goes to the worker: indices instead of ids, because its graph library treats some ids specially. */
export interface TidyRequest {
  readonly count: number;
  readonly edges: readonly (readonly [from: number, to: number])[];
}
export type TidyAnswer = readonly CardLayout[];

/** New places for all cards, in layers from left to right, worked out off the main thread. */
export function tidyPositions(chain: Chain): Promise<ReadonlyMap<ActionId, CardLayout>> {
  const ids = [...chain.actions.keys()];
  const indexById = new Map(ids.map((id, index) => [id, index]));
  const edges = ids.flatMap((to) =>
    dependenciesOf(chain.actions.get(to)!).flatMap((from) => {
      const index = indexById.get(from);
      return index === undefined ? [] : [[index, indexById.get(to)!] as const];
    }),
  );
  const worker = new Worker(new URL('./tidy-up.worker.ts', import.meta.url), { type: 'module' });
  return new Promise<ReadonlyMap<ActionId, CardLayout>>((resolve, reject) => {
    worker.onmessage = ({ data }: MessageEvent<TidyAnswer>) =>
      resolve(new Map(data.map((place, index) => [ids[index]!, place])));
    worker.onerror = (event) => reject(new Error(`Tidying up failed: ${event.message}`));
    worker.postMessage({ count: ids.length, edges } satisfies TidyRequest);
  }).finally(() => worker.terminate());
}
