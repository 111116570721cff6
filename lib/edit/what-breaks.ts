import { type Chain, dependenciesOf } from '@/lib/chain/chain';
import type { ActionId } from '@/lib/chain/ids';
import { formatPointer } from '@/lib/json/pointer';
import { referencesOf } from './action-references';

/** An action that deleting others would touch. */
export interface Broken {
  readonly id: ActionId;
  /** Those of the deleted actions that it waits for. The edges go with them, or are healed. */
  readonly dependsOn: readonly ActionId[];
  /** Templates that read a deleted action. They would read nothing, healed or not. */
  readonly reads: readonly { readonly from: ActionId; readonly path: string }[];
}

/** Which other actions wait for the given ones or read them, in document order: what a warning before deletion lists. */
export function findBroken(chain: Chain, ids: Iterable<ActionId>): readonly Broken[] {
  const gone: ReadonlySet<string> = new Set(ids);
  const broken: Broken[] = [];
  for (const [id, action] of chain.actions) {
    if (gone.has(id)) continue;
    const dependsOn = dependenciesOf(action).filter((dependency) => gone.has(dependency));
    const reads = referencesOf(action).flatMap(({ path, references }) => {
      const names = new Set(
        references.flatMap(({ path: [name] }) => (name !== undefined && gone.has(name) ? [name] : [])),
      );
      return [...names].map((name) => ({ from: name as ActionId, path: formatPointer(['actions', id, ...path]) }));
    });
    if (dependsOn.length > 0 || reads.length > 0) broken.push({ id, dependsOn, reads });
  }
  return broken;
}
