import { container } from '../../../../shared/job/container.ts';
import type { Rational } from '../../../../shared/job/media.ts';
import { fileUrl, inputOptions } from '../input-options.ts';
import { movieTimescaleArgs } from './movie-timescale-args.ts';

type Remux = {
  readonly source: string;
  /** By index. */
  readonly streams: readonly number[];
  /** Of the picture. */
  readonly timeBase: Rational;
  readonly format: 'mov' | 'matroska';
  readonly output: string;
};

/** In MPEG-PS and TS frames may come without saying when they are shown; that follows from when the next is decoded. */
const TELL_TIMES = ['-fflags', '+genpts'];

/** Copies a source that cannot be sought exactly into a container that can. */
export function remuxArgs({ source, streams, timeBase, format, output }: Remux): string[] {
  return [
    ...['-y', ...TELL_TIMES, ...inputOptions(source)],
    ...streams.flatMap((index) => ['-map', `0:${index}`]),
    ...['-c', 'copy', ...movieTimescaleArgs(format, timeBase), '-f', container(format).muxer, fileUrl(output)],
  ];
}
