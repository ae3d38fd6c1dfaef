import { isIP } from 'node:net';
import type { ConnectionOptions, Pool, PoolConnection } from 'mysql2';
import { createPool } from 'mysql2';
import { AppError } from '../../errors.ts';
import type { DatabaseConfig } from '../database-settings.ts';

/** A statement as it is sent; an answer is rows, or what a write says of itself. */
export type Answer = Record<string, unknown>[] | { readonly affectedRows: number; readonly insertId: number };

export type Sessions = {
  /**
   * A connection with our settings, from the pool.
   *
   * @throws what connecting throws; AppError `unavailable` when all are in use for too long.
   */
  acquire(): Promise<PoolConnection>;
  /** Gives it back; a broken one is thrown away. */
  release(connection: PoolConnection, state: 'sound' | 'broken'): void;
  close(): Promise<void>;
};

type SessionOptions = {
  readonly config: Extract<DatabaseConfig, { kind: 'mariadb' }>;
  /** Seconds that one statement may take; 0: as long as it needs, for migrations. */
  readonly statementSeconds: number;
};

/** More make the database slower, not faster; a request needs one for some milliseconds. */
const CONNECTIONS = 20;
/** A dead address is given up after this; whoever wanted the connection tries again. */
const CONNECT_MS = 2_000;
const ACQUIRE_MS = 10_000;

/**
 * Connections to MariaDB, at most `CONNECTIONS` in use. mysql2 keeps those that are free and forgets those that break;
 * who waits for one waits here, since its own queue does not wake when a connection fails instead of coming back.
 */
export function openSessions({ config, statementSeconds }: SessionOptions): Sessions {
  const pool = createPool({ ...connectionOptions(config), ...poolOptions() });
  const waiting: (() => void)[] = [];
  const prepared = new WeakSet<PoolConnection>();
  let free = CONNECTIONS;

  async function takeTurn(): Promise<void> {
    if (free > 0) {
      free -= 1;
      return;
    }
    await new Promise<void>((resolve, reject) => {
      const turn = () => {
        clearTimeout(late);
        resolve();
      };
      const late = setTimeout(() => {
        waiting.splice(waiting.indexOf(turn), 1);
        reject(new AppError('unavailable', 'the database is overloaded: all connections are in use'));
      }, ACQUIRE_MS);
      waiting.push(turn);
    });
  }

  function passTurn(): void {
    const next = waiting.shift();
    if (next) next();
    else free += 1;
  }

  return {
    async acquire() {
      await takeTurn();
      let connection: PoolConnection | undefined;
      try {
        connection = await connect(pool);
        if (!prepared.has(connection))
          for (const sql of sessionStatements(statementSeconds)) await ask(connection, sql, [], CONNECT_MS);
        prepared.add(connection);
        return connection;
      } catch (error) {
        connection?.destroy();
        passTurn();
        throw error;
      }
    },
    release(connection, state) {
      if (state === 'sound') connection.release();
      else connection.destroy();
      passTurn();
    },
    close: () => new Promise((resolve, reject) => pool.end((error) => (error ? reject(error) : resolve()))),
  };
}

/** Sends one statement. `timeoutMs`: without an answer for so long the connection counts as lost. */
export function ask(
  connection: PoolConnection,
  sql: string,
  values: readonly unknown[] = [],
  timeoutMs?: number,
): Promise<Answer> {
  const options = { sql, values: [...values], ...(timeoutMs === undefined ? {} : { timeout: timeoutMs }) };
  return new Promise((resolve, reject) => {
    connection.query(options, (error, result) => {
      if (error) reject(error);
      else resolve(result as unknown as Answer);
    });
  });
}

function connect(pool: Pool): Promise<PoolConnection> {
  return new Promise((resolve, reject) => {
    pool.getConnection((error, connection) => (error ? reject(error) : resolve(connection)));
  });
}

function connectionOptions(config: SessionOptions['config']): ConnectionOptions {
  const { host, port, user, password, database, ca } = config;
  return {
    ...{ host, port, user, password, database },
    // Of an address (a VIP) the certificate's issuer is verified; mysql2 would look for "localhost" in it.
    ...(ca === null ? {} : { ssl: { ca, verifyIdentity: isIP(host) === 0, minVersion: 'TLSv1.2' } }),
    charset: 'utf8mb4_bin',
    connectTimeout: CONNECT_MS,
    // An address that has moved leaves a connection without a word; its new holder refuses the first probe.
    enableKeepAlive: true,
    keepAliveInitialDelay: 1_000,
    // Sums of whole numbers are DECIMAL; ours are small.
    decimalNumbers: true,
  };
}

function poolOptions() {
  // Turns are given above; the margin is for connections that are closing. Idle ones stay: the server ends what is unused
  // for too long (wait_timeout).
  return { connectionLimit: 2 * CONNECTIONS, maxIdle: 2 * CONNECTIONS };
}

/**
 * How our sessions behave, whatever the server's configuration says. READ COMMITTED: what is read after `lockJob` is
 * current. `wsrep_sync_wait` 3: reads, updates and deletes see what other nodes have committed (PROTOCOL A2). A
 * transaction that idles holds row locks for a coordinator that is frozen: the server ends it.
 */
function sessionStatements(statementSeconds: number): string[] {
  return [
    'set session transaction isolation level read committed',
    `set session wsrep_sync_wait = 3, time_zone = '+00:00', innodb_lock_wait_timeout = 5,
      sql_mode = 'STRICT_ALL_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION',
      idle_transaction_timeout = 10, max_statement_time = ${statementSeconds}`,
  ];
}
