import { type InstanceId, newId } from '../../../shared/job/ids.ts';
import type { HttpApi } from './http-api.ts';

const HEARTBEAT_MS = 2_000;

/** Workers that only say that they are there: they have no storage that any job asks for. */
export type SimulatedWorkers = {
  /** Milliseconds that each answered heartbeat took so far. */
  readonly answered: readonly number[];
  readonly failed: readonly unknown[];
  stop(): Promise<void>;
};

export async function startSimulatedWorkers(api: HttpApi, count: number): Promise<SimulatedWorkers> {
  const answered: number[] = [];
  const failed: unknown[] = [];
  const timers = new Set<NodeJS.Timeout>();
  const underWay = new Set<Promise<void>>();

  async function beat(worker: { id: string; instance: string }): Promise<void> {
    const begun = performance.now();
    const body = { instance_id: worker.instance, status: 'online', load: 0.5, tasks: [] };
    try {
      await api.call('POST', `/v1/workers/${worker.id}/heartbeat`, body);
      answered.push(performance.now() - begun);
    } catch (error) {
      failed.push(error);
    }
  }

  const workers = await Promise.all(
    Array.from({ length: count }, (_, index) => register(api, `simulated-${index + 1}`)),
  );
  for (const [index, worker] of workers.entries()) {
    const begin = () => {
      const beatOnce = () => {
        const beating = beat(worker).finally(() => underWay.delete(beating));
        underWay.add(beating);
      };
      beatOnce();
      timers.add(setInterval(beatOnce, HEARTBEAT_MS));
    };
    timers.add(setTimeout(begin, (HEARTBEAT_MS * index) / count)); // spread, as those of a real farm are
  }
  return {
    answered,
    failed,
    async stop() {
      for (const timer of timers) clearTimeout(timer);
      await Promise.all(underWay);
    },
  };
}

async function register(api: HttpApi, name: string): Promise<{ id: string; instance: string }> {
  const instance = newId<InstanceId>();
  const { id } = await api.call<{ id: string }>('POST', '/v1/workers/register', {
    ...{ name, instance_id: instance, cpu_threads: 4, pools: { cpu: 4 }, paths: ['scratch'] },
    capabilities: { ffmpeg_version: '7.1', encoders: { libx264: 300, aac: 100 }, proving: false },
  });
  return { id, instance };
}
