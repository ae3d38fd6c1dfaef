import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AppError } from '../../../shared/errors.ts';
import type { SourceCoding } from '../../../shared/job/task.ts';
import { type Acceleration, decoderName } from './acceleration.ts';
import { decodingProofArgs } from './args/decoding-proof-args.ts';
import { uploadedFormat } from './args/upload-filter.ts';
import type { Devices } from './devices.ts';
import { readOutput } from './read-output.ts';
import { runFfmpeg } from './run.ts';

type Sample = SourceCoding & { readonly encode: readonly string[] };

/** Long enough for B-frames and a second group of pictures. */
const FRAMES = 20;
const STALL_MS = 60_000;

/** One for each codec and profile whose decoding is defined to the last bit; MPEG-2's is not. */
const SAMPLES: readonly Sample[] = [
  ...['Constrained Baseline', 'Main', 'High'].map((profile) => ({
    ...{ codec: 'h264', profile, pixel_format: 'yuv420p' },
    encode: ['-c:v', 'libx264', '-profile:v', profile.split(' ').at(-1)?.toLowerCase() ?? ''],
  })),
  { codec: 'hevc', profile: 'Main', pixel_format: 'yuv420p', encode: ['-c:v', 'libx265'] },
  { codec: 'hevc', profile: 'Main 10', pixel_format: 'yuv420p10le', encode: ['-c:v', 'libx265'] },
  { codec: 'vp9', profile: 'Profile 0', pixel_format: 'yuv420p', encode: ['-c:v', 'libvpx-vp9', '-cpu-used', '8'] },
  { codec: 'av1', profile: 'Main', pixel_format: 'yuv420p', encode: ['-c:v', 'libsvtav1', '-preset', '10'] },
  { codec: 'av1', profile: 'Main', pixel_format: 'yuv420p10le', encode: ['-c:v', 'libsvtav1', '-preset', '10'] },
];

type Proof = { readonly ffmpeg: string; readonly devices: Devices; readonly signal: AbortSignal };

/**
 * Finds out what these accelerations decode exactly as software does: each codec and profile of which this FFmpeg can
 * make a sample. Throws only the signal's reason when it was aborted.
 */
export async function proveDecoders(proof: Proof, accelerations: readonly Acceleration[]): Promise<string[]> {
  if (accelerations.length === 0) return [];
  const folder = await mkdtemp(join(tmpdir(), 'ffmill-proof-'));
  const proved: string[] = [];
  try {
    for (const [index, sample] of SAMPLES.entries()) {
      const path = join(folder, `${index}.mkv`);
      const expected = await unlessRefused(proof, async () => {
        await makeSample(proof, sample, path);
        return await decode(proof, sample, path);
      });
      for (const acceleration of expected === null ? [] : accelerations) {
        const decoded = await unlessRefused(proof, () => decode(proof, sample, path, acceleration));
        if (decoded === expected) proved.push(decoderName(acceleration, sample));
      }
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return proved;
}

async function makeSample({ ffmpeg, signal }: Proof, { encode, pixel_format }: Sample, path: string): Promise<void> {
  const source = ['-f', 'lavfi', '-i', 'testsrc2=size=320x180:rate=25', '-frames:v', String(FRAMES), '-g', '12'];
  const args = ['-y', ...source, '-pix_fmt', pixel_format, ...encode, '-f', 'matroska', `file:${path}`];
  await runFfmpeg({ binary: ffmpeg, args, signal, stallMs: STALL_MS });
}

/** The hash of each picture. */
async function decode(
  { ffmpeg, signal, devices }: Proof,
  { pixel_format }: Sample,
  path: string,
  acceleration?: Acceleration,
): Promise<string> {
  const format = uploadedFormat(pixel_format);
  const args = decodingProofArgs({ path, format, devices, ...(acceleration && { acceleration }) });
  return await readOutput({ binary: ffmpeg, args, signal });
}

async function unlessRefused<Result>({ signal }: Proof, work: () => Promise<Result>): Promise<Result | null> {
  try {
    return await work();
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof AppError)) throw error;
    return null;
  }
}
