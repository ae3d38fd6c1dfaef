import { HARDWARE_POOLS, type HardwarePool, poolOf } from '../../shared/job/pools.ts';
import type { RegisterBody } from '../../shared/wire/workers.ts';
import type { HardwareConfig } from './config.ts';

/** What a device with one encode at a time is taken for until its proof says more. */
const LEAST = 1;

/**
 * How many encodes at a time each kind of hardware has room for: what the operator says, else what the proof found. None
 * while none of its encoders is proved.
 */
export function hardwareSlots(
  { slots }: HardwareConfig,
  { encoders }: Pick<RegisterBody['capabilities'], 'encoders'>,
  sessions: Readonly<Partial<Record<HardwarePool, number>>>,
): Record<HardwarePool, number> {
  const proved = new Set(Object.keys(encoders).map(poolOf));
  const sizes = HARDWARE_POOLS.map((pool) => [pool, proved.has(pool) ? (slots[pool] ?? sessions[pool] ?? LEAST) : 0]);
  return Object.fromEntries(sizes);
}
