import { isFinalJobState } from '../../../shared/job/transitions.ts';
import type { TaskView } from '../../../shared/wire/jobs.ts';
import type { Sight } from '../client/follow-job.ts';
import { counted } from '../print/amounts.ts';
import { printable } from '../print/printable.ts';
import { taskName } from '../print/task-name.ts';

/** Tries that failed between two sights of a job, in words. What the first sight shows is history. */
export function troublesBetween(before: Sight | undefined, after: Sight): string[] {
  if (before === undefined) return [];
  const known = new Set(
    before.tasks.flatMap((task) => task.attempts.filter(({ outcome }) => outcome).map(({ id }) => id)),
  );
  return after.tasks.flatMap((task) =>
    task.attempts.filter(({ id }) => !known.has(id)).flatMap((one) => trouble(task, one)),
  );
}

/** What changed between two sights of a job, for those who cannot see bars. */
export function changesBetween(before: Sight | undefined, after: Sight): string[] {
  const { job, tasks } = after;
  const states = new Map(before?.tasks.map(({ id, state }) => [id, state]));
  const finished = tasks.filter(({ id, state }) => state === 'completed' && before && states.get(id) !== 'completed');
  return [
    ...finished.map((task) => `${taskName(task)} is done`),
    ...(isPlanned(after) && !(before && isPlanned(before)) ? [planOf(after)] : []),
    // How it ended is said at length by the command itself.
    ...(before?.job.state === job.state || isFinalJobState(job.state) ? [] : [`job ${job.number} is ${job.state}`]),
  ];
}

function trouble(task: TaskView, attempt: TaskView['attempts'][number]): string[] {
  if (attempt.outcome !== 'retry' && attempt.outcome !== 'interrupted') return [];
  const what = attempt.error ? `${attempt.error.message} (${attempt.error.code})` : attempt.outcome;
  const next = task.state === 'failed' ? '' : '; it is tried again';
  return [printable(`${taskName(task)}, attempt ${attempt.number}: ${what}${next}`)];
}

function isPlanned({ job }: Sight): boolean {
  return job.stats.segments > 0 || job.stats.unsplit_reason !== null;
}

function planOf({ job: { stats } }: Sight): string {
  return printable(
    stats.segments > 0 ? `cut into ${counted(stats.segments, 'segment')}` : `not split: ${stats.unsplit_reason}`,
  );
}
