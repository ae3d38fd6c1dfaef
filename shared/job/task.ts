import type { ContainerName } from './container.ts';
import type { OnError, PathName, SegmentPolicy, Verify } from './job.ts';
import type { MediaInfo, Rational, VideoStream } from './media.ts';
import type { EncodeOptions } from './profile.ts';
import type { Damage, FirstPass, MadeFile, SegmentResult } from './task-result.ts';
import type { AudioSettings, RateLimit, SubtitleTake, VideoSettings } from './task-settings.ts';

/**
 * What a worker is told to do, per kind of task; what it answers is in `task-result.ts`. Specs are plain data, kept as
 * JSON in the task's row.
 *
 * Ticks are in the time base of the source's video stream and count from the source's own zero (`-copyts`).
 */
export const TASK_KINDS = ['probe', 'measure', 'segment', 'audio', 'assemble', 'transcode'] as const;
export type TaskKind = (typeof TASK_KINDS)[number];

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
  readonly on_error: OnError;
  /** Slots of the farm when the job was submitted: how many segments could run at once. */
  readonly slots: number;
  /** Where a remuxed source goes. */
  readonly scratch: PathName;
};

/** What decides whether a device can decode a source, by FFmpeg's names. */
export type SourceCoding = Pick<VideoStream, 'codec' | 'profile' | 'pixel_format'>;

/** One interval of the picture, and what it becomes. */
export type IntervalSpec = {
  readonly source: PathName;
  /** Where hardware encodes; left out elsewhere, and in rows from before there was such a thing. */
  readonly source_coding?: SourceCoding;
  readonly stream_index: number;
  readonly time_base: Rational;
  /** Half-open interval of presentation time; null is open-ended. */
  readonly start_ticks: number | null;
  readonly end_ticks: number | null;
  /** Where the file begins: this moment of the source is zero in everything that is made. */
  readonly origin_ticks: number;
  readonly expected_seconds: number;
  readonly settings: VideoSettings;
  readonly on_error: OnError;
  readonly scratch: PathName;
};

/** Run the encoder's first pass over one interval: how many bits it takes decides its share of an average bit rate. */
export type MeasureSpec = IntervalSpec & { readonly kind: 'measure'; readonly picture: PictureRate };

/** What the level of a stream depends on, beside its bits. */
export type PictureRate = {
  readonly width: number;
  readonly height: number;
  /** The average. */
  readonly frames_per_second: number;
  readonly constant_rate: boolean;
};

/** Encode the picture of one interval. */
export type SegmentSpec = IntervalSpec & {
  readonly kind: 'segment';
  /**
   * How it is kept to a rate; null where a constant quality alone decides, and until the first passes have ended.
   * (Undefined in rows from before there was such a thing.)
   */
  readonly rate?: SegmentRate | null;
};

/** A segment's part of what was promised about the rate of the whole file. */
export type SegmentRate = {
  /** Bits a second, whole thousands; null: a constant quality, limited. */
  readonly share: number | null;
  /** The mean of the file, bits a second: what a deviation is measured by where the share is small. */
  readonly mean: number | null;
  /** What the encoder is told, so that the limit holds across the seams. */
  readonly limit: RateLimit | null;
  /** Of all segments, as both encoders write it: 41 for 4.1. */
  readonly level: number;
  readonly first_pass: FirstPass | null;
  /** How long the first pass found the pictures to be shown; null without one. */
  readonly seconds: number | null;
};

/** Everything that is not the picture, made once, whole: sound, subtitles, chapters, attachments, tags. */
export type AudioSpec = {
  readonly kind: 'audio';
  readonly source: PathName;
  readonly container: ContainerName;
  /** Of the picture that it will be beside. */
  readonly time_base: Rational;
  readonly settings: AudioSettings;
  /** Streams of the source to take, by index. */
  readonly audio: readonly number[];
  readonly subtitles: readonly SubtitleTake[];
  readonly attachments: readonly number[];
  /** Written as late as segments are, so that what begins before zero can be written at all. */
  readonly shifted: boolean;
  readonly origin_seconds: number;
  readonly on_error: OnError;
  readonly expected_seconds: number;
  readonly scratch: PathName;
};

/** A finished segment in its place, counted from 0. */
export type SegmentPart = SegmentResult & { readonly ordinal: number };

/** What verification holds the result against. */
export type Expectation = {
  /** Exact when known beforehand (sum of the segments), else null. */
  readonly frames: number | null;
  /** How long the streams that are kept last: from the output's zero, sound alone from its beginning; null: unknown. */
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
  readonly input_fingerprint: string;
  readonly video: {
    /** Of the source, like the time base. */
    readonly stream_index: number;
    readonly time_base: Rational;
    /** The tick, from the file's beginning, before which an edit list hides what is decoded; null: all of it is shown. */
    readonly first_shown_ticks: number | null;
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
  /** Indices of attached files of the source that are not in the rest. */
  readonly attachments: readonly number[];
  /** What was concealed on the way, of picture and sound. */
  readonly damage: readonly Damage[];
  readonly target: Target;
  readonly expect: Expectation;
  readonly verify: Verify;
  readonly on_error: OnError;
  readonly expected_seconds: number;
};

/** The whole file in one FFmpeg process. */
export type TranscodeSpec = {
  readonly kind: 'transcode';
  readonly input: PathName;
  readonly input_size_bytes: number;
  readonly input_modified_ms: number;
  readonly input_fingerprint: string;
  readonly source: PathName;
  readonly media: MediaInfo;
  readonly video: VideoSettings | 'copy' | null;
  readonly audio: AudioSettings | null;
  /** Where the source begins, in seconds: this moment is zero in the result. */
  readonly origin_seconds: number;
  readonly subtitles: readonly SubtitleTake[];
  readonly attachments: readonly number[];
  readonly target: Target;
  readonly expect: Expectation;
  readonly verify: Verify;
  readonly on_error: OnError;
  readonly expected_seconds: number;
};

export type TaskSpec = ProbeSpec | MeasureSpec | SegmentSpec | AudioSpec | AssembleSpec | TranscodeSpec;

/** Whether the task puts a file under a name that the user chose, and therefore commits. */
export function publishes(kind: TaskKind): boolean {
  return kind === 'assemble' || kind === 'transcode';
}
