import { isHardware } from '../pools.ts';

/** The pixel formats that the software encoders take (`ffmpeg -h encoder=…`), those with a meaning here. */
const EIGHT = ['yuv420p', 'yuv422p', 'yuv444p'];
const TEN = ['yuv420p10le', 'yuv422p10le', 'yuv444p10le'];
const TWELVE = ['yuv420p12le', 'yuv422p12le', 'yuv444p12le'];
const FULL_RANGE = ['yuvj420p', 'yuvj422p', 'yuvj444p'];

const TAKEN: Readonly<Record<string, readonly string[]>> = {
  libx264: [...EIGHT, ...FULL_RANGE, ...TEN, 'gray', 'gray10le'],
  libx265: [...EIGHT, ...FULL_RANGE, ...TEN, ...TWELVE, 'gbrp', 'gbrp10le', 'gbrp12le', 'gray', 'gray10le', 'gray12le'],
  libsvtav1: ['yuv420p', 'yuv420p10le'],
  'libaom-av1': [...EIGHT, ...TEN, ...TWELVE, 'gbrp', 'gbrp10le', 'gbrp12le'],
  'libvpx-vp9': [...EIGHT, ...TEN, ...TWELVE, 'yuv440p', 'yuva420p', 'gbrp', 'gbrp10le', 'gbrp12le'],
  mpeg2video: ['yuv420p', 'yuv422p'],
  ffv1: [
    ...[...EIGHT, ...TEN, ...TWELVE, 'yuv440p', 'yuv411p', 'yuv410p', 'yuva420p', 'yuva422p', 'yuva444p'],
    ...['yuva444p10le', 'yuv420p16le', 'yuv422p16le', 'yuv444p16le', 'gray', 'gray10le', 'gray12le', 'gray16le'],
    ...['bgr0', 'bgra', 'gbrp10le', 'gbrp12le', 'gbrap10le', 'gbrap12le', 'rgb48le'],
  ],
};

/** What every hardware encoder takes, by the planar format of the same samples: uploads interleave the chroma. */
const HARDWARE_EIGHT = ['yuv420p'];
const HARDWARE_TEN = ['yuv420p', 'yuv420p10le'];

/** Whether the encoder takes the format as it is. */
export function takesPixelFormat(encoder: string, format: string): boolean {
  return pixelFormatsOf(encoder).includes(format);
}

/** The formats that an encoder takes, for people. */
export function pixelFormatsOf(encoder: string): readonly string[] {
  if (isHardware(encoder)) return /^(hevc|av1)_/.test(encoder) ? HARDWARE_TEN : HARDWARE_EIGHT;
  return TAKEN[encoder] ?? [];
}

/** Encoders whose ten-bit streams play widely: they keep the depth of the source. */
const KEEPS_DEPTH = ['libx265', 'libsvtav1', 'libaom-av1', 'libvpx-vp9'];

/** The format for a lossy encode nobody chose one for: 4:2:0 plays everywhere, ten bits only where that is usual. */
export function usualPixelFormat(encoder: string, source: string): string {
  if (encoder === 'ffv1' && takesPixelFormat(encoder, source)) return source;
  return keepsDepth(encoder) && bitDepth(source) > 8 ? 'yuv420p10le' : 'yuv420p';
}

function keepsDepth(encoder: string): boolean {
  return KEEPS_DEPTH.includes(encoder) || (isHardware(encoder) && takesPixelFormat(encoder, 'yuv420p10le'));
}

function bitDepth(format: string): number {
  const depth = /(?:p|gray|p0|x2rgb|x2bgr)(\d\d)(?:le|be)?$/.exec(format)?.[1];
  if (depth === undefined) return /^(rgb48|rgba64|bgr48|bgra64)/.test(format) ? 16 : 8;
  return Number(depth);
}

/** What width and height must be multiples of. */
export function sizeMultiple(encoder: string, format: string): number {
  const subsampled = /^(yuvj?a?4(?:20|22|11|10))/.test(format);
  return subsampled && encoder !== 'ffv1' && encoder !== 'libvpx-vp9' ? 2 : 1;
}
