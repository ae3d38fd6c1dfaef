import { audioCodecOf, videoCodecOf } from '../../../shared/job/codecs.ts';
import { isHardware, provedWith } from '../../../shared/job/pools.ts';
import type { VideoSettings } from '../../../shared/job/task-settings.ts';
import { deviceArgs, encoderDeviceArgs } from './args/device-args.ts';
import { formatForEncoder, uploadFilters } from './args/upload-filter.ts';
import { videoEncoderArgs } from './args/video-encoder-args.ts';
import type { Devices } from './devices.ts';
import { runFfmpeg } from './run.ts';

/** Enough for look-ahead and threads to have begun, and still a fraction of a second with every quick encoder. */
const VIDEO_FRAMES = 50;
const AUDIO_SECONDS = 20;
const STALL_MS = 60_000;

/** Where an encoder's own default is far slower than what anybody uses: libaom takes 20 s a second of video with it. */
const QUICKER: Readonly<Record<string, readonly string[]>> = {
  'libaom-av1': ['-cpu-used', '8', '-row-mt', '1'],
  'libvpx-vp9': ['-deadline', 'good', '-cpu-used', '4', '-row-mt', '1'],
  libsvtav1: ['-preset', '8'],
};

type Proof = { readonly ffmpeg: string; readonly devices: Devices; readonly signal: AbortSignal };

/**
 * Encodes a few frames (320×180; sound at 48 kHz) into nothing and gives the speed: pictures a second for video, seconds
 * of sound a second for audio, the start of the process included. Hardware is asked for exactly what jobs ask of it.
 *
 * @throws AppError what `runFfmpeg` throws when the encoder does not work here. The signal's reason when it was aborted.
 */
export async function proveEncoder({ ffmpeg, devices, signal }: Proof, capability: string): Promise<number | null> {
  const audio = audioCodecOf(capability) !== undefined;
  const args = audio ? audioArgs(capability) : proofArgs(capability, devices);
  const end = await runFfmpeg({ binary: ffmpeg, args, signal, stallMs: STALL_MS });
  const made = audio ? (end.outTimeUs ?? 0) / 1_000_000 : end.frames;
  return made > 0 ? made / end.seconds : null;
}

/** The command that proves that pictures can be encoded. */
export function proofArgs(capability: string, devices: Devices): string[] {
  const size = 'testsrc2=size=320x180:rate=25';
  const frames = ['-frames:v', String(VIDEO_FRAMES)];
  if (!isHardware(capability))
    return [
      ...['-f', 'lavfi', '-i', `${size},format=yuv420p`, ...frames],
      ...['-c:v', capability, ...(QUICKER[capability] ?? []), '-f', 'null', '-'],
    ];
  const settings = usualSettings(capability);
  const { encoder } = settings;
  const filters = [`format=${formatForEncoder(settings)}`, ...uploadFilters(encoder)];
  return [
    ...[...deviceArgs(encoder, devices), '-f', 'lavfi', '-i', size, ...frames, '-vf', filters.join(',')],
    ...[...encoderDeviceArgs(encoder, devices), ...videoEncoderArgs(settings, 1), '-f', 'null', '-'],
  ];
}

/** What most jobs ask of a hardware encoder. */
function usualSettings(capability: string): VideoSettings {
  const { encoder, pixelFormat } = provedWith(capability);
  return {
    ...{ codec: videoCodecOf(encoder) ?? 'h264', encoder, pixel_format: pixelFormat },
    ...{ preset: 'medium', crf: 24, bitrate: null, limit: null, lossless: false, gop_frames: 50 },
    ...{ scale: null, pixel_aspect: null, color: { space: null, transfer: null, primaries: null }, hdr10: null },
  };
}

function audioArgs(encoder: string): string[] {
  const source = ['-f', 'lavfi', '-i', `sine=sample_rate=48000:duration=${AUDIO_SECONDS}`];
  return [...source, '-c:a', encoder, '-f', 'null', '-'];
}
