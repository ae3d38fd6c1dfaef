import { setTimeout as wait } from 'node:timers/promises';
import {
  type Kysely,
  type MigrationLockOptions,
  MysqlAdapter,
  MysqlDialect,
  type MysqlDialectConfig,
  MysqlDriver,
  sql,
} from 'kysely';
import { AppError } from '../../errors.ts';

/** Minutes after which the lock of a migration counts as left behind. Every statement of ours can be run twice. */
const LOCK_MINUTES = 2;
const LOCK_WAIT_MS = 5 * 60_000;

/** Kysely's MySQL dialect, for MariaDB and Galera. */
export class MariadbDialect extends MysqlDialect {
  readonly #config: MysqlDialectConfig;

  constructor(config: MysqlDialectConfig) {
    super(config);
    this.#config = config;
  }

  override createDriver() {
    return new MariadbDriver(this.#config);
  }

  override createAdapter() {
    return new MariadbAdapter();
  }
}

/** Transactions begin together with their first looks: `beginAndLook`, called by the store. */
class MariadbDriver extends MysqlDriver {
  override async beginTransaction(): Promise<void> {}
}

/**
 * Kysely would lock migrations by GET_LOCK, which Galera does not spread over the cluster. Here the lock is a row that
 * is compared and set; `is_locked` is the minute (since the epoch) until which it holds.
 */
class MariadbAdapter extends MysqlAdapter {
  override async acquireMigrationLock(db: Kysely<unknown>, { lockTable, lockRowId }: MigrationLockOptions) {
    const until = performance.now() + LOCK_WAIT_MS;
    for (;;) {
      const taken = await sql`
        update ${sql.table(lockTable)} set is_locked = unix_timestamp() div 60 + ${LOCK_MINUTES}
        where id = ${lockRowId} and is_locked < unix_timestamp() div 60`.execute(db);
      if (taken.numAffectedRows === 1n) return;
      if (performance.now() > until) throw new AppError('unavailable', 'another process is migrating the database');
      await wait(500);
    }
  }

  override async releaseMigrationLock(db: Kysely<unknown>, { lockTable, lockRowId }: MigrationLockOptions) {
    await sql`update ${sql.table(lockTable)} set is_locked = 0 where id = ${lockRowId}`.execute(db);
  }
}
