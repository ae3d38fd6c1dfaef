import { findAttempt } from '../../../shared/db/queries/find-attempt.ts';
import { findJobs } from '../../../shared/db/queries/find-jobs.ts';
import { findTasks } from '../../../shared/db/queries/find-tasks.ts';
import { sumProgress } from '../../../shared/db/queries/sum-progress.ts';
import type { TaskRow } from '../../../shared/db/rows.ts';
import type { Store } from '../../../shared/db/store.ts';
import type { AttemptId } from '../../../shared/job/ids.ts';
import type { Logger } from '../../../shared/runtime/logger.ts';
import type { HeartbeatBody, LogsBody } from '../../../shared/wire/workers.ts';
import type { EventHub } from './event-hub.ts';
import { jobProgressEvent, taskLogEvent, taskProgressEvent } from './passing-events.ts';
import { createThrottle } from './throttle.ts';

/**
 * Tells listeners what is not kept as an event: how far tasks and jobs are, and that log lines came. The calls return
 * at once: a heartbeat never waits for those who watch.
 */
export type ProgressNews = {
  afterHeartbeat(tasks: HeartbeatBody['tasks']): void;
  afterLogLines(attemptId: AttemptId, lines: LogsBody['lines']): void;
  /** Resolves when all that was begun is told. */
  stop(): Promise<void>;
};

/** DESIGN §8: at most two a second for each task. */
const INTERVAL_MS = 500;

export function createProgressNews({ store, hub, log }: { store: Store; hub: EventHub; log: Logger }): ProgressNews {
  const mayPass = createThrottle(INTERVAL_MS);
  const underWay = new Set<Promise<void>>();

  function inBackground(work: Promise<void>): void {
    const done = work
      .catch((error: unknown) => log.warn({ err: error }, 'progress could not be told'))
      .finally(() => underWay.delete(done));
    underWay.add(done);
  }

  async function tellProgress(reported: HeartbeatBody['tasks']): Promise<void> {
    const rows = await findTasks(
      store.db,
      reported.map((task) => task.task_id),
    );
    // A token that the row no longer names belongs to an attempt that was fenced.
    const tokens = new Set<string>(reported.map((task) => task.token));
    const heard = rows.filter((row) => row.token !== null && tokens.has(row.token) && hub.isHeard(row.job_id));
    const now = await store.now();
    for (const row of heard) if (mayPass(row.id, now)) hub.announce(taskProgressEvent(row, now));
    await tellJobs(heard, now);
  }

  async function tellJobs(tasks: readonly TaskRow[], now: number): Promise<void> {
    const ids = [...new Set(tasks.map((task) => task.job_id))].filter((id) => mayPass(id, now));
    const sums = await sumProgress(store.db, ids);
    for (const job of await findJobs(store.db, ids)) hub.announce(jobProgressEvent(job, sums.get(job.id), now));
  }

  async function tellLog(attemptId: AttemptId, lines: LogsBody['lines']): Promise<void> {
    const attempt = await findAttempt(store.db, attemptId);
    const now = await store.now();
    if (attempt && hub.isHeard(attempt.job_id) && mayPass(`log ${attempt.task_id}`, now))
      hub.announce(taskLogEvent(attempt, lines, now));
  }

  return {
    afterHeartbeat(tasks) {
      if (tasks.length > 0 && hub.hasListeners()) inBackground(tellProgress(tasks));
    },
    afterLogLines(attemptId, lines) {
      if (lines.length > 0 && hub.hasListeners()) inBackground(tellLog(attemptId, lines));
    },
    async stop() {
      await Promise.all(underWay);
    },
  };
}
