import type { JobState } from '../../job/transitions.ts';
import type { Db } from '../store.ts';

/** How many jobs are in each state; a state without one is not in the list. */
export async function countJobsByState(db: Db): Promise<{ state: JobState; count: number }[]> {
  return db
    .selectFrom('jobs')
    .select((select) => ['state', select.fn.countAll<number>().as('count')])
    .groupBy('state')
    .execute();
}
