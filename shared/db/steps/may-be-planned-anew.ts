import { AppError } from '../../errors.ts';
import { needsOfTask } from '../../job/needs-of-task.ts';
import type { Plan } from '../../job/plan/planned-task.ts';
import { serves } from '../../job/queue-class.ts';
import { fleetOf } from '../queries/load-fleet.ts';
import { type JobRow, offerOf, requestOf, type WorkerRow } from '../rows.ts';
import { pathsOfJob, planJob } from './plan-job.ts';

/** Whether another plan of a job would do better than one that nobody serves: the workers that are here serve all of it. */
export function mayBePlannedAnew(job: JobRow, here: readonly WorkerRow[]): boolean {
  if (job.stage !== 'measure' && job.stage !== 'encode') return false;
  const { input } = requestOf(job);
  const offers = here.map(offerOf);
  const plan = planFor(job, here);
  return plan?.tasks.every((task) => offers.some((offer) => serves(offer, needsOfTask(task, input)))) ?? false;
}

function planFor(job: JobRow, here: readonly WorkerRow[]): Plan | null {
  try {
    return planJob(job, fleetOf(here, pathsOfJob(job)));
  } catch (error) {
    if (error instanceof AppError) return null;
    throw error;
  }
}
