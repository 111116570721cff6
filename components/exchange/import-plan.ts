import type { Chain } from '@/lib/chain/chain';
import type { ActionId } from '@/lib/chain/ids';
import type { Rejection } from '@/lib/chain/rejection';
import type { Sidecar, Workbench } from '@/lib/chain/workbench';
import { clipText } from '@/lib/clip-text';
import { type Definition, isLocalId } from '@/lib/definition/definition';
import { applyEdit } from '@/lib/edit/apply-edit';
import type { Edit } from '@/lib/edit/edit';
import type { Imported } from '@/lib/exchange/import-chain';
import { impliedEdgesFix } from '@/lib/problems/apply-fixes';
import type { Result } from '@/lib/result';

/** One file, or the pasted text, and what it was found to hold. */
export interface Source {
  readonly id: string;
  /** Null for pasted text. */
  readonly fileName: string | null;
  readonly read: Result<Imported, readonly Rejection[]>;
}

/** What lies beside a chain goes to a chain of the same import, else to the open one; else it has no place. */
export type SidecarPlace =
  | { readonly type: 'beside'; readonly source: Source; readonly actionCount: number }
  | { readonly type: 'open'; readonly actionCount: number }
  | { readonly type: 'none' };

/** Of several chains the one with most of the sidecar's actions has it; of equals the first. */
export function placeOfSidecar(sidecar: Sidecar, sources: readonly Source[], open: Chain | null): SidecarPlace {
  let best: { readonly source: Source; readonly actionCount: number } | null = null;
  for (const source of sources) {
    const chain = chainOf(source);
    if (chain === null) continue;
    const actionCount = countActions(sidecar, chain);
    if (best === null || actionCount > best.actionCount) best = { source, actionCount };
  }
  if (best !== null) return { type: 'beside', ...best };
  return open === null ? { type: 'none' } : { type: 'open', actionCount: countActions(sidecar, open) };
}

const chainOf = ({ read }: Source): Chain | null =>
  read.ok && (read.value.kind === 'chain' || read.value.kind === 'mapping') ? read.value.workbench.chain : null;

/** How many actions of a chain the sidecar says something of. */
function countActions(sidecar: Sidecar, chain: Chain): number {
  const named = new Set([...sidecar.layout.keys(), ...sidecar.pins.keys()]);
  return [...named].filter((id) => chain.actions.has(id)).length;
}

/** Those that can stand under Imported. Definitions with ids of a tenant are offered by their connection itself. */
export const importable = (definitions: readonly Definition[]): readonly Definition[] =>
  definitions.filter(({ id }) => isLocalId(id));

/** How many of the definitions take the place of one that was imported before. */
export function countReplaced(definitions: readonly Definition[], known: readonly Definition[]): number {
  const ids = new Set(known.map(({ id }) => id));
  return importable(definitions).filter(({ id }) => ids.has(id)).length;
}

export interface Edge {
  readonly from: ActionId;
  readonly to: ActionId;
}

/** The edges that an edit connects, such as those of `impliedEdgesFix`, to be named before they are added. */
export const edgesConnectedBy = (edit: Edit): readonly Edge[] =>
  edit.type === 'batch'
    ? edit.edits.flatMap(edgesConnectedBy)
    : edit.type === 'connect'
      ? [{ from: edit.from, to: edit.to }]
      : [];

/** The name that a mapping can take from its file, since it has none itself; null where there is nothing to take. */
export function nameFromFile({ fileName, read }: Source): string | null {
  if (fileName === null || !read.ok || read.value.kind !== 'mapping') return null;
  const { name } = read.value.workbench.chain;
  const stem = fileName.replace(/(?:\.(?:chain|mapping))?\.(?:json|txt)$/i, '').trim();
  return stem === '' || (name !== undefined && name.trim() !== '') ? null : clipText(stem, NAME_LENGTH_MAX);
}

const NAME_LENGTH_MAX = 100;

/**
 * The workbench that an imported chain opens as: with the implied edges if wished, and what lies beside it.
 *
 * @param name null leaves the chain the one that it has.
 */
export function completeChain(
  workbench: Workbench,
  withEdges: boolean,
  sidecars: readonly Sidecar[],
  name: string | null = null,
): Result<Workbench, string> {
  const edits: Edit[] = sidecars.map((sidecar) => ({ type: 'apply-sidecar', sidecar }));
  if (name !== null) edits.push({ type: 'patch-chain', patch: { name } });
  const fix = withEdges ? impliedEdgesFix(workbench.chain) : undefined;
  if (fix !== undefined) edits.unshift(fix.edit);
  const applied = applyEdit(workbench, { type: 'batch', edits });
  return applied.ok ? { ok: true, value: applied.value.workbench } : { ok: false, error: applied.error.message };
}
