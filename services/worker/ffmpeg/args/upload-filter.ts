import { isHardware, poolOf } from '../../../../shared/job/pools.ts';
import type { VideoSettings } from '../../../../shared/job/task-settings.ts';

/** What devices take, with the chroma interleaved, by the planar format of the same samples. */
const UPLOADED: Readonly<Record<string, string>> = { yuv420p: 'nv12', yuv420p10le: 'p010le' };

/** The format in which devices hold the samples of a planar one. */
export const uploadedFormat = (planar: string): string => UPLOADED[planar] ?? planar;

/** The pixel format in which the encoder is given its pictures. */
export function formatForEncoder({ encoder, pixel_format: format }: VideoSettings): string {
  return isHardware(encoder) ? uploadedFormat(format) : format;
}

/** The filters that bring the pictures to the device; only VAAPI does not do so by itself. */
export function uploadFilters(encoder: string): string[] {
  return poolOf(encoder) === 'vaapi' ? ['hwupload'] : [];
}
