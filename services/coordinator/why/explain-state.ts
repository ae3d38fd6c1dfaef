import { errorOf, type JobRow, registrationOf, type TaskRow, type WorkerRow } from '../../../shared/db/rows.ts';
import { assertNever, type Failure, type Fault } from '../../../shared/errors.ts';
import { encodersOfClass, serves } from '../../../shared/job/queue-class.ts';
import { isDue } from './refusal-of-worker.ts';
import type { WhyFacts } from './why-facts.ts';

/** Why a job is in its state, in a sentence or two. */
export function explainState(facts: WhyFacts): string {
  const { job } = facts;
  const sentence = explain(facts);
  return job.unsplit_reason === null ? sentence : `${sentence} The file is not split: ${job.unsplit_reason}.`;
}

function explain(facts: WhyFacts): string {
  const { job } = facts;
  switch (job.state) {
    case 'pending':
    case 'assigned':
    case 'running':
      return explainUnfinished(facts);
    case 'completed':
      return 'The file was verified and published.';
    case 'failed':
      return explainFailure(job);
    case 'canceling':
      return `It was canceled; ${count(held(facts.tasks).length, 'task')} being ended by the workers.`;
    case 'canceled':
      return 'It was canceled.';
    default:
      return assertNever(job.state);
  }
}

const FAULTS: Readonly<Record<Fault, string>> = {
  input: 'The input is at fault.',
  request: 'The request is at fault.',
  storage: 'The storage is at fault.',
  worker: 'A worker is at fault.',
  us: 'ffmill is at fault.',
};

function explainFailure(job: JobRow): string {
  const error: Failure | null = errorOf(job);
  return error === null ? 'It failed.' : `It failed with ${error.code}: ${error.message}. ${FAULTS[error.fault]}`;
}

function explainUnfinished(facts: WhyFacts): string {
  const committing = facts.tasks.find((task) => task.state === 'committing');
  if (committing) return explainPublication(committing);
  const active = held(facts.tasks).length;
  const waiting = facts.tasks.filter((task) => task.state === 'pending');
  const sentences = [
    ...(active > 0 ? [`${count(active, 'task')} at work.`] : []),
    ...(waiting.length > 0 ? [explainWaiting(waiting, facts)] : []),
  ];
  return sentences.length > 0 ? sentences.join(' ') : 'Its next tasks are being planned.';
}

function explainPublication(task: TaskRow): string {
  if (task.offered === 1)
    return 'The file is verified; the worker that was publishing it is gone, and another one is going to finish that.';
  return 'The file is verified and is being published. While its storage cannot be reached this goes on trying.';
}

function explainWaiting(waiting: readonly TaskRow[], { workers, now }: WhyFacts): string {
  if (workers.length === 0) return 'No worker has registered.';
  const online = workers.flatMap(({ row }) => (row.status === 'online' ? [provedBy(row)] : []));
  if (online.length === 0) return 'No worker is online.';
  const unserved = waiting.find((task) => !online.some((proved) => serves(proved, task.class)));
  if (unserved) return `No worker that is online has proved ${encodersOfClass(unserved.class).join(' and ')}.`;
  const waits = `${count(waiting.length, 'task')} waiting`;
  return waiting.some((task) => isDue(task, now)) ? `${waits} for a free slot.` : `${waits} to be tried again.`;
}

function provedBy(row: WorkerRow): string[] {
  return Object.keys(registrationOf(row).capabilities.encoders);
}

function held(tasks: readonly TaskRow[]): TaskRow[] {
  return tasks.filter((task) => task.state === 'assigned' || task.state === 'running' || task.state === 'canceling');
}

function count(amount: number, noun: string): string {
  return amount === 1 ? `1 ${noun} is` : `${amount} ${noun}s are`;
}
