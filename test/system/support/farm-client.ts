import { randomUUID } from 'node:crypto';
import { FINAL_JOB_STATES } from '../../../shared/job/transitions.ts';
import type { JobRequestInput, JobView, TaskView } from '../../../shared/wire/jobs.ts';
import type { WorkerView } from '../../../shared/wire/workers.ts';
import { eventually } from '../../support/eventually.ts';

/** A request and what came of it, as its client saw it. */
export type ClientCall = {
  readonly call: string;
  /** When it was sent, by this machine's clock, and how long the answer took. */
  readonly at: number;
  readonly ms: number;
  /** null: it broke off without an answer. */
  readonly status: number | null;
  /** Of a request that failed; else empty. */
  readonly reason: string;
  /** Who answered, as far as the answer says. */
  readonly servedBy: string;
};

/**
 * An outside client of the farm, as plain as they come: one request a call, never repeated. What fails is kept, so that
 * a test can say that nothing did: the farm promised that there would be none. `observe` is told of every call.
 */
export class FarmClient {
  readonly failed: ClientCall[] = [];
  private readonly base: string;
  private readonly observe: (call: ClientCall) => void;

  constructor(base: string, observe: (call: ClientCall) => void = () => {}) {
    this.base = base;
    this.observe = observe;
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
    return this.reaches(id, FINAL_JOB_STATES, withinMs);
  }

  async call<Answer>(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer> {
    const call = `${method} ${path}`;
    const at = Date.now();
    const note = (status: number | null, reason = '', headers = new Headers()) => {
      const servedBy = headers.get('X-Served-By') ?? 'unknown';
      const noted = { call, at, ms: Date.now() - at, status, reason, servedBy };
      if (reason !== '') this.failed.push(noted);
      this.observe(noted);
    };
    const send = async () => {
      const response = await fetch(this.base + path, {
        method,
        headers: { ...headers, ...(body === undefined ? {} : { 'Content-Type': 'application/json' }) },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(30_000),
      });
      return { response, text: await response.text() };
    };
    const { response, text } = await send().catch((error: unknown) => {
      note(null, reasonOf(error));
      throw error;
    });
    note(response.status, response.ok ? '' : text.slice(0, 300) || response.statusText || 'no text', response.headers);
    if (response.ok) return (text === '' ? undefined : JSON.parse(text)) as Answer;
    throw new Error(`${call}: ${response.status} ${text.slice(0, 300)}`);
  }
}

/** `fetch failed` says nothing; its cause does. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? ` (${error.cause.message})` : '';
  return `${String(error)}${cause}`;
}
