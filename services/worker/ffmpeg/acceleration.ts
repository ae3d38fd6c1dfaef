import type { OnError } from '../../../shared/job/job.ts';
import { type HardwarePool, type Pool, poolOf } from '../../../shared/job/pools.ts';
import type { SourceCoding } from '../../../shared/job/task.ts';

/** FFmpeg's names of what decodes for its own decoders: parsing, order and time stamps stay theirs. */
export type Acceleration = 'cuda' | 'vaapi' | 'videotoolbox';

/** What decodes beside each kind of hardware encoder. Quick Sync's GPU is one of VAAPI, too. */
export const ACCELERATIONS: Readonly<Record<HardwarePool, Acceleration>> = {
  nvenc: 'cuda',
  vaapi: 'vaapi',
  qsv: 'vaapi',
  videotoolbox: 'videotoolbox',
};

/** How a worker says that it proved to decode this codec, profile and pixel format: `cuda:hevc/Main 10/yuv420p10le`. */
export function decoderName(
  acceleration: Acceleration,
  { codec, profile, pixel_format: format }: SourceCoding,
): string {
  return `${acceleration}:${codec}/${profile ?? ''}/${format}`;
}

type Task = {
  readonly encoder: string;
  readonly coding: SourceCoding | undefined;
  readonly onError: OnError;
};

/**
 * What decodes a source on the device that encodes it; undefined: software does. Only what was proved, and never where
 * damage is to be concealed: devices conceal it in ways of their own.
 */
export function accelerationFor(
  { encoder, coding, onError }: Task,
  proved: readonly string[] = [],
): Acceleration | undefined {
  const pool: Pool = poolOf(encoder);
  if (pool === 'cpu' || coding === undefined || onError === 'conceal') return undefined;
  const acceleration = ACCELERATIONS[pool];
  return proved.includes(decoderName(acceleration, coding)) ? acceleration : undefined;
}
