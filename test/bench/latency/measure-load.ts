import type { BenchStack } from './bench-stack.ts';
import { coordinatorsMemory } from './coordinators-memory.ts';
import { type Figure, mib, ms } from './figures.ts';
import type { HttpApi } from './http-api.ts';
import { submitBatch } from './jobs.ts';
import { submitToRunning } from './measure-latency.ts';
import { percentilesOf } from './percentiles.ts';
import type { RunningEvents } from './running-events.ts';
import { startSimulatedWorkers } from './simulated-workers.ts';

const BATCH = 1_000;
const TARGET = { p99Ms: 100, memoryBytes: 250 * 1024 * 1024 } as const;

type Needs = { readonly bench: BenchStack; readonly api: HttpApi; readonly events: RunningEvents };
type Load = { readonly pending: number; readonly workers: number; readonly rounds: number };

/** Submit → running beside a backlog that nobody can work off and a farm full of workers that say they are there. */
export async function measureLoad(
  { bench, api, events }: Needs,
  { pending, workers, rounds }: Load,
): Promise<Figure[]> {
  for (let left = pending; left > 0; left -= BATCH) await submitBatch(api, Math.min(left, BATCH), 'nowhere');
  const simulated = await startSimulatedWorkers(api, workers);
  const running: number[] = [];
  const memory: number[] = [];
  try {
    for (let round = 0; round < rounds; round += 1) {
      running.push((await submitToRunning({ api, events })).runningMs);
      if (round % 20 === 0) memory.push(...(await coordinatorsMemory(bench.stack)));
    }
  } finally {
    await simulated.stop();
  }
  const { p50, p99 } = percentilesOf(running);
  const beats = percentilesOf(simulated.answered);
  const most = Math.max(...memory);
  const beside = `beside ${pending} pending tasks and ${workers} workers`;
  return [
    {
      ...{ what: `submit → running ${beside}`, value: `p50 ${ms(p50)}  p99 ${ms(p99)}` },
      target: { text: `p99 ≤ ${ms(TARGET.p99Ms)}`, met: p99 <= TARGET.p99Ms },
    },
    {
      what: 'heartbeats meanwhile',
      value: `p50 ${ms(beats.p50)}  p99 ${ms(beats.p99)}, ${simulated.failed.length} failed`,
    },
    {
      ...{ what: `memory of a coordinator ${beside}`, value: mib(most) },
      target: { text: `≤ ${mib(TARGET.memoryBytes)}`, met: most <= TARGET.memoryBytes },
    },
  ];
}
