import type { JobId } from '../../job/ids.ts';
import type { JobRow } from '../rows.ts';
import type { Db } from '../store.ts';

/** Jobs that one statement reads: each brings its probe along. */
const AT_ONCE = 100;

/** The rows of these jobs, one after the other, as long as somebody asks; those that are gone are left out. */
export async function* readJobs(db: Db, ids: readonly JobId[]): AsyncGenerator<JobRow> {
  for (let from = 0; from < ids.length; from += AT_ONCE)
    yield* await db
      .selectFrom('jobs')
      .selectAll()
      .where('id', 'in', ids.slice(from, from + AT_ONCE))
      .execute();
}
