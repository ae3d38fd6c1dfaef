/** How fast a preset of x264 and x265 is, from 1 (the slowest) to 7. */
const SPEEDS: Readonly<Record<string, number>> = {
  ...{ placebo: 1, veryslow: 1, slower: 2, slow: 3, medium: 4, fast: 5, faster: 5, veryfast: 6 },
  ...{ superfast: 7, ultrafast: 7 },
};
const QSV_PRESETS = ['veryslow', 'slower', 'slow', 'medium', 'fast', 'faster', 'veryfast'];

/** NVENC's own word, from `p1` to `p7` (the slowest); null: the driver's choice. */
export function nvencPreset(preset: string | null): string | null {
  if (preset === null || /^p[1-7]$/.test(preset)) return preset;
  const speed = speedOf(preset);
  return speed === null ? null : `p${8 - speed}`;
}

/** Quick Sync's own word; null: the driver's choice. */
export function qsvPreset(preset: string | null): string | null {
  if (preset === null || QSV_PRESETS.includes(preset)) return preset;
  const speed = speedOf(preset);
  return speed === null ? null : (QSV_PRESETS[speed - 1] ?? null);
}

/** SVT-AV1 counts from 0 (the slowest) to 13, where 8 is in the middle of what is used. */
function speedOf(preset: string): number | null {
  if (/^\d+$/.test(preset)) return Math.max(1, Math.min(7, 4 + Math.round((Number(preset) - 8) / 2)));
  return SPEEDS[preset] ?? null;
}
