import type { WorkerId } from '../../job/ids.ts';
import type { PathName } from '../../job/job.ts';
import { lackOf } from '../../job/queue-class.ts';
import type { AssembleSpec, ProbeSpec, TranscodeSpec } from '../../job/task.ts';
import { FINAL_JOB_STATES } from '../../job/transitions.ts';
import { offerOf, specOf } from '../rows.ts';
import type { Db } from '../store.ts';
import { listNeeds } from './list-needs.ts';
import { listWorkers } from './list-workers.ts';

/** How long after a job has ended others look after what a dead worker left: bounds what each look costs. */
const LOOKED_AFTER_MS = 3_600_000;
const MOST = 100;
/** The kinds of tasks that make files beside the output: a probe tries whether it can. */
const WRITING_BESIDE = ['probe', 'assemble', 'transcode'] as const;

/**
 * The folders beside outputs in which workers that are gone may have left parts of jobs that are over, for one worker
 * to look into. A worker that is there looks after its own; of those with the storage only the first is told, so that a
 * farm does not look with two hundred eyes.
 */
export async function listAbandonedParts(db: Db, worker: WorkerId, now: number): Promise<PathName[]> {
  const present = (await listWorkers(db)).filter(({ status }) => status !== 'offline');
  const classes = [...(await listNeeds(db))].flatMap(([name, needs]) => {
    const able = present.filter((row) => row.status !== 'error' && lackOf(offerOf(row), needs).paths.length === 0);
    return able.map(({ id }) => id).sort()[0] === worker ? [name] : [];
  });
  if (classes.length === 0) return [];
  const rows = await db
    .selectFrom('jobs')
    .innerJoin('attempts', 'attempts.job_id', 'jobs.id')
    .innerJoin('tasks', 'tasks.id', 'attempts.task_id')
    .select('tasks.spec')
    .distinct()
    .where('jobs.finished_at', '>', now - LOOKED_AFTER_MS)
    .where('jobs.state', 'in', [...FINAL_JOB_STATES])
    .where('tasks.kind', 'in', [...WRITING_BESIDE])
    .where('tasks.class', 'in', classes)
    .where(
      'attempts.worker_id',
      'not in',
      present.map(({ id }) => id),
    )
    .limit(MOST)
    .execute();
  return [...new Set(rows.map((row) => (specOf(row) as ProbeSpec | AssembleSpec | TranscodeSpec).target.parts))];
}
