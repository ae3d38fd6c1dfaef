import type { JobProgress } from '../../../../shared/db/queries/sum-progress.ts';
import { errorOf, type JobRow, labelsOf, probeOf, publishedOf, requestOf } from '../../../../shared/db/rows.ts';
import type { ProbeResult, PublishedFile } from '../../../../shared/job/task-result.ts';
import { isFinalJobState } from '../../../../shared/job/transitions.ts';
import type { JobView } from '../../../../shared/wire/jobs.ts';
import { isoTime, isoTimeOrNull } from '../../../../shared/wire/times.ts';

/** A job as clients see it. `now` by the database's clock. */
export function jobView(row: JobRow, sums: JobProgress | undefined, now: number): JobView {
  const request = requestOf(row);
  const progress = progressOf(row, sums);
  return {
    ...{ id: row.id, number: row.number, kind: request.kind, state: row.state, stage: row.stage, progress },
    ...{ priority: row.priority, labels: labelsOf(row), profile: request.profile },
    ...{ input: row.input, output: row.output, total_tasks: row.total_tasks, completed_tasks: row.completed_tasks },
    created_at: isoTime(row.created_at),
    started_at: isoTimeOrNull(row.started_at),
    finished_at: isoTimeOrNull(row.finished_at),
    eta_seconds: etaSeconds(row, progress, now),
    error: errorOf(row),
    stats: statsOf(row, sums),
    result: resultOf(row),
  };
}

/**
 * The part of the work that is done, tasks weighted by the seconds of media they work on. While the job is probed its
 * work is not known; and it is done only when the file stands under its name.
 */
export function progressOf(row: JobRow, sums: JobProgress | undefined): number {
  if (row.state === 'completed') return 1;
  if (row.stage === 'probe' || sums === undefined || sums.weight === 0) return 0;
  return Math.min(0.999, sums.done / sums.weight);
}

/** The rest at the pace so far; null before there is one. */
export function etaSeconds(row: JobRow, progress: number, now: number): number | null {
  if (isFinalJobState(row.state) || row.started_at === null || progress < 0.01) return null;
  const elapsed = (now - row.started_at) / 1000;
  return Math.max(0, Math.round((elapsed * (1 - progress)) / progress));
}

function statsOf(row: JobRow, sums: JobProgress | undefined): JobView['stats'] {
  const probe = probeOf(row);
  const file = publishedOf(row);
  return {
    segments: row.whole === 1 ? 0 : (sums?.segments ?? 0),
    unsplit_reason: row.unsplit_reason,
    ...paceOf(row, sums, probe, file),
    input_bytes: probe?.media.size_bytes ?? null,
    output_bytes: file?.size_bytes ?? null,
    media_seconds: probe?.media.duration_seconds ?? null,
    attempts: sums?.attempts ?? 0,
  };
}

/** While it runs, of the running tasks together; afterwards over the job's whole time. */
function paceOf(row: JobRow, sums: JobProgress | undefined, probe: ProbeResult | null, file: PublishedFile | null) {
  if (row.started_at === null || row.finished_at === null)
    return { fps: sums?.fps ?? null, speed: sums?.speed ?? null };
  const seconds = Math.max(0.001, (row.finished_at - row.started_at) / 1000);
  const per = (amount: number | null | undefined) => (amount ? amount / seconds : null);
  return { fps: per(file?.verification.frames), speed: file && per(probe?.media.duration_seconds) };
}

function resultOf(row: JobRow): JobView['result'] {
  const file = publishedOf(row);
  if (row.state !== 'completed' || file === null || row.winner === null) return null;
  const { size_bytes, verification } = file;
  return { output: row.output, size_bytes, attempt_id: row.winner, verification };
}
