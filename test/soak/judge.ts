import { join } from 'node:path';
import { FINAL_JOB_STATES } from '../../shared/job/transitions.ts';
import type { JobView } from '../../shared/wire/jobs.ts';
import type { Stack } from '../system/support/stack.ts';
import { framesOf } from '../system/support/workload.ts';
import type { JobKind, SoakJob } from './job-kinds.ts';
import type { Recovery } from './measure-recoveries.ts';

type Evidence = {
  readonly minutes: number;
  readonly jobs: readonly SoakJob[];
  readonly recoveries: readonly Recovery[];
};

const FEWEST_JOBS_A_MINUTE = 20;

/** Looks at every job and every file, prints what was found, and gives the exit code. */
export async function judge(stack: Stack, { minutes, jobs, recoveries }: Evidence): Promise<number> {
  const looked = await lookAt(stack, jobs);
  const inState = (is: (state: JobView['state']) => boolean) =>
    looked.filter(({ view }) => view !== undefined && is(view.state)).length;
  const problems = {
    [`missing to ${FEWEST_JOBS_A_MINUTE} jobs a minute`]: Math.max(0, FEWEST_JOBS_A_MINUTE * minutes - jobs.length),
    lost: looked.filter(({ view }) => view === undefined).length,
    'not in a final state': inState((state) => !FINAL_JOB_STATES.some((final) => final === state)),
    'failed or canceled': inState((state) => state === 'failed' || state === 'canceled'),
    'wrong outputs': looked.filter(({ isWrong }) => isWrong).length,
    'published twice': (await publishedTwice(stack)).length,
    'requests that failed in a kill of a coordinator': sum(
      recoveries.flatMap(({ strike, isClean, samples }) =>
        strike.fault.measure === 'failed requests' && isClean ? samples : [],
      ),
    ),
  };
  print(`${jobs.length} jobs, ${recoveries.length} faults`);
  for (const [problem, count] of Object.entries(problems)) print(`${problem}: ${count}`);
  for (const { view } of looked)
    if (view !== undefined && view.state !== 'completed')
      print(`  job ${view.number} ${view.state} ${JSON.stringify(view.error)}`);
  return Object.values(problems).every((count) => count === 0) ? 0 : 1;
}

type Looked = { readonly view: JobView | undefined; readonly isWrong: boolean };

/** One after the other: a farm that has just recovered need not answer a thousand at once. */
async function lookAt(stack: Stack, jobs: readonly SoakJob[]): Promise<Looked[]> {
  const client = stack.client();
  const looked: Looked[] = [];
  for (const { id, kind } of jobs) {
    const view = await client.job(id).catch(() => undefined);
    looked.push({ view, isWrong: view?.state === 'completed' && !(await isIntact(view, kind)) });
  }
  return looked;
}

async function isIntact({ output }: JobView, { workload }: JobKind): Promise<boolean> {
  const path = join(workload.media, output.replace('${media}/', ''));
  return (await framesOf(path).catch(String)) === workload.frames;
}

async function publishedTwice(stack: Stack): Promise<string[][]> {
  return stack.sql(`select job_id from events where event = 'job.completed' group by job_id having count(*) > 1`);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
