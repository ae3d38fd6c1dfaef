import { type Compilable, CompiledQuery, sql } from 'kysely';
import type { Db, Found, RowsOf, Statements } from '../store.ts';
import { runTogether } from './run-together.ts';
import { BEGIN } from './session-connection.ts';

/** Milliseconds since the epoch. `sysdate`: the moment after the wait for causality. */
const CLOCK = 'cast(unix_timestamp(sysdate(3)) * 1000 as unsigned)';
const READ_CLOCK: Compilable<{ now: number }> = { compile: () => CompiledQuery.raw(`select ${CLOCK} as now`) };

/** The database's clock as a part of a statement. */
export const clockOfDatabase = sql.raw<number>(CLOCK);

/** Reads the clock and looks, in one round trip. */
export async function lookTogether<const Looks extends Statements>(db: Db, looks: Looks): Promise<Found<Looks>> {
  return foundBy(await runTogether(db, [READ_CLOCK, ...looks]));
}

/** Begins a transaction, reads the clock and runs its first statements, in one round trip. */
export async function beginWith<const First extends Statements>(db: Db, first: First): Promise<Found<First>> {
  const [, ...rows] = await runTogether(db, [BEGIN, READ_CLOCK, ...first]);
  return foundBy(rows);
}

function foundBy<Looks extends Statements>([clock, ...rows]: unknown[][]): Found<Looks> {
  const [read] = clock as { now: number }[];
  return { now: read?.now ?? Number.NaN, rows: rows as unknown as RowsOf<Looks> };
}
