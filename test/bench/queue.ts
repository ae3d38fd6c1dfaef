import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startCoordinator } from '../../services/coordinator/start.ts';
import { openSqlite } from '../../shared/db/open-sqlite.ts';
import { newId } from '../../shared/job/ids.ts';
import { createLogger } from '../../shared/runtime/logger.ts';
import { median } from './median.ts';

const FEW = 100;
const MANY = 10_000;
const SAMPLES = 200;

/** Does the farm get slower with its backlog? Lists, shows and claims through HTTP with 100 and with 10,000 waiting jobs. */
export async function benchQueue(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'ffmill-bench-'));
  const store = await openSqlite(join(folder, 'ffmill.db'));
  const coordinator = await startCoordinator(
    { host: '127.0.0.1', port: 0 },
    { store, log: createLogger({ level: 'error', name: 'bench' }) },
  );
  try {
    const farm = client(coordinator.url);
    const worker = await register(farm);
    await submit(farm, 0, FEW);
    const few = await measure(farm, worker);
    await submit(farm, FEW, MANY);
    const many = await measure(farm, worker);
    console.log(`median of ${SAMPLES}, milliseconds   ${FEW} jobs   ${MANY} jobs   ratio`);
    for (const name of Object.keys(few) as (keyof typeof few)[]) {
      console.log(
        `${name.padEnd(30)} ${few[name].toFixed(2).padStart(9)} ${many[name].toFixed(2).padStart(12)} ${(many[name] / few[name]).toFixed(2).padStart(7)}`,
      );
    }
  } finally {
    await coordinator.stop();
    await store.close();
    await rm(folder, { recursive: true, force: true });
  }
}

type Client = (method: string, path: string, body?: unknown) => Promise<Record<string, unknown>>;

function client(url: string): Client {
  return async (method, path, body) => {
    const answer = await fetch(`${url}${path}`, {
      method,
      headers: { 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    return (answer.status === 204 ? {} : await answer.json()) as Record<string, unknown>;
  };
}

async function register(farm: Client) {
  const instance = newId();
  const { id } = await farm('POST', '/v1/workers/register', {
    name: 'bench',
    instance_id: instance,
    cpu_threads: 1,
    pools: { cpu: 1000 },
  });
  return { id: String(id), instance };
}

async function submit(farm: Client, from: number, to: number): Promise<void> {
  for (let start = from; start < to; start += 1000) {
    const numbers = Array.from({ length: Math.min(1000, to - start) }, (_, index) => start + index);
    await farm('POST', '/v1/jobs/batch', {
      jobs: numbers.map((number) => ({ input: '/media/in.mp4', output: `/media/out-${number}.mp4` })),
    });
  }
}

async function measure(farm: Client, worker: { id: string; instance: string }) {
  const { jobs } = (await farm('GET', '/v1/jobs?limit=1')) as { jobs: { id: string }[] };
  const claim = () =>
    farm('POST', `/v1/workers/${worker.id}/claim`, {
      claim_id: newId(),
      instance_id: worker.instance,
      wait_seconds: 0,
    });
  // Claims use up jobs: of the few, fewer are measured, so that there is always one to claim.
  return {
    'list 50 jobs': await sample(SAMPLES, () => farm('GET', '/v1/jobs')),
    'show a job': await sample(SAMPLES, () => farm('GET', `/v1/jobs/${jobs[0]?.id}`)),
    'claim a task': await sample(FEW / 2, claim),
    'submit a job': await sample(20, (index) =>
      farm('POST', '/v1/jobs', { input: '/media/in.mp4', output: `/media/extra-${newId()}-${index}.mp4` }),
    ),
  };
}

async function sample(times: number, action: (index: number) => Promise<unknown>): Promise<number> {
  await action(-1); // the first of its kind compiles and prepares
  const durations: number[] = [];
  for (let index = 0; index < times; index += 1) {
    const begun = performance.now();
    await action(index);
    durations.push(performance.now() - begun);
  }
  return median(durations);
}
