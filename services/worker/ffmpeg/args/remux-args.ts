import { container } from '../../../../shared/job/container.ts';
import { fileUrl, inputOptions } from '../input-options.ts';

type Remux = {
  readonly source: string;
  /** By index. */
  readonly streams: readonly number[];
  readonly format: 'mov' | 'matroska';
  readonly output: string;
};

/** Copies a source that cannot be sought exactly into a container that can. */
export function remuxArgs({ source, streams, format, output }: Remux): string[] {
  return [
    ...['-y', ...inputOptions(source)],
    ...streams.flatMap((index) => ['-map', `0:${index}`]),
    ...['-c', 'copy', '-f', container(format).muxer, fileUrl(output)],
  ];
}
