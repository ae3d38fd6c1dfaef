import { setTimeout as wait } from 'node:timers/promises';
import { type Compilable, CompiledQuery, type MysqlPool, type MysqlPoolConnection } from 'kysely';
import type { PoolConnection } from 'mysql2';
import { troubleOf } from './database-trouble.ts';
import { type Answer, ask, type Sessions } from './sessions.ts';

/** Begins a transaction, as the first of several statements: it costs no round trip of its own. */
export const BEGIN: Compilable = { compile: () => CompiledQuery.raw('start transaction') };

/** Ends a compound statement of writes, so that the commit costs no round trip of its own. */
export const COMMIT_TOO: readonly Compilable[] = [{ compile: () => CompiledQuery.raw('commit') }];

const begins = (sql: string) => sql.startsWith('begin not atomic start transaction;');
const commits = (sql: string) => sql === 'commit' || sql.endsWith('; commit; end');

/** Looks, alone or several together. What is sent together outside of a transaction does not change anything. */
const LOOK = /^\s*(select|with|begin not atomic select)\b/i;

/** A look outside a transaction is repeated for so long when the database cannot be reached. */
const REPEAT_READS_MS = 15_000;

type Options = {
  /** Without an answer for so long a connection counts as lost; undefined: never. */
  readonly answerWithinMs: number | undefined;
};

/** The pool as Kysely wants it. */
export function sessionPool(sessions: Sessions, options: Options): MysqlPool {
  return {
    getConnection: (callback) => callback(null, sessionConnection(sessions, options)),
    end: (callback) => void sessions.close().then(() => callback(null), callback),
  };
}

/**
 * What Kysely takes for one connection. Really connects with the first statement, so that a look which meets a broken
 * connection can be repeated on another one. In a transaction nothing is repeated here: after a trouble that ended it,
 * all further statements fail alike instead of running outside of any transaction.
 */
function sessionConnection(sessions: Sessions, { answerWithinMs }: Options): MysqlPoolConnection {
  let held: PoolConnection | undefined;
  let inTransaction = false;
  let ended: Error | undefined;

  function letGo(state: 'sound' | 'broken'): void {
    if (held) sessions.release(held, state);
    held = undefined;
  }

  async function send(sql: string, values: readonly unknown[]): Promise<Answer> {
    if (ended !== undefined) {
      if (sql !== 'rollback') throw ended;
      if (held === undefined) return [];
    }
    // It was sent along with the last writes.
    if (sql === 'commit' && !inTransaction) return [];
    try {
      held ??= await sessions.acquire();
      if (begins(sql)) inTransaction = true;
      const answer = await ask(held, sql, values, answerWithinMs);
      if (commits(sql) || sql === 'rollback') inTransaction = false;
      return answer;
    } catch (error) {
      if (troubleOf(error) === 'connection' || sql === 'rollback') letGo('broken');
      // The failure of a rollback would hide what it was for; the connection is gone, and with it the transaction.
      if (sql === 'rollback') return [];
      if (inTransaction && troubleOf(error) !== 'duplicate') ended = error as Error;
      throw error;
    }
  }

  async function run(sql: string, values: readonly unknown[]): Promise<Answer> {
    const until = performance.now() + REPEAT_READS_MS;
    for (let pauseMs = 20; ; pauseMs = Math.min(pauseMs * 2, 500)) {
      try {
        return await send(sql, values);
      } catch (error) {
        const isLook = !inTransaction && LOOK.test(sql);
        if (!isLook || troubleOf(error) !== 'connection' || performance.now() + pauseMs > until) throw error;
        await wait(pauseMs * (0.5 + Math.random()));
      }
    }
  }

  return {
    config: {},
    threadId: 0,
    connect: () => {},
    query(sql, values, callback) {
      run(sql, (values ?? []) as unknown[]).then(
        (answer) => callback?.(null, answer as never),
        (error: unknown) => callback?.(error, [] as never),
      );
      return { stream: () => [] as never };
    },
    release: () => letGo(inTransaction ? 'broken' : 'sound'),
    destroy: () => letGo('broken'),
  };
}
