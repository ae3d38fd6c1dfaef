import { inputOptions } from '../input-options.ts';

/** For ffprobe: presentation time stamp and size of the first video stream's packets and its time base, nothing decoded. */
export function frameTimesArgs(path: string): string[] {
  return [
    ...['-hide_banner', '-loglevel', 'level+error', '-select_streams', 'v:0'],
    ...['-show_entries', 'packet=pts,size:stream=time_base', '-of', 'csv', ...inputOptions(path)],
  ];
}
