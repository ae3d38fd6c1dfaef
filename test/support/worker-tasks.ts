import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { RunTask } from '../../services/worker/execute-task.ts';
import { type JobId, newId, type TaskId } from '../../shared/job/ids.ts';
import type { SegmentSpec, TaskSpec, TranscodeSpec } from '../../shared/job/task.ts';
import type { PublishedFile } from '../../shared/job/task-result.ts';
import { identifyFile } from '../../shared/storage/file-identity.ts';
import type { ClaimedTask } from '../../shared/wire/workers.ts';

type UnclaimedTask = Omit<ClaimedTask, 'token'>;

/** A task that publishes `<folder>/out.mp4`. Only what the worker's core looks at is filled in. */
export function publishingTask(folder: string, change: { overwrite?: boolean; job?: JobId } = {}): UnclaimedTask {
  const job = change.job ?? newId<JobId>();
  const spec = {
    kind: 'transcode',
    input: join(folder, 'in.mp4'),
    source: join(folder, 'in.mp4'),
    target: {
      output: join(folder, 'out.mp4'),
      container: 'mp4',
      overwrite: change.overwrite ?? false,
      parts: join(folder, `.ffmill-${job}`),
    },
  } as TranscodeSpec;
  return claimable(job, spec);
}

/** A task whose file stays in the scratch folder of its job. */
export function segmentTask(job: JobId = newId<JobId>()): UnclaimedTask {
  return claimable(job, { kind: 'segment', scratch: `\${scratch}/${job}` } as SegmentSpec);
}

/** The same task, whose publication a winner began and did not finish. */
export function settling(
  task: UnclaimedTask,
  winner: string,
  file: PublishedFile,
  committedSecondsAgo = 1,
): UnclaimedTask {
  return { ...task, attempt: 2, settle: { winner, file, committed_seconds_ago: committedSecondsAgo } };
}

function claimable(job: JobId, spec: TaskSpec): UnclaimedTask {
  return {
    ...{ task_id: newId<TaskId>(), job_id: job, kind: spec.kind, ordinal: 0, attempt: 1, lease_seconds: 10 },
    ...{ spec, settle: null },
  };
}

/** Does what a task would do, without FFmpeg: writes `made by <attempt>` into the attempt's own file. */
export const makeFile: RunTask = async (context, spec) => {
  if (spec.kind === 'transcode') {
    const part = `${spec.target.parts}/transcode.${context.attemptId}.part`;
    return publishedFileOf(part, await written(context.paths.resolve(part), context.attemptId));
  }
  if (spec.kind !== 'segment') throw new Error(`unexpected ${spec.kind}`);
  const path = `${spec.scratch}/segment-0000.${context.attemptId}.mp4`;
  const { sizeBytes } = await written(context.paths.resolve(path), context.attemptId);
  return { file: { path, size_bytes: sizeBytes }, frames: 1, first_ticks: 0, last_ticks: 0, damage: [] };
};

/** Writes a file, then runs until it is aborted. `started` resolves for the first of them. */
export function runUntilAborted(): { run: RunTask; started: Promise<void> } {
  const started = Promise.withResolvers<void>();
  const run: RunTask = async (context, spec) => {
    await makeFile(context, spec);
    started.resolve();
    if (!context.signal.aborted) await once(context.signal, 'abort');
    throw new Error('broken off');
  };
  return { run, started: started.promise };
}

/** What a worker says about a part when it commits. */
export function publishedFileOf(
  part: string,
  { inode, sizeBytes }: { inode: string; sizeBytes: number },
): PublishedFile {
  const verification = {
    level: 'fast',
    frames: 1,
    duration_seconds: 1,
    streams: 1,
    checks: [],
    ssim: null,
    damage: [],
  } as const;
  return { part, size_bytes: sizeBytes, modified_ms: 1, inode, verification };
}

/** Writes a part and says what a winner would have committed. */
export async function writePart(task: UnclaimedTask, attempt: string): Promise<PublishedFile> {
  const { target } = task.spec as TranscodeSpec;
  const part = `${target.parts}/transcode.${attempt}.part`;
  return publishedFileOf(part, await written(part, attempt));
}

async function written(path: string, attempt: string) {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, `made by ${attempt}`, { flag: 'wx' });
  const identity = await identifyFile(path);
  if (identity === undefined) throw new Error(`${path} is gone`);
  return identity;
}
