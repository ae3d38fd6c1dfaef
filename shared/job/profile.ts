import type { AudioCodec, StreamHandling, VideoCodec } from './codecs.ts';

/**
 * Where the picture may be encoded. `auto`: on the processor, which makes smaller files of one quality, and in hardware
 * only where no worker has a software encoder of the codec; `prefer`: in hardware, and in software where that cannot be
 * or fails; `never` and `require` are kept, come what may.
 */
export const HARDWARE_WISHES = ['auto', 'never', 'prefer', 'require'] as const;
export type HardwareWish = (typeof HARDWARE_WISHES)[number];

/**
 * What the user wants the streams to become. Every field of a request stands over the profile's.
 * Bit rates are bits a second; width and height are the box the picture is fitted into (never enlarged, aspect kept).
 */
export type EncodeOptions = {
  readonly video_codec: VideoCodec | StreamHandling;
  /** One of the codec's encoders by name, or null: any that the fleet has proved. */
  readonly video_encoder: string | null;
  readonly hardware: HardwareWish;
  /** In the words of the codec's first software encoder; hardware gets what comes nearest, or its own word. */
  readonly preset: string | null;
  /** Constant quality, in the scale of the codec's software encoders; null with `video_bitrate` or `lossless`. */
  readonly crf: number | null;
  readonly video_bitrate: number | null;
  /** No more than so many bits a second, for a receiver that buffers `bufsize` bits; both or neither. */
  readonly maxrate: number | null;
  readonly bufsize: number | null;
  readonly lossless: boolean;
  /** null: the source's, or the nearest the encoder takes. */
  readonly pixel_format: string | null;
  readonly width: number | null;
  readonly height: number | null;
  readonly audio_codec: AudioCodec | StreamHandling;
  readonly audio_bitrate: number | null;
  readonly audio_channels: number | null;
};

/** Encode options under a name. */
export type Profile = EncodeOptions & { readonly name: string; readonly description: string };

const BASE: EncodeOptions = {
  video_codec: 'h264',
  video_encoder: null,
  hardware: 'auto',
  preset: null,
  crf: null,
  video_bitrate: null,
  maxrate: null,
  bufsize: null,
  lossless: false,
  pixel_format: null,
  width: null,
  height: null,
  audio_codec: 'aac',
  audio_bitrate: 160_000,
  audio_channels: null,
};

const H264: EncodeOptions = { ...BASE, video_codec: 'h264', preset: 'medium', crf: 21 };
const HEVC: EncodeOptions = { ...BASE, video_codec: 'hevc', preset: 'medium', crf: 24 };
const AV1: EncodeOptions = {
  ...BASE,
  video_codec: 'av1',
  preset: '8',
  crf: 32,
  audio_codec: 'opus',
  audio_bitrate: 128_000,
};
const P1080 = { width: 1920, height: 1080 };
const P720 = { width: 1280, height: 720 };

/** The profiles that ship. The numbers are the middle of what each encoder's own guide recommends. */
export const PROFILES: readonly Profile[] = [
  { ...H264, name: 'h264', description: 'H.264 and AAC: plays everywhere' },
  { ...H264, ...P1080, name: 'h264-1080p', description: 'H.264 and AAC, at most 1920×1080' },
  { ...H264, ...P720, name: 'h264-720p', description: 'H.264 and AAC, at most 1280×720' },
  { ...HEVC, name: 'hevc', description: 'HEVC and AAC: half the size of H.264, slower' },
  { ...HEVC, ...P1080, name: 'hevc-1080p', description: 'HEVC and AAC, at most 1920×1080' },
  { ...HEVC, ...P720, name: 'hevc-720p', description: 'HEVC and AAC, at most 1280×720' },
  { ...AV1, name: 'av1', description: 'AV1 and Opus: the smallest files' },
  { ...AV1, ...P1080, name: 'av1-1080p', description: 'AV1 and Opus, at most 1920×1080' },
  { ...AV1, ...P720, name: 'av1-720p', description: 'AV1 and Opus, at most 1280×720' },
  {
    ...BASE,
    name: 'copy',
    description: 'Remux only: every packet as it is',
    video_codec: 'copy',
    audio_codec: 'copy',
    audio_bitrate: null,
  },
  { ...BASE, name: 'audio', description: 'The sound alone, as AAC', video_codec: 'none' },
  {
    ...BASE,
    name: 'lossless',
    description: 'H.264 without any loss, sound as it is',
    preset: 'veryfast',
    lossless: true,
    audio_codec: 'copy',
    audio_bitrate: null,
  },
];

/** What a request gets that names no profile. */
export const DEFAULT_PROFILE = 'h264';

/** The profile of that name; undefined when there is none. */
export function findProfile(name: string): Profile | undefined {
  return PROFILES.find((profile) => profile.name === name);
}
