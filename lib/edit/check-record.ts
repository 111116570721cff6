import type { Action, Chain } from '@/lib/chain/chain';
import type { ActionId } from '@/lib/chain/ids';
import { parseChain } from '@/lib/chain/parse-chain';
import { chainToJson } from '@/lib/chain/print-chain';
import type { Rejection } from '@/lib/chain/rejection';
import { err, invariant, ok, type Result } from '@/lib/result';
import type { EditRefusal } from './edit';

/**
 * An edited action as its document will be read again: repeated dependencies folded, null inputs made empty. Free data is
 * shared with the one given.
 *
 * @returns Why it could not be read back: a value out of its range, an empty definition id, brackets too deep. The one
 *   door decides, so that no edit can make a document that import rejects or reads otherwise.
 */
export function settleAction(id: ActionId, action: Action): Result<Action, EditRefusal> {
  const parsed = parseChain(chainToJson({ actions: new Map([[id, action]]), extra: new Map() }));
  if (!parsed.ok) return err(limitOf(parsed.error));
  const settled = parsed.value.actions.get(id);
  invariant(settled !== undefined, 'the one action of a document is read back');
  return ok(settled);
}

/** The same check for everything of a chain but its actions; undefined when it can be read back. */
export function findBadHead(chain: Chain): EditRefusal | undefined {
  const parsed = parseChain(chainToJson({ ...chain, actions: new Map() }));
  return parsed.ok ? undefined : limitOf(parsed.error);
}

const limitOf = ([first]: readonly Rejection[]): EditRefusal => ({
  type: 'limit',
  message: first?.message ?? 'The document could not be read back.',
});
