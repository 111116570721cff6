import { type Definition, isLocalId, LOCAL_ID_PREFIX } from './definition';
import { slugOf } from './definition-name';

/** The id that a definition without a tenant's id gets from its name: `local:get-customer`. */
export const localIdOf = (name: string): string => `${LOCAL_ID_PREFIX}${slugOf(name) || 'definition'}`;

/**
 * Imported definitions with ids under which they can be added to the existing ones, in the order given. One of the same
 * name gets the id that this name already has and so replaces it; another name for a taken id gets `-2`, `-3` and so on.
 * Two of the same name in one import stay two. Ids of a tenant stay as they are.
 */
export function settleLocalIds(imported: readonly Definition[], existing: Iterable<Definition>): readonly Definition[] {
  const taken = new Set<string>();
  const idsByName = new Map<string, Set<string>>();
  for (const { id, name } of existing) {
    taken.add(id);
    if (!isLocalId(id)) continue;
    const ids = idsByName.get(name);
    if (ids === undefined) idsByName.set(name, new Set([id]));
    else ids.add(id);
  }
  const counts = new Map<string, number>();
  return imported.map((definition) => {
    const { id, name } = definition;
    if (!isLocalId(id)) return definition;
    /** Ids that this name has and that no earlier one of this import took. */
    const namesakes = idsByName.get(name);
    const settled = namesakes?.has(id) === true ? id : (namesakes?.values().next().value ?? freeId(id, taken, counts));
    namesakes?.delete(settled);
    taken.add(settled);
    return settled === id ? definition : { ...definition, id: settled };
  });
}

/** @param counts where the search for each wish goes on: thousands of names may give one id. */
function freeId(wish: string, taken: ReadonlySet<string>, counts: Map<string, number>): string {
  for (let count = counts.get(wish) ?? 1; ; count++) {
    const id = count === 1 ? wish : `${wish}-${count}`;
    if (taken.has(id)) continue;
    counts.set(wish, count);
    return id;
  }
}
