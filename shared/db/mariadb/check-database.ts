import type { PoolConnection } from 'mysql2';
import { AppError } from '../../errors.ts';
import { type DatabaseConfig, nameOfDatabase } from '../database-settings.ts';
import { refuseOtherSchema } from '../migrations.ts';
import { troubleOf } from './database-trouble.ts';
import { ask, type Sessions } from './sessions.ts';

/** An answer that takes longer is no good sign either. */
const ANSWER_MS = 2_000;
const NO_SUCH_TABLE = 1146;

/** See `Store.check`. Waits for no other node: a node that lags can still be worked with. */
export async function checkDatabase(sessions: Sessions, config: DatabaseConfig): Promise<void> {
  const connection = await sessions.acquire().catch((error: unknown) => {
    throw unavailable(config, 'cannot be reached', error);
  });
  let state: 'sound' | 'broken' = 'broken';
  try {
    await checkServer(connection);
    refuseOtherSchema(await migrationsIn(connection));
    state = 'sound';
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw unavailable(config, 'cannot be worked with', error);
  } finally {
    sessions.release(connection, state);
  }
}

async function checkServer(connection: PoolConnection): Promise<void> {
  const [server] = await rowsOf<{ flush: number; read_only: number | string }>(
    connection,
    'select @@global.innodb_flush_log_at_trx_commit as flush, @@global.read_only as read_only',
  );
  if (server === undefined) throw new AppError('unavailable', 'the database does not say how it is configured');
  if (![0, '0', 'OFF'].includes(server.read_only)) throw new AppError('unavailable', 'the database is read-only');
  if (Number(server.flush) !== 1)
    throw new AppError(
      'unavailable',
      `the database may lose what it acknowledged: innodb_flush_log_at_trx_commit is ${server.flush} and must be 1`,
    );
}

async function migrationsIn(connection: PoolConnection): Promise<string[]> {
  const rows = await rowsOf<{ name: string }>(
    connection,
    'set statement wsrep_sync_wait = 0 for select name from kysely_migration',
  ).catch((error: unknown) => {
    if ((error as { errno?: number }).errno === NO_SUCH_TABLE) return [];
    throw error;
  });
  return rows.map((row) => row.name);
}

async function rowsOf<Row>(connection: PoolConnection, sql: string): Promise<Row[]> {
  return (await ask(connection, sql, [], ANSWER_MS)) as Row[];
}

function unavailable(config: DatabaseConfig, what: string, cause: unknown): AppError {
  if (cause instanceof AppError) return cause;
  const why = cause instanceof Error ? cause.message || (cause as { code?: string }).code : String(cause);
  const refused = troubleOf(cause) === null ? ' (an account, a right or a name may be wrong)' : '';
  return new AppError('unavailable', `the database ${nameOfDatabase(config)} ${what}: ${why}${refused}`, { cause });
}
