import type { SegmentSpec } from '../../../../shared/job/task.ts';
import type { Acceleration } from '../acceleration.ts';
import type { Devices } from '../devices.ts';
import { fileUrl } from '../input-options.ts';
import { intervalArgs } from './interval-args.ts';
import { SHIFT_SECONDS } from './shift-seconds.ts';
import { videoEncoderArgs } from './video-encoder-args.ts';
import type { VideoPass } from './video-pass.ts';

/** FFV1 has no name in MP4; QuickTime's is read by the same demuxer. */
function segmentMuxer(encoder: string): 'mp4' | 'mov' {
  return encoder === 'ffv1' ? 'mov' : 'mp4';
}

type SegmentRun = {
  readonly spec: SegmentSpec;
  readonly source: string;
  readonly output: string;
  readonly threads: number;
  readonly devices?: Devices | undefined;
  /** Of the decoding; left out: software. */
  readonly acceleration?: Acceleration | undefined;
  /** Left out: what the settings say is all. */
  readonly pass?: VideoPass | undefined;
};

/**
 * Encodes the frames of one interval. The file is a fragmented MP4 with absolute time stamps and no end, so that the
 * bytes of all segments in a row are one file again. Where the source shows two frames at one moment the muxer ends the
 * run, and the job starts over in one process.
 */
export function segmentArgs({ spec, source, output, threads, devices, acceleration, pass }: SegmentRun): string[] {
  return [
    ...intervalArgs({ spec, source, threads, devices, acceleration, rising: spec.on_error === 'conceal' }),
    ...videoEncoderArgs(spec.settings, threads, pass),
    ...['-map_metadata', '-1', '-map_chapters', '-1'],
    ...['-f', segmentMuxer(spec.settings.encoder), '-avoid_negative_ts', 'disabled', '-use_editlist', '0'],
    ...['-output_ts_offset', String(SHIFT_SECONDS)],
    ...['-movflags', '+frag_keyframe+empty_moov+default_base_moof+frag_discont+skip_trailer', fileUrl(output)],
  ];
}
