import { AppError } from '../../../shared/errors.ts';
import { type MediaInfo, mainVideo } from '../../../shared/job/media.ts';
import { firstShownFromOrigin } from '../../../shared/job/plan/first-shown.ts';
import type { AssembleSpec, TranscodeSpec } from '../../../shared/job/task.ts';
import type { Damage, Verification } from '../../../shared/job/task-result.ts';
import type { VideoSettings } from '../../../shared/job/task-settings.ts';
import { allOrNone } from './all-or-none.ts';
import type { Stretch } from './args/decode-args.ts';
import { countPackets } from './count-packets.ts';
import { probeMedia } from './probe.ts';
import { type FrameTimes, frameSeconds, readFrameTimes } from './read-frame-times.ts';
import { transportStreamZero } from './transport-stream-zero.ts';
import { verifyDecoding } from './verify-decoding.ts';
import { findMissing, verifyDuration } from './verify-duration.ts';
import { verifyFrames } from './verify-frames.ts';
import { verifyLikeness } from './verify-likeness.ts';
import { verifyRate } from './verify-rate.ts';
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
  /** What was concealed on the way. */
  readonly damage: readonly Damage[];
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
    const [{ missing, ...facts }, decoded, ssim] = await Promise.all([
      verifyFacts(part),
      verifyDecodable(part),
      verifyPicture(part),
    ]);
    const likeness = ssim === null ? [] : [`SSIM ${ssim.toFixed(4)} against the source`];
    return {
      ...facts,
      level: check.spec.verify,
      checks: [...facts.checks, ...decoded, ...likeness],
      ssim,
      damage: [...check.damage, ...missing],
    };
  });
}

type Facts = Pick<Verification, 'frames' | 'duration_seconds' | 'streams' | 'checks'> & {
  /** What the source promised and did not hold, where that is no failure. */
  readonly missing: readonly Damage[];
};

/** What headers and packets tell. */
async function verifyFacts(check: PartCheck): Promise<Facts> {
  const { expect } = check.spec;
  const [made, times] = await Promise.all([probePart(check), expect.video ? frameTimesOf(check) : null]);
  const length = await verifyLength(check, made, times);
  return {
    frames: times?.ticks.length ?? null,
    duration_seconds: made.duration_seconds ?? 0,
    streams: made.streams.length,
    checks: [verifyStreams(made, expect), ...(times === null ? [] : framesAndSeams(check, times)), length.said],
    missing: length.missing,
  };
}

/** Whether the file is as long as the source promised; where it may be shorter, what is missing. */
async function verifyLength(
  check: PartCheck,
  made: MediaInfo,
  times: FrameTimes | null,
): Promise<Pick<Facts, 'missing'> & { readonly said: string }> {
  const { spec } = check;
  const { expect, on_error: onError } = spec;
  const ends = {
    endSeconds: endOf(made),
    startSeconds: await startOf(check, made),
    frameSeconds: times === null ? null : frameSeconds(times),
  };
  const missing = findMissing(ends, expect);
  if (missing.length > 0 && (await holdsAllPictures(check, times)))
    return { missing: [], said: 'every picture of a source whose clock jumps' };
  if (missing.length > 0 && onError === 'conceal') return { missing, said: 'shorter than the input says' };
  return { missing: [], said: verifyDuration(ends, expect) };
}

/** What MP4 and MOV call their duration is their end (a track may begin with nothing); elsewhere it is a length. */
function endOf({ format, start_seconds: start, duration_seconds: duration }: MediaInfo): number {
  return (duration ?? 0) + (format.startsWith('mov') ? 0 : (start ?? 0));
}

/** What the source's beginning is on the file's clock. Of sound alone only the length is promised, from its own beginning. */
async function startOf({ spec, binaries, path, signal }: PartCheck, made: MediaInfo): Promise<number> {
  if (!spec.expect.video) return made.start_seconds ?? 0;
  return spec.target.container === 'mpegts'
    ? await transportStreamZero({ ffprobe: binaries.ffprobe, path, signal })
    : 0;
}

/**
 * What MPEG-TS says of its duration comes from its clock, at the beginning and at the end: where that jumps in between
 * it says nothing. Then the pictures are counted: each packet of the source is to have given one.
 */
async function holdsAllPictures(check: PartCheck, times: FrameTimes | null): Promise<boolean> {
  const { spec, source, binaries, signal } = check;
  const stream = spec.kind === 'transcode' && spec.media.format === 'mpegts' ? mainVideo(spec.media) : undefined;
  if (stream === undefined || times === null) return false;
  const packets = await countPackets({ ffprobe: binaries.ffprobe, path: source, streamIndex: stream.index, signal });
  return times.ticks.length >= packets;
}

function framesAndSeams({ spec, framesWritten }: PartCheck, times: FrameTimes): string[] {
  const seams = spec.kind === 'assemble' ? verifySeams(times, spec) : [];
  return [...verifyFrames(times, spec.expect.frames ?? framesWritten), ...seams, ...rateOf(spec, times)];
}

function rateOf(spec: PartCheck['spec'], times: FrameTimes): string[] {
  const settings = comparedVideo(spec)?.settings;
  return settings === undefined ? [] : verifyRate(times, settings, spec.kind === 'assemble');
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
  const { settings, ...stream } = compared;
  return await verifyLikeness({ ...check, source: { path: source, ...stream }, settings, frames });
}

type Compared = { readonly settings: VideoSettings; readonly streamIndex: number; readonly firstShown: number | null };

function comparedVideo(spec: PartCheck['spec']): Compared | null {
  if (spec.kind === 'assemble') {
    const { settings, stream_index: streamIndex, first_shown_ticks: firstShown } = spec.video;
    return { settings, streamIndex, firstShown };
  }
  const stream = mainVideo(spec.media);
  if (stream === undefined || spec.video === null || spec.video === 'copy') return null;
  return { settings: spec.video, streamIndex: stream.index, firstShown: firstShownFromOrigin(spec.media, stream) };
}
