import type { ActionId } from '@/lib/chain/ids';

/** How much of a chain a person asked to run: all of it, or one action and what it needs. */
export type RunRequest = { readonly type: 'all' } | { readonly type: 'up-to'; readonly actionId: ActionId };
