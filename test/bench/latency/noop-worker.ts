import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readWorkerConfig } from '../../../services/worker/config.ts';
import { startWorker } from '../../../services/worker/start.ts';
import { createLogger } from '../../../shared/runtime/logger.ts';
import type { BenchStack } from './bench-stack.ts';
import { noopTasks } from './noop-task.ts';

type NoopWorkers = { stop(): Promise<void> };

/** Real workers in this process, connected through the VIPs like any other; only what FFmpeg would do is left out. */
export async function startNoopWorkers(
  bench: BenchStack,
  { workers, slots, probeMs }: { workers: number; slots: number; probeMs: number },
): Promise<NoopWorkers> {
  const folder = await mkdtemp(join(tmpdir(), 'ffmill-bench-'));
  await Promise.all(['media', 'scratch'].map((name) => mkdir(join(folder, name))));
  // A name of its own each time: one that was in use a moment ago is not free yet.
  const names = Array.from({ length: workers }, (_, index) => `noop-${Date.now()}-${index + 1}`);
  const started = await Promise.all(names.map((name) => startNoopWorker(bench, { name, slots, probeMs, folder })));
  return {
    async stop() {
      await Promise.all(started.map((worker) => worker.stop({ mode: 'immediate' })));
      await rm(folder, { recursive: true, force: true });
    },
  };
}

type NoopWorker = { readonly name: string; readonly slots: number; readonly probeMs: number; readonly folder: string };

function startNoopWorker(bench: BenchStack, { name, slots, probeMs, folder }: NoopWorker) {
  const config = readWorkerConfig({
    FFMILL_URL: bench.url,
    FFMILL_AMQP_URL: bench.amqpUrl.worker,
    FFMILL_WORKER_NAME: name,
    FFMILL_SLOTS: String(slots),
    FFMILL_DATA_DIR: join(folder, name),
    FFMILL_PATHS: `media=${join(folder, 'media')},scratch=${join(folder, 'scratch')}`,
  });
  return startWorker(config, {
    log: createLogger({ level: process.env.FFMILL_LOG_LEVEL ?? 'warn', name }),
    runTaskKind: noopTasks({ probeMs }),
    findBinaries: async () => ({ ffmpeg: '/nowhere/ffmpeg', ffprobe: '/nowhere/ffprobe' }),
    proveCapabilities: async () => ({ ffmpeg_version: 'none', encoders: { libx264: 1 }, sessions: {}, decoders: [] }),
  });
}
