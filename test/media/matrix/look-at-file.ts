import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Frame, parseFrames } from '../support/frames.ts';
import { describeFile, type FileLook } from './describe-file.ts';

/** All that a file is compared by, from one decoding. Times in seconds from the beginning of the file. */
export type Look = FileLook & {
  /** Decoded pictures that are shown. */
  readonly frames: readonly Frame[];
  /** Packets of sound, undecoded. */
  readonly packets: readonly Frame[];
  /** When the picture flashes, and when the first stream of sound beeps. */
  readonly flashes: readonly number[];
  readonly beeps: readonly number[];
  /** What decoding complained of. */
  readonly complaints: string;
};

const KEEP_TIME = ['-fps_mode', 'passthrough', '-enc_time_base', '-1'];
const SAMPLE_RATE = 8000;
/** Where time stamps leave a gap, or begin late, silence; so that a sample's place is its time. */
const BY_TIME = `aresample=${SAMPLE_RATE}:async=1:min_hard_comp=0.01:first_pts=0`;

export async function lookAtFile(path: string): Promise<Look> {
  const file = await describeFile(path);
  const picture = file.streams.findIndex(
    ({ type, dispositions }) => type === 'video' && !dispositions.includes('attached_pic'),
  );
  const hasSound = file.streams.some(({ type }) => type === 'audio');
  const folder = await mkdtemp(join(tmpdir(), 'ffmill-look-'));
  const [decoded, bright, packets, sound] = ['frames', 'bright', 'packets', 'sound'].map((name) => join(folder, name));
  const args = [
    ...['-hide_banner', '-nostdin', '-v', 'error', '-y', '-threads', '1', '-i', `file:${path}`],
    ...['-map', `0:${picture}`, ...KEEP_TIME, '-f', 'framemd5', String(decoded)],
    ...[
      '-map',
      `0:${picture}`,
      '-vf',
      'scale=1:1:flags=area,format=gray',
      ...KEEP_TIME,
      '-f',
      'rawvideo',
      String(bright),
    ],
    ...(hasSound
      ? [
          ...['-map', '0:a', '-c', 'copy', '-f', 'framemd5', String(packets)],
          ...['-map', '0:a:0', '-af', BY_TIME, '-ac', '1', '-f', 's16le', String(sound)],
        ]
      : []),
  ];
  try {
    const { stderr } = await promisify(execFile)('ffmpeg', args, { maxBuffer: 64 * 1024 * 1024 });
    const pictures = parseFrames(await readFile(String(decoded), 'utf8'));
    const shown = pictures.map((_, index) => isShown(pictures, index, file.format));
    const frames = pictures.filter((_, index) => shown[index]);
    return {
      ...file,
      frames,
      packets: hasSound ? parseFrames(await readFile(String(packets), 'utf8')) : [],
      flashes: flashesIn(frames, Buffer.from((await readFile(String(bright))).filter((_, index) => shown[index]))),
      beeps: hasSound ? beepsIn(await readFile(String(sound))) : [],
      complaints: stderr,
    };
  } finally {
    await rm(folder, { recursive: true });
  }
}

/**
 * Of frames of one moment the first counts. What an edit list hides ends where time begins, before the next frame is
 * shown; decoders that are not FFmpeg's own (dav1d for AV1) give it all the same.
 */
function isShown(frames: readonly Frame[], index: number, format: string): boolean {
  const [before, frame, next] = [frames[index - 1], frames[index], frames[index + 1]];
  if (before !== undefined && frame !== undefined && frame.seconds <= before.seconds) return false;
  return !format.startsWith('mov') || next === undefined || next.seconds > 0;
}

/** A flash makes a quarter of the picture white. */
const FLASH_RISE = 12;

function flashesIn(frames: readonly Frame[], bright: Buffer): number[] {
  return frames
    .filter((_, index) => index > 0 && (bright[index] ?? 0) - (bright[index - 1] ?? 0) > FLASH_RISE)
    .map(({ seconds }) => seconds);
}

/** A beep is far louder than the tone, however loud the whole is; after 0.3 s of less it is another. */
const BEEP_SHARE = 0.4;
const SILENCE = 0.01 * 32_768;
const PAUSE_SAMPLES = 0.3 * SAMPLE_RATE;

function beepsIn(sound: Buffer): number[] {
  const samples = new Int16Array(sound.buffer, sound.byteOffset, sound.length >> 1);
  const loudest = samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), SILENCE);
  const beeps: number[] = [];
  let last = Number.NEGATIVE_INFINITY;
  samples.forEach((sample, index) => {
    if (Math.abs(sample) < BEEP_SHARE * loudest) return;
    if (index - last > PAUSE_SAMPLES) beeps.push(index / SAMPLE_RATE);
    last = index;
  });
  return beeps;
}
