import { findAttempt } from '../../../shared/db/queries/find-attempt.ts';
import { findJobs } from '../../../shared/db/queries/find-jobs.ts';
import { sumProgress } from '../../../shared/db/queries/sum-progress.ts';
import { tasksOfIds } from '../../../shared/db/queries/tasks-of-ids.ts';
import type { TaskRow } from '../../../shared/db/rows.ts';
import type { Store } from '../../../shared/db/store.ts';
import type { AttemptId, JobId } from '../../../shared/job/ids.ts';
import type { TaskState } from '../../../shared/job/transitions.ts';
import { createBackground } from '../../../shared/runtime/background.ts';
import type { Logger } from '../../../shared/runtime/logger.ts';
import type { EventBody } from '../../../shared/wire/events.ts';
import type { HeartbeatBody, LogsBody } from '../../../shared/wire/workers.ts';
import type { BrokerSide } from '../broker/broker-side.ts';
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

type Dependencies = {
  readonly store: Store;
  readonly hub: EventHub;
  /** The way to those who listen elsewhere; undefined: there is none. */
  readonly brokerSide: Pick<BrokerSide, 'isHeard' | 'announce'> | undefined;
  readonly log: Logger;
};

/** DESIGN §8: at most two a second for each task. */
const INTERVAL_MS = 500;

/** In these a task gets further. */
const ADVANCING: ReadonlySet<TaskState> = new Set(['running', 'committing']);

export function createProgressNews({ store, hub, brokerSide, log }: Dependencies): ProgressNews {
  const mayPass = createThrottle(INTERVAL_MS);
  const background = createBackground((error) => log.warn({ err: error }, 'progress could not be told'));

  const isHeard = (jobId: JobId) => hub.isHeard(jobId) || brokerSide?.isHeard() === true;
  const anybodyHears = () => hub.hasListeners() || brokerSide?.isHeard() === true;
  const announce = (event: EventBody) => {
    hub.announce(event);
    brokerSide?.announce(event);
  };

  async function tellProgress(reported: HeartbeatBody['tasks']): Promise<void> {
    // The moment is not later than the rows. A task that ends meanwhile is dated by when its transaction began.
    const ids = reported.map((task) => task.task_id);
    const { now, rows } = await store.look([tasksOfIds(store.db, ids)]);
    // A token that the row no longer names belongs to an attempt that was fenced. A task that is over keeps its own.
    const tokens = new Set<string>(reported.map((task) => task.token));
    const isUnderWay = ({ state, token }: TaskRow) => ADVANCING.has(state) && token !== null && tokens.has(token);
    const heard = rows[0].filter((row) => isUnderWay(row) && isHeard(row.job_id));
    for (const row of heard) if (mayPass(row.id, now)) announce(taskProgressEvent(row, now));
    await tellJobs(heard, now);
  }

  async function tellJobs(tasks: readonly TaskRow[], now: number): Promise<void> {
    const ids = [...new Set(tasks.map((task) => task.job_id))].filter((id) => mayPass(id, now));
    const sums = await sumProgress(store.db, ids);
    for (const job of await findJobs(store.db, ids)) announce(jobProgressEvent(job, sums.get(job.id), now));
  }

  async function tellLog(attemptId: AttemptId, lines: LogsBody['lines']): Promise<void> {
    const attempt = await findAttempt(store.db, attemptId);
    const now = await store.now();
    if (attempt && isHeard(attempt.job_id) && mayPass(`log ${attempt.task_id}`, now))
      announce(taskLogEvent(attempt, lines, now));
  }

  return {
    afterHeartbeat(tasks) {
      if (tasks.length > 0 && anybodyHears()) background.run(tellProgress(tasks));
    },
    afterLogLines(attemptId, lines) {
      if (lines.length > 0 && anybodyHears()) background.run(tellLog(attemptId, lines));
    },
    stop: () => background.settle(),
  };
}
