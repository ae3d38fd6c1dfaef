import { hasTwoPasses, VIDEO_ENCODERS, type VideoCodec } from '../codecs.ts';
import { type ContainerName, container } from '../container.ts';
import type { SegmentPolicy } from '../job.ts';
import { type MediaInfo, mainVideo, type VideoStream } from '../media.ts';
import type { EncodeOptions } from '../profile.ts';
import { MINIMUM_SEGMENT_SECONDS } from './cut-targets.ts';

/** Why a file is not cut, in words that users read. */
export type UnsplitReason =
  | 'sound only'
  | 'packets are copied'
  | 'segmenting is off'
  | 'the container cannot be joined'
  | 'an average bit rate with this encoder'
  | 'the rate limit leaves no room for seams'
  | 'the duration is unknown'
  | 'too short'
  | 'Dolby Vision'
  | 'HDR10+'
  | 'HDR10 metadata with this encoder'
  | 'interlaced'
  | 'variable frame rate'
  | 'the source cannot be sought exactly'
  | 'no keyframes to cut at';

type Wish = { readonly encode: EncodeOptions; readonly segment: SegmentPolicy; readonly container: ContainerName };

/**
 * Why this file is encoded whole, as far as that is known before keyframes are looked for; null when it may be cut.
 * What a user can do something about comes first.
 */
export function unsplitReason({ encode, segment, container: name }: Wish, media: MediaInfo): UnsplitReason | null {
  const video = mainVideo(media);
  if (encode.video_codec === 'none' || video === undefined) return 'sound only';
  if (encode.video_codec === 'copy') return 'packets are copied';
  if (segment.mode === 'off') return 'segmenting is off';
  if (!container(name).joinable) return 'the container cannot be joined';
  if (encode.video_bitrate !== null && !mayShareBits(encode)) return 'an average bit rate with this encoder';
  if (media.duration_seconds === null) return 'the duration is unknown';
  if (segment.mode === 'auto' && media.duration_seconds < 2 * MINIMUM_SEGMENT_SECONDS) return 'too short';
  return pictureReason(video, encode);
}

/** As far as it is known before the encoder is resolved. */
function mayShareBits({ video_codec: codec, video_encoder: encoder }: EncodeOptions): boolean {
  const names = encoder === null ? (VIDEO_ENCODERS[codec as VideoCodec] ?? []) : [encoder];
  return names.some(hasTwoPasses);
}

/** Demuxers whose seeking lands where the index says; what comes from any other is remuxed before it is cut. */
export function isSoughtExactly({ format }: MediaInfo): boolean {
  return format.split(',').some((name) => name === 'matroska' || name === 'mov');
}

function pictureReason(video: VideoStream, { video_codec: codec }: EncodeOptions): UnsplitReason | null {
  if (video.hdr === 'dolby_vision') return 'Dolby Vision';
  if (video.hdr === 'hdr10_plus') return 'HDR10+';
  if (video.hdr === 'hdr10' && codec !== 'hevc') return 'HDR10 metadata with this encoder';
  if (!['progressive', 'unknown'].includes(video.field_order)) return 'interlaced';
  if (codec === 'mpeg2' && video.frame_rate_mode !== 'constant') return 'variable frame rate';
  return null;
}
