import { join } from 'node:path';
import type { JobView } from '../../shared/wire/jobs.ts';
import type { Stack } from '../system/support/stack.ts';
import { framesOf, type Workload } from '../system/support/workload.ts';
import type { Strike } from './faults.ts';
import type { Gap } from './watch-writes.ts';

type Evidence = {
  readonly workload: Workload;
  readonly jobs: readonly string[];
  readonly failedSubmits: readonly string[];
  readonly strikes: readonly Strike[];
  readonly gaps: readonly Gap[];
};

const FEWEST_JOBS = 200;

/** Looks at every job and every file, prints what was found, and gives the exit code. */
export async function judge(stack: Stack, evidence: Evidence): Promise<number> {
  const client = stack.client();
  const views = await Promise.all(evidence.jobs.map((id) => client.job(id).catch(() => undefined)));
  const found = views.filter((view) => view !== undefined);
  const wrong = await wrongOutputs(found, evidence.workload);
  const doubled = await publishedTwice(stack);
  const problems = {
    'fewer jobs than 200': Math.max(0, FEWEST_JOBS - evidence.jobs.length),
    lost: evidence.jobs.length - found.length,
    'not completed': found.filter(({ state }) => state !== 'completed').length,
    'wrong outputs': wrong.length,
    'published twice': doubled.length,
  };
  print(`${evidence.jobs.length} jobs, ${evidence.strikes.length} faults`);
  for (const [problem, count] of Object.entries(problems)) print(`${problem}: ${count}`);
  print(`submits that a client saw fail: ${evidence.failedSubmits.length}`);
  for (const line of evidence.failedSubmits.slice(0, 20)) print(`  ${line}`);
  for (const { number, state, error } of found.filter(({ state }) => state !== 'completed'))
    print(`  job ${number} ${state} ${JSON.stringify(error)}`);
  await printRecoveries(stack, evidence);
  return Object.values(problems).every((count) => count === 0) ? 0 : 1;
}

async function wrongOutputs(views: readonly JobView[], { media, frames }: Workload): Promise<string[]> {
  const wrong: string[] = [];
  for (const { state, output } of views) {
    if (state !== 'completed') continue;
    const path = join(media, output.replace('${media}/', ''));
    if ((await framesOf(path).catch(String)) !== frames) wrong.push(path);
  }
  return wrong;
}

async function publishedTwice(stack: Stack): Promise<string[][]> {
  return stack.sql(`select job_id from events where event = 'job.completed' group by job_id having count(*) > 1`);
}

/** After a worker was hit: how long until each task that it held was taken by somebody. After others: gaps in writing. */
async function printRecoveries(stack: Stack, { strikes, gaps }: Evidence): Promise<void> {
  const requeued = await stack.sql(`
    select b.started_at - a.ended_at + coalesce(0, 0), a.error
      from attempts a join attempts b on b.task_id = a.task_id and b.number = a.number + 1
     where a.outcome = 'interrupted'`);
  print(`interrupted attempts that were followed by another: ${requeued.length}`);
  print('fault                            times  longest gap in writes within 15 s (ms)');
  for (const name of [...new Set(strikes.map((strike) => strike.name))].sort()) {
    const ours = strikes.filter((strike) => strike.name === name);
    const after = ours.flatMap(({ at }) => gaps.filter((gap) => gap.at > at - 1000 && gap.at < at + 15_000));
    print(`${name.padEnd(32)} ${String(ours.length).padStart(5)}  ${Math.max(0, ...after.map(({ ms }) => ms))}`);
  }
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
