import type { VideoSettings } from '../../../../shared/job/task-settings.ts';

/** Half-open, in ticks that count from the output's zero; null is open-ended. */
export type Interval = { readonly origin: number; readonly start: number | null; readonly end: number | null };

/** All that is shown, where FFmpeg itself subtracts when the file begins. */
export function shownInterval(firstShown: number | null): Interval | null {
  return firstShown === null ? null : { origin: 0, start: firstShown, end: null };
}

/**
 * The filters of the picture. FFmpeg turns it upright before the first. Frames outside the interval are dropped before
 * any work is done on them; `trim` compares ticks, so nothing is rounded. `format`: what they end in, if not in that of
 * the settings.
 */
export function videoFilter(
  settings: VideoSettings,
  interval: Interval | null,
  format: string = settings.pixel_format,
): string {
  return [
    ...intervalFilters(interval),
    ...(settings.scale === null
      ? []
      : [
          `scale=${settings.scale.width}:${settings.scale.height}:flags=bicubic+accurate_rnd`,
          ...pixelAspect(settings),
        ]),
    `format=${format}`,
  ].join(',');
}

/** What drops all frames outside of an interval; null drops none. */
export function intervalFilters(interval: Interval | null): string[] {
  if (interval === null) return [];
  const { origin, start, end } = interval;
  const bounds = [
    ...(start === null ? [] : [`start_pts=${start - origin}`]),
    ...(end === null ? [] : [`end_pts=${end - origin}`]),
  ];
  return [
    ...(origin === 0 ? [] : [`setpts=PTS-(${origin})`]),
    ...(bounds.length === 0 ? [] : [`trim=${bounds.join(':')}`]),
  ];
}

/** `scale` would bend the pixels' aspect by what the size was rounded. */
function pixelAspect({ pixel_aspect: aspect }: VideoSettings): string[] {
  return aspect === null ? [] : [`setsar=${aspect.num}/${aspect.den}`];
}
