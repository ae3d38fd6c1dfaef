import type { Acceleration } from '../acceleration.ts';
import type { Devices } from '../devices.ts';

/**
 * What has the next input decoded by a device; nothing without one. The pictures come back into memory, where the same
 * filters choose and scale them as ever; a device that cannot take the stream after all leaves it to software.
 */
export function accelerationArgs(acceleration: Acceleration | undefined, devices: Devices): string[] {
  if (acceleration === undefined) return [];
  const device = { cuda: devices.nvidia, vaapi: devices.render, videotoolbox: null }[acceleration];
  return ['-hwaccel', acceleration, ...(device === null ? [] : ['-hwaccel_device', String(device)])];
}
