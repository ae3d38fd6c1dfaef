import { HARDWARE_POOLS, type HardwarePool, poolOf } from '../../../../shared/job/pools.ts';
import type { VideoSettings } from '../../../../shared/job/task-settings.ts';
import { nvencPreset, qsvPreset } from './hardware-preset.ts';
import { nvencQuality, qsvQuality, vaapiQuality, videotoolboxQuality } from './hardware-quality.ts';
import { optional } from './optional.ts';

/**
 * The options of a hardware encoder; undefined for software. A quality is asked for as a quality (without a bit rate the
 * devices would take one of their own), every GOP begins with an IDR frame, and each segment, being an encode of its
 * own, does too. How many B-frames there are is left to the device: not all have them, and one that is asked for what it
 * lacks does not open. What of this a device does not take shows in the proof, which uses the same options.
 */
export function hardwareEncoderArgs(settings: VideoSettings): string[] | undefined {
  const pool = HARDWARE_POOLS.find((name) => name === poolOf(settings.encoder));
  return pool && OWN[pool](settings);
}

const OWN: Readonly<Record<HardwarePool, (settings: VideoSettings) => string[]>> = {
  // Its default profile for H.264 is Main
  nvenc: ({ codec, preset, crf, bitrate }) => [
    ...optional('-preset:v', nvencPreset(preset)),
    ...(codec === 'h264' ? ['-profile:v', 'high'] : []),
    ...(crf === null ? [] : ['-rc:v', 'vbr', '-cq:v', String(nvencQuality(crf)), '-b:v', '0']),
    ...(bitrate === null ? [] : ['-rc:v', 'vbr', '-b:v', String(bitrate)]),
  ],
  // A constant quantiser is what every driver has; the preset has no counterpart
  vaapi: ({ codec, crf, bitrate }) => [
    ...(crf === null ? [] : ['-rc_mode:v', 'CQP', vaapiOption(codec), String(vaapiQuality(codec, crf))]),
    ...(bitrate === null ? [] : ['-rc_mode:v', 'VBR', '-b:v', String(bitrate)]),
    ...['-idr_interval:v', '0'],
  ],
  qsv: ({ codec, preset, crf, bitrate, pixel_format: format }) => [
    ...optional('-preset:v', qsvPreset(preset)),
    ...(codec === 'hevc' && format === 'yuv420p10le' ? ['-profile:v', 'main10'] : []),
    ...(crf === null ? [] : ['-global_quality:v', String(qsvQuality(codec, crf))]),
    ...optional('-b:v', bitrate),
    ...(codec === 'h264' || codec === 'hevc' ? ['-idr_interval:v', '0', '-flags:v', '+cgop'] : []),
  ],
  // Its default profile for H.264 is the lowest; a quality is taken by Apple's own chips alone
  videotoolbox: ({ codec, crf, bitrate, pixel_format: format }) => [
    ...(codec === 'h264' ? ['-profile:v', 'high'] : []),
    ...(codec === 'hevc' ? ['-profile:v', format === 'yuv420p10le' ? 'main10' : 'main'] : []),
    ...(crf === null ? [] : ['-q:v', String(videotoolboxQuality(crf))]),
    ...optional('-b:v', bitrate),
  ],
};

/** The encoders of AV1 and VP9 have no option for it; the common one is the same to them. */
function vaapiOption(codec: VideoSettings['codec']): string {
  return codec === 'h264' || codec === 'hevc' ? '-qp:v' : '-global_quality:v';
}
