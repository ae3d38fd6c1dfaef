import type { JobView } from '../../../shared/wire/jobs.ts';
import type { Sight } from '../client/follow-job.ts';
import { byteSize, clockTime, counted, percent } from './amounts.ts';
import { printable } from './printable.ts';
import { table } from './table.ts';
import { taskName } from './task-name.ts';

/** One line: what `submit` and `list` show of a job. */
export function jobLine(job: JobView): string {
  return printable(`job ${job.number}  ${job.state}  ${job.input} -> ${job.output}  (${job.id})`);
}

/** All that a person asks about a job, with its tasks. */
export function jobText({ job, tasks }: Sight): string {
  const rows = tasks.map((task) => [
    taskName(task),
    task.state,
    percent(task.progress),
    task.speed === null ? '' : `${task.speed.toFixed(2)}x`,
    task.attempts.at(-1)?.worker_name ?? '',
    counted(task.attempts.length, 'attempt'),
    task.error?.message ?? '',
  ]);
  const heading = ['TASK', 'STATE', 'DONE', 'SPEED', 'WORKER', 'ATTEMPTS', 'ERROR'];
  return [...jobFacts(job), ...(rows.length > 0 ? ['', table(heading, rows)] : [])].join('\n');
}

function jobFacts(job: JobView): string[] {
  const { stats } = job;
  const facts: [string, string | null][] = [
    ['job', `${job.number} (${job.id})`],
    [
      'state',
      `${job.state}, ${percent(job.progress)}${job.eta_seconds === null ? '' : `, ETA ${clockTime(job.eta_seconds)}`}`,
    ],
    ['input', sized(job.input, stats.input_bytes)],
    ['output', sized(job.output, stats.output_bytes)],
    ['profile', job.profile],
    ['segments', stats.segments > 0 ? String(stats.segments) : stats.unsplit_reason && `none: ${stats.unsplit_reason}`],
    ['created', job.created_at],
    ['started', job.started_at],
    ['finished', job.finished_at],
    ['error', job.error && `${job.error.message} (${job.error.code}, fault: ${job.error.fault})`],
  ];
  return facts
    .filter(([, value]) => value !== null)
    .map(([name, value]) => `${name.padEnd(9)} ${printable(value ?? '')}`);
}

function sized(name: string, bytes: number | null): string {
  return bytes === null ? name : `${name} (${byteSize(bytes)})`;
}
