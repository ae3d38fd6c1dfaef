import { ticksToSeconds } from '../../../../shared/job/media.ts';
import type { SegmentSpec } from '../../../../shared/job/task.ts';
import { fileUrl, inputOptions, STRICT_DECODING } from '../input-options.ts';
import { SHIFT_SECONDS } from './shift-seconds.ts';
import { sourceFilter } from './source-filter.ts';
import { videoEncoderArgs } from './video-encoder-args.ts';
import { videoTimingArgs } from './video-timing-args.ts';

/**
 * The seek aims this much before the cut and so lands on the keyframe before, never behind the cut, where MP4's index by
 * decoding time could lead. One group of pictures is decoded for nothing; each more would cost a tenth of its length.
 */
const RUN_UP_SECONDS = 0.5;

/** FFV1 has no name in MP4; QuickTime's is read by the same demuxer. */
function segmentMuxer(encoder: string): 'mp4' | 'mov' {
  return encoder === 'ffv1' ? 'mov' : 'mp4';
}

/**
 * Encodes the frames of one interval. The seek only has to land before the interval: which frames belong to it is
 * decided by their time stamps alone. The file is a fragmented MP4 with absolute time stamps and no end, so that the
 * bytes of all segments in a row are one file again.
 */
export function segmentArgs(run: { spec: SegmentSpec; source: string; output: string; threads: number }): string[] {
  const { spec, source, output, threads } = run;
  const interval = { origin: spec.origin_ticks, start: spec.start_ticks, end: spec.end_ticks };
  return [
    ...[
      '-y',
      ...(spec.on_error === 'conceal' ? [] : STRICT_DECODING),
      '-filter_threads',
      '1',
      '-threads',
      String(threads),
    ],
    ...['-copyts', ...seekArgs(spec), ...inputOptions(source)],
    ...['-map', `0:${spec.stream_index}`, '-vf', sourceFilter(spec.settings, interval, spec.on_error)],
    ...videoTimingArgs(spec.settings.encoder),
    ...videoEncoderArgs(spec.settings, threads),
    ...['-map_metadata', '-1', '-map_chapters', '-1'],
    ...['-f', segmentMuxer(spec.settings.encoder), '-avoid_negative_ts', 'disabled', '-use_editlist', '0'],
    ...['-output_ts_offset', String(SHIFT_SECONDS)],
    ...['-movflags', '+frag_keyframe+empty_moov+default_base_moof+frag_discont+skip_trailer', fileUrl(output)],
  ];
}

function seekArgs({ start_ticks: start, origin_ticks: origin, time_base: timeBase }: SegmentSpec): string[] {
  if (start === null) return [];
  const seconds = ticksToSeconds(start, timeBase) - RUN_UP_SECONDS;
  if (seconds <= ticksToSeconds(origin, timeBase)) return [];
  return ['-noaccurate_seek', '-seek_timestamp', '1', '-ss', seconds.toFixed(6)];
}
