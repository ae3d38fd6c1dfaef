import type { VideoStream } from '../media.ts';
import type { EncodeOptions } from '../profile.ts';

/**
 * What a job has that hardware encoders lose or do not promise, in words that follow "for"; null when there is nothing.
 * None keeps every sample; drivers differ in what they make of mastering metadata and of fields; and a limit of the rate
 * has to hold in a buffer that nobody outside the device can look at.
 */
export function hardwareObstacle(
  { lossless, maxrate }: Pick<EncodeOptions, 'lossless' | 'maxrate'>,
  { hdr, field_order: order }: Pick<VideoStream, 'hdr' | 'field_order'>,
): string | null {
  if (lossless) return 'a lossless encode';
  if (maxrate !== null) return 'a limited rate';
  if (hdr === 'hdr10') return 'HDR10, whose metadata may get lost';
  return ['progressive', 'unknown'].includes(order) ? null : 'interlaced pictures';
}
