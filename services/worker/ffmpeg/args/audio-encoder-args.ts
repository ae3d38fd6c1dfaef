import type { AudioSettings } from '../../../../shared/job/task-settings.ts';

/** Opus knows these layouts only, and refuses "5.1(side)", which every AC-3 file has. */
const OPUS_LAYOUTS = '7.1|6.1|5.1|5.0|quad|3.0|stereo|mono';

/** Sound keeps its place by the time stamps, and where they go back they are made to rise. */
const IN_ORDER = 'aresample=async=1';

/** The options of an audio encoder, or of copying. `lenient`: the source's times may be out of order. */
export function audioEncoderArgs(settings: AudioSettings, lenient: boolean): string[] {
  if (settings.codec === 'copy' || settings.encoder === null)
    return ['-c:a', 'copy', ...(settings.from_zero ? ['-copypriorss:a', '0'] : [])];
  const filters = [
    ...(lenient ? [IN_ORDER] : []),
    ...(settings.encoder === 'libopus' ? [`aformat=channel_layouts=${OPUS_LAYOUTS}`] : []),
  ];
  return [
    ...['-c:a', settings.encoder],
    ...(filters.length === 0 ? [] : ['-af', filters.join(',')]),
    ...(settings.bitrate === null ? [] : ['-b:a', String(settings.bitrate)]),
    ...(settings.channels === null ? [] : ['-ac', String(settings.channels)]),
  ];
}
