import { Kysely, SqliteDialect, sql } from 'kysely';
import type { Clock } from '../runtime/clock.ts';
import { createCommittedEvents } from './committed-events.ts';
import { migrate } from './migrate.ts';
import type { Schema } from './schema.ts';
import { openSqliteDatabase } from './sqlite-database.ts';
import type { RowsOf, Statements, Store, Tx } from './store.ts';
import { newTransaction, runOneByOne } from './transaction-scope.ts';
import { writeEvents } from './write-events.ts';

/**
 * Opens (and makes, and migrates) the store of the embedded weight. One process at a time: see `lockDirectory`.
 * `:memory:` for a store that is gone with the process. The process's clock is the database's clock here.
 */
export async function openSqlite(
  file: string,
  clock: Clock = { now: Date.now },
  { outbox }: { readonly outbox: boolean } = { outbox: false },
): Promise<Store> {
  const db = new Kysely<Schema>({ dialect: new SqliteDialect({ database: openSqliteDatabase(file) }) });
  await migrate(db, 'sqlite');
  const events = createCommittedEvents();
  const knownClasses = new Set<string>();
  return {
    db,
    events,
    outbox,
    positionsAreOrdered: true,
    repetitions: {},
    now: async () => clock.now(),
    clock: () => sql.val(clock.now()),
    async look<const Looks extends Statements>(looks: Looks) {
      return { now: clock.now(), rows: (await runOneByOne(db, looks)) as RowsOf<Looks> };
    },
    async transaction<Result, const First extends Statements>(
      work: (tx: Tx, found: RowsOf<First>) => Promise<Result>,
      first?: First,
    ) {
      // One connection, so transactions run one after the other and never conflict: no retry is needed here.
      const { result, written } = await db.transaction().execute(async (transaction) => {
        const tx = newTransaction({ db: transaction, now: clock.now(), outbox, knownClasses, runner: runOneByOne });
        const result = await work(tx, (await runOneByOne(transaction, first ?? [])) as RowsOf<First>);
        return { result, written: await writeEvents(tx) };
      });
      events.publish(written);
      return result;
    },
    // It was migrated when it was opened, and a file that cannot be written fails by itself.
    check: async () => {},
    close: () => db.destroy(),
  };
}
