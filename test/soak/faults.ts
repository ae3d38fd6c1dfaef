import { setTimeout as wait } from 'node:timers/promises';
import { eventually } from '../support/eventually.ts';
import { databaseWriter } from '../system/support/database-writer.ts';
import type { Stack } from '../system/support/stack.ts';
import { containersByName } from '../system/support/workers.ts';

/** What a fault hits: only one of a tier is broken at a time, since two nodes of three are a listed outage, not a fault. */
export type Tier = 'worker' | 'coordinator' | 'janitor' | 'broker' | 'database' | 'proxy' | 'queues';

/** What tells how the farm got over a fault; measure-recoveries.ts says how each is taken. */
export type Measure = 'takeover' | 'failed requests' | 'gap in writes' | 'stalled dispatch';

/** What is promised: the worst, or all but a twentieth, is at most this. In seconds, or a number of requests. */
export type Target = { readonly of: 'p95' | 'worst'; readonly atMost: number };

/** `strike` breaks something and gives what mends it; mending resolves when the tier is whole again. */
export type Fault = {
  readonly name: string;
  readonly tier: Tier;
  /** From the strike until mending begins; 0: what was broken is gone, nothing has to be mended. */
  readonly lastsMs: number;
  readonly measure: Measure;
  readonly target?: Target;
  /** `choice`: any whole number; the same one hits the same candidate. */
  strike(stack: Stack, choice: number): Promise<Blow>;
};

/** What was hit; `at`: just before, by this machine's clock, once the choice was made. */
type Blow = { readonly hit: string; readonly at: number; mend(): Promise<void> };

/** Started again sooner, a worker itself would give back what it had, before its leases end. */
const LONGER_THAN_A_TAKEOVER_MS = 13_000;
const PAST_A_LEASE_MS = 15_000;
/** Long enough to be noticed, over before the next strike. */
const SOME_SECONDS_MS = 5_000;

type Choose = (stack: Stack, choice: number) => Promise<string>;

/** Kills what `choose` gives, without warning; mended by starting it again. */
const kill =
  (choose: Choose): Fault['strike'] =>
  async (stack, choice) => {
    const hit = await choose(stack, choice);
    const at = Date.now();
    await stack.kill(hit);
    return {
      ...{ hit, at },
      async mend() {
        await stack.start(hit);
        await stack.healthy(hit);
      },
    };
  };

/** Any container of these services. */
const oneOf =
  (...services: readonly string[]): Choose =>
  async (stack, choice) => {
    const candidates = (await Promise.all(services.map((service) => stack.containers(service)))).flat();
    return candidates[choice % candidates.length] ?? '';
  };

/** The worker that has the most tasks: only where there are some is there something to take over. */
const busyWorker: Choose = async (stack, choice) => {
  const containers = await containersByName(stack);
  const client = stack.client();
  // The look comes last: tasks are short. The farm is being hurt: any worker will do if it does not answer.
  const busiest = await eventually(async () => {
    const online = (await client.workers()).filter(({ name, status }) => status === 'online' && containers.has(name));
    const most = Math.max(...online.map(({ active_tasks }) => active_tasks));
    if (most <= 0) throw new Error('no worker has a task');
    return online.flatMap(({ name, active_tasks }) => (active_tasks === most ? (containers.get(name) ?? []) : []));
  }, SOME_SECONDS_MS).catch(() => [...containers.values()]);
  return busiest.sort()[choice % busiest.length] ?? '';
};

const databaseReader: Choose = async (stack, choice) => {
  const writer = await databaseWriter(stack);
  const nodes = await Promise.all(['galera-1', 'galera-2', 'galera-3'].map((service) => stack.container(service)));
  const readers = nodes.filter((node) => node !== writer);
  return readers[choice % readers.length] ?? '';
};

export const FFMPEG_KILLED: Fault = {
  name: 'FFmpeg killed',
  tier: 'worker',
  lastsMs: 0,
  measure: 'gap in writes',
  async strike(stack, choice) {
    const hit = await busyWorker(stack, choice);
    const at = Date.now();
    await stack.killProcesses(hit, 'ffmpeg').catch(() => 0); // that worker may have ended since
    return { hit, at, mend: () => wait(0) };
  },
};

/** The faults for whose recovery there is a target. */
export const PROMISED_FAULTS: readonly Fault[] = [
  {
    name: 'worker killed',
    tier: 'worker',
    lastsMs: LONGER_THAN_A_TAKEOVER_MS,
    measure: 'takeover',
    target: { of: 'p95', atMost: 12 },
    strike: kill(busyWorker),
  },
  {
    name: 'coordinator killed',
    tier: 'coordinator',
    lastsMs: SOME_SECONDS_MS,
    measure: 'failed requests',
    target: { of: 'worst', atMost: 0 },
    strike: kill(oneOf('coordinator-1', 'coordinator-2')),
  },
  {
    name: 'database writer killed',
    tier: 'database',
    lastsMs: SOME_SECONDS_MS,
    measure: 'gap in writes',
    target: { of: 'worst', atMost: 5 },
    strike: kill(databaseWriter),
  },
  {
    name: 'broker node killed',
    tier: 'broker',
    lastsMs: SOME_SECONDS_MS,
    measure: 'stalled dispatch',
    target: { of: 'worst', atMost: 5 },
    strike: kill(oneOf('rabbitmq-1', 'rabbitmq-2', 'rabbitmq-3')),
  },
];

/** What else may happen to a farm any day. */
export const OTHER_FAULTS: readonly Fault[] = [
  {
    name: 'worker suspended past its lease',
    tier: 'worker',
    lastsMs: PAST_A_LEASE_MS,
    measure: 'takeover',
    async strike(stack, choice) {
      const hit = await busyWorker(stack, choice);
      const at = Date.now();
      await stack.suspend(hit);
      return { hit, at, mend: () => stack.resume(hit) };
    },
  },
  {
    name: 'worker cut off past its lease',
    tier: 'worker',
    lastsMs: PAST_A_LEASE_MS,
    measure: 'takeover',
    async strike(stack, choice) {
      const hit = await busyWorker(stack, choice);
      const at = Date.now();
      return { hit, at, mend: await stack.cutOff(hit) };
    },
  },
  {
    name: 'janitor killed',
    tier: 'janitor',
    lastsMs: SOME_SECONDS_MS,
    measure: 'gap in writes',
    strike: kill(oneOf('janitor')),
  },
  {
    name: 'database node killed',
    tier: 'database',
    lastsMs: SOME_SECONDS_MS,
    measure: 'gap in writes',
    strike: kill(databaseReader),
  },
  {
    name: 'proxy with the address killed',
    tier: 'proxy',
    lastsMs: SOME_SECONDS_MS,
    measure: 'gap in writes',
    strike: kill((stack) => stack.vipHolder()),
  },
  {
    name: 'queues purged',
    tier: 'queues',
    lastsMs: 0,
    measure: 'stalled dispatch',
    async strike(stack) {
      const script =
        'rabbitmqctl -q list_queues name | grep ^ffmill.tasks. | while read -r queue; do rabbitmqctl -q purge_queue $queue; done';
      // Each call starts an Erlang node of its own: half a minute on a busy machine, and nothing waits for it.
      const at = Date.now();
      const purged = stack.container('rabbitmq-2').then((node) => stack.exec(node, 'bash', '-c', script));
      await Promise.race([purged.catch(() => undefined), wait(SOME_SECONDS_MS)]); // that node may be down
      return { hit: 'ffmill.tasks.*', at, mend: () => wait(0) };
    },
  },
];
