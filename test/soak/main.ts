import { setTimeout as wait } from 'node:timers/promises';
import { makeSecrets } from '../../scripts/setup/docker/make-secrets.mjs';
import { ALL_IMAGES, ensureImages } from '../../scripts/setup/ensure-images.mjs';
import { Stack } from '../system/support/stack.ts';
import { prepareWorkload } from '../system/support/workload.ts';
import { FAULTS, type Strike, type Tier } from './faults.ts';
import { judge } from './judge.ts';
import { keepSubmitting } from './keep-submitting.ts';
import { seededRandom } from './seeded-random.ts';
import { watchWrites } from './watch-writes.ts';

// Ten minutes of random faults under load, on the shipped stack. Ends with 1 when anything was lost, wrong or doubled.
//   npm run test:soak -- [--minutes 10] [--seed N]

const MINUTE = 60_000;
const STRIKE_EVERY_MS = 10_000;

async function main(argv: readonly string[]): Promise<number> {
  const minutes = numberOf(argv, '--minutes', 10);
  const seed = numberOf(argv, '--seed', Date.now() % 1_000_000);
  say(`seed ${seed}, ${minutes} minutes`);
  const stack = new Stack({
    project: 'ffmill-soak',
    ports: { app: 18090, db: 23307, mq: 15673 },
    network: '10.213.27',
  });
  makeSecrets();
  ensureImages(ALL_IMAGES);
  await stack.remove();
  try {
    await stack.up({ workers: 4 });
    return await soak(stack, { lastsMs: minutes * MINUTE, pick: seededRandom(seed) });
  } finally {
    await stack.remove();
  }
}

type Soak = { readonly lastsMs: number; readonly pick: (count: number) => number };

async function soak(stack: Stack, { lastsMs, pick }: Soak): Promise<number> {
  const workload = await prepareWorkload(stack, { seconds: 8 });
  const load = keepSubmitting(stack, workload, { open: 6 });
  const writes = watchWrites(stack);
  const strikes = await strikeAtRandom(stack, { until: performance.now() + lastsMs, pick });
  await stack.healAll();
  await load.stop();
  await writes.stop();
  return judge(stack, { workload, jobs: load.jobs, failedSubmits: load.failed, strikes, gaps: writes.gaps });
}

async function strikeAtRandom(stack: Stack, { until, pick }: { until: number; pick: Soak['pick'] }): Promise<Strike[]> {
  const strikes: Strike[] = [];
  const mending = new Map<Tier, Promise<void>>();
  while (performance.now() < until) {
    const begun = performance.now();
    const free = FAULTS.filter(({ tier }) => !mending.has(tier));
    const fault = free[pick(free.length)];
    if (fault !== undefined) {
      const at = Date.now();
      const { hit, mend } = await fault.strike(stack, pick);
      strikes.push({ name: fault.name, hit, at });
      say(`${fault.name}: ${hit}`);
      const mended = wait(fault.lastsMs).then(mend);
      mending.set(
        fault.tier,
        mended.finally(() => mending.delete(fault.tier)),
      );
    }
    await wait(Math.max(0, STRIKE_EVERY_MS - (performance.now() - begun)));
  }
  await Promise.all(mending.values());
  return strikes;
}

function numberOf(argv: readonly string[], option: string, standard: number): number {
  const index = argv.indexOf(option);
  return index === -1 ? standard : Number(argv[index + 1]);
}

function say(line: string): void {
  process.stdout.write(`${new Date().toISOString().slice(11, 19)} ${line}\n`);
}

process.exitCode = await main(process.argv.slice(2));
