import { countMadeSeconds } from '../ffmpeg/made-seconds.ts';
import { type FfmpegEnd, runFfmpeg } from '../ffmpeg/run.ts';
import type { TaskContext } from './task-context.ts';

export type TaskFfmpeg = {
  readonly args: readonly string[];
  /** Seconds of media that are going to be made: what 100 % is. */
  readonly expectedSeconds: number;
  /** The share of the task's progress that this run is: the rest comes after it. */
  readonly share: number;
  /** The progress that was reached before. */
  readonly done?: number;
  readonly stdinFiles?: readonly string[];
};

/** The main FFmpeg run of a task: its progress, its lines and its command are the task's. */
export async function runTaskFfmpeg(context: TaskContext, run: TaskFfmpeg): Promise<FfmpegEnd> {
  const { ffmpeg: binary } = context.binaries;
  const { signal, stallMs } = context;
  context.onCommand([binary, ...run.args]);
  const done = run.done ?? 0;
  const madeSeconds = countMadeSeconds(run.args);
  let reached = done;
  return await runFfmpeg({
    ...{ binary, signal, stallMs, args: run.args },
    ...(run.stdinFiles && { stdinFiles: run.stdinFiles }),
    onProgress(progress) {
      const seconds = madeSeconds(progress);
      const made = seconds === null || run.expectedSeconds <= 0 ? 0 : seconds / run.expectedSeconds;
      reached = Math.max(reached, done + Math.min(1, made) * run.share);
      context.onProgress({ progress: reached, fps: progress.fps, speed: progress.speed });
    },
    onLine: context.onLine,
  });
}
