import { makeSecrets } from '../../scripts/setup/docker/make-secrets.mjs';
import { ALL_IMAGES, ensureImages } from '../../scripts/setup/ensure-images.mjs';
import { seededRandom } from '../support/seeded-random.ts';
import { Stack } from '../system/support/stack.ts';
import { prepareJobKinds } from './job-kinds.ts';
import { judge } from './judge.ts';
import { keepReading } from './keep-reading.ts';
import { keepSubmitting } from './keep-submitting.ts';
import { measureRecoveries } from './measure-recoveries.ts';
import { planStrikes, STRIKE_EVERY_MS } from './plan-strikes.ts';
import { printTimes } from './print-times.ts';
import { readHistory } from './read-history.ts';
import { createRequestLog } from './request-log.ts';
import { say } from './say.ts';
import { type Strike, startStriking } from './start-striking.ts';
import { watchAddress } from './watch-address.ts';
import { watchWrites } from './watch-writes.ts';

// Ten minutes of faults under load, on the shipped stack: one each ten seconds, the same for the same seed. Ends with 1
// when anything was lost, wrong or doubled, when too little was done, or when a coordinator took a request with it.
//   npm run test:soak -- [--minutes 10] [--seed N]

const MINUTE = 60_000;
/**
 * So few jobs, and so many slots (of four workers, one of which may be gone), that a task never waits for a free slot:
 * what it does wait for is the dispatch. Two cores are busy with them all the same.
 */
const OPEN_JOBS = 5;
const SLOTS = 4;

async function main(argv: readonly string[]): Promise<number> {
  const minutes = numberOf(argv, '--minutes', 10);
  const seed = numberOf(argv, '--seed', Date.now() % 1_000_000);
  say(`seed ${seed}, ${minutes} minutes`);
  const stack = new Stack({
    project: 'ffmill-soak',
    ports: { app: 18090, db: 23307, mq: 15673 },
    network: '10.213.27',
    env: { FARM_SLOTS: `${SLOTS}` },
  });
  makeSecrets();
  ensureImages(ALL_IMAGES);
  await stack.remove();
  try {
    await stack.up({ workers: 4 });
    return await soak(stack, { minutes, seed });
  } finally {
    await stack.remove();
  }
}

async function soak(stack: Stack, { minutes, seed }: { minutes: number; seed: number }): Promise<number> {
  const kinds = await prepareJobKinds(stack);
  const plan = planStrikes(Math.ceil((minutes * MINUTE) / STRIKE_EVERY_MS), seededRandom(seed));
  let strikes: readonly Strike[] = [];
  const address = watchAddress(stack);
  const requests = createRequestLog(() => ({ strikes, moves: address.moves }));
  const client = () => stack.client(requests.observe);
  const load = keepSubmitting(client(), { kinds: [kinds.long, kinds.split, kinds.whole], open: OPEN_JOBS });
  const reading = keepReading(client());
  const writes = watchWrites(client());
  const striking = startStriking(stack, plan);
  strikes = striking.strikes;
  await striking.done;
  await stack.healAll();
  await Promise.all([reading.stop(), writes.stop(), load.stop()]);
  await address.stop();
  say('judging');
  const history = await readHistory(stack);
  const recoveries = measureRecoveries({ ...history, strikes, gaps: writes.gaps, failed: requests.failed });
  const code = await judge(stack, { minutes, jobs: load.jobs, recoveries });
  printTimes({ recoveries, waits: history.waits, moves: address.moves });
  return code;
}

function numberOf(argv: readonly string[], option: string, standard: number): number {
  const index = argv.indexOf(option);
  return index === -1 ? standard : Number(argv[index + 1]);
}

process.exitCode = await main(process.argv.slice(2));
