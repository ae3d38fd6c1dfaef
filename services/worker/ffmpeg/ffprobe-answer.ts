import { z } from 'zod';

/**
 * What is used of ffprobe's JSON. FFmpeg prints most numbers as text, says `N/A` or leaves a field out when it does not
 * know, and writes a rate that it does not know as `0/0`; all of these become null here.
 */
const number = z
  .union([z.number(), z.string()])
  .optional()
  .transform((value) => (value === undefined || value === 'N/A' || value === '' ? null : Number(value)))
  .transform((value) => (value !== null && Number.isFinite(value) ? value : null));

const text = z
  .string()
  .optional()
  .transform((value) => (value === undefined || value === 'unknown' || value === 'N/A' ? null : value));

const rational = z
  .string()
  .optional()
  .transform((value) => {
    const [num, den] = (value ?? '').split(/[/:]/).map(Number);
    return num && den && num > 0 && den > 0 ? { num, den } : null; // not a number, 0 and absent are all unknown
  });

const tags = z
  .record(z.string(), z.string())
  .default({})
  .transform((all) => new Map(Object.entries(all).map(([name, value]) => [name.toLowerCase(), value])));

/** Keys differ by kind, so this is parsed further where a kind is looked for. */
const sideData = z.array(z.looseObject({ side_data_type: z.string().default('') })).default([]);

const stream = z.object({
  index: z.number(),
  codec_name: text,
  codec_type: text,
  profile: text,
  width: number,
  height: number,
  pix_fmt: text,
  sample_aspect_ratio: rational,
  r_frame_rate: rational,
  avg_frame_rate: rational,
  time_base: rational,
  field_order: text,
  color_range: text,
  color_space: text,
  color_transfer: text,
  color_primaries: text,
  chroma_location: text,
  sample_rate: number,
  channels: number,
  channel_layout: text,
  start_pts: number,
  start_time: number,
  duration: number,
  bit_rate: number,
  nb_frames: number,
  disposition: z.record(z.string(), z.number()).default({}),
  tags,
  side_data_list: sideData,
});

export const ffprobeAnswer = z.object({
  streams: z.array(stream).default([]),
  chapters: z.array(z.unknown()).default([]),
  format: z.object({ format_name: z.string(), start_time: number, duration: number, bit_rate: number, tags }),
});

/** The answer to `-show_frames` for one frame. */
export const ffprobeFrame = z.object({
  frames: z.array(z.object({ side_data_list: sideData })).default([]),
});

export type FfprobeAnswer = z.infer<typeof ffprobeAnswer>;
export type FfprobeStream = FfprobeAnswer['streams'][number];
export type SideData = z.infer<typeof sideData>;
