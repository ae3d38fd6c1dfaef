import type { AudioCodec, VideoCodec } from './codecs.ts';
import type { ContainerName } from './container.ts';
import type { PathName, SegmentPolicy, Verify } from './job.ts';
import type { MediaInfo, Rational } from './media.ts';
import type { EncodeOptions } from './profile.ts';

/**
 * What a worker is told to do, and what it answers, per kind of task. Specs are plain data, kept as JSON in the task's
 * row; results are kept when the accepted report names them.
 *
 * Ticks are in the time base of the source's video stream and count from the source's own zero (`-copyts`).
 */
export const TASK_KINDS = ['probe', 'segment', 'audio', 'assemble', 'transcode'] as const;
export type TaskKind = (typeof TASK_KINDS)[number];

/** The concrete settings of one video encode, all decisions made. */
export type VideoSettings = {
  readonly codec: VideoCodec;
  readonly encoder: string;
  readonly preset: string | null;
  readonly crf: number | null;
  readonly bitrate: number | null;
  readonly lossless: boolean;
  readonly pixel_format: string;
  /** Coded size to scale to; null leaves the source's. Even numbers. */
  readonly scale: { readonly width: number; readonly height: number } | null;
  /** Width to height of one pixel after scaling; null leaves it to the source. */
  readonly pixel_aspect: Rational | null;
  /** Frames between keyframes at the most. */
  readonly gop_frames: number;
  readonly color: ColorTags;
  /** Static HDR metadata as the encoder's parameters want it; null when there is none. */
  readonly hdr10: { readonly mastering_display: string | null; readonly max_content_light: string | null } | null;
};

/** Tags of the picture's colors, by FFmpeg's names; null leaves a tag out. */
export type ColorTags = {
  readonly space: string | null;
  readonly transfer: string | null;
  readonly primaries: string | null;
};

/** A subtitle stream to take along, and what it becomes. */
export type SubtitleTake = {
  readonly index: number;
  readonly codec: 'copy' | 'mov_text' | 'webvtt' | 'subrip';
};

/** The concrete settings of the sound. Null leaves the choice to the encoder or, for channels, to the source. */
export type AudioSettings = {
  readonly codec: AudioCodec | 'copy';
  readonly encoder: string | null;
  readonly bitrate: number | null;
  readonly channels: number | null;
  /** Copied packets from before the beginning are left out: an edit list hides them, and the output has none. */
  readonly from_zero: boolean;
};

/** A file that an attempt made and closed, as its report vouches for it. */
export type MadeFile = { readonly path: PathName; readonly size_bytes: number };

/** What is to be published, and how. */
export type Target = {
  readonly output: PathName;
  readonly container: ContainerName;
  readonly overwrite: boolean;
  /** Hidden folder beside the output that holds the parts of this job. */
  readonly parts: PathName;
};

/** Look at the input, and at where its picture could be cut. */
export type ProbeSpec = {
  readonly kind: 'probe';
  readonly input: PathName;
  readonly target: Target;
  readonly encode: EncodeOptions;
  readonly segment: SegmentPolicy;
  /** Slots of the farm when the job was submitted: how many segments could run at once. */
  readonly slots: number;
  /** Where a remuxed source goes. */
  readonly scratch: PathName;
};

/** What the plan of the encode is made from. */
export type ProbeResult = {
  readonly media: MediaInfo;
  /** What the encodes read: the input, or its remux when the container cannot be sought exactly. */
  readonly source: PathName;
  readonly remux: MadeFile | null;
  /**
   * Presentation time stamps (ticks, ascending) of keyframes at or before the wanted cut points, the first frame's not
   * among them.
   */
  readonly keyframes: readonly number[];
};

/** Encode the picture of one interval. */
export type SegmentSpec = {
  readonly kind: 'segment';
  readonly source: PathName;
  readonly stream_index: number;
  readonly time_base: Rational;
  /** Half-open interval of presentation time; null is open-ended. */
  readonly start_ticks: number | null;
  readonly end_ticks: number | null;
  /** Where the file begins: this moment of the source is zero in everything that is made. */
  readonly origin_ticks: number;
  readonly expected_seconds: number;
  readonly settings: VideoSettings;
  readonly scratch: PathName;
};

