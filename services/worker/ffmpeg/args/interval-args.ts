import { ticksToSeconds } from '../../../../shared/job/media.ts';
import type { IntervalSpec } from '../../../../shared/job/task.ts';
import type { Acceleration } from '../acceleration.ts';
import { type Devices, ONLY_DEVICES } from '../devices.ts';
import { inputOptions, STRICT_DECODING } from '../input-options.ts';
import { accelerationArgs } from './acceleration-args.ts';
import { deviceArgs, encoderDeviceArgs } from './device-args.ts';
import { RISING, sourceFilter } from './source-filter.ts';
import { videoTimingArgs } from './video-timing-args.ts';

/**
 * The seek aims this much before the cut and so lands on the keyframe before, never behind the cut, where MP4's index by
 * decoding time could lead. One group of pictures is decoded for nothing; each more would cost a tenth of its length.
 */
const RUN_UP_SECONDS = 0.5;

/**
 * Reads the frames of one interval. The seek only has to land before the interval: which frames belong to it is decided
 * by their time stamps alone.
 */
export function intervalArgs({
  spec,
  source,
  threads,
  devices = ONLY_DEVICES,
  acceleration,
  rising,
}: {
  spec: IntervalSpec;
  source: string;
  threads: number;
  devices?: Devices | undefined;
  acceleration?: Acceleration | undefined;
  /** Only the first frame of each moment is taken. */
  rising: boolean;
}): string[] {
  const interval = { origin: spec.origin_ticks, start: spec.start_ticks, end: spec.end_ticks };
  return [
    ...['-y', ...(spec.on_error === 'conceal' ? [] : STRICT_DECODING)],
    ...['-filter_threads', '1', ...deviceArgs(spec.settings.encoder, devices), '-threads', String(threads)],
    ...['-copyts', ...seekArgs(spec), ...accelerationArgs(acceleration, devices), ...inputOptions(source)],
    ...['-map', `0:${spec.stream_index}`, '-vf', sourceFilter(spec.settings, interval, rising ? RISING : null)],
    ...videoTimingArgs(spec.settings.encoder),
    ...encoderDeviceArgs(spec.settings.encoder, devices),
  ];
}

function seekArgs({ start_ticks: start, origin_ticks: origin, time_base: timeBase }: IntervalSpec): string[] {
  if (start === null) return [];
  const seconds = ticksToSeconds(start, timeBase) - RUN_UP_SECONDS;
  if (seconds <= ticksToSeconds(origin, timeBase)) return [];
  return ['-noaccurate_seek', '-seek_timestamp', '1', '-ss', seconds.toFixed(6)];
}
