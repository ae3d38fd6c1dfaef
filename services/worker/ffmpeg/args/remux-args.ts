import { container } from '../../../../shared/job/container.ts';
import { fileUrl, inputOptions } from '../input-options.ts';
import { type MovieClock, movieTimescaleArgs } from './movie-timescale-args.ts';

type Remux = {
  readonly source: string;
  /** By index. */
  readonly streams: readonly number[];
  readonly clock: MovieClock;
  readonly format: 'mov' | 'matroska';
  readonly output: string;
};

/** In MPEG-PS and TS frames may come without saying when they are shown; that follows from when the next is decoded. */
const TELL_TIMES = ['-fflags', '+genpts'];

/** Copies a source that cannot be sought exactly into a container that can. */
export function remuxArgs({ source, streams, clock, format, output }: Remux): string[] {
  return [
    ...['-y', ...TELL_TIMES, ...inputOptions(source)],
    ...streams.flatMap((index) => ['-map', `0:${index}`]),
    ...['-c', 'copy', ...movieTimescaleArgs(format, clock), '-f', container(format).muxer, fileUrl(output)],
  ];
}
