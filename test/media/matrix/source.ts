/**
 * A source of the matrix, as a point on its axes. Every frame differs from every other (testsrc2 moves and burns in its
 * counter), half a second after each full second the picture flashes and the sound beeps.
 */
export type Source = {
  readonly container: SourceContainer;
  readonly codec: VideoKind;
  readonly gop: Gop;
  /** Frames a second, as FFmpeg takes it. */
  readonly rate: string;
  readonly timing: Timing;
  readonly seconds: number;
  readonly size: string;
  readonly pixels: string;
  /** One stream each, in order. */
  readonly audio: readonly Sound[];
  /** Filters of the picture that come last: interlacing, shape of the pixels, colors. */
  readonly filters: readonly string[];
  /** Further options of the encode. */
  readonly options: readonly string[];
  /** What goes along beside picture and sound. */
  readonly extras: readonly Extra[];
  /** What is done to the finished file. */
  readonly after: After | null;
};

export type SourceContainer = 'mp4' | 'mov' | 'mkv' | 'webm' | 'ts' | 'avi' | 'flv' | 'mpg';
export type VideoKind = 'h264' | 'hevc' | 'mpeg2' | 'mpeg4' | 'vp9' | 'vp8' | 'av1' | 'prores' | 'mjpeg' | 'ffv1';
/** `refresh`: x264's slow refresh instead of keyframes. */
export type Gop = 'closed' | 'open' | 'long' | 'intra' | 'refresh';
/** `mixed`: stretches of 24, 30 and 60 frames a second; `jitter`: a phone's clock; `gaps`: frames are missing. */
export type Timing = 'constant' | 'mixed' | 'jitter' | 'gaps';

export type Sound = {
  readonly codec: AudioKind;
  readonly channels?: 1 | 2 | 6;
  /** How much later than the picture it begins; negative: earlier. */
  readonly late?: number;
  /** Seconds, where it does not last as long as the picture. */
  readonly seconds?: number;
  readonly language?: string;
  readonly title?: string;
  /** Dispositions, as FFmpeg writes them: `default+comment`. */
  readonly disposition?: string;
  readonly sampleRate?: number;
};
export type AudioKind = 'aac' | 'ac3' | 'opus' | 'pcm' | 'mp3' | 'mp2' | 'flac' | 'vorbis';

export type Extra = 'srt' | 'ass' | 'pgs' | 'mov_text' | 'chapters' | 'tags' | 'font' | 'cover';

/**
 * `edit-list`: cut between keyframes without encoding; `start-offset`: begins at 1.25 s; `late`: begins after an hour;
 * `wrap`: the clock of MPEG-TS passes 2^33; `jump`: it jumps in the middle; `rotate`: 90° by the display matrix;
 * `twice`: two frames of one moment; `fragments`: a fragmented MP4; `fragments-edited`: one with edit lists; `mid-gop`: a
 * recording that begins between two keyframes.
 */
export type After =
  | 'edit-list'
  | 'start-offset'
  | 'late'
  | 'wrap'
  | 'jump'
  | 'rotate'
  | 'fragments'
  | 'fragments-edited'
  | 'mid-gop'
  | 'twice';

const PLAIN: Source = {
  container: 'mp4',
  codec: 'h264',
  gop: 'closed',
  rate: '25',
  timing: 'constant',
  seconds: 4.2,
  size: '128x72',
  pixels: 'yuv420p',
  audio: [{ codec: 'aac' }],
  filters: [],
  options: [],
  extras: [],
  after: null,
};

/** The plainest source with what is said otherwise. */
export function source(different: Partial<Source> = {}): Source {
  return { ...PLAIN, ...different };
}
