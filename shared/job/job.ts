import type { EncodeOptions } from './profile.ts';

type JobKind = 'transcode';

/**
 * The name of a file as jobs and tasks carry it; only a worker turns it into a path (`shared/storage/path-names.ts`).
 */
export type PathName = string;

/** Whether the file is cut. */
export type SegmentPolicy =
  | { readonly mode: 'auto' }
  | { readonly mode: 'off' }
  /** `seconds`: the length aimed at; segments still begin at keyframes. */
  | { readonly mode: 'fixed'; readonly seconds: number };

/** What is looked at before the file is published: `full` also decodes all of it and compares it with the source. */
export type Verify = 'fast' | 'full';

/** What becomes of a job whose input is damaged: `conceal` goes on with what FFmpeg makes of the damage, and says where. */
export type OnError = 'fail' | 'conceal';

/** A request after parsing: defaults filled in, profile and free fields merged. What the job row keeps. */
export type JobRequest = {
  readonly kind: JobKind;
  readonly input: PathName;
  readonly output: PathName;
  readonly profile: string;
  readonly encode: EncodeOptions;
  readonly segment: SegmentPolicy;
  readonly affinity: 'none' | 'same_worker';
  readonly verify: Verify;
  readonly on_error: OnError;
  readonly overwrite: boolean;
  /** 0 … 100, higher first. */
  readonly priority: number;
  /** How often a failure of FFmpeg is tried again, per task. */
  readonly retry_attempts: number;
  /** Before the first retry; doubles each time, with jitter, at most 300. */
  readonly retry_delay_seconds: number;
  /** How long one attempt may run; 0: derived from the media. */
  readonly timeout_seconds: number;
  readonly labels: readonly string[];
};

/** What a job can be doing. The next stage is made when the last task of this one ends; not every job has `measure`. */
export const JOB_STAGES = ['probe', 'measure', 'encode', 'assemble'] as const;
export type JobStage = (typeof JOB_STAGES)[number];
