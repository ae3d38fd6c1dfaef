import type { IntervalSpec } from '../../../../shared/job/task.ts';
import { intervalArgs } from './interval-args.ts';
import { videoEncoderArgs } from './video-encoder-args.ts';

type MeasureRun = {
  readonly spec: IntervalSpec;
  readonly source: string;
  /** Of the files of statistics. */
  readonly prefix: string;
  readonly threads: number;
};

/**
 * The encoder's first pass over one interval: nothing is kept but its statistics. To refuse a source with two frames of
 * one moment is left to the second pass.
 */
export function measureArgs({ spec, source, prefix, threads }: MeasureRun): string[] {
  return [
    ...intervalArgs({ spec, source, threads, rising: true }),
    ...videoEncoderArgs(spec.settings, threads, { kind: 'first', prefix }),
    ...['-f', 'null', '-'],
  ];
}
