import { failure } from '../../errors.ts';
import { encodersOfClass, serves } from '../../job/queue-class.ts';
import { findTask } from '../queries/find-task.ts';
import { loadFleet } from '../queries/load-fleet.ts';
import type { Rules } from '../rules.ts';
import { endOpenAttempts } from '../steps/end-attempt.ts';
import { failJob } from '../steps/end-job.ts';
import { failTask } from '../steps/fail-task.ts';
import { lockJob } from '../steps/lock-job.ts';
import type { Store } from '../store.ts';

/**
 * On one machine a task whose encoder FFmpeg does not have would wait for ever: it fails, once proving is over. A farm
 * waits instead, for a worker that has it. Returns how many there were.
 */
export async function failUnservableTasks(store: Store, rules: Rules): Promise<number> {
  if (!rules.failUnservable) return 0;
  const fleet = await loadFleet(store.db);
  if (fleet.proving || fleet.encoders.length === 0) return 0;
  const classes = await store.db
    .selectFrom('tasks')
    .select('class')
    .distinct()
    .where('state', '=', 'pending')
    .execute();
  const unserved = classes.map((row) => row.class).filter((name) => !serves(fleet.encoders, name));
  if (unserved.length === 0) return 0;
  const due = await store.db
    .selectFrom('tasks')
    .select(['id', 'job_id', 'class'])
    .where('state', '=', 'pending')
    .where('class', 'in', unserved)
    .execute();
  for (const { id, job_id, class: name } of due) {
    const missing = encodersOfClass(name).filter((encoder) => !fleet.encoders.includes(encoder));
    const error = failure('no_encoder', `this FFmpeg has no working ${missing.join(' and no ')}`);
    await store.transaction(async (tx) => {
      const job = await lockJob(tx, job_id);
      const task = await findTask(tx.db, id);
      if (!job || task?.state !== 'pending') return;
      // The encoder may have left with a worker whose lease ran out.
      await endOpenAttempts(tx, task.id, { outcome: 'interrupted', error });
      await failTask(tx, task, error);
      await failJob(tx, job, error);
    });
  }
  return due.length;
}
