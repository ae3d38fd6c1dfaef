import type { VideoCodec } from '../../../../shared/job/codecs.ts';

/** Qualities count as x264 and x265 do (0 … 51), or as the encoders of AV1 and VP9 (0 … 63). */
function longScale(codec: VideoCodec): boolean {
  return codec === 'av1' || codec === 'vp9';
}

/** For NVENC's `-cq`, which has the codec's own scale; 0 would let it choose. */
export function nvencQuality(crf: number): number {
  return Math.max(1, crf);
}

/** For VAAPI: the quantiser of H.264 and HEVC (1 … 51), the index of AV1 and VP9 (1 … 255). */
export function vaapiQuality(codec: VideoCodec, crf: number): number {
  return Math.max(1, Math.min(longScale(codec) ? 255 : 51, Math.round(longScale(codec) ? crf * 4 : crf)));
}

/** For Quick Sync's ICQ: 1 … 51 for every codec. */
export function qsvQuality(codec: VideoCodec, crf: number): number {
  return Math.max(1, Math.round(longScale(codec) ? (crf * 51) / 63 : crf));
}

/** For VideoToolbox, where 100 is the best: 64 for a CRF of 21, what its users take for pictures that look alike. */
export function videotoolboxQuality(crf: number): number {
  return Math.max(1, Math.round(100 - 1.7 * crf));
}
