import { type Rational, ticksToSeconds } from '../../../shared/job/media.ts';
import type { IntervalSpec } from '../../../shared/job/task.ts';
import type { Damage } from '../../../shared/job/task-result.ts';
import type { FfmpegEnd } from '../ffmpeg/run.ts';
import { encodeSource } from './encode-source.ts';
import type { TaskFfmpeg } from './run-task-ffmpeg.ts';
import type { TaskContext } from './task-context.ts';

type IntervalRun = Pick<TaskFfmpeg, 'args' | 'share' | 'done'> & {
  /** Path of what is read. */
  readonly source: string;
};

/** A run that decodes one interval of the picture; damage outside of it is none of its business. */
export async function encodeInterval(
  context: TaskContext,
  spec: IntervalSpec,
  run: IntervalRun,
): Promise<{ end: FfmpegEnd; damage: Damage[] }> {
  return await encodeSource(context, {
    ...{ ...run, args: () => run.args },
    expectedSeconds: spec.expected_seconds,
    ...{ onError: spec.on_error, decoded: [{ type: 'video' as const, stream: spec.stream_index }] },
    from: secondsOf(spec.start_ticks, spec.time_base),
    to: secondsOf(spec.end_ticks, spec.time_base),
    originSeconds: ticksToSeconds(spec.origin_ticks, spec.time_base),
  });
}

/** The moment of a cut; null, an open end, stays that. */
export function secondsOf(ticks: number | null, timeBase: Rational): number | null {
  return ticks === null ? null : ticksToSeconds(ticks, timeBase);
}
