import { type Pool, poolOf } from '../../../../shared/job/pools.ts';
import type { Devices } from '../devices.ts';

/** What the render node is called within a command. */
const DEVICE = 'gpu';

type Opening = (devices: Devices) => string[];

/** NVENC and VideoToolbox find their device by themselves; the first can be told which with an option of its own. */
const OPENING: Readonly<Record<Pool, Opening>> = {
  cpu: () => [],
  nvenc: () => [],
  vaapi: ({ render }) => ['-init_hw_device', `vaapi=${DEVICE}:${render}`, '-filter_hw_device', DEVICE],
  qsv: ({ render }) => ['-init_hw_device', `qsv=${DEVICE}:hw_any,child_device=${render}`],
  videotoolbox: () => [],
};

/** What opens the encoder's device; stands before the input. */
export function deviceArgs(encoder: string, devices: Devices): string[] {
  return OPENING[poolOf(encoder)](devices);
}

/** What names the device among the options of the encoder. */
export function encoderDeviceArgs(encoder: string, { nvidia }: Devices): string[] {
  return poolOf(encoder) === 'nvenc' && nvidia !== null ? ['-gpu:v', String(nvidia)] : [];
}
