import type { VideoSettings } from '../../../../shared/job/task-settings.ts';
import { inputOptions } from '../input-options.ts';
import { RISING } from './source-filter.ts';
import { intervalFilters, shownInterval, videoFilter } from './video-filter.ts';

/**
 * Compares every n-th frame of a result with that of its source, made the same size and format. The frames are paired
 * by their number: they are given new time stamps, because those of the containers are rounded differently. Writes a
 * line for each pair to standard output.
 */
export function ssimArgs(run: {
  result: string;
  source: { path: string; streamIndex: number; firstShown: number | null };
  settings: VideoSettings;
  everyNth: number;
}): string[] {
  const { result, source, settings, everyNth } = run;
  const sampled = String.raw`select=not(mod(n\,${everyNth})),settb=1/25,setpts=N`;
  const shown = [RISING, ...intervalFilters(shownInterval(source.firstShown))];
  const graph = [
    `[0:v:0]${sampled},${videoFilter(settings, null)}[made]`,
    `[1:${source.streamIndex}]${[...shown, sampled].join(',')},${videoFilter(settings, null)}[meant]`,
    '[made][meant]ssim=stats_file=-[compared]',
  ];
  return [
    ...['-hide_banner', '-nostdin', '-nostats', '-loglevel', 'level+error'],
    ...[...inputOptions(result), ...inputOptions(source.path), '-filter_complex', graph.join(';')],
    ...['-map', '[compared]', '-f', 'null', '/dev/null'],
  ];
}
