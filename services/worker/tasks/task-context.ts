import type { AttemptId } from '../../../shared/job/ids.ts';
import type { Logger } from '../../../shared/runtime/logger.ts';
import type { PathNames } from '../../../shared/storage/path-names.ts';
import type { Devices } from '../ffmpeg/devices.ts';

/** What a task is given to work with. Built by the worker's core for one attempt. */
export type TaskContext = {
  readonly attemptId: AttemptId;
  readonly jobId: string;
  readonly ordinal: number;
  /** Turns the names in a spec into paths of this machine. */
  readonly paths: PathNames;
  /** Absolute paths. */
  readonly binaries: { readonly ffmpeg: string; readonly ffprobe: string };
  /** Threads that one slot stands for. */
  readonly threads: number;
  /** FFmpeg without progress for so long is taken for hung. */
  readonly stallMs: number;
  /** Those of the hardware encoders; left out: the only ones. */
  readonly devices?: Devices;
  /** What they were proved to decode, as `decoderName` has it; left out: nothing. */
  readonly decoders?: readonly string[];
  /** Abort: FFmpeg is killed, the task removes its own files and throws the signal's reason. */
  readonly signal: AbortSignal;
  readonly log: Logger;
  /** 0 … 1, only rising. */
  onProgress(progress: { progress: number; fps: number | null; speed: number | null }): void;
  /** A line of FFmpeg's log. */
  onLine(line: string): void;
  /** The command line of the main run. */
  onCommand(command: readonly string[]): void;
};
