import type { JobRequest, PathName } from '../job.ts';
import type { AudioStream, VideoStream } from '../media.ts';
import type { HardwarePool } from '../pools.ts';
import type { Target } from '../task.ts';
import type { ProbeResult } from '../task-result.ts';
import type { AudioSettings, SubtitleTake, VideoSettings } from '../task-settings.ts';

/** All that the plan of a probed file depends on. */
export type PlanFacts = {
  readonly jobId: string;
  readonly request: JobRequest;
  readonly probe: ProbeResult;
  /** Encoders that some worker has proved. */
  readonly provedEncoders: readonly string[];
  /** How many tasks the farm can run at once on its processors. */
  readonly slots: number;
  /** The same for hardware encoders, by pool; left out: none. */
  readonly hardwareSlots?: Readonly<Partial<Record<HardwarePool, number>>>;
  /** A reason not to cut that only the caller knows (a join that failed before); null leaves it to the media. */
  readonly whole: string | null;
  readonly target: Target;
  readonly scratch: PathName;
};

/** What becomes of each stream, all decisions made. */
export type ChosenStreams = {
  readonly video: { readonly stream: VideoStream; readonly settings: VideoSettings | 'copy' } | null;
  readonly audio: { readonly streams: readonly AudioStream[]; readonly settings: AudioSettings } | null;
  readonly subtitles: readonly SubtitleTake[];
  /** Indices of attached files (fonts). */
  readonly attachments: readonly number[];
};

/** The same for a file that is cut: there is a picture, and it is encoded. */
export type SplitStreams = ChosenStreams & {
  readonly video: { readonly stream: VideoStream; readonly settings: VideoSettings };
};
