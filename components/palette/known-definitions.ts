import type { DefinitionCatalog } from '@/components/server-data/queries';
import type { ConnectionMap } from '@/lib/definition/connection-map';
import type { Definition } from '@/lib/definition/definition';

/**
 * Every known definition by the id that a document names it with: imported ones, those of the connection, and those that
 * the connection's map leads to. What is called counts: a mapped id has the contract of the tenant, and the imported
 * one only where the tenant tells none.
 *
 * @param idMap null where every id is called as it stands.
 */
export function knownDefinitions(
  catalog: DefinitionCatalog | null,
  imported: readonly Definition[],
  idMap: ConnectionMap | null,
): ReadonlyMap<string, Definition> {
  const offered = catalog?.state === 'available' ? catalog.byId : NO_DEFINITIONS;
  const known = new Map(imported.map((definition) => [definition.id, definition]));
  for (const [id, definition] of offered) known.set(id, definition);
  for (const [id, tenantId] of idMap ?? []) {
    const called = offered.get(tenantId);
    if (called === undefined) continue;
    const written = known.get(id);
    known.set(id, {
      ...called,
      id,
      inputSchema: called.inputSchema ?? written?.inputSchema ?? null,
      outputSchema: called.outputSchema ?? written?.outputSchema ?? null,
      effect: called.effect ?? written?.effect ?? null,
    });
  }
  return known;
}

const NO_DEFINITIONS: ReadonlyMap<string, Definition> = new Map();

/**
 * What the checks may compare a chain with. A connection that does not list its definitions may still offer any id: each
 * one that nothing is known of stands for itself, with no contract. Null when nothing at all is known.
 */
export function checkableDefinitions(
  known: ReadonlyMap<string, Definition>,
  isCatalogComplete: boolean,
  idsUsed: Iterable<string>,
): ReadonlyMap<string, Definition> | null {
  if (isCatalogComplete) return known;
  if (known.size === 0) return null;
  const checkable = new Map(known);
  for (const id of idsUsed) {
    if (!checkable.has(id)) checkable.set(id, { ...NO_CONTRACT, id, name: id });
  }
  return checkable;
}

const NO_CONTRACT: Omit<Definition, 'id' | 'name'> = {
  description: '',
  inputSchema: null,
  outputSchema: null,
  effect: null,
  origin: 'connection',
};
