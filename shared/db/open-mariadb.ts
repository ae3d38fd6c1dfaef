import { Kysely, sql } from 'kysely';
import { AppError } from '../errors.ts';
import { createCommittedEvents } from './committed-events.ts';
import type { DatabaseConfig } from './database-settings.ts';
import { checkDatabase } from './mariadb/check-database.ts';
import type { DatabaseTrouble } from './mariadb/database-trouble.ts';
import { beginWith, clockOfDatabase, lookTogether } from './mariadb/look-together.ts';
import { MariadbDialect } from './mariadb/mariadb-dialect.ts';
import { runTogether } from './mariadb/run-together.ts';
import { COMMIT_TOO, sessionPool } from './mariadb/session-connection.ts';
import { openSessions } from './mariadb/sessions.ts';
import { repeatTransaction } from './repeat-transaction.ts';
import type { Schema } from './schema.ts';
import type { RowsOf, Statements, Store, StoreOptions, Tx } from './store.ts';
import { newTransaction } from './transaction-scope.ts';
import { writeEvents } from './write-events.ts';

/** What a statement may take before the server ends it, and when its connection counts as lost. */
const STATEMENT_SECONDS = 8;
const ANSWER_MS = 10_000;
/** A transaction that took longer works with a clock and with looks that are too old: it is run again. */
const OLDEST_TRANSACTION_MS = 10_000;

/**
 * The store on MariaDB or Galera. Connects when it is used: a database that is down makes calls fail with
 * `unavailable` after a while, not the opening. Times are the database's, unless `clock` says otherwise.
 */
export function openMariadb(
  config: Extract<DatabaseConfig, { kind: 'mariadb' }>,
  { log, outbox, clock }: StoreOptions,
): Store {
  const sessions = openSessions({ config, statementSeconds: STATEMENT_SECONDS });
  const pool = sessionPool(sessions, { answerWithinMs: ANSWER_MS });
  const db = new Kysely<Schema>({ dialect: new MariadbDialect({ pool }) });
  const events = createCommittedEvents();
  const knownClasses = new Set<string>();
  const repetitions = { conflict: 0, duplicate: 0, connection: 0 };
  const onRepeat = (trouble: DatabaseTrouble) => {
    repetitions[trouble] += 1;
  };
  return {
    db,
    events,
    outbox,
    positionsAreOrdered: false,
    repetitions,
    now: async () => clock?.now() ?? (await lookTogether(db, [])).now,
    clock: () => (clock === undefined ? clockOfDatabase : sql.val(clock.now())),
    async look(looks) {
      const found = await lookTogether(db, looks);
      return { ...found, now: clock?.now() ?? found.now };
    },
    async transaction<Result, const First extends Statements>(
      work: (tx: Tx, found: RowsOf<First>) => Promise<Result>,
      first?: First,
    ) {
      const { result, written } = await repeatTransaction(
        () =>
          db.transaction().execute(async (transaction) => {
            const begun = performance.now();
            const found = await beginWith(transaction, first ?? ([] as unknown as First));
            const now = clock?.now() ?? found.now;
            const tx = newTransaction({ db: transaction, now, outbox, knownClasses, runner: runTogether });
            const result = await work(tx, found.rows);
            if (performance.now() - begun > OLDEST_TRANSACTION_MS)
              throw new AppError('unavailable', 'a change of the database took too long and was taken back');
            return { result, written: await writeEvents(tx, COMMIT_TOO) };
          }),
        { log, onRepeat },
      );
      events.publish(written);
      return result;
    },
    check: () => checkDatabase(sessions, config),
    close: () => db.destroy(),
  };
}
