import { parseArgs } from 'node:util';
import { type BareInsert, openBareInsert } from './latency/bare-insert.ts';
import { type BarePublish, openBarePublish } from './latency/bare-publish.ts';
import { type BenchStack, withStack } from './latency/bench-stack.ts';
import { type Figure, perSecond, tableOf } from './latency/figures.ts';
import { type HttpApi, openApi } from './latency/http-api.ts';
import { completed, submitJob } from './latency/jobs.ts';
import { measureGrowth } from './latency/measure-growth.ts';
import { runJobs } from './latency/measure-jobs.ts';
import { measureLatency } from './latency/measure-latency.ts';
import { measureLoad } from './latency/measure-load.ts';
import { measureSubmits } from './latency/measure-submits.ts';
import { startNoopWorkers } from './latency/noop-worker.ts';
import { listenForRunning } from './latency/running-events.ts';

type Sizes = {
  readonly rounds: number;
  readonly burst: number;
  readonly growth: { readonly few: number; readonly many: number };
  readonly load: { readonly pending: number; readonly workers: number; readonly rounds: number };
  readonly seconds: number;
};

const FULL: Sizes = {
  ...{ rounds: 200, burst: 500, growth: { few: 1_000, many: 10_000 }, seconds: 5 },
  load: { pending: 10_000, workers: 200, rounds: 200 },
};
const QUICK: Sizes = {
  ...{ rounds: 50, burst: 100, growth: { few: 100, many: 400 }, seconds: 1 },
  load: { pending: 1_000, workers: 50, rounds: 50 },
};

const WARM_UP = 30;
/** What ffprobe takes for a local file. */
const PROBE_MS = 60;
const STAGES = ['latency', 'jobs', 'growth', 'load', 'submits'] as const;
type Stage = (typeof STAGES)[number];

/**
 * What does the farm itself cost, and does it get slower with its size? The shipped stack with workers that encode
 * nothing, next to the plain broker and the plain database of the same stack. `--quick`: about a minute instead of
 * ten; `--only latency,submits`: some stages; `--keep`: the stack is used as it is found, and stays.
 */
export async function benchLatency(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: { quick: { type: 'boolean' }, keep: { type: 'boolean' }, only: { type: 'string' } },
  });
  const wanted = new Set<string>(values.only?.split(',') ?? STAGES);
  await withStack({ keep: values.keep ?? false }, (bench) =>
    measure(bench, values.quick ? QUICK : FULL, (stage) => wanted.has(stage)),
  );
}

async function measure(bench: BenchStack, sizes: Sizes, wants: (stage: Stage) => boolean): Promise<void> {
  const figures: Figure[] = [];
  const add = (more: readonly Figure[]) => {
    figures.push(...more);
    console.log(`${tableOf(more)}\n`);
  };
  const api = openApi(bench.url);
  const events = await listenForRunning(bench.amqpUrl.coordinator);
  const publish = await openBarePublish(bench.amqpUrl.coordinator);
  const insert = await openBareInsert(bench, 64);
  try {
    await withWorkers(bench, { probeMs: PROBE_MS }, async () => {
      await warmUp({ api, publish, insert });
      if (wants('latency')) add(await measureLatency({ api, events, publish, insert }, sizes.rounds));
    });
    await publish.close();
    await withWorkers(bench, { probeMs: 0 }, async () => {
      if (wants('jobs'))
        add([{ what: `jobs a second over ${sizes.burst} jobs`, value: perSecond(await runJobs(api, sizes.burst)) }]);
      if (wants('growth')) add(await measureGrowth({ bench, api }, sizes.growth));
    });
    await withWorkers(bench, { probeMs: PROBE_MS }, async () => {
      if (wants('load')) add(await measureLoad({ bench, api, events }, sizes.load));
      if (wants('submits')) add(await measureSubmits({ api, insert, seconds: sizes.seconds }));
    });
  } finally {
    await Promise.all([events.close(), insert.close()]);
    api.close();
  }
  console.log(tableOf(figures));
}

async function withWorkers(bench: BenchStack, { probeMs }: { probeMs: number }, work: () => Promise<void>) {
  const workers = await startNoopWorkers(bench, { workers: 2, slots: 8, probeMs });
  try {
    await work();
  } finally {
    await workers.stop();
  }
}

async function warmUp({ api, publish, insert }: { api: HttpApi; publish: BarePublish; insert: BareInsert }) {
  for (let job = 0; job < WARM_UP; job += 1) {
    await completed(api, (await submitJob(api, 'media')).id);
    await publish.roundTrip();
    await insert.insert();
  }
}
