import { setTimeout as wait } from 'node:timers/promises';
import type { Stack } from '../system/support/stack.ts';

/** What a fault hits: only one of a tier is broken at a time, since two nodes of three are a listed outage, not a fault. */
export type Tier = 'worker' | 'coordinator' | 'janitor' | 'broker' | 'database' | 'proxy' | 'queues';

/** One fault that was struck, when and on what. */
export type Strike = { readonly name: string; readonly hit: string; readonly at: number };

/** `strike` breaks something and gives what mends it; mending resolves when the tier is whole again. */
export type Fault = {
  readonly name: string;
  readonly tier: Tier;
  readonly lastsMs: number;
  strike(stack: Stack, pick: Pick): Promise<{ hit: string; mend(): Promise<void> }>;
};

type Pick = (count: number) => number;

/** Kills what `choose` gives, without warning; mended by starting it again. */
const kill =
  (choose: (stack: Stack, pick: Pick) => Promise<string>): Fault['strike'] =>
  async (stack, pick) => {
    const hit = await choose(stack, pick);
    await stack.kill(hit);
    return {
      hit,
      async mend() {
        await stack.start(hit);
        await stack.healthy(hit);
      },
    };
  };

/** Any container of these services. */
const oneOf =
  (...services: readonly string[]) =>
  async (stack: Stack, pick: Pick): Promise<string> => {
    const candidates = (await Promise.all(services.map((service) => stack.containers(service)))).flat();
    return candidates[pick(candidates.length)] ?? '';
  };

const aWorker = oneOf('worker');

/** Everything that may happen to a farm any day, each about as often as the others. */
export const FAULTS: readonly Fault[] = [
  { name: 'worker killed', tier: 'worker', lastsMs: 8_000, strike: kill(aWorker) },
  {
    name: 'worker paused past its lease',
    tier: 'worker',
    lastsMs: 15_000,
    async strike(stack, pick) {
      const hit = await aWorker(stack, pick);
      await stack.pause(hit);
      return { hit, mend: () => stack.unpause(hit) };
    },
  },
  {
    name: 'worker cut off past its lease',
    tier: 'worker',
    lastsMs: 15_000,
    async strike(stack, pick) {
      const hit = await aWorker(stack, pick);
      return { hit, mend: await stack.cutOff(hit) };
    },
  },
  {
    name: 'FFmpeg killed',
    tier: 'worker',
    lastsMs: 0,
    async strike(stack, pick) {
      const hit = await aWorker(stack, pick);
      await stack.killProcesses(hit, 'ffmpeg'); // none may be running there just now
      return { hit, mend: () => wait(0) };
    },
  },
  {
    name: 'coordinator killed',
    tier: 'coordinator',
    lastsMs: 8_000,
    strike: kill(oneOf('coordinator-1', 'coordinator-2')),
  },
  { name: 'janitor killed', tier: 'janitor', lastsMs: 8_000, strike: kill(oneOf('janitor')) },
  {
    name: 'broker node killed',
    tier: 'broker',
    lastsMs: 10_000,
    strike: kill(oneOf('rabbitmq-1', 'rabbitmq-2', 'rabbitmq-3')),
  },
  { name: 'database writer killed', tier: 'database', lastsMs: 10_000, strike: kill(oneOf('galera-1')) },
  { name: 'database node killed', tier: 'database', lastsMs: 10_000, strike: kill(oneOf('galera-2', 'galera-3')) },
  {
    name: 'proxy with the address killed',
    tier: 'proxy',
    lastsMs: 8_000,
    strike: kill((stack) => stack.vipHolder()),
  },
  {
    name: 'queues purged',
    tier: 'queues',
    lastsMs: 0,
    async strike(stack) {
      const hit = await stack.container('rabbitmq-2');
      const script =
        'for queue in $(rabbitmqctl -q list_queues name | grep ^ffmill.tasks.); do rabbitmqctl -q purge_queue $queue; done';
      await stack.exec(hit, 'bash', '-c', script).catch(() => undefined); // that node may be down at the moment
      return { hit: 'ffmill.tasks.*', mend: () => wait(0) };
    },
  },
];
