import type { AudioCodec, VideoCodec } from './codecs.ts';
import type { Rational } from './media.ts';

/** The concrete settings of one video encode, all decisions made. */
export type VideoSettings = {
  readonly codec: VideoCodec;
  readonly encoder: string;
  readonly preset: string | null;
  readonly crf: number | null;
  readonly bitrate: number | null;
  /** What a receiver may need at the most: it gets `maxrate` bits a second into a buffer of `bufsize` bits. */
  readonly limit: RateLimit | null;
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

/** Bits a second, and bits. */
export type RateLimit = { readonly maxrate: number; readonly bufsize: number };

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
