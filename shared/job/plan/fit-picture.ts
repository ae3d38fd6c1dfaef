import type { Rational, VideoStream } from '../media.ts';
import type { EncodeOptions } from '../profile.ts';

type Size = { readonly width: number; readonly height: number };

/** The size of the picture as it is coded after FFmpeg has turned it upright. */
export function uprightSize({ width, height, rotation }: VideoStream): Size {
  return rotation % 180 === 0 ? { width, height } : { width: height, height: width };
}

/**
 * The coded size to scale to so that the displayed picture fits the box: never enlarged, aspect kept, pixels as square
 * or as oblong as they were, `multipleOf` what the chroma subsampling needs. Null when the picture stays as it is.
 */
export function fitPicture(
  video: VideoStream,
  box: Pick<EncodeOptions, 'width' | 'height'>,
  multipleOf: number,
): Size | null {
  const upright = uprightSize(video);
  const ratio = uprightPixelAspect(video);
  const pixelAspect = ratio === null ? 1 : ratio.num / ratio.den;
  const factor = Math.min(
    1,
    (box.width ?? Number.POSITIVE_INFINITY) / (upright.width * pixelAspect),
    (box.height ?? Number.POSITIVE_INFINITY) / upright.height,
  );
  const fitted = {
    width: toMultiple(upright.width * factor, multipleOf),
    height: toMultiple(upright.height * factor, multipleOf),
  };
  return fitted.width === upright.width && fitted.height === upright.height ? null : fitted;
}

/** Width to height of one pixel after the picture was turned upright; null where the source does not say. */
export function uprightPixelAspect({ sample_aspect_ratio: ratio, rotation }: VideoStream): Rational | null {
  if (ratio === null || ratio.num <= 0 || ratio.den <= 0) return null;
  return rotation % 180 === 0 ? ratio : { num: ratio.den, den: ratio.num };
}

/** Downwards: a picture that keeps its size loses a line rather than being stretched. */
function toMultiple(value: number, multipleOf: number): number {
  return Math.max(multipleOf, multipleOf * Math.floor(value / multipleOf + 1e-9));
}
