import type { Kysely } from 'kysely';
import type { ColumnTypes } from '../column-types.ts';
import type { Schema } from '../schema.ts';

/** Why a job's first plan was given up for another. */
export async function secondPlans(db: Kysely<Schema>, { json }: ColumnTypes): Promise<void> {
  await db.schema.alterTable('jobs').addColumn('planned_again', json).execute();
}
