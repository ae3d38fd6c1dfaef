import type { PathName, Verify } from './job.ts';
import type { MediaInfo } from './media.ts';

/** A file that an attempt made and closed, as its report vouches for it. */
export type MadeFile = { readonly path: PathName; readonly size_bytes: number };

/**
 * A stretch of the input that could not be decoded as it was written, concealed by FFmpeg. Seconds count from the
 * beginning of the input, as they do in the result.
 */
export type Damage = {
  readonly type: 'video' | 'audio';
  /** Index of the stream in the input; null: the end of the file, which its header promised, is missing. */
  readonly stream: number | null;
  readonly from_seconds: number;
  readonly to_seconds: number;
  /** FFmpeg's own words for the first of it; ffmill's where the end is missing. */
  readonly message: string;
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

/**
 * Bits of a first pass, by how they answer to a coarser quantisation: those of the texture fall a little faster than the
 * step rises, those of motion with its root, the others not at all.
 */
export type Complexity = {
  readonly texture_bits: number;
  readonly motion_bits: number;
  readonly other_bits: number;
};

/** Statistics in scratch: files that share a prefix, which is what FFmpeg is told. */
export type FirstPass = { readonly prefix: PathName; readonly files: readonly MadeFile[] };

export type MeasureResult = {
  readonly first_pass: FirstPass;
  readonly complexity: Complexity;
  /** How long the pictures of the interval are shown. */
  readonly seconds: number;
};

/** The segment that was made, and what the join holds it to. */
export type SegmentResult = {
  readonly file: MadeFile;
  readonly frames: number;
  /** Presentation time of the first and the last frame, in ticks of the source that count from `origin_ticks`. */
  readonly first_ticks: number;
  readonly last_ticks: number;
  /** What was concealed in this interval. */
  readonly damage: readonly Damage[];
  /** A hash of its parameter sets, where devices of different make may have encoded; left out: all are the same. */
  readonly header?: string;
};

export type AudioResult = { readonly file: MadeFile; readonly damage: readonly Damage[] };

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
  /** Where the input is damaged and the result holds what FFmpeg made of it; only with `on_error: conceal`. */
  readonly damage: readonly Damage[];
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

/** What a task's accepted report hands over, per kind of task. */
export type TaskResult = ProbeResult | MeasureResult | SegmentResult | AudioResult | PublishedFile;