/** The segment that was made, and what the join holds it to. */
export type SegmentResult = {
  readonly file: MadeFile;
  readonly frames: number;
  /** Presentation time of the first and the last frame, in ticks of the source that count from `origin_ticks`. */
  readonly first_ticks: number;
  readonly last_ticks: number;
};

/** Everything that is not the picture, made once, whole: sound, subtitles, chapters, attachments, tags. */
export type AudioSpec = {
  readonly kind: 'audio';
  readonly source: PathName;
  readonly container: ContainerName;
  readonly settings: AudioSettings;
  /** Streams of the source to take, by index. */
  readonly audio: readonly number[];
  readonly subtitles: readonly SubtitleTake[];
  readonly attachments: readonly number[];
  /** Written as late as segments are, so that what begins before zero can be written at all. */
  readonly shifted: boolean;
  readonly expected_seconds: number;
  readonly scratch: PathName;
};

export type AudioResult = { readonly file: MadeFile };

/** A finished segment in its place, counted from 0. */
export type SegmentPart = SegmentResult & { readonly ordinal: number };

/** What verification holds the result against. */
export type Expectation = {
  /** Exact when known beforehand (sum of the segments), else null. */
  readonly frames: number | null;
  /** How long the streams that are kept last, from the output's zero; null when the source does not say. */
  readonly duration_seconds: number | null;
  /** From the output's zero to the end of the last frame. */
  readonly video_seconds: number | null;
  readonly video: boolean;
  readonly video_codec: string | null;
  readonly audio_streams: number;
  /** Encoded here, and so to be decoded without a message; what is copied is as good as the source's. */
  readonly encoded: readonly ('video' | 'audio')[];
  readonly subtitle_streams: number;
  readonly width: number | null;
  readonly height: number | null;
};

/** Join the segments and the rest, verify, publish. */
export type AssembleSpec = {
  readonly kind: 'assemble';
  readonly source: PathName;
  /** The source as it was probed: a change fails the job as `input_changed`. */
  readonly input: PathName;
  readonly input_size_bytes: number;
  readonly input_modified_ms: number;
  readonly video: {
    /** Of the source, like the time base. */
    readonly stream_index: number;
    readonly time_base: Rational;
    readonly settings: VideoSettings;
    readonly language: string | null;
    readonly title: string | null;
    readonly dispositions: readonly string[];
  };
  /** Where the source begins, in seconds: chapters that are taken from it move by this. */
  readonly origin_seconds: number;
  readonly segments: readonly SegmentPart[];
  readonly rest: MadeFile | null;
  readonly rest_shifted: boolean;
  readonly target: Target;
  readonly expect: Expectation;
  readonly verify: Verify;
  readonly expected_seconds: number;
};

/** The whole file in one FFmpeg process. */
export type TranscodeSpec = {
  readonly kind: 'transcode';
  readonly input: PathName;
  readonly input_size_bytes: number;
  readonly input_modified_ms: number;
  readonly source: PathName;
  readonly media: MediaInfo;
  readonly video: VideoSettings | 'copy' | null;
  readonly audio: AudioSettings | null;
  readonly subtitles: readonly SubtitleTake[];
  readonly attachments: readonly number[];
  readonly target: Target;
  readonly expect: Expectation;
  readonly verify: Verify;
  readonly expected_seconds: number;
};

export type TaskSpec = ProbeSpec | SegmentSpec | AudioSpec | AssembleSpec | TranscodeSpec;

/** What was looked at before the file was published. */
export type Verification = {
  readonly level: Verify;
  readonly frames: number | null;
  readonly duration_seconds: number;
  readonly streams: number;
  /** Every check by name, in words a user reads in the summary: `frames 1800 of 1800`, `12 seams continuous` … */
  readonly checks: readonly string[];
  /** Mean SSIM of sampled frames against the source (`full` only). */
  readonly ssim: number | null;
};

/** What a publishing attempt hands over with its commit: all that the report would carry. */
export type PublishedFile = {
  readonly part: PathName;
  readonly size_bytes: number;
  readonly modified_ms: number;
  /** The inode of the part: who finds it under the final name knows the file for the winner's. Decimal. */
  readonly inode: string;
  readonly verification: Verification;
};

export type TaskResult = ProbeResult | SegmentResult | AudioResult | PublishedFile;

/** Whether the task puts a file under a name that the user chose, and therefore commits. */
export function publishes(kind: TaskKind): boolean {
  return kind === 'assemble' || kind === 'transcode';
}
