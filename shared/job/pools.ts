/**
 * What a slot is room on: the processor, or one kind of hardware encoder. A task takes a slot of the pool that its
 * picture is encoded in; one that encodes none takes `cpu`. The names are FFmpeg's.
 */
export const HARDWARE_POOLS = ['nvenc', 'vaapi', 'qsv', 'videotoolbox'] as const;
export type HardwarePool = (typeof HARDWARE_POOLS)[number];
export const POOLS = ['cpu', ...HARDWARE_POOLS] as const;
export type Pool = (typeof POOLS)[number];

/** Behind the name of a hardware encoder: it encodes ten bits a sample, which not every device does that knows the codec. */
const TEN_BIT = '_10bit';

/** The pool of an encoder, or of a capability such as `hevc_nvenc_10bit`. */
export function poolOf(encoder: string): Pool {
  const name = encoder.replace(TEN_BIT, '');
  return HARDWARE_POOLS.find((pool) => name.endsWith(`_${pool}`)) ?? 'cpu';
}

/** Whether the encoder is a device of its own. */
export function isHardware(encoder: string): boolean {
  return poolOf(encoder) !== 'cpu';
}

/** The pool of a task that needs these encoders: hardware wherever one of them is. */
export function poolOfEncoders(encoders: readonly string[]): Pool {
  return encoders.map(poolOf).find((pool) => pool !== 'cpu') ?? 'cpu';
}

/** What a worker must have proved to encode this pixel format: software takes all that it takes with one name. */
export function capabilityFor(encoder: string, pixelFormat: string): string {
  return isHardware(encoder) && pixelFormat.includes('10') ? `${encoder}${TEN_BIT}` : encoder;
}

/** The encoder that a capability is about, and the pixel format that it was proved with. */
export function provedWith(capability: string): { readonly encoder: string; readonly pixelFormat: string } {
  return capability.endsWith(TEN_BIT)
    ? { encoder: capability.slice(0, -TEN_BIT.length), pixelFormat: 'yuv420p10le' }
    : { encoder: capability, pixelFormat: 'yuv420p' };
}
