import type { TaskView } from '../../../shared/wire/jobs.ts';
import { docker } from '../../support/containers/docker.ts';
import { eventually } from '../../support/eventually.ts';
import type { FarmClient } from './farm-client.ts';
import type { Stack } from './stack.ts';

/** A worker at work: its container, its name in the farm, and a task that it runs. */
export type BusyWorker = { readonly container: string; readonly name: string; readonly task: TaskView };

/** A worker that runs a segment of the job, as soon as there is one. `containers`: see `containersByName`. */
export async function busyWorker(
  containers: ReadonlyMap<string, string>,
  client: FarmClient,
  jobId: string,
): Promise<BusyWorker> {
  const task = await runningSegment(client, jobId);
  const name = task.attempts.at(-1)?.worker_name ?? '';
  const container = containers.get(name);
  if (container === undefined) throw new Error(`no container is called ${name}`);
  return { container, name, task };
}

/** A segment of the job that runs, as soon as there is one. */
export async function runningSegment(client: FarmClient, jobId: string): Promise<TaskView> {
  return eventually(async () => {
    const tasks = await client.tasks(jobId);
    const running = tasks.find(({ kind, state }) => kind === 'segment' && state === 'running');
    if (running !== undefined) return running;
    const seen = tasks.map(({ kind, ordinal, state }) => `${kind} ${ordinal} ${state}`);
    throw new Error(`job ${jobId} runs no segment: ${seen.join(', ')}`);
  }, 60_000);
}

/**
 * The workers' containers by the names of the workers: a worker is called after its container's host name, which stays
 * as long as the container. Asked for before there is work: it may take longer than a segment.
 */
export async function containersByName(stack: Stack): Promise<Map<string, string>> {
  const containers = await stack.containers('worker');
  const names = await Promise.all(containers.map((name) => docker('inspect', '-f', '{{.Config.Hostname}}', name)));
  return new Map(containers.map((container, index) => [names[index] ?? '', container]));
}

/** Milliseconds from a moment until every task that this worker held then was claimed by another one. */
export async function takenOver(
  client: FarmClient,
  jobId: string,
  from: { name: string; at: number },
  withinMs: number,
): Promise<number> {
  const starts = await eventually(async () => {
    const tasks = await client.tasks(jobId);
    const held = tasks.filter(({ attempts }) =>
      attempts.some((one) => one.worker_name === from.name && heldAt(one, from.at)),
    );
    return held.map((task) => {
      const next = task.attempts.find((one) => Date.parse(one.started_at) > from.at);
      if (next === undefined) throw new Error(`${task.kind} ${task.ordinal} was not taken over`);
      return Date.parse(next.started_at);
    });
  }, withinMs);
  return Math.max(...starts, from.at) - from.at;
}

/** Whether an attempt was under way at a moment and came to nothing. */
export function heldAt(
  { started_at, ended_at, outcome }: Pick<TaskView['attempts'][number], 'started_at' | 'ended_at' | 'outcome'>,
  at: number,
): boolean {
  return Date.parse(started_at) <= at && outcome !== 'done' && (ended_at === null || Date.parse(ended_at) > at);
}
