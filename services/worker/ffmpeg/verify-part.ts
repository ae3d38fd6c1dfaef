import { AppError } from '../../../shared/errors.ts';
import { type MediaInfo, mainVideo } from '../../../shared/job/media.ts';
import type { AssembleSpec, TranscodeSpec, Verification, VideoSettings } from '../../../shared/job/task.ts';
import { allOrNone } from './all-or-none.ts';
import type { Stretch } from './args/decode-args.ts';
import { countPackets } from './count-packets.ts';
import { probeMedia } from './probe.ts';
import { type FrameTimes, frameSeconds, readFrameTimes } from './read-frame-times.ts';
import { verifyDecoding } from './verify-decoding.ts';
import { verifyDuration } from './verify-duration.ts';
import { verifyFrames } from './verify-frames.ts';
import { verifyLikeness } from './verify-likeness.ts';
import { verifySeams } from './verify-seams.ts';
import { verifyStreams } from './verify-streams.ts';

type PartCheck = {
  readonly binaries: { readonly ffmpeg: string; readonly ffprobe: string };
  readonly signal: AbortSignal;
  readonly stallMs: number;
  readonly threads: number;
  readonly spec: AssembleSpec | TranscodeSpec;
  /** The part. */
  readonly path: string;
  /** What the encodes read. */
  readonly source: string;
  /** As FFmpeg counted them while it wrote. */
  readonly framesWritten: number;
};

/**
 * Looks at a finished file before anyone else can: that it is what was planned, complete and decodable. Everything at
 * once, because a short job would feel every process started after another.
 *
 * @throws AppError `verification_failed`, `join_mismatch`, `input_corrupt`
 */
export async function verifyPart(check: PartCheck): Promise<Verification> {
  return await allOrNone(check.signal, async (signal) => {
    const part = { ...check, signal };
    const [facts, decoded, ssim] = await Promise.all([verifyFacts(part), verifyDecodable(part), verifyPicture(part)]);
    const likeness = ssim === null ? [] : [`SSIM ${ssim.toFixed(4)} against the source`];
    return { ...facts, level: check.spec.verify, checks: [...facts.checks, ...decoded, ...likeness], ssim };
  });
}

type Facts = Pick<Verification, 'frames' | 'duration_seconds' | 'streams' | 'checks'>;

/** What headers and packets tell. */
async function verifyFacts(check: PartCheck): Promise<Facts> {
  const { expect } = check.spec;
  const [made, times] = await Promise.all([probePart(check), expect.video ? frameTimesOf(check) : null]);
  const durationSeconds = made.duration_seconds ?? 0;
  return {
    frames: times?.ticks.length ?? null,
    duration_seconds: durationSeconds,
    streams: made.streams.length,
    checks: [
      verifyStreams(made, expect),
      ...(times === null ? [] : framesAndSeams(check, times)),
      await durationOf(check, made, times),
    ],
  };
}

/**
 * What MPEG-TS says of its duration comes from its clock, at the beginning and at the end: where that jumps in between
 * it says nothing. Then the pictures are counted: each packet of the source is to have given one.
 */
async function durationOf(check: PartCheck, made: MediaInfo, times: FrameTimes | null): Promise<string> {
  const durationSeconds = made.duration_seconds ?? 0;
  const startSeconds = made.start_seconds ?? 0;
  try {
    const seconds = times === null ? null : frameSeconds(times);
    return verifyDuration({ durationSeconds, startSeconds, frameSeconds: seconds }, check.spec.expect);
  } catch (error) {
    const { spec, source, binaries, signal } = check;
    const stream = spec.kind === 'transcode' && spec.media.format === 'mpegts' ? mainVideo(spec.media) : undefined;
    if (stream === undefined || times === null) throw error;
    const packets = await countPackets({ ffprobe: binaries.ffprobe, path: source, streamIndex: stream.index, signal });
    if (times.ticks.length < packets) throw error;
    return `duration ${durationSeconds.toFixed(3)} s, all ${packets} pictures of a clock that jumps`;
  }
}

function framesAndSeams({ spec, framesWritten }: PartCheck, times: FrameTimes): string[] {
  const seams = spec.kind === 'assemble' ? verifySeams(times, spec) : [];
  return [...verifyFrames(times, spec.expect.frames ?? framesWritten), ...seams];
}

async function probePart({ binaries, path, signal }: PartCheck): Promise<MediaInfo> {
  return await probeMedia({ ffprobe: binaries.ffprobe, path, signal }).catch((cause: unknown) => {
    signal.throwIfAborted();
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new AppError('verification_failed', `the result cannot be read: ${why}`, { cause });
  });
}

async function frameTimesOf({ binaries, path, signal }: PartCheck): Promise<FrameTimes> {
  return await readFrameTimes({ ffprobe: binaries.ffprobe, path, signal });
}

async function verifyDecodable(check: PartCheck): Promise<string[]> {
  const { expect, verify, target } = check.spec;
  const types = expect.encoded;
  if (types.length === 0) return [];
  // A seek in MPEG-TS lands anywhere, and what follows then complains of what came before
  const everything = verify === 'full' || target.container === 'mpegts';
  const stretches: readonly Stretch[] = everything ? ['all of it'] : ['first second', 'last second'];
  await Promise.all(stretches.map((stretch) => verifyDecoding({ ...check, types }, stretch)));
  return stretches.map((stretch) => `${types.join(' and ')}: ${stretch} decoded without a message`);
}

async function verifyPicture(check: PartCheck): Promise<number | null> {
  const { spec, source } = check;
  const compared = comparedVideo(spec);
  if (spec.verify !== 'full' || compared === null) return null;
  const frames = spec.expect.frames ?? check.framesWritten;
  const { settings, streamIndex } = compared;
  return await verifyLikeness({ ...check, source: { path: source, streamIndex }, settings, frames });
}

function comparedVideo(spec: PartCheck['spec']): { settings: VideoSettings; streamIndex: number } | null {
  if (spec.kind === 'assemble') return { settings: spec.video.settings, streamIndex: spec.video.stream_index };
  const stream = mainVideo(spec.media);
  if (stream === undefined || spec.video === null || spec.video === 'copy') return null;
  return { settings: spec.video, streamIndex: stream.index };
}
