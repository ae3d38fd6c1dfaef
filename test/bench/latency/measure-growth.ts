import { setTimeout as wait } from 'node:timers/promises';
import type { BenchStack } from './bench-stack.ts';
import { coordinatorsMemory } from './coordinators-memory.ts';
import { type Figure, mib, perSecond } from './figures.ts';
import type { HttpApi } from './http-api.ts';
import { runJobs } from './measure-jobs.ts';
import { listQueues, type Queue } from './queues.ts';

/** Long enough for what a burst leaves to be collected. */
const REST_MS = 10_000;
const TARGET_RATIO = 1.3;

type Needs = { readonly bench: BenchStack; readonly api: HttpApi };

/** What stays behind of jobs that are over: memory of the coordinators, queues and messages of the broker. */
export async function measureGrowth(
  { bench, api }: Needs,
  { few, many }: { few: number; many: number },
): Promise<Figure[]> {
  await runJobs(api, few);
  const before = await atRest(bench);
  const jobsPerSecond = await runJobs(api, many - few);
  const after = await atRest(bench);
  const ratio = Math.max(...after.memory.map((bytes, index) => bytes / (before.memory[index] ?? bytes)));
  const more = after.queues.filter(({ name }) => !before.queues.some((queue) => queue.name === name));
  const messages = after.queues.reduce((sum, queue) => sum + queue.messages, 0);
  console.log(`queues at rest after ${many} jobs:\n${after.queues.map(lineOf).join('\n')}\n`);
  return [
    { what: `jobs a second over ${many - few} jobs`, value: perSecond(jobsPerSecond) },
    {
      ...{ what: `memory of the coordinators after ${many} jobs`, value: after.memory.map(mib).join(', ') },
      ...{ plain: `${before.memory.map(mib).join(', ')} (after ${few})`, ratio },
      target: { text: `≤ ${TARGET_RATIO} ×`, met: ratio <= TARGET_RATIO },
    },
    {
      what: `queues at rest after ${many} jobs`,
      value: `${after.queues.length} with ${messages} messages`,
      plain: `${before.queues.length} (after ${few})`,
      target: { text: 'none more, empty', met: more.length === 0 && messages === 0 },
    },
  ];
}

async function atRest({ stack }: BenchStack): Promise<{ memory: number[]; queues: Queue[] }> {
  await wait(REST_MS);
  return { memory: await coordinatorsMemory(stack), queues: await listQueues(stack) };
}

function lineOf({ name, messages, consumers }: Queue): string {
  return `  ${name}: ${messages} messages, ${consumers} consumers`;
}
