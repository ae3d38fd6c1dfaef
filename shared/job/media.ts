/**
 * What probing found out about a media file. Field names are those of the wire (snake_case); seconds are decimal
 * numbers, `ticks` are integers in units of the stream's `time_base`.
 */

/** A fraction in lowest terms, as FFmpeg prints it: numerator and denominator. */
export type Rational = { readonly num: number; readonly den: number };

type StreamBase = {
  /** Index in the file, as in FFmpeg's `-map 0:index`. */
  readonly index: number;
  readonly codec: string;
  readonly time_base: Rational;
  /** First presentation time stamp in ticks; null when the container does not say. */
  readonly start_ticks: number | null;
  readonly duration_seconds: number | null;
  readonly language: string | null;
  readonly title: string | null;
  /** Names of the dispositions that are set (`default`, `forced`, `attached_pic` …). */
  readonly dispositions: readonly string[];
};

export type VideoStream = StreamBase & {
  readonly type: 'video';
  readonly profile: string | null;
  readonly width: number;
  readonly height: number;
  readonly pixel_format: string;
  readonly sample_aspect_ratio: Rational | null;
  /** Clockwise degrees that a player turns the picture: 0, 90, 180 or 270. */
  readonly rotation: number;
  readonly average_frame_rate: Rational | null;
  /** `constant` when the container's nominal and average rates agree. */
  readonly frame_rate_mode: 'constant' | 'variable' | 'unknown';
  /** `progressive`, `tt`, `bb`, `tb`, `bt` or `unknown`. */
  readonly field_order: string;
  readonly color_range: string | null;
  readonly color_space: string | null;
  readonly color_transfer: string | null;
  readonly color_primaries: string | null;
  readonly chroma_location: string | null;
  readonly hdr: 'hdr10' | 'hlg' | 'dolby_vision' | 'hdr10_plus' | null;
  readonly mastering_display: string | null;
  readonly max_content_light: string | null;
  /** As the container counts them; null when it does not. */
  readonly frame_count: number | null;
  readonly bit_rate: number | null;
};

export type AudioStream = StreamBase & {
  readonly type: 'audio';
  readonly profile: string | null;
  readonly sample_rate: number;
  readonly channels: number;
  readonly channel_layout: string | null;
  readonly bit_rate: number | null;
};

export type OtherStream = StreamBase & { readonly type: 'subtitle' | 'attachment' | 'data' };

export type MediaStream = VideoStream | AudioStream | OtherStream;

/** A file's container and streams. Bit rates are bits a second; null is what neither header nor probe tells. */
export type MediaInfo = {
  /** FFmpeg's name of the demuxer, e.g. `matroska,webm` or `mov,mp4,m4a,3gp,3g2,mj2`. */
  readonly format: string;
  readonly size_bytes: number;
  /** Modification time of the file, milliseconds since the epoch. */
  readonly modified_ms: number;
  /** Hash of samples of its bytes. */
  readonly fingerprint: string;
  readonly start_seconds: number | null;
  readonly duration_seconds: number | null;
  readonly bit_rate: number | null;
  readonly chapters: number;
  readonly streams: readonly MediaStream[];
};

/** The video stream that a player shows: the first that is not a cover picture; undefined when there is none. */
export function mainVideo(media: MediaInfo): VideoStream | undefined {
  return media.streams.find(
    (stream): stream is VideoStream => stream.type === 'video' && !stream.dispositions.includes('attached_pic'),
  );
}

/** The average; 25 where the container does not say. */
export function framesPerSecond({ average_frame_rate: rate }: VideoStream): number {
  return rate === null || rate.den === 0 || rate.num <= 0 ? 25 : rate.num / rate.den;
}

/** All streams of sound, in the file's order. */
export function audioStreams(media: MediaInfo): AudioStream[] {
  return media.streams.filter((stream): stream is AudioStream => stream.type === 'audio');
}

/** Seconds that `ticks` of a time base last. */
export function ticksToSeconds(ticks: number, timeBase: Rational): number {
  return (ticks * timeBase.num) / timeBase.den;
}

/** The nearest tick to a moment. */
export function secondsToTicks(seconds: number, timeBase: Rational): number {
  return Math.round((seconds * timeBase.den) / timeBase.num);
}
