import { capabilityFor, isHardware } from './pools.ts';

/**
 * What a user may ask for, and what FFmpeg calls the things that make it. A codec is an intent; which of its encoders
 * serves is decided late, from what the fleet has proved. The order is the order of preference, among software and among
 * hardware; which of the two goes first is the request's to say.
 */
export const VIDEO_ENCODERS = {
  h264: ['libx264', 'h264_nvenc', 'h264_vaapi', 'h264_qsv', 'h264_videotoolbox'],
  hevc: ['libx265', 'hevc_nvenc', 'hevc_vaapi', 'hevc_qsv', 'hevc_videotoolbox'],
  av1: ['libsvtav1', 'libaom-av1', 'av1_nvenc', 'av1_vaapi', 'av1_qsv'],
  vp9: ['libvpx-vp9', 'vp9_vaapi', 'vp9_qsv'],
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
/** Of the encoders those that run on the processor: any worker may have them that has FFmpeg. */
export const SOFTWARE_ENCODERS: readonly string[] = [...Object.values(VIDEO_ENCODERS), ...Object.values(AUDIO_ENCODERS)]
  .flat()
  .filter((name) => !isHardware(name));
/** Codecs whose hardware encoders may know ten bits a sample. */
const TEN_BIT_CODECS: readonly VideoCodec[] = ['hevc', 'av1'];
/** What a worker with hardware may prove beside. */
const HARDWARE_CAPABILITIES = VIDEO_CODECS.flatMap((codec) =>
  VIDEO_ENCODERS[codec]
    .filter(isHardware)
    .flatMap((name) => (TEN_BIT_CODECS.includes(codec) ? [name, capabilityFor(name, 'yuv420p10le')] : [name])),
);
/** All that a worker tries to prove. */
export const ENCODER_NAMES: readonly string[] = [...SOFTWARE_ENCODERS, ...HARDWARE_CAPABILITIES];

/** The codec that an intent or an encoder's own name stands for; undefined when there is none. */
export function videoCodecOf(name: string): VideoCodec | undefined {
  return VIDEO_CODECS.find((codec) => codec === name || (VIDEO_ENCODERS[codec] as readonly string[]).includes(name));
}

/** The codec that an intent or an encoder's own name stands for; undefined when there is none. */
export function audioCodecOf(name: string): AudioCodec | undefined {
  return AUDIO_CODECS.find((codec) => codec === name || (AUDIO_ENCODERS[codec] as readonly string[]).includes(name));
}
