import { randomBytes } from 'node:crypto';
import { shownChainName } from '@/lib/chain/chain-name';
import type { ChainId } from '@/lib/chain/ids';
import { hashChain, printChain } from '@/lib/chain/print-chain';
import type { Workbench } from '@/lib/chain/workbench';
import { printWorkbench } from '@/lib/exchange/workbench-text';
import type { ChainSummary, SavedChain } from '@/lib/protocol/api';
import type { Failpoint } from '../runs/failpoint';
import type { StoreDatabase } from './database';

/** What a save came to. A conflict names the revision that stands now; nothing was written. */
export type SaveOutcome =
  | { readonly type: 'saved'; readonly chainId: ChainId; readonly revision: number; readonly chainHash: string }
  | { readonly type: 'conflict'; readonly revision: number }
  | { readonly type: 'missing' };

export interface ChainQueries {
  /** Latest save first. */
  readonly list: () => Promise<readonly ChainSummary[]>;
  readonly find: (chainId: string) => Promise<SavedChain | undefined>;
  readonly create: (workbench: Workbench) => Promise<Extract<SaveOutcome, { type: 'saved' }>>;
  /** Compare and swap: writes only over the revision that the saver had read. */
  readonly save: (chainId: string, revision: number, workbench: Workbench) => Promise<SaveOutcome>;
  /** False when there is no such chain. Its runs stay. */
  readonly remove: (chainId: string) => Promise<boolean>;
}

export interface ChainQueriesDeps {
  readonly db: StoreDatabase;
  readonly nowMs: () => number;
  readonly failpoint: Failpoint;
}

export function createChainQueries({ db, nowMs, failpoint }: ChainQueriesDeps): ChainQueries {
  return {
    list: async () => {
      const rows = await db
        .selectFrom('chain')
        .select(['id', 'name', 'action_count', 'revision', 'chain_hash', 'updated_at'])
        .orderBy('updated_at', 'desc')
        .orderBy('id')
        .execute();
      return rows.map((row) => ({
        chainId: row.id,
        name: row.name,
        actionCount: row.action_count,
        revision: row.revision,
        chainHash: row.chain_hash,
        updatedAtMs: row.updated_at,
      }));
    },

    find: async (chainId) => {
      const row = await db.selectFrom('chain').selectAll().where('id', '=', chainId).executeTakeFirst();
      if (row === undefined) return undefined;
      return {
        chainId: row.id,
        revision: row.revision,
        documentText: row.document_text,
        workbenchText: row.workbench_text,
        chainHash: row.chain_hash,
        updatedAtMs: row.updated_at,
      };
    },

    create: async (workbench) => {
      const columns = columnsOf(workbench);
      const id = randomBytes(12).toString('base64url') as ChainId;
      const now = nowMs();
      await db
        .insertInto('chain')
        .values({ id, revision: 1, created_at: now, updated_at: now, ...columns })
        .execute();
      return { type: 'saved', chainId: id, revision: 1, chainHash: columns.chain_hash };
    },

    save: async (chainId, revision, workbench) => {
      const columns = columnsOf(workbench);
      const outcome = await db.transaction().execute(async (transaction): Promise<SaveOutcome> => {
        const written = await transaction
          .updateTable('chain')
          .set({ ...columns, revision: revision + 1, updated_at: nowMs() })
          .where('id', '=', chainId)
          .where('revision', '=', revision)
          .returning('revision')
          .executeTakeFirst();
        await failpoint('chain.save:before-commit');
        if (written !== undefined) {
          return {
            type: 'saved',
            chainId: chainId as ChainId,
            revision: written.revision,
            chainHash: columns.chain_hash,
          };
        }
        const standing = await transaction
          .selectFrom('chain')
          .select('revision')
          .where('id', '=', chainId)
          .executeTakeFirst();
        return standing === undefined ? { type: 'missing' } : { type: 'conflict', revision: standing.revision };
      });
      await failpoint('chain.save:after-commit');
      return outcome;
    },

    remove: async (chainId) => {
      const { numDeletedRows } = await db.deleteFrom('chain').where('id', '=', chainId).executeTakeFirstOrThrow();
      return numDeletedRows > 0n;
    },
  };
}

function columnsOf(workbench: Workbench) {
  const { chain } = workbench;
  return {
    name: nameOf(chain),
    action_count: chain.actions.size,
    chain_hash: hashChain(chain),
    document_text: printChain(chain),
    workbench_text: printWorkbench(workbench),
  };
}

/** A name for lists; the document's own name stays as it is. SQLite's text ends at a NUL, so a list shows its sign. */
export const nameOf = (chain: { readonly name?: string | undefined }): string =>
  shownChainName(chain.name).replaceAll('\0', '␀');
