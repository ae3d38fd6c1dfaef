import { inputOptions } from '../input-options.ts';

/** What of a file is decoded. */
export type Stretch = 'first second' | 'last second' | 'all of it';

/** Decodes for the messages that come of it. Time stamps stay, or the null muxer finds doubles. */
export function decodeArgs(run: {
  path: string;
  stretch: Stretch;
  types: readonly ('video' | 'audio')[];
  threads: number;
}): string[] {
  const { path, stretch, types, threads } = run;
  return [
    ...['-threads', String(threads), ...(stretch === 'last second' ? ['-sseof', '-1'] : []), ...inputOptions(path)],
    ...(stretch === 'first second' ? ['-t', '1'] : []),
    ...types.flatMap((type) => ['-map', type === 'video' ? '0:v' : '0:a']),
    ...['-fps_mode', 'passthrough', '-enc_time_base:v', '-1', '-f', 'null', '-'],
  ];
}
