import { type Failure, failure } from '../../errors.ts';
import { OWN_PATHS } from '../../job/path-variable.ts';
import { lackOf, type Needs, serves } from '../../job/queue-class.ts';
import { findTask } from '../queries/find-task.ts';
import { listNeeds } from '../queries/list-needs.ts';
import { loadFleet } from '../queries/load-fleet.ts';
import { loadPresence } from '../queries/load-presence.ts';
import type { TaskRow, WorkerRow } from '../rows.ts';
import type { Rules } from '../rules.ts';
import { endOpenAttempts } from '../steps/end-attempt.ts';
import { failJob } from '../steps/end-job.ts';
import { failTask } from '../steps/fail-task.ts';
import { lockJob } from '../steps/lock-job.ts';
import { mayBePlannedAnew } from '../steps/may-be-planned-anew.ts';
import type { Store } from '../store.ts';

/**
 * On one machine a task whose encoder FFmpeg does not have, or whose path variable is none, would wait for ever: it
 * fails, once proving is over, unless the job can be planned again without it. A farm waits instead, for a worker that
 * has it. Returns how many there were.
 */
export async function failUnservableTasks(store: Store, rules: Rules): Promise<number> {
  if (!rules.failUnservable) return 0;
  const fleet = await loadFleet(store.db);
  const { here, proving } = await loadPresence(store.db, await store.now(), rules);
  if (proving || fleet.encoders.length === 0) return 0;
  const needs = await listNeeds(store.db);
  const unserved = new Map([...needs].filter(([, needed]) => !serves(fleet, needed)));
  if (unserved.size === 0) return 0;
  const due = await store.db
    .selectFrom('tasks')
    .select(['id', 'job_id', 'class'])
    .where('state', '=', 'pending')
    .where('class', 'in', [...unserved.keys()])
    .execute();
  let failed = 0;
  for (const { class: name, ...task } of due) {
    const needed = unserved.get(name);
    if (needed && (await failUnlessPlannedAnew(store, task, { error: failureFor(lackOf(fleet, needed)), here })))
      failed += 1;
  }
  return failed;
}

type Lack = { readonly error: Failure; readonly here: readonly WorkerRow[] };

/** A job that another plan would help is left to `planLeftJobsAnew`. */
function failUnlessPlannedAnew(
  store: Store,
  { id, job_id }: Pick<TaskRow, 'id' | 'job_id'>,
  { error, here }: Lack,
): Promise<boolean> {
  return store.transaction(async (tx) => {
    const job = await lockJob(tx, job_id);
    const task = await findTask(tx.db, id);
    if (!job || task?.state !== 'pending' || mayBePlannedAnew(job, here)) return false;
    // The encoder may have left with a worker whose lease ran out.
    await endOpenAttempts(tx, task.id, { outcome: 'interrupted', error });
    await failTask(tx, task, error);
    await failJob(tx, job, error);
    return true;
  });
}

function failureFor({ encoders, paths }: Needs): Failure {
  if (encoders.length > 0) return failure('no_encoder', `this FFmpeg has no working ${encoders.join(' and no ')}`);
  const variables = paths.filter((path) => path !== OWN_PATHS).map((path) => `\${${path}}`);
  return failure('invalid_path', `the worker has no ${[...variables, ...absolute(paths)].join(' and no ')}`);
}

function absolute(paths: readonly string[]): string[] {
  return paths.includes(OWN_PATHS) ? ['absolute names'] : [];
}
