import { randomUUID } from 'node:crypto';
import type { JobRequestInput, JobView, TaskView } from '../../../shared/wire/jobs.ts';
import type { WorkerView } from '../../../shared/wire/workers.ts';
import { eventually } from '../../support/eventually.ts';

/** A request that was refused or broke off: the farm promised that there would be none. */
export type FailedCall = { readonly call: string; readonly status: number | null; readonly reason: string };

const FINAL = ['completed', 'failed', 'canceled'];

/**
 * An outside client of the farm, as plain as they come: one request a call, never repeated. What fails is kept, so that
 * a test can say that nothing did.
 */
export class FarmClient {
  readonly failed: FailedCall[] = [];
  private readonly base: string;

  constructor(base: string) {
    this.base = base;
  }

  async submit(request: JobRequestInput, key: string = randomUUID()): Promise<JobView> {
    return this.call('POST', '/v1/jobs', request, { 'Idempotency-Key': key });
  }

  job(id: string): Promise<JobView> {
    return this.call('GET', `/v1/jobs/${id}`);
  }

  async tasks(id: string): Promise<TaskView[]> {
    return (await this.call<{ tasks: TaskView[] }>('GET', `/v1/jobs/${id}/tasks`)).tasks;
  }

  async workers(): Promise<WorkerView[]> {
    return (await this.call<{ workers: WorkerView[] }>('GET', '/v1/workers')).workers;
  }

  /** Waits through refusals, too: whether there may be any is another question. */
  async reaches(id: string, states: readonly string[], withinMs: number): Promise<JobView> {
    return eventually(async () => {
      const job = await this.job(id);
      if (states.includes(job.state)) return job;
      throw new Error(`job ${job.number} is ${job.state}, not ${states.join(' or ')}: ${JSON.stringify(job.error)}`);
    }, withinMs);
  }

  async ends(id: string, withinMs: number): Promise<JobView> {
    return this.reaches(id, FINAL, withinMs);
  }

  async call<Answer>(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer> {
    const call = `${method} ${path}`;
    const response = await fetch(this.base + path, {
      method,
      headers: { ...headers, ...(body === undefined ? {} : { 'Content-Type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(30_000),
    }).catch((error: unknown) => {
      this.failed.push({ call, status: null, reason: String(error) });
      throw error;
    });
    const text = await response.text();
    if (response.ok) return (text === '' ? undefined : JSON.parse(text)) as Answer;
    this.failed.push({ call, status: response.status, reason: text.slice(0, 300) });
    throw new Error(`${call}: ${response.status} ${text.slice(0, 300)}`);
  }
}
