import type { Db } from '../store.ts';

/** Whether there are any such tasks of any class, which is seldom so: one row, or none. */
export function anyOfferedTask(db: Db) {
  return db.selectFrom('tasks').select('id').where('offered', '=', 1).where('state', '=', 'committing').limit(1);
}

/** Committing tasks of these classes whose holder is gone: whoever claims one finishes the publication. Oldest job first. */
export function offeredTasks(db: Db, classes: readonly string[]) {
  return db
    .selectFrom('tasks')
    .selectAll()
    .where('offered', '=', 1)
    .where('state', '=', 'committing')
    .where('class', 'in', classes.length === 0 ? [''] : classes) // no class is empty
    .orderBy('job_number')
    .limit(5);
}
