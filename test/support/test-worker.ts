import { onTestFinished } from 'vitest';
import { startWorker } from '../../services/worker/start.ts';
import { type TestWorkerOptions, workerArguments } from './worker-arguments.ts';

/** A real worker in this process, stopped when the test is over. */
export async function startTestWorker(options: TestWorkerOptions) {
  const worker = await startWorker(...workerArguments(options));
  onTestFinished(() => worker.stop({ mode: 'immediate' }));
  return worker;
}
