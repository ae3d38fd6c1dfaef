import type { AudioSettings } from '../../../../shared/job/task.ts';

/** Opus knows these layouts only, and refuses "5.1(side)", which every AC-3 file has. */
const OPUS_LAYOUTS = '7.1|6.1|5.1|5.0|quad|3.0|stereo|mono';

/** The options of an audio encoder, or of copying. */
export function audioEncoderArgs(settings: AudioSettings): string[] {
  if (settings.codec === 'copy' || settings.encoder === null)
    return ['-c:a', 'copy', ...(settings.from_zero ? ['-copypriorss:a', '0'] : [])];
  return [
    ...['-c:a', settings.encoder],
    ...(settings.encoder === 'libopus' ? ['-af', `aformat=channel_layouts=${OPUS_LAYOUTS}`] : []),
    ...(settings.bitrate === null ? [] : ['-b:a', String(settings.bitrate)]),
    ...(settings.channels === null ? [] : ['-ac', String(settings.channels)]),
  ];
}
