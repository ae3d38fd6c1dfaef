import type { Expression } from 'kysely';
import type { WorkerId } from '../../job/ids.ts';
import type { Db } from '../store.ts';

/** How many candidates one look brings: a lost race goes on to the next of them. */
const CANDIDATES = 20;

type Look = { readonly queueClass: string; readonly worker: WorkerId; readonly now: Expression<number> };

/**
 * Due tasks of one class that the worker may claim, in the order in which they should be: highest priority, oldest job,
 * longest task. Reads the beginning of one index range, however many tasks wait.
 */
export function claimableTasks(db: Db, { queueClass, worker, now }: Look) {
  return db
    .selectFrom('tasks')
    .selectAll()
    .where('state', '=', 'pending')
    .where('class', '=', queueClass)
    .where((where) => where.or([where('not_before', 'is', null), where('not_before', '<=', now)]))
    .where((where) =>
      where.or([
        where('avoid_worker', 'is', null),
        where('avoid_worker', '!=', worker),
        where('avoid_until', '<=', now),
      ]),
    )
    .where((where) =>
      where.or([
        where('wanted_worker', 'is', null),
        where('wanted_worker', '=', worker),
        where.not(
          where.exists(
            where
              .selectFrom('workers')
              .select('id')
              .whereRef('workers.id', '=', 'tasks.wanted_worker')
              .where('workers.status', '=', 'online'),
          ),
        ),
      ]),
    )
    .orderBy('priority', 'desc')
    .orderBy('job_number')
    .orderBy('weight', 'desc')
    .orderBy('ordinal')
    .limit(CANDIDATES);
}
