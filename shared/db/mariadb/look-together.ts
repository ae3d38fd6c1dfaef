import { type Compilable, CompiledQuery } from 'kysely';
import type { Db, Found, Looks, RowsOf } from '../store.ts';
import { runTogether } from './run-together.ts';
import { BEGIN } from './session-connection.ts';

/** `sysdate`: the moment after the wait for causality. */
const READ_CLOCK: Compilable<{ now: number }> = {
  compile: () => CompiledQuery.raw('select cast(unix_timestamp(sysdate(3)) * 1000 as unsigned) as now'),
};

/** Reads the clock and looks, in one round trip. */
export async function lookTogether<const Statements extends Looks>(
  db: Db,
  looks: Statements,
): Promise<Found<Statements>> {
  return foundBy(await runTogether(db, [READ_CLOCK, ...looks]));
}

/** Begins a transaction, reads the clock and looks, in one round trip. */
export async function beginAndLook<const Statements extends Looks>(
  db: Db,
  looks: Statements,
): Promise<Found<Statements>> {
  const [, ...rows] = await runTogether(db, [BEGIN, READ_CLOCK, ...looks]);
  return foundBy(rows);
}

function foundBy<Statements extends Looks>([clock, ...rows]: unknown[][]): Found<Statements> {
  const [read] = clock as { now: number }[];
  return { now: read?.now ?? Number.NaN, rows: rows as unknown as RowsOf<Statements> };
}
