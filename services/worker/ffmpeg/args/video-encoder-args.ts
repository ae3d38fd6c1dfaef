import type { VideoSettings } from '../../../../shared/job/task-settings.ts';
import { hardwareEncoderArgs } from './hardware-encoder-args.ts';
import { optional } from './optional.ts';
import { limitArgs, type VideoPass, x264PassArgs, x265PassArgs, x265PassParams } from './video-pass.ts';

/**
 * The options of a video encoder. Whatever reaches the parameter sets must not depend on the threads: segments of one
 * file come from machines of different size and share one set (`pools` may differ, switching WPP off may not).
 */
export function videoEncoderArgs(settings: VideoSettings, threads: number, pass?: VideoPass): string[] {
  return [
    ...['-c:v', settings.encoder],
    ...(hardwareEncoderArgs(settings) ?? (OWN[settings.encoder] ?? plain)(settings, threads, pass)),
    ...['-g:v', String(settings.gop_frames)],
    ...colorArgs(settings),
  ];
}

type Own = (settings: VideoSettings, threads: number, pass?: VideoPass) => string[];

const OWN: Readonly<Record<string, Own>> = {
  libx264: (settings, threads, pass) => [
    ...optional('-preset:v', settings.preset),
    ...(settings.lossless ? ['-qp:v', '0'] : pass ? x264PassArgs(pass, settings.crf) : limitedRate(settings)),
    ...threadArgs(threads),
  ],
  libx265: (settings, threads, pass) => [
    ...optional('-preset:v', settings.preset),
    ...(settings.lossless ? [] : pass ? x265PassArgs(pass, settings.crf) : limitedRate(settings)),
    ...['-x265-params', [...x265Params(settings, threads), ...(pass ? x265PassParams(pass) : [])].join(':')],
  ],
  libsvtav1: (settings, threads) => [
    ...optional('-preset:v', settings.preset),
    ...rate(settings),
    ...['-svtav1-params', `lp=${threads}`],
  ],
  'libaom-av1': (settings, threads) => [
    ...optional('-cpu-used', settings.preset),
    ...rate(settings),
    ...unlimited(settings),
    ...['-row-mt', '1', ...threadArgs(threads)],
  ],
  'libvpx-vp9': (settings, threads) => [
    ...['-deadline', 'good', ...optional('-cpu-used', settings.preset)],
    ...(settings.lossless ? ['-lossless', '1'] : [...rate(settings), ...unlimited(settings)]),
    ...['-row-mt', '1', ...threadArgs(threads)],
  ],
  mpeg2video: (settings, threads) => [
    ...(settings.crf === null ? optional('-b:v', settings.bitrate) : ['-q:v', String(settings.crf)]),
    ...['-bf', '2', '-flags:v', '+cgop', '-sc_threshold', '1000000000'], // closed GOPs exclude its scene detection
    ...threadArgs(threads),
  ],
  ffv1: (_settings, threads) => ['-level', '3', '-slices', '4', '-slicecrc', '1', ...threadArgs(threads)],
};

const plain: Own = (settings, threads) => [...rate(settings), ...threadArgs(threads)];

function x265Params({ lossless, hdr10 }: VideoSettings, threads: number): string[] {
  return [
    ...['log-level=warning', `pools=${threads}`, 'frame-threads=1', 'open-gop=0'],
    ...(lossless ? ['lossless=1'] : []),
    ...(hdr10 === null ? [] : ['hdr10=1', 'repeat-headers=1']),
    ...(hdr10?.mastering_display ? [`master-display=${hdr10.mastering_display}`] : []),
    ...(hdr10?.max_content_light ? [`max-cll=${hdr10.max_content_light}`] : []),
  ];
}

function rate({ crf, bitrate }: VideoSettings): string[] {
  return [...optional('-crf:v', crf), ...optional('-b:v', bitrate)];
}

function limitedRate(settings: VideoSettings): string[] {
  return [...rate(settings), ...limitArgs(settings.limit)];
}

/** For Google's encoders a quality is a limit within the bit rate, which has a default. */
function unlimited({ crf }: VideoSettings): string[] {
  return crf === null ? [] : ['-b:v', '0'];
}

function threadArgs(threads: number): string[] {
  return ['-threads:v', String(threads)];
}

function colorArgs({ color }: VideoSettings): string[] {
  return [
    ...optional('-colorspace:v', color.space),
    ...optional('-color_trc:v', color.transfer),
    ...optional('-color_primaries:v', color.primaries),
  ];
}
