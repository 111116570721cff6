import type { Chain } from '@/lib/chain/chain';
import { dependenciesOf } from '@/lib/chain/chain';
import type { ActionId } from '@/lib/chain/ids';
import type { CardLayout } from '@/lib/chain/workbench';
import type { CardGraph } from './card-layers';

/**
 * New places for all cards, in layers from left to right, worked out off the main thread.
 *
 * @param patienceMs after this long it rejects: thousands of actions take their time.
 */
export function tidyPositions(
  chain: Chain,
  patienceMs = Number.POSITIVE_INFINITY,
): Promise<ReadonlyMap<ActionId, CardLayout>> {
  const worker = new Worker(new URL('./tidy-up.worker.ts', import.meta.url), { type: 'module' });
  let timer: ReturnType<typeof setTimeout> | undefined;
  return new Promise<ReadonlyMap<ActionId, CardLayout>>((resolve, reject) => {
    worker.onmessage = ({ data }: MessageEvent<readonly CardLayout[]>) => resolve(placesByAction(chain, data));
    worker.onerror = (event) => reject(new Error(`Tidying up failed: ${event.message}`));
    if (patienceMs !== Number.POSITIVE_INFINITY) {
      timer = setTimeout(() => reject(new Error(`Tidying up took longer than ${patienceMs} ms`)), patienceMs);
    }
    worker.postMessage(cardGraphOf(chain));
  }).finally(() => {
    clearTimeout(timer);
    worker.terminate();
  });
}

/** Actions in document order, then what stands for missing actions: it takes room beside its reader too. */
export function cardGraphOf(chain: Chain): CardGraph {
  const indexById = new Map([...chain.actions.keys()].map((id, index) => [id, index]));
  const edges: [number, number][] = [];
  for (const [to, action] of chain.actions) {
    for (const from of dependenciesOf(action)) {
      if (!indexById.has(from)) indexById.set(from, indexById.size);
      edges.push([indexById.get(from)!, indexById.get(to)!]);
    }
  }
  return { count: indexById.size, edges };
}

export const placesByAction = (chain: Chain, places: readonly CardLayout[]): ReadonlyMap<ActionId, CardLayout> =>
  new Map([...chain.actions.keys()].map((id, index) => [id, places[index]!]));
