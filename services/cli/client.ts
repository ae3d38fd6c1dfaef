import type { Profile } from '../../shared/job/profile.ts';
import type { JobRequestInput, JobView, LogPage, TaskView, WhyView } from '../../shared/wire/jobs.ts';
import type { SweepAnswer, SweepName } from '../../shared/wire/sweeps.ts';
import type { WorkerView } from '../../shared/wire/workers.ts';
import { createCaller } from './client/caller.ts';
import type { Farm } from './client/farm.ts';

type JobFilter = { readonly state?: string; readonly label?: string; readonly limit?: number };

/** The farm's API in the words of the command line. A job is named by its id or its number. */
export type Client = {
  readonly url: string;
  submitJob(request: JobRequestInput, idempotencyKey: string): Promise<JobView>;
  listJobs(filter: JobFilter): Promise<{ jobs: JobView[]; count: number; next_cursor: string | null }>;
  findJob(job: string): Promise<JobView>;
  listTasks(job: string): Promise<TaskView[]>;
  explainJob(job: string): Promise<WhyView>;
  readLogs(job: string, after: number): Promise<LogPage>;
  /** The lines after this one as they come, each as JSON, until the job has ended or the signal is aborted. */
  openLogs(job: string, after: number, signal: AbortSignal): Promise<Response>;
  cancelJob(job: string): Promise<void>;
  retryJob(job: string): Promise<JobView>;
  listWorkers(): Promise<WorkerView[]>;
  /** By its id, as the three that follow. */
  showWorker(id: string): Promise<WorkerView>;
  drainWorker(id: string): Promise<WorkerView>;
  resumeWorker(id: string): Promise<WorkerView>;
  forgetWorker(id: string): Promise<void>;
  listProfiles(): Promise<Profile[]>;
  /** Lets the janitor run this sweep, or all of them. */
  runSweeps(sweep: SweepName | undefined): Promise<SweepAnswer>;
  /** The job's server-sent events after the one with this id, until the signal is aborted. */
  openEvents(job: string, lastEventId: string | null, signal: AbortSignal): Promise<Response>;
};

/** The farm itself waits for its janitor for 15 s. */
const SWEEP_MS = 20_000;

export function createClient(farm: Farm): Client {
  const { ask, open } = createCaller(farm);
  const get = <Answer>(path: string) => ask<Answer>({ method: 'GET', path });
  const jobPath = (job: string, rest = '') => `/v1/jobs/${encodeURIComponent(job)}${rest}`;
  const workerPath = (id: string, rest = '') => `/v1/workers/${encodeURIComponent(id)}${rest}`;
  return {
    url: farm.url,
    submitJob: (body, key) => ask({ method: 'POST', path: '/v1/jobs', body, headers: { 'idempotency-key': key } }),
    listJobs: (filter) => get(`/v1/jobs${queryOf(filter)}`),
    findJob: (job) => get(jobPath(job)),
    listTasks: async (job) => (await get<{ tasks: TaskView[] }>(jobPath(job, '/tasks'))).tasks,
    explainJob: (job) => get(jobPath(job, '/why')),
    readLogs: (job, after) => get(jobPath(job, `/logs${queryOf({ after })}`)),
    openLogs: (job, after, signal) =>
      open({ method: 'GET', path: jobPath(job, `/logs${queryOf({ after, follow: 'true' })}`) }, signal),
    cancelJob: (job) => ask({ method: 'POST', path: jobPath(job, '/cancel') }),
    retryJob: (job) => ask({ method: 'POST', path: jobPath(job, '/retry') }),
    listWorkers: async () => (await get<{ workers: WorkerView[] }>('/v1/workers')).workers,
    showWorker: (id) => get(workerPath(id)),
    drainWorker: (id) => ask({ method: 'POST', path: workerPath(id, '/drain') }),
    resumeWorker: (id) => ask({ method: 'POST', path: workerPath(id, '/resume') }),
    forgetWorker: (id) => ask({ method: 'DELETE', path: workerPath(id) }),
    listProfiles: async () => (await get<{ profiles: Profile[] }>('/v1/profiles')).profiles,
    runSweeps: (sweep) => ask({ method: 'POST', path: '/v1/admin/janitor/run', body: { sweep }, answerMs: SWEEP_MS }),
    openEvents(job, lastEventId, signal) {
      const resume = lastEventId === null ? undefined : { 'last-event-id': lastEventId };
      const headers = { accept: 'text/event-stream', ...resume };
      return open({ method: 'GET', path: jobPath(job, '/events'), headers }, signal);
    },
  };
}

function queryOf(values: Readonly<Record<string, string | number | undefined>>): string {
  const given = Object.entries(values).filter(([, value]) => value !== undefined);
  return given.length === 0 ? '' : `?${new URLSearchParams(given.map(([name, value]) => [name, String(value)]))}`;
}
