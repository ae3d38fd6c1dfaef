import {
  AUDIO_CODECS,
  type AudioCodec,
  audioCodecOf,
  type StreamHandling,
  VIDEO_CODECS,
  VIDEO_ENCODERS,
  type VideoCodec,
  videoCodecOf,
} from '../../../../shared/job/codecs.ts';
import { type EncodeOptions, findProfile, type Profile } from '../../../../shared/job/profile.ts';
import type { JobRequestBody } from '../../../../shared/wire/jobs.ts';
import type { Finding } from './finding.ts';
import { parseBitRate } from './parse-bit-rate.ts';

type Merged = { readonly encode: EncodeOptions; readonly unknown: Finding[] };

/**
 * The fields of a request over those of its profile. What a profile says about one codec is no advice for another: where
 * the request names a different codec, preset, quality and bit rate are taken from the profile named after that codec.
 */
export function mergeEncodeOptions(profile: Profile, body: JobRequestBody): Merged {
  const video = resolveVideo(profile, body.video_codec);
  const audio = resolveAudio(profile, body.audio_codec);
  const unknown = [...unknownCodec('video', body, video), ...unknownCodec('audio', body, audio)];
  const encode = { ...videoOptions(profile, body, video ?? profile), ...audioOptions(profile, body, audio) };
  return { encode, unknown };
}

type VideoChoice = Pick<EncodeOptions, 'video_codec' | 'video_encoder'>;
type AudioChoice = EncodeOptions['audio_codec'];

function resolveVideo(profile: Profile, name: string | undefined): VideoChoice | undefined {
  if (name === undefined) return profile;
  if (isHandling(name)) return { video_codec: name, video_encoder: null };
  const codec = videoCodecOf(name);
  return codec && { video_codec: codec, video_encoder: name === codec ? null : name };
}

function resolveAudio(profile: Profile, name: string | undefined): AudioChoice | undefined {
  if (name === undefined) return profile.audio_codec;
  return isHandling(name) ? name : audioCodecOf(name);
}

function isHandling(name: string): name is StreamHandling {
  return name === 'copy' || name === 'none';
}

function unknownCodec(kind: 'video' | 'audio', body: JobRequestBody, found: unknown): Finding[] {
  if (found !== undefined) return [];
  const known = [...(kind === 'video' ? VIDEO_CODECS : AUDIO_CODECS), 'copy', 'none'].join(', ');
  const message = `${JSON.stringify(body[`${kind}_codec`])} is none of ${known}, nor an encoder of these`;
  return [{ code: 'unknown_codec', pointer: `/${kind}_codec`, message }];
}

function videoOptions(profile: Profile, body: JobRequestBody, choice: VideoChoice) {
  const { video_codec, video_encoder } = choice;
  if (isHandling(video_codec)) return { video_codec, ...NO_VIDEO };
  const advice = videoAdvice(profile, video_codec);
  const bitRate = body.video_bitrate === undefined ? null : parseBitRate(body.video_bitrate);
  const quality = bitRate === null ? (body.crf ?? advice.crf) : null;
  return {
    video_codec,
    video_encoder,
    hardware: body.hardware ?? profile.hardware,
    preset: body.preset ?? (isPreferred(video_encoder, video_codec) ? advice.preset : null),
    crf: profile.lossless ? null : quality,
    video_bitrate: body.crf === undefined ? (bitRate ?? advice.video_bitrate) : bitRate,
    ...limitOf(profile, body),
    lossless: profile.lossless,
    pixel_format: body.pixel_format ?? profile.pixel_format,
    ...sizeOf(profile, body),
  };
}

const NO_VIDEO = {
  ...{ video_encoder: null, hardware: 'auto' as const, preset: null, crf: null, video_bitrate: null, lossless: false },
  ...{ maxrate: null, bufsize: null },
  ...{ pixel_format: null, width: null, height: null },
};

function limitOf(profile: Profile, { maxrate, bufsize }: JobRequestBody): Pick<EncodeOptions, 'maxrate' | 'bufsize'> {
  return {
    maxrate: maxrate === undefined ? profile.maxrate : parseBitRate(maxrate),
    bufsize: bufsize === undefined ? profile.bufsize : parseBitRate(bufsize),
  };
}

/** One side given: the other follows from the picture, not from the profile's box. */
function sizeOf(profile: Profile, { width, height }: JobRequestBody): Pick<EncodeOptions, 'width' | 'height'> {
  if (width === undefined && height === undefined) return { width: profile.width, height: profile.height };
  return { width: width ?? null, height: height ?? null };
}

/** Presets are the encoder's own words: advice for the codec's first encoder says nothing to its others. */
function isPreferred(encoder: string | null, codec: VideoCodec): boolean {
  return encoder === null || encoder === VIDEO_ENCODERS[codec][0];
}

type VideoAdvice = Pick<EncodeOptions, 'preset' | 'crf' | 'video_bitrate'>;

function videoAdvice(profile: Profile, codec: VideoCodec): VideoAdvice {
  if (profile.video_codec === codec) return profile;
  return findProfile(codec) ?? { preset: null, crf: null, video_bitrate: null };
}

function audioOptions(profile: Profile, body: JobRequestBody, codec: AudioChoice = profile.audio_codec) {
  const given = body.audio_bitrate === undefined ? null : parseBitRate(body.audio_bitrate);
  const same = codec === profile.audio_codec;
  return {
    audio_codec: codec,
    audio_bitrate: given ?? (same ? profile.audio_bitrate : bitRateAdvice(codec)),
    audio_channels: body.audio_channels ?? (isHandling(codec) ? null : profile.audio_channels),
  };
}

/** Bits a second for stereo at which each codec is hard to tell from its source; null: the codec has no such choice. */
const AUDIO_BIT_RATES: Readonly<Record<AudioCodec, number | null>> = {
  aac: 160_000,
  opus: 128_000,
  ac3: 192_000,
  mp3: 192_000,
  flac: null,
  pcm: null,
};

function bitRateAdvice(codec: AudioChoice): number | null {
  return isHandling(codec) ? null : AUDIO_BIT_RATES[codec];
}
