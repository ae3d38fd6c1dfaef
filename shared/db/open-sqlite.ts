import { Kysely, SqliteDialect } from 'kysely';
import type { Clock } from '../runtime/clock.ts';
import { createCommittedEvents } from './committed-events.ts';
import { migrate } from './migrate.ts';
import type { Schema } from './schema.ts';
import { openSqliteDatabase } from './sqlite-database.ts';
import type { Store, Tx } from './store.ts';

/**
 * Opens (and makes, and migrates) the store of the embedded weight. One process at a time: see `lockDirectory`.
 * `:memory:` for a store that is gone with the process. The process's clock is the database's clock here.
 */
export async function openSqlite(file: string, clock: Clock = { now: Date.now }): Promise<Store> {
  const db = new Kysely<Schema>({ dialect: new SqliteDialect({ database: openSqliteDatabase(file) }) });
  await migrate(db, 'sqlite');
  const events = createCommittedEvents();
  return {
    db,
    events,
    now: async () => clock.now(),
    async transaction(work) {
      // One connection, so transactions run one after the other and never conflict: no retry is needed here.
      const { result, written } = await db.transaction().execute(async (transaction) => {
        // New with each run: where a transaction is repeated, what an earlier run wrote was never committed.
        const written: Tx['events'] = [];
        return { result: await work({ db: transaction, now: clock.now(), events: written }), written };
      });
      events.publish(written);
      return result;
    },
    close: () => db.destroy(),
  };
}
