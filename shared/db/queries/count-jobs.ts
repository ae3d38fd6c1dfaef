import { type ExpressionBuilder, type ExpressionWrapper, type SqlBool, sql } from 'kysely';
import type { JobState } from '../../job/transitions.ts';
import type { Schema } from '../schema.ts';
import type { Db } from '../store.ts';

/** Which jobs are meant; a part that is undefined lets all in. */
export type JobFilter = { readonly state?: JobState | undefined; readonly label?: string | undefined };

/** How many jobs match, on all pages together. */
export async function countJobs(db: Db, filter: JobFilter): Promise<number> {
  const row = await db
    .selectFrom('jobs')
    .select((select) => select.fn.countAll<number>().as('count'))
    .where(matchJobs(filter))
    .executeTakeFirstOrThrow();
  return Number(row.count);
}

/** The condition of a filter. Labels are kept as a JSON list: a label is in it when its JSON is part of that text. */
export function matchJobs({ state, label }: JobFilter) {
  return (where: ExpressionBuilder<Schema, 'jobs'>): ExpressionWrapper<Schema, 'jobs', SqlBool> =>
    where.and([
      ...(state === undefined ? [] : [where('state', '=', state)]),
      ...(label === undefined ? [] : [sql<SqlBool>`instr(labels, ${JSON.stringify(label)}) > 0`]),
    ]);
}
