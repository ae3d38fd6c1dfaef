import { audioStreams, mainVideo } from '../../../../shared/job/media.ts';
import { firstShownFromOrigin } from '../../../../shared/job/plan/first-shown.ts';
import type { TranscodeSpec } from '../../../../shared/job/task.ts';
import type { Acceleration } from '../acceleration.ts';
import { type Devices, ONLY_DEVICES } from '../devices.ts';
import { fileUrl, inputOptions, STRICT_DECODING } from '../input-options.ts';
import { accelerationArgs } from './acceleration-args.ts';
import { audioEncoderArgs } from './audio-encoder-args.ts';
import { deviceArgs, encoderDeviceArgs } from './device-args.ts';
import { muxerArgs, type Picture } from './muxer-args.ts';
import { otherStreamArgs } from './other-stream-args.ts';
import { RISING, RISING_OR_BACK, sourceFilter } from './source-filter.ts';
import { videoEncoderArgs } from './video-encoder-args.ts';
import { shownInterval } from './video-filter.ts';
import { videoTimingArgs } from './video-timing-args.ts';

type TranscodeRun = {
  readonly spec: TranscodeSpec;
  readonly source: string;
  readonly output: string;
  readonly threads: number;
  /** The source is known to have what strictness would take for damage. Default false. */
  readonly lenient?: boolean;
  readonly devices?: Devices | undefined;
  readonly acceleration?: Acceleration | undefined;
};

/** The whole file in one process. */
export function transcodeArgs(run: TranscodeRun): string[] {
  const { spec, source, output, threads, lenient = false, devices = ONLY_DEVICES, acceleration } = run;
  const encoded = spec.video === null || spec.video === 'copy' ? null : spec.video;
  return [
    ...['-y', ...(isStrict(spec) && !lenient ? STRICT_DECODING : []), '-filter_threads', '1'],
    ...(encoded === null ? [] : deviceArgs(encoded.encoder, devices)),
    ...['-threads', String(threads)],
    ...[...accelerationArgs(acceleration, devices), ...inputOptions(source)],
    ...videoArgs(spec, threads, devices),
    ...audioArgs(spec, lenient),
    ...otherStreamArgs(spec.subtitles, spec.attachments),
    ...muxerArgs(spec.target.container, pictureOf(spec)),
    fileUrl(output),
  ];
}

/** Strictness would also end a copy of packets whose time stamps FFmpeg can put right. */
function isStrict({ video, audio, subtitles, on_error }: TranscodeSpec): boolean {
  return on_error !== 'conceal' && video !== 'copy' && audio?.codec !== 'copy' && subtitles.length === 0;
}

function pictureOf({ video, media, expected_seconds: seconds }: TranscodeSpec): Picture | null {
  const stream = mainVideo(media);
  if (video === null || stream === undefined) return null;
  return { codec: video === 'copy' ? null : video.codec, timeBase: stream.time_base, seconds };
}

function videoArgs({ video, media, on_error }: TranscodeSpec, threads: number, devices: Devices): string[] {
  const stream = mainVideo(media);
  if (video === null || stream === undefined) return ['-vn'];
  const map = ['-map', `0:${stream.index}`];
  if (video === 'copy') return [...map, '-c:v', 'copy'];
  const shown = shownInterval(firstShownFromOrigin(media, stream));
  return [
    ...[...map, '-vf', sourceFilter(video, shown, on_error === 'conceal' ? RISING : RISING_OR_BACK)],
    ...videoTimingArgs(video.encoder),
    ...encoderDeviceArgs(video.encoder, devices),
    ...videoEncoderArgs(video, threads),
  ];
}

function audioArgs({ audio, media, expect }: TranscodeSpec, lenient: boolean): string[] {
  if (audio === null) return [];
  const taken = audioStreams(media).slice(0, expect.audio_streams);
  return [...taken.flatMap((stream) => ['-map', `0:${stream.index}`]), ...audioEncoderArgs(audio, lenient)];
}
