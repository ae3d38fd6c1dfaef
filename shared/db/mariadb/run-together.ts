import { CompiledQuery } from 'kysely';
import { type Runner, runOneByOne } from '../transaction-scope.ts';

/**
 * All statements as one compound statement. It answers with the rows of each look in it; the first error ends it, and
 * with it the transaction.
 */
export const runTogether: Runner = async (db, statements) => {
  if (statements.length < 2) return runOneByOne(db, statements);
  const compiled = statements.map((statement) => statement.compile());
  const all = `begin not atomic ${compiled.map(({ sql }) => `${sql};`).join(' ')} end`;
  const parameters = compiled.flatMap((query) => query.parameters);
  const found = (await db.executeQuery<unknown>(CompiledQuery.raw(all, parameters))).rows as unknown[][];
  let looks = 0;
  return compiled.map(({ sql }) => (sql.startsWith('select') ? (found[looks++] ?? []) : []));
};
