import { z } from 'zod';
import type { AttemptId, JobId, WorkerId } from '../../../shared/job/ids.ts';
import type { TaskSpec } from '../../../shared/job/task.ts';
import { attemptId, jobId, taskId, workerId } from '../../../shared/wire/ids.ts';
import {
  type ClaimBody,
  type CommitBody,
  claimedTask as claimedTaskOnWire,
  endedAttemptsAnswer,
  type HeartbeatAnswer,
  type HeartbeatBody,
  heartbeatAnswer,
  type LeftoversAnswer,
  type LogsBody,
  leftoversAnswer,
  publishedFile,
  type RegisterBody,
  type ReportBody,
  registerAnswer,
} from '../../../shared/wire/workers.ts';
import { cachedLookup } from './cached-lookup.ts';
import { definiteAnswer, readAnswer as read } from './definite-answer.ts';
import { openPostChannel, type PostChannel } from './post-channel.ts';

export type Registered = z.infer<typeof registered>;
export type Claimed = z.infer<typeof claimedTask>;
export type ClaimAnswer = z.infer<typeof claimAnswer>;

/**
 * What a worker can say to its coordinators. Every call may be repeated. Each throws an AppError: `unavailable` when
 * nothing is known about its fate, else the coordinator's own code.
 */
export type Coordinator = {
  register(body: RegisterBody, signal: AbortSignal): Promise<Registered>;
  heartbeat(worker: WorkerId, body: HeartbeatBody): Promise<HeartbeatAnswer>;
  claim(worker: WorkerId, body: ClaimBody, signal: AbortSignal): Promise<ClaimAnswer>;
  commit(attempt: AttemptId, body: CommitBody, signal: AbortSignal): Promise<void>;
  report(attempt: AttemptId, body: ReportBody, signal: AbortSignal): Promise<void>;
  appendLogs(attempt: AttemptId, body: LogsBody, signal: AbortSignal): Promise<void>;
  findEnded(attempts: readonly AttemptId[], signal: AbortSignal): Promise<AttemptId[]>;
  findLeftovers(worker: WorkerId, jobs: readonly JobId[], signal: AbortSignal): Promise<LeftoversAnswer>;
  close(): void;
};

/** A heartbeat that takes longer is given up: the next one tells more. */
const HEARTBEAT_TIMEOUT_MS = 2_000;
const ANSWER_TIMEOUT_MS = 10_000;

const registered = registerAnswer.extend({ id: workerId });
const spec = z.custom<TaskSpec>((value) => typeof value === 'object' && value !== null && 'kind' in value);
/** As on the wire, with the ids branded and the parts looked at that this worker acts on. */
const claimedTask = claimedTaskOnWire.extend({
  task_id: taskId,
  job_id: jobId,
  token: attemptId,
  spec,
  settle: z.object({ winner: attemptId, file: publishedFile, committed_seconds_ago: z.number() }).nullable(),
});
const claimAnswer = z.union([z.object({ again: z.literal(true) }), z.object({ task: claimedTask.nullable() })]);
const ended = endedAttemptsAnswer.extend({ ended: z.array(attemptId) });

/** One channel per duty: a long-poll, a slow report or a pile of log lines never stands in a heartbeat's way. */
export function connectCoordinator(url: string): Coordinator {
  const open = () => openPostChannel(new URL(url), lookup);
  const lookup = cachedLookup();
  const channels = { heartbeats: open(), claims: open(), reports: open(), logs: open() };

  async function ask(channel: PostChannel, path: string, body: unknown, signal?: AbortSignal, waitMs = 0) {
    const timeoutMs = (channel === channels.heartbeats ? HEARTBEAT_TIMEOUT_MS : ANSWER_TIMEOUT_MS) + waitMs;
    return definiteAnswer(await channel.post(path, body, { timeoutMs, ...(signal && { signal }) }));
  }

  return {
    register: async (body, signal) =>
      read(registered, await ask(channels.reports, '/v1/workers/register', body, signal)),
    heartbeat: async (worker, body) =>
      read(heartbeatAnswer, await ask(channels.heartbeats, `/v1/workers/${worker}/heartbeat`, body)),
    claim: async (worker, body, signal) =>
      read(
        claimAnswer,
        await ask(channels.claims, `/v1/workers/${worker}/claim`, body, signal, (body.wait_seconds ?? 0) * 1000),
      ),
    commit: async (attempt, body, signal) => {
      await ask(channels.reports, `/v1/attempts/${attempt}/commit`, body, signal);
    },
    report: async (attempt, body, signal) => {
      await ask(channels.reports, `/v1/attempts/${attempt}/report`, body, signal);
    },
    appendLogs: async (attempt, body, signal) => {
      await ask(channels.logs, `/v1/attempts/${attempt}/logs`, body, signal);
    },
    findEnded: async (attempts, signal) =>
      read(ended, await ask(channels.logs, '/v1/attempts/ended', { attempts }, signal)).ended,
    findLeftovers: async (worker, jobs, signal) =>
      read(leftoversAnswer, await ask(channels.logs, `/v1/workers/${worker}/leftovers`, { jobs }, signal)),
    close: () => {
      for (const channel of Object.values(channels)) channel.close();
    },
  };
}
