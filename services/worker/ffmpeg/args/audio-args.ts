import { container } from '../../../../shared/job/container.ts';
import type { AudioSpec } from '../../../../shared/job/task.ts';
import { fileUrl, inputOptions, STRICT_DECODING } from '../input-options.ts';
import { audioEncoderArgs } from './audio-encoder-args.ts';
import { movieTimescaleArgs } from './movie-timescale-args.ts';
import { otherStreamArgs } from './other-stream-args.ts';
import { SHIFT_SECONDS } from './shift-seconds.ts';

/**
 * Makes everything that is not the picture, whole, in the format of the output: the same muxer rounds the same time
 * stamps in the same way as if one process had made the file. Tags and chapters come along by default.
 */
export function audioArgs(run: { spec: AudioSpec; source: string; output: string; lenient?: boolean }): string[] {
  const { spec, source, output, lenient = false } = run;
  return [
    ...['-y', ...(isStrict(spec) && !lenient ? STRICT_DECODING : []), '-filter_threads', '1', ...inputOptions(source)],
    ...spec.audio.flatMap((index) => ['-map', `0:${index}`]),
    ...(spec.audio.length === 0 ? [] : audioEncoderArgs(spec.settings, lenient)),
    ...otherStreamArgs(spec.subtitles, spec.attachments),
    ...(spec.shifted ? ['-avoid_negative_ts', 'disabled', '-output_ts_offset', String(SHIFT_SECONDS)] : []),
    ...(spec.container === 'mp4' ? ['-strict', 'experimental'] : []), // FLAC in MP4
    ...movieTimescaleArgs(spec.container, { timeBase: spec.time_base, seconds: spec.expected_seconds }),
    ...['-f', container(spec.container).muxer, fileUrl(output)],
  ];
}

/** Strictness would also end a copy of packets whose time stamps FFmpeg can put right. */
function isStrict({ audio, settings, subtitles, on_error }: AudioSpec): boolean {
  return on_error !== 'conceal' && audio.length > 0 && settings.codec !== 'copy' && subtitles.length === 0;
}
