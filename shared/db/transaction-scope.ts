import type { Db, RowsOf, Statements, Tx } from './store.ts';

/** How the statements of `Tx.run` reach the database. */
export type Runner = (db: Db, statements: Statements) => Promise<unknown[][]>;

type Begun = Pick<Tx, 'db' | 'now' | 'outbox' | 'knownClasses'> & { readonly runner: Runner };

/** The scope of one run of a transaction. New with each run: what an earlier one wrote was never committed. */
export function newTransaction({ runner, ...begun }: Begun): Tx {
  return {
    ...begun,
    recorded: [],
    atEnd: [],
    newestSeq: new Map(),
    run: async <const Queries extends Statements>(statements: Queries) =>
      (await runner(begun.db, statements)) as RowsOf<Queries>,
  };
}

/** One after the other: for a database that is no round trip away. */
export const runOneByOne: Runner = async (db, statements) => {
  const rows: unknown[][] = [];
  for (const statement of statements) rows.push((await db.executeQuery(statement.compile())).rows);
  return rows;
};
