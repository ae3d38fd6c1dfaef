import { AppError } from '../../../shared/errors.ts';
import { bytesReadBy } from './bytes-read.ts';
import { concatenateFiles } from './concatenate-files.ts';
import { failureOfEnd } from './failure.ts';
import { failureOfHardware } from './hardware-failure.ts';
import { findInputDamage, findSkipped } from './input-damage.ts';
import { keepTail } from './keep-tail.ts';
import { type FfmpegProgress, readProgress } from './progress.ts';
import { runTool } from './run-tool.ts';
import { splitLines } from './split-lines.ts';
import { watchForStall } from './stall-watch.ts';

export type FfmpegRun = {
  /** Absolute path of ffmpeg. */
  readonly binary: string;
  /** Everything from the first input on; what every run has in common is put before it. */
  readonly args: readonly string[];
  /** Abort ends the whole process group: TERM, 5 s, KILL. */
  readonly signal: AbortSignal;
  /** Without any progress for so long FFmpeg is taken for hung and killed. */
  readonly stallMs: number;
  /** Files whose bytes, one after the other, are what FFmpeg reads from `pipe:0`. */
  readonly stdinFiles?: readonly string[];
  onProgress?(progress: FfmpegProgress): void;
  /** Every line of FFmpeg's log: warnings and errors, marked `[warning]`, `[error]`, and what its libraries print. */
  onLine?(line: string): void;
};

export type FfmpegEnd = {
  /** Video frames that were written. */
  readonly frames: number;
  readonly outTimeUs: number | null;
  /** Wall time. */
  readonly seconds: number;
  /**
   * What FFmpeg said of an input that is damaged, or may be, though it ended well, in its words: the reason when the result
   * is too short.
   */
  readonly inputDamage: string | null;
};

/** `-nostdin`: no one presses keys; `pipe:0` is read all the same. */
const COMMON_OPTIONS = ['-hide_banner', '-nostdin', '-nostats', '-progress', 'pipe:1', '-loglevel', 'level+warning'];
const TAIL_LINES = 100;
const NO_PROGRESS: FfmpegProgress = { frame: 0, fps: null, speed: null, outTimeUs: null, totalSize: null };

/**
 * Runs FFmpeg once. Resolves only for exit code 0, and in every case only when the process is gone.
 *
 * @throws AppError what `failureOfEnd` makes of another end; `ffmpeg_stalled`. The signal's reason when it was aborted.
 */
export async function runFfmpeg(run: FfmpegRun): Promise<FfmpegEnd> {
  const begun = performance.now();
  const tail = keepTail(TAIL_LINES);
  let last = NO_PROGRESS;
  let damage: string | null = null;
  let pid: number | null = null;
  const stall = watchForStall(run.stallMs, async () => (pid === null ? null : await bytesReadBy(pid)));

  const stdout = splitLines(
    readProgress((progress) => {
      if (hasMoved(last, progress)) stall.moved();
      last = progress;
      run.onProgress?.(progress);
    }),
  );
  const stderr = splitLines((line) => {
    tail.add(line);
    damage ??= findInputDamage([line]) ?? findSkipped(line);
    run.onLine?.(line);
  });
  const end = await runTool({
    binary: run.binary,
    args: [...COMMON_OPTIONS, ...run.args],
    signal: AbortSignal.any([run.signal, stall.signal]),
    ...(run.stdinFiles && { input: concatenateFiles(run.stdinFiles) }),
    onStdout: stdout.write,
    onStderr: stderr.write,
    onStart: (started) => {
      pid = started;
    },
  }).finally(stall.stop);
  stdout.end();
  stderr.end();

  run.signal.throwIfAborted();
  if (stall.signal.aborted) {
    const stalled = `FFmpeg made no progress for ${run.stallMs / 1000} s and was stopped`;
    throw failureOfHardware(new AppError('ffmpeg_stalled', stalled), [], run.args);
  }
  const failure = failureOfEnd(end, tail.lines(), run.args);
  if (failure !== null) throw failure;
  return {
    frames: last.frame,
    outTimeUs: last.outTimeUs,
    seconds: (performance.now() - begun) / 1000,
    inputDamage: damage,
  };
}

function hasMoved(before: FfmpegProgress, now: FfmpegProgress): boolean {
  return before.frame !== now.frame || before.outTimeUs !== now.outTimeUs || before.totalSize !== now.totalSize;
}
