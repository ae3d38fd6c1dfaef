import { errorOf, type JobRow, offerOf, plannedAgainOf, probeOf, type TaskRow } from '../../../shared/db/rows.ts';
import { assertNever, type Failure, type Fault } from '../../../shared/errors.ts';
import { type Needs, type Offer, serves } from '../../../shared/job/queue-class.ts';
import { isDue } from './refusal-of-worker.ts';
import type { WhyFacts } from './why-facts.ts';
import { explainLack } from './words-for-needs.ts';

/** Why a job is in its state, in a sentence or two. */
export function explainState(facts: WhyFacts): string {
  const { job } = facts;
  const again = plannedAgainOf(job);
  return [
    explain(facts),
    ...(again === null ? [] : [`It was planned again: ${again.reason}.`]),
    ...(job.unsplit_reason === null ? [] : [`The file is not split: ${job.unsplit_reason}.`]),
  ].join(' ');
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
  if (committing) return explainPublication(committing, facts);
  const active = held(facts.tasks).length;
  const waiting = facts.tasks.filter((task) => task.state === 'pending');
  const sentences = [
    ...(active > 0 ? [`${count(active, 'task')} at work.`] : []),
    ...(waiting.length > 0 ? [explainWaiting(waiting, facts)] : []),
  ];
  if (sentences.length > 0) return sentences.join(' ');
  const tested = facts.job.stage !== 'probe' || probeOf(facts.job) === null;
  return tested
    ? 'Its next tasks are being planned.'
    : 'It waits until the workers have tested their hardware encoders.';
}

function explainPublication(task: TaskRow, { workers, needs }: WhyFacts): string {
  if (task.offered === 1) {
    const gone = 'The file is verified; the worker that was publishing it is gone';
    const storage: Needs = { encoders: [], paths: needs.get(task.class)?.paths ?? [] };
    const online = onlineOffers(workers);
    return online.some((offer) => serves(offer, storage))
      ? `${gone}, and another one is going to finish that.`
      : `${gone}. ${explainLack(storage, online)}`;
  }
  return 'The file is verified and is being published. While its storage cannot be reached this goes on trying.';
}

function explainWaiting(waiting: readonly TaskRow[], { workers, needs, now }: WhyFacts): string {
  if (workers.length === 0) return 'No worker has registered.';
  const online = onlineOffers(workers);
  if (online.length === 0) return 'No worker is online.';
  const unserved = waiting
    .map((task) => needs.get(task.class))
    .find((needed) => needed !== undefined && !online.some((offer) => serves(offer, needed)));
  if (unserved) return explainLack(unserved, online);
  const waits = `${count(waiting.length, 'task')} waiting`;
  return waiting.some((task) => isDue(task, now)) ? `${waits} for a free slot.` : `${waits} to be tried again.`;
}

function onlineOffers(workers: WhyFacts['workers']): Offer[] {
  return workers.flatMap(({ row }) => (row.status === 'online' ? [offerOf(row)] : []));
}

function held(tasks: readonly TaskRow[]): TaskRow[] {
  return tasks.filter((task) => task.state === 'assigned' || task.state === 'running' || task.state === 'canceling');
}

function count(amount: number, noun: string): string {
  return amount === 1 ? `1 ${noun} is` : `${amount} ${noun}s are`;
}
