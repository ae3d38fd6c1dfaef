import { VIDEO_ENCODERS, type VideoCodec } from '../../../../shared/job/codecs.ts';
import { type ContainerName, container, containerOf } from '../../../../shared/job/container.ts';
import { isHardware } from '../../../../shared/job/pools.ts';
import type { EncodeOptions } from '../../../../shared/job/profile.ts';
import type { JobRequestBody } from '../../../../shared/wire/jobs.ts';
import type { Finding } from './finding.ts';

/** Fields that cannot be had together, with each other or with the output's container. */
export function findContradictions(body: JobRequestBody, encode: EncodeOptions): Finding[] {
  return [
    ...findVideoContradictions(body, encode),
    ...findAudioContradictions(body, encode),
    ...findContainerContradictions(body, encode),
  ];
}

const VIDEO_FIELDS = [
  'hardware',
  'preset',
  'crf',
  'video_bitrate',
  'maxrate',
  'bufsize',
  'pixel_format',
  'width',
  'height',
] as const;

function findVideoContradictions(body: JobRequestBody, encode: EncodeOptions): Finding[] {
  const { video_codec: codec } = encode;
  if (codec === 'copy') return given(body, VIDEO_FIELDS, 'cannot be set when the video is copied');
  if (codec === 'none') return given(body, VIDEO_FIELDS, 'cannot be set when there is no video');
  return [...findHardwareContradictions(body, encode, codec), ...findRateContradictions(body, encode, codec)];
}

function findRateContradictions(body: JobRequestBody, encode: EncodeOptions, codec: VideoCodec): Finding[] {
  if (encode.lossless) return findLosslessContradictions(body, codec);
  if (body.crf !== undefined && body.video_bitrate !== undefined)
    return [invalid('/crf', 'cannot be set together with video_bitrate')];
  return [...findQualityContradictions(body, codec), ...findLimitContradictions(body, encode)];
}

function findHardwareContradictions(body: JobRequestBody, encode: EncodeOptions, codec: VideoCodec): Finding[] {
  if (encode.video_encoder !== null)
    return given(body, ['hardware'], `cannot be set: video_codec names ${encode.video_encoder} already`);
  if (encode.hardware !== 'require') return [];
  if (!VIDEO_ENCODERS[codec].some(isHardware)) return [invalid('/hardware', `cannot be required: ${codec} has none`)];
  if (encode.lossless) return [invalid('/hardware', 'cannot be required: no hardware encoder is lossless')];
  return encode.maxrate === null
    ? []
    : [invalid('/hardware', 'cannot be required with maxrate, which hardware encoders do not promise')];
}

/** Codecs whose encoders have a lossless mode. */
const LOSSLESS: readonly VideoCodec[] = ['h264', 'hevc', 'vp9', 'ffv1'];

function findLosslessContradictions(body: JobRequestBody, codec: VideoCodec): Finding[] {
  const quality = given(body, ['crf', 'video_bitrate', 'maxrate', 'bufsize'], 'cannot be set with a lossless profile');
  if (LOSSLESS.includes(codec)) return quality;
  return [...quality, invalid('/video_codec', `${codec} cannot be lossless: take one of ${LOSSLESS.join(', ')}`)];
}

/** The largest CRF of each codec's encoders; null: they have none. (x264 and x265: 0 … 51; AV1 and VP9: 0 … 63.) */
const LARGEST_CRF: Readonly<Record<VideoCodec, number | null>> = {
  h264: 51,
  hevc: 51,
  av1: 63,
  vp9: 63,
  mpeg2: null,
  ffv1: null,
};

function findQualityContradictions({ crf, video_bitrate }: JobRequestBody, codec: VideoCodec): Finding[] {
  const largest = LARGEST_CRF[codec];
  if (codec === 'ffv1' && video_bitrate !== undefined)
    return [invalid('/video_bitrate', 'cannot be set: ffv1 keeps every sample')];
  if (crf === undefined) return [];
  if (largest === null) return [invalid('/crf', `cannot be set: ${codec} has no constant quality`)];
  return crf > largest ? [invalid('/crf', `must be at most ${largest} for ${codec}`)] : [];
}

/** Codecs whose encoders keep a limit that a receiver can rely on. */
const LIMITED: readonly string[] = ['h264', 'hevc'];

function findLimitContradictions(body: JobRequestBody, encode: EncodeOptions): Finding[] {
  const { maxrate, bufsize, video_bitrate: bitrate } = encode;
  const missing = body.maxrate === undefined ? 'maxrate' : 'bufsize';
  if (maxrate === null && bufsize === null) return [];
  if (!LIMITED.includes(encode.video_codec))
    return given(body, ['maxrate', 'bufsize'], `cannot be set: only ${LIMITED.join(' and ')} can be limited`);
  if (maxrate === null || bufsize === null)
    return [invalid(`/${missing}`, 'is needed: maxrate and bufsize mean something only together')];
  return bitrate !== null && bitrate > maxrate ? [invalid('/maxrate', 'is below the average, video_bitrate')] : [];
}

const AUDIO_FIELDS = ['audio_bitrate', 'audio_channels'] as const;

function findAudioContradictions(body: JobRequestBody, encode: EncodeOptions): Finding[] {
  const { video_codec, audio_codec: codec } = encode;
  if (codec === 'none' && video_codec === 'none') return [invalid('/audio_codec', 'leaves nothing: there is no video')];
  if (codec === 'copy') return given(body, AUDIO_FIELDS, 'cannot be set when the sound is copied');
  if (codec === 'none') return given(body, AUDIO_FIELDS, 'cannot be set when there is no sound');
  if (codec === 'flac' || codec === 'pcm')
    return given(body, ['audio_bitrate'], `cannot be set: ${codec} keeps every sample`);
  return [];
}

function findContainerContradictions(body: JobRequestBody, encode: EncodeOptions): Finding[] {
  const name = containerOf(body.output);
  if (name === undefined) return [];
  const { video, audio } = container(name);
  return [
    ...findMisfit(name, '/video_codec', encode.video_codec, video),
    ...findMisfit(name, '/audio_codec', encode.audio_codec, audio),
  ];
}

/** Whether what is copied fits only the probe can tell, unless nothing does. */
function findMisfit(name: ContainerName, pointer: string, codec: string, taken: readonly string[] | null): Finding[] {
  if (taken === null || codec === 'none' || taken.includes(codec)) return [];
  if (codec === 'copy' && taken.length > 0) return [];
  const advice = taken.length > 0 ? `takes ${taken.join(', ')}` : 'takes none: set it to "none"';
  return [{ code: 'codec_not_in_container', pointer, message: `${codec} cannot go into ${name}, which ${advice}` }];
}

function given(body: JobRequestBody, fields: readonly (keyof JobRequestBody)[], message: string): Finding[] {
  return fields.filter((field) => body[field] !== undefined).map((field) => invalid(`/${field}`, message));
}

function invalid(pointer: string, message: string): Finding {
  return { code: 'invalid_request', pointer, message };
}
