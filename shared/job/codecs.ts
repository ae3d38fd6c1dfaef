/**
 * What a user may ask for, and what FFmpeg calls the things that make it. A codec is an intent; which of its encoders
 * serves is decided late, from what the fleet has proved. The order is the order of preference.
 */
export const VIDEO_ENCODERS = {
  h264: ['libx264'],
  hevc: ['libx265'],
  av1: ['libsvtav1', 'libaom-av1'],
  vp9: ['libvpx-vp9'],
  mpeg2: ['mpeg2video'],
  ffv1: ['ffv1'],
} as const satisfies Record<string, readonly string[]>;

/** The same for sound. */
export const AUDIO_ENCODERS = {
  aac: ['aac'],
  opus: ['libopus'],
  ac3: ['ac3'],
  mp3: ['libmp3lame'],
  flac: ['flac'],
  pcm: ['pcm_s16le'],
} as const satisfies Record<string, readonly string[]>;

/** Encoders whose first pass writes statistics that say what each frame costs, and whose second pass reads them. */
const TWO_PASS_ENCODERS: readonly string[] = ['libx264', 'libx265'];

/** Whether the bits of a file can be shared among its segments. */
export function hasTwoPasses(encoder: string): boolean {
  return TWO_PASS_ENCODERS.includes(encoder);
}

export type VideoCodec = keyof typeof VIDEO_ENCODERS;
export type AudioCodec = keyof typeof AUDIO_ENCODERS;

/** `copy` takes the packets as they are, `none` leaves the streams out. */
export type StreamHandling = 'copy' | 'none';

export const VIDEO_CODECS = Object.keys(VIDEO_ENCODERS) as VideoCodec[];
export const AUDIO_CODECS = Object.keys(AUDIO_ENCODERS) as AudioCodec[];
/** All that a worker tries to prove. */
export const ENCODER_NAMES = [...Object.values(VIDEO_ENCODERS), ...Object.values(AUDIO_ENCODERS)].flat();

/** The codec that an intent or an encoder's own name stands for; undefined when there is none. */
export function videoCodecOf(name: string): VideoCodec | undefined {
  return VIDEO_CODECS.find((codec) => codec === name || (VIDEO_ENCODERS[codec] as readonly string[]).includes(name));
}

/** The codec that an intent or an encoder's own name stands for; undefined when there is none. */
export function audioCodecOf(name: string): AudioCodec | undefined {
  return AUDIO_CODECS.find((codec) => codec === name || (AUDIO_ENCODERS[codec] as readonly string[]).includes(name));
}
