import { audioCodecOf } from '../../../shared/job/codecs.ts';
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

/**
 * Encodes a few frames (320×180; sound at 48 kHz) into nothing and gives the speed: pictures a second for video, seconds
 * of sound a second for audio, the start of the process included.
 *
 * @throws AppError what `runFfmpeg` throws when the encoder does not work here. The signal's reason when it was aborted.
 */
export async function proveEncoder(ffmpeg: string, encoder: string, signal: AbortSignal): Promise<number | null> {
  const audio = audioCodecOf(encoder) !== undefined;
  const end = await runFfmpeg({
    binary: ffmpeg,
    args: audio ? audioArgs(encoder) : videoArgs(encoder),
    signal,
    stallMs: STALL_MS,
  });
  const made = audio ? (end.outTimeUs ?? 0) / 1_000_000 : end.frames;
  return made > 0 ? made / end.seconds : null;
}

function videoArgs(encoder: string): string[] {
  const source = ['-f', 'lavfi', '-i', 'testsrc2=size=320x180:rate=25,format=yuv420p'];
  return [
    ...source,
    '-frames:v',
    String(VIDEO_FRAMES),
    '-c:v',
    encoder,
    ...(QUICKER[encoder] ?? []),
    '-f',
    'null',
    '-',
  ];
}

function audioArgs(encoder: string): string[] {
  const source = ['-f', 'lavfi', '-i', `sine=sample_rate=48000:duration=${AUDIO_SECONDS}`];
  return [...source, '-c:a', encoder, '-f', 'null', '-'];
}
