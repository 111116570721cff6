import type { Kysely, Migration, MigrationProvider } from 'kysely';

/**
 * Every step of the store's schema, in order. A step that was released is never changed: a new one follows it.
 * JSON is kept as text and times as epoch milliseconds, so that SQLite and PostgreSQL read alike.
 */
const MIGRATIONS: Readonly<Record<string, Migration>> = {
  '0001_chains_and_runs': {
    up: async (db: Kysely<unknown>) => {
      await db.schema
        .createTable('chain')
        .addColumn('id', 'text', (column) => column.primaryKey())
        .addColumn('revision', 'integer', (column) => column.notNull())
        .addColumn('name', 'text', (column) => column.notNull())
        .addColumn('action_count', 'integer', (column) => column.notNull())
        .addColumn('chain_hash', 'text', (column) => column.notNull())
        .addColumn('document_text', 'text', (column) => column.notNull())
        .addColumn('workbench_text', 'text', (column) => column.notNull())
        .addColumn('created_at', 'bigint', (column) => column.notNull())
        .addColumn('updated_at', 'bigint', (column) => column.notNull())
        .execute();
      await db.schema
        .createTable('run')
        .addColumn('id', 'text', (column) => column.primaryKey())
        .addColumn('plan', 'text', (column) => column.notNull())
        .addColumn('chain_id', 'text')
        .addColumn('chain_name', 'text', (column) => column.notNull())
        .addColumn('chain_hash', 'text', (column) => column.notNull())
        .addColumn('trace_id', 'text', (column) => column.notNull())
        .addColumn('connection_id', 'text', (column) => column.notNull())
        .addColumn('connection_name', 'text', (column) => column.notNull())
        .addColumn('connection_purpose', 'text', (column) => column.notNull())
        .addColumn('run_again_of', 'text')
        .addColumn('engine_version', 'integer')
        .addColumn('status', 'text', (column) => column.notNull())
        .addColumn('last_seq', 'integer', (column) => column.notNull())
        .addColumn('claim_epoch', 'integer', (column) => column.notNull())
        .addColumn('idle_claims', 'integer', (column) => column.notNull())
        .addColumn('cancel_requested_at', 'bigint')
        .addColumn('created_at', 'bigint', (column) => column.notNull())
        .addColumn('finished_at', 'bigint')
        .execute();
      await db.schema.createIndex('run_by_chain').on('run').columns(['chain_id', 'created_at']).execute();
      await db.schema.createIndex('run_by_time').on('run').columns(['created_at']).execute();
      await db.schema.createIndex('run_unfinished').on('run').columns(['finished_at', 'created_at']).execute();
      await db.schema
        .createTable('run_event')
        .addColumn('run_id', 'text', (column) => column.notNull())
        .addColumn('seq', 'integer', (column) => column.notNull())
        .addColumn('event', 'text', (column) => column.notNull())
        .addPrimaryKeyConstraint('run_event_key', ['run_id', 'seq'])
        .execute();
      await db.schema
        .createTable('body')
        .addColumn('sha256', 'text', (column) => column.primaryKey())
        .addColumn('text', 'text', (column) => column.notNull())
        .addColumn('created_at', 'bigint', (column) => column.notNull())
        .execute();
    },
  },
  '0002_definitions_and_maps': {
    up: async (db: Kysely<unknown>) => {
      await db.schema
        .createTable('definition')
        .addColumn('id', 'text', (column) => column.primaryKey())
        .addColumn('name', 'text', (column) => column.notNull())
        .addColumn('definition_text', 'text', (column) => column.notNull())
        .addColumn('created_at', 'bigint', (column) => column.notNull())
        .addColumn('updated_at', 'bigint', (column) => column.notNull())
        .execute();
      await db.schema
        .createTable('connection_map')
        .addColumn('connection_id', 'text', (column) => column.primaryKey())
        .addColumn('map_text', 'text', (column) => column.notNull())
        .addColumn('updated_at', 'bigint', (column) => column.notNull())
        .execute();
    },
  },
};

/** The steps as Kysely's migrator wants them; it runs each once, in the order of their names. */
export const migrationProvider: MigrationProvider = { getMigrations: async () => ({ ...MIGRATIONS }) };
