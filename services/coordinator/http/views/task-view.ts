import { type AttemptRow, errorOf, resultOf, specOf, type TaskRow } from '../../../../shared/db/rows.ts';
import type { TaskSpec } from '../../../../shared/job/task.ts';
import type { TaskView } from '../../../../shared/wire/jobs.ts';
import { isoTime, isoTimeOrNull } from '../../../../shared/wire/times.ts';

/** A task with its attempts. `names` are those of the workers. */
export function taskView(row: TaskRow, attempts: readonly AttemptRow[], names: ReadonlyMap<string, string>): TaskView {
  return {
    ...{ id: row.id, job_id: row.job_id, kind: row.kind, ordinal: row.ordinal, state: row.state, class: row.class },
    ...{ progress: row.state === 'completed' ? 1 : row.progress, fps: row.fps, speed: row.speed },
    expected_seconds: expectedSeconds(specOf(row)),
    not_before: isoTimeOrNull(row.not_before),
    ...{ failures: row.failures, interruptions: row.interruptions },
    error: errorOf(row),
    result: resultOf(row),
    attempts: attempts.map((attempt) => attemptView(attempt, names)),
  };
}

function expectedSeconds(spec: TaskSpec): number | null {
  return spec.kind === 'probe' ? null : spec.expected_seconds;
}

function attemptView(row: AttemptRow, names: ReadonlyMap<string, string>): TaskView['attempts'][number] {
  return {
    ...{ id: row.id, number: row.number, worker_id: row.worker_id, worker_name: names.get(row.worker_id) ?? null },
    settles: row.settles,
    started_at: isoTime(row.started_at),
    ended_at: isoTimeOrNull(row.ended_at),
    outcome: row.outcome,
    error: errorOf(row),
    command: row.command,
    metrics: row.metrics === null ? null : JSON.parse(row.metrics),
  };
}
