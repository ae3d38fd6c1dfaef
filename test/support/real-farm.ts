import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { type Coordinator, startCoordinator } from '../../services/coordinator/start.ts';
import { startJanitor } from '../../services/janitor/start.ts';
import { openSqlite } from '../../shared/db/open-sqlite.ts';
import { DEFAULT_RULES, type Rules } from '../../shared/db/rules.ts';
import type { Store } from '../../shared/db/store.ts';
import { createLogger } from '../../shared/runtime/logger.ts';
import type { JobRequestInput, JobView, TaskView } from '../../shared/wire/jobs.ts';
import { eventually } from './eventually.ts';
import { type HttpProxy, type ProxyHooks, startHttpProxy } from './http-proxy.ts';
import { type AtEnd, temporaryFolder } from './temporary-folder.ts';

const WORKER = fileURLToPath(new URL('../../services/worker/main.ts', import.meta.url));

/** Leases short enough that a test can outwait them; the proportions are those of the real rules. */
const SHORT_RULES: Rules = {
  ...DEFAULT_RULES,
  leaseMs: 3_000,
  heartbeatMs: 500,
  cancelGraceMs: 2_000,
  coordinatorGapMs: 1_500,
  offlineMs: 3_000,
};

export type WorkerProcess = {
  readonly name: string;
  readonly child: ChildProcess;
  readonly pid: number;
  /** Between this worker and the coordinator: hooks may be set at any time. */
  readonly proxy: HttpProxy;
  kill(signal: NodeJS.Signals): void;
  /** Starts the same worker again, on the same folders. */
  restart(): Promise<WorkerProcess>;
};

/**
 * A farm of real processes on one machine: coordinator and janitor in the test's own process, so that the test can take
 * them away, every worker in one of its own, so that it can be killed and stopped. Gone when the test has finished.
 */
export class RealFarm {
  readonly folder: string;
  readonly store: Store;
  #coordinator: Coordinator;
  readonly #workers: ChildProcess[] = [];
  readonly #atEnd: AtEnd;

  private constructor(folder: string, store: Store, coordinator: Coordinator, atEnd: AtEnd) {
    this.#atEnd = atEnd;
    this.folder = folder;
    this.store = store;
    this.#coordinator = coordinator;
  }

  static async start(atEnd: AtEnd = onTestFinished): Promise<RealFarm> {
    const folder = await temporaryFolder(atEnd);
    const store = await openSqlite(join(folder, 'ffmill.sqlite'));
    const farm = new RealFarm(
      folder,
      store,
      await startCoordinator({ host: '127.0.0.1', port: 0 }, dependencies(store)),
      atEnd,
    );
    const janitor = await startJanitor({ sweepMs: 200, retentionMs: SHORT_RULES.retentionMs }, dependencies(store));
    atEnd(async () => {
      for (const child of farm.#workers) await endProcess(child);
      await janitor.stop();
      await farm.#coordinator.stop();
      await store.close();
    });
    return farm;
  }

  get url(): string {
    return this.#coordinator.url;
  }

  /** Folder of intermediate files, shared by all workers. */
  get scratch(): string {
    return join(this.folder, 'scratch');
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  async startWorker(
    name: string,
    { slots = 2, env = {}, hooks = {} }: { slots?: number; env?: Record<string, string>; hooks?: ProxyHooks } = {},
  ): Promise<WorkerProcess> {
    const proxy = await startHttpProxy(this.url, hooks);
    this.#atEnd(() => proxy.stop());
    return this.#launch(name, proxy, { FFMILL_SLOTS: String(slots), ...env });
  }

  async #launch(name: string, proxy: HttpProxy, env: Record<string, string>): Promise<WorkerProcess> {
    const dataDir = this.path(`worker-${name}`);
    await mkdir(dataDir, { recursive: true });
    const child = spawn(process.execPath, [WORKER], {
      stdio: ['ignore', 'ignore', process.env.FFMILL_TEST_LOGS ? 'inherit' : 'ignore'],
      env: {
        PATH: process.env.PATH,
        FFMILL_URL: proxy.url,
        FFMILL_WORKER_NAME: name,
        FFMILL_DATA_DIR: dataDir,
        FFMILL_SCRATCH: this.scratch,
        FFMILL_LOG_LEVEL: 'debug',
        ...env,
      },
    });
    this.#workers.push(child);
    await once(child, 'spawn');
    return {
      name,
      child,
      pid: child.pid ?? 0,
      proxy,
      kill: (signal) => child.kill(signal),
      restart: () => this.#launch(name, proxy, env),
    };
  }

  /** Takes the coordinator away and brings it back under the same address, as a redeployment does. */
  async withoutCoordinator(meanwhile: () => Promise<void>): Promise<void> {
    const { port } = this.#coordinator;
    await this.#coordinator.stop();
    await meanwhile();
    this.#coordinator = await startCoordinator({ host: '127.0.0.1', port }, dependencies(this.store));
  }

  async submit(request: JobRequestInput): Promise<string> {
    const answer = await fetch(`${this.url}/v1/jobs`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(request),
    });
    const body = (await answer.json()) as { id: string };
    if (answer.status !== 201) throw new Error(`submit: ${answer.status} ${JSON.stringify(body)}`);
    return body.id;
  }

  async get<Body>(path: string): Promise<Body> {
    const answer = await fetch(`${this.url}${path}`);
    if (!answer.ok) throw new Error(`GET ${path}: ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as Body;
  }

  job(id: string): Promise<JobView> {
    return this.get(`/v1/jobs/${id}`);
  }

  async tasks(id: string, kind?: TaskView['kind']): Promise<TaskView[]> {
    const { tasks } = await this.get<{ tasks: TaskView[] }>(`/v1/jobs/${id}/tasks`);
    return tasks.filter((task) => kind === undefined || task.kind === kind);
  }

  async cancel(id: string): Promise<number> {
    return (await fetch(`${this.url}/v1/jobs/${id}/cancel`, { method: 'POST' })).status;
  }

  /** Resolves when the job is in the state; fails when it ends in another or takes too long. */
  async reaches(id: string, state: JobView['state'], withinMs = 60_000): Promise<JobView> {
    let last: JobView | undefined;
    await eventually(async () => {
      last = await this.job(id);
      if (last.state !== state && !['completed', 'failed', 'canceled'].includes(last.state))
        throw new Error(`the job is ${last.state}, not ${state}`);
    }, withinMs);
    if (last?.state !== state) throw new Error(`the job is ${last?.state}: ${JSON.stringify(last?.error)}`);
    return last;
  }

  /** Names in a folder, hidden ones too; none when there is no such folder. */
  async names(folder: string): Promise<string[]> {
    const names: string[] = await readdir(folder).catch(() => []);
    return names.toSorted();
  }
}

function dependencies(store: Store) {
  return {
    store,
    rules: SHORT_RULES,
    log: createLogger({ level: process.env.FFMILL_TEST_LOGS ? 'debug' : 'silent', name: 'farm' }),
  };
}

async function endProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}

export const LEASE_MS = SHORT_RULES.leaseMs;
