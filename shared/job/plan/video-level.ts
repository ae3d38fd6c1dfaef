import type { PictureRate } from '../task.ts';
import type { VideoSettings } from '../task-settings.ts';

type Need = Omit<PictureRate, 'constant_rate'> & {
  /** Bits a second, and bits. */
  readonly maxrate: number;
  readonly bufsize: number;
};

/**
 * The lowest level that holds a stream, as both encoders write it: 41 for 4.1; the highest there is when none does.
 * Encoders choose it from the bit rate among others, and segments of different rates must not differ in it.
 */
export function videoLevel({ encoder, preset }: Pick<VideoSettings, 'encoder' | 'preset'>, need: Need): number {
  return encoder === 'libx265' ? hevcLevel(need) : h264Level(need, preset);
}

/**
 * H.264 table A-1: level, macroblocks a second, macroblocks a frame, macroblocks of decoded pictures, kilobits a second,
 * kilobits of the buffer (both without the factor of the High profile, so that they hold in every profile).
 */
const H264: readonly (readonly [number, number, number, number, number, number])[] = [
  [10, 1_485, 99, 396, 64, 175],
  [11, 3_000, 396, 900, 192, 500],
  [12, 6_000, 396, 2_376, 384, 1_000],
  [13, 11_880, 396, 2_376, 768, 2_000],
  [20, 11_880, 396, 2_376, 2_000, 2_000],
  [21, 19_800, 792, 4_752, 4_000, 4_000],
  [22, 20_250, 1_620, 8_100, 4_000, 4_000],
  [30, 40_500, 1_620, 8_100, 10_000, 10_000],
  [31, 108_000, 3_600, 18_000, 14_000, 14_000],
  [32, 216_000, 5_120, 20_480, 20_000, 20_000],
  [40, 245_760, 8_192, 32_768, 20_000, 25_000],
  [41, 245_760, 8_192, 32_768, 50_000, 62_500],
  [42, 522_240, 8_704, 34_816, 50_000, 62_500],
  [50, 589_824, 22_080, 110_400, 135_000, 135_000],
  [51, 983_040, 36_864, 184_320, 240_000, 240_000],
  [52, 2_073_600, 36_864, 184_320, 240_000, 240_000],
  [60, 4_177_920, 139_264, 696_320, 240_000, 240_000],
  [61, 8_355_840, 139_264, 696_320, 480_000, 480_000],
  [62, 16_711_680, 139_264, 696_320, 800_000, 800_000],
];

/** Reference frames of x264's presets (x264 --fullhelp), where they are more than the four that its B-pyramid takes. */
const X264_REFERENCES: Readonly<Record<string, number>> = { slow: 5, slower: 8, veryslow: 16, placebo: 16 };

function h264Level({ width, height, frames_per_second: rate, maxrate, bufsize }: Need, preset: string | null): number {
  const blocks = Math.ceil(width / 16) * Math.ceil(height / 16);
  const decoded = blocks * Math.max(4, X264_REFERENCES[preset ?? ''] ?? 0);
  const fits = H264.find(
    ([, perSecond, perFrame, buffer, kilobits, buffered]) =>
      blocks * rate <= perSecond &&
      blocks <= perFrame &&
      Math.max(width, height) <= 16 * Math.sqrt(8 * perFrame) &&
      decoded <= buffer &&
      maxrate <= kilobits * 1000 &&
      bufsize <= buffered * 1000,
  );
  return fits?.[0] ?? 62;
}

/** HEVC tables A.8 and A.9, Main tier: level, samples a picture, samples a second, kilobits a second and of the buffer. */
const HEVC: readonly (readonly [number, number, number, number])[] = [
  [10, 36_864, 552_960, 128],
  [20, 122_880, 3_686_400, 1_500],
  [21, 245_760, 7_372_800, 3_000],
  [30, 552_960, 16_588_800, 6_000],
  [31, 983_040, 33_177_600, 10_000],
  [40, 2_228_224, 66_846_720, 12_000],
  [41, 2_228_224, 133_693_440, 20_000],
  [50, 8_912_896, 267_386_880, 25_000],
  [51, 8_912_896, 534_773_760, 40_000],
  [52, 8_912_896, 1_069_547_520, 60_000],
  [60, 35_651_584, 1_069_547_520, 60_000],
  [61, 35_651_584, 2_139_095_040, 120_000],
  [62, 35_651_584, 4_278_190_080, 240_000],
];

/** Six decoded pictures, which every level holds at its largest size, are all that x265's presets ask for. */
function hevcLevel({ width, height, frames_per_second: rate, maxrate, bufsize }: Need): number {
  const samples = width * height;
  const fits = HEVC.find(
    ([, perPicture, perSecond, kilobits]) =>
      samples <= perPicture &&
      Math.max(width, height) <= Math.sqrt(8 * perPicture) &&
      samples * rate <= perSecond &&
      Math.max(maxrate, bufsize) <= kilobits * 1000,
  );
  return fits?.[0] ?? 62;
}
