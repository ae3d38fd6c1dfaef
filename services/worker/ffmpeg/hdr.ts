import { z } from 'zod';
import type { VideoStream } from '../../../shared/job/media.ts';
import type { SideData } from './ffprobe-answer.ts';

type HdrFields = Pick<VideoStream, 'hdr' | 'mastering_display' | 'max_content_light'>;

/** `31250/50000`, as FFmpeg prints a coordinate or a luminance. */
const fraction = z.string().regex(/^\d+\/[1-9]\d*$/);

const masteringDisplay = z.object({
  green_x: fraction,
  green_y: fraction,
  blue_x: fraction,
  blue_y: fraction,
  red_x: fraction,
  red_y: fraction,
  white_point_x: fraction,
  white_point_y: fraction,
  max_luminance: fraction,
  min_luminance: fraction,
});

const contentLight = z.object({ max_content: z.number(), max_average: z.number() });

/** Units in which SMPTE ST 2086 data is coded (ITU-T H.265 D.3.28), and in which encoders want it. */
const COORDINATE = 50_000;
const LUMINANCE = 10_000;

/**
 * The HDR of a stream, from its transfer function and its side data (the stream's and the first frame's together).
 * `mastering_display` is written as x265 reads it, `G(x,y)B(x,y)R(x,y)WP(x,y)L(max,min)` in whole units of 0.00002 and
 * 0.0001 cd/m²; `max_content_light` is `MaxCLL,MaxFALL`.
 */
export function hdrOf(transfer: string | null, sideData: SideData): HdrFields {
  return {
    hdr: kindOf(transfer, sideData),
    mastering_display: masteringDisplayOf(sideData),
    max_content_light: contentLightOf(sideData),
  };
}

function kindOf(transfer: string | null, sideData: SideData): VideoStream['hdr'] {
  if (find(sideData, 'DOVI') ?? find(sideData, 'Dolby Vision')) return 'dolby_vision';
  if (find(sideData, 'SMPTE2094-40')) return 'hdr10_plus';
  if (transfer === 'smpte2084') return 'hdr10';
  return transfer === 'arib-std-b67' ? 'hlg' : null;
}

function masteringDisplayOf(sideData: SideData): string | null {
  const parsed = masteringDisplay.safeParse(find(sideData, 'Mastering display'));
  if (!parsed.success) return null; // chromaticities without luminances (or neither) cannot be handed on
  const m = parsed.data;
  const point = (x: string, y: string) => `(${scaled(x, COORDINATE)},${scaled(y, COORDINATE)})`;
  return [
    `G${point(m.green_x, m.green_y)}B${point(m.blue_x, m.blue_y)}R${point(m.red_x, m.red_y)}`,
    `WP${point(m.white_point_x, m.white_point_y)}`,
    `L(${scaled(m.max_luminance, LUMINANCE)},${scaled(m.min_luminance, LUMINANCE)})`,
  ].join('');
}

function contentLightOf(sideData: SideData): string | null {
  const parsed = contentLight.safeParse(find(sideData, 'Content light level'));
  return parsed.success ? `${parsed.data.max_content},${parsed.data.max_average}` : null;
}

function find(sideData: SideData, name: string): SideData[number] | undefined {
  return sideData.find(({ side_data_type }) => side_data_type.includes(name));
}

function scaled(value: string, unit: number): number {
  const [num = 0, den = 1] = value.split('/').map(Number);
  return Math.round((num / den) * unit);
}
