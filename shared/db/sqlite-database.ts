import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import type { SqliteDatabase, SqliteStatement } from 'kysely';

/**
 * `node:sqlite` in the shape that Kysely's SQLite dialect expects. Prepared statements are kept: preparing costs more
 * than running for most of ours, and there are a few dozen of them.
 */
export function openSqliteDatabase(file: string): SqliteDatabase {
  const database = new DatabaseSync(file);
  // FULL: a commit that was acknowledged survives a power cut; WAL alone would only survive a crash of the process.
  database.exec(`
    PRAGMA busy_timeout = 5000;
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = FULL;
    PRAGMA foreign_keys = ON;
  `);
  const statements = new Map<string, SqliteStatement>();
  return {
    close: () => database.close(),
    prepare(sql) {
      const known = statements.get(sql);
      if (known) return known;
      // Every transaction of ours writes. One that began by reading would fail when another process wrote meanwhile.
      const statement = wrapStatement(database.prepare(sql === 'begin' ? 'begin immediate' : sql));
      // Statements with a list of values differ in its length: the bound keeps an odd caller from filling the memory.
      if (statements.size < 1000) statements.set(sql, statement);
      return statement;
    },
  };
}

function wrapStatement(statement: StatementSync): SqliteStatement {
  return {
    reader: statement.columns().length > 0,
    all: (parameters) => statement.all(...(parameters as SQLInputValue[])),
    run: (parameters) => statement.run(...(parameters as SQLInputValue[])),
    iterate: (parameters) => statement.iterate(...(parameters as SQLInputValue[])),
  };
}
