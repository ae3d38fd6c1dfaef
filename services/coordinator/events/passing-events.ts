import type { JobProgress } from '../../../shared/db/queries/sum-progress.ts';
import type { AttemptRow, JobRow, TaskRow } from '../../../shared/db/rows.ts';
import { newId } from '../../../shared/job/ids.ts';
import type { EventBody } from '../../../shared/wire/events.ts';
import { isoTime } from '../../../shared/wire/times.ts';
import type { LogsBody } from '../../../shared/wire/workers.ts';
import { etaSeconds, progressOf } from '../http/views/job-view.ts';

/** How far a running task is, and how fast. */
export function taskProgressEvent(task: TaskRow, now: number): EventBody {
  const { kind, ordinal, progress, fps, speed } = task;
  return {
    ...passing('task.progress', now),
    ...{ job_id: task.job_id, task_id: task.id, attempt: task.attempt },
    ...(task.worker_id === null ? {} : { worker_id: task.worker_id }),
    data: { kind, ordinal, progress, fps, speed },
  };
}

/** How far a job is; `sums` undefined: it has no tasks. */
export function jobProgressEvent(job: JobRow, sums: JobProgress | undefined, now: number): EventBody {
  const progress = progressOf(job, sums);
  const { total_tasks, completed_tasks } = job;
  const pace = { fps: sums?.fps ?? null, speed: sums?.speed ?? null };
  return {
    ...passing('job.progress', now),
    job_id: job.id,
    data: { progress, eta_seconds: etaSeconds(job, progress, now), ...pace, total_tasks, completed_tasks },
  };
}

/** That lines came, with the last of them; all are in the job's log. */
export function taskLogEvent(attempt: AttemptRow, lines: LogsBody['lines'], now: number): EventBody {
  return {
    ...passing('task.log', now),
    ...{ job_id: attempt.job_id, task_id: attempt.task_id, worker_id: attempt.worker_id, attempt: attempt.number },
    data: { lines: lines.length, last: lines.at(-1)?.text ?? '' },
  };
}

/** Passing events are told once and kept nowhere. `seq` is 0: they have no place among a job's events. */
function passing<Name extends EventBody['event']>(event: Name, now: number) {
  return { v: 1 as const, id: newId<never>(now) as string, seq: 0, event, at: isoTime(now) };
}
