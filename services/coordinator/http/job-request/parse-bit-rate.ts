const FACTORS: Readonly<Record<string, number>> = { '': 1, k: 1e3, m: 1e6 };

/** Bits a second from a number or FFmpeg's short form: `2500k`, `5M`, `1.5M`. The wire schema has checked the shape. */
export function parseBitRate(value: number | string): number {
  if (typeof value === 'number') return value;
  const unit = value.slice(-1).toLowerCase();
  const factor = FACTORS[unit];
  return Math.round(factor === undefined ? Number(value) : Number(value.slice(0, -1)) * factor);
}
