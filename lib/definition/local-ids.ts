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
  const idsByName = new Map<string, string[]>();
  for (const { id, name } of existing) {
    taken.add(id);
    if (isLocalId(id)) idsByName.set(name, [...(idsByName.get(name) ?? []), id]);
  }
  const given = new Set<string>();
  return imported.map((definition) => {
    const { id, name } = definition;
    const namesakes = (idsByName.get(name) ?? []).filter((candidate) => !given.has(candidate));
    const isOwn = !isLocalId(id) || namesakes.includes(id);
    const settled = isOwn ? id : (namesakes[0] ?? freeId(id, (candidate) => taken.has(candidate)));
    taken.add(settled);
    given.add(settled);
    return settled === id ? definition : { ...definition, id: settled };
  });
}

function freeId(wish: string, isTaken: (id: string) => boolean): string {
  for (let count = 1; ; count++) {
    const id = count === 1 ? wish : `${wish}-${count}`;
    if (!isTaken(id)) return id;
  }
}
