import { AppError } from '../../../shared/errors.ts';
import { type Rational, ticksToSeconds } from '../../../shared/job/media.ts';
import { isHardware } from '../../../shared/job/pools.ts';
import type { SegmentRate, SegmentSpec } from '../../../shared/job/task.ts';
import type { Damage, SegmentResult } from '../../../shared/job/task-result.ts';
import { identifyFile } from '../../../shared/storage/file-identity.ts';
import { accelerationFor } from '../ffmpeg/acceleration.ts';
import { segmentArgs } from '../ffmpeg/args/segment-args.ts';
import { SHIFT_SECONDS } from '../ffmpeg/args/shift-seconds.ts';
import { passOfRate } from '../ffmpeg/args/video-pass.ts';
import { bitsOf } from '../ffmpeg/rate-buffer.ts';
import { type FrameTimes, readFrameTimes } from '../ffmpeg/read-frame-times.ts';
import { readHeaderHash } from '../ffmpeg/read-header-hash.ts';
import { checkTimesRise, isPictureGoingBack, timesUnknown } from './check-times-rise.ts';
import { encodeInterval, secondsOf } from './encode-interval.ts';
import { inOwnFile } from './in-own-file.ts';
import { makeFirstPass } from './make-first-pass.ts';
import { nextRate } from './next-rate.ts';
import { sealFile } from './seal-file.ts';
import type { TaskContext } from './task-context.ts';

/** How often a segment is encoded that is to keep to a rate. */
const TRIES = 3;
/** Of the progress that is left: the first try nearly always is the last. */
const TRY_SHARE = 0.9;
/** Of a first pass that has to be made again, beside the second. */
const AGAIN_SHARE = 0.3;

/** Encodes one interval of the picture into a file of its own. */
export async function runSegment(context: TaskContext, spec: SegmentSpec): Promise<SegmentResult> {
  const name = `${spec.scratch}/segment-${String(context.ordinal).padStart(4, '0')}.${context.attemptId}.mp4`;
  return await inOwnFile(await context.paths.locate(name), async (output) => {
    const { times, damage } = spec.rate
      ? await encodeToRate(context, spec, output, spec.rate)
      : await encode(context, spec, { output });
    const { sizeBytes } = await sealFile(output);
    const ticks = sourceTicks(times, spec.time_base);
    const [first = 0] = ticks;
    const last = ticks.at(-1) ?? 0;
    const frames = ticks.length;
    return {
      ...{ file: { path: name, size_bytes: sizeBytes }, frames, first_ticks: first, last_ticks: last, damage },
      ...(isHardware(spec.settings.encoder) && { header: await headerOf(context, output) }),
    };
  });
}

async function headerOf({ binaries, signal }: TaskContext, path: string): Promise<string> {
  return (await readHeaderHash({ ffprobe: binaries.ffprobe, path, signal })) ?? '';
}

type Encode = {
  readonly output: string;
  readonly rate?: SegmentRate;
  readonly prefix?: string | null;
  /** As of `runTaskFfmpeg`. */
  readonly share?: number;
  readonly done?: number;
};

type Encoded = { readonly times: FrameTimes; readonly damage: readonly Damage[] };

/** Again, with what the encoder is told corrected, until rate and limit are kept, or trying once more would not help. */
async function encodeToRate(
  context: TaskContext,
  spec: SegmentSpec,
  output: string,
  wanted: SegmentRate,
): Promise<Encoded> {
  const { prefix, seconds, done: begun } = await firstPassOf(context, spec, wanted);
  let [rate, done] = [wanted, begun];
  let before: number | null = null;
  for (let tries = 1; ; tries += 1) {
    const share = (1 - done) * TRY_SHARE;
    const encoded = await encode(context, spec, { output, rate, prefix, share, done });
    const { times } = encoded;
    const next = nextRate({ rate, times, seconds, before }, wanted, spec.settings.limit);
    if (next === null || tries >= TRIES) return encoded;
    before = bitsOf(times) / seconds;
    [rate, done] = [next, done + share];
  }
}

type FirstPassAt = { readonly prefix: string | null; readonly seconds: number; readonly done: number };

/** The statistics where the measuring task left them; made again when they are lost, because that gives the same. */
async function firstPassOf(context: TaskContext, spec: SegmentSpec, rate: SegmentRate): Promise<FirstPassAt> {
  const { first_pass: made } = rate;
  if (made === null) return { prefix: null, seconds: spec.expected_seconds, done: 0 };
  const places = await Promise.all(
    made.files.map(async ({ path, size_bytes }) => {
      const found = await identifyFile(await context.paths.locate(path));
      return found?.sizeBytes === size_bytes;
    }),
  );
  const seconds = rate.seconds ?? spec.expected_seconds;
  if (places.every(Boolean)) return { prefix: await context.paths.locate(made.prefix), seconds, done: 0 };
  context.log.warn({ job_id: context.jobId, ordinal: context.ordinal }, 'statistics of the first pass lost');
  const again = await makeFirstPass(context, spec, AGAIN_SHARE);
  return { prefix: await context.paths.locate(again.first_pass.prefix), seconds, done: AGAIN_SHARE };
}

async function encode(
  context: TaskContext,
  spec: SegmentSpec,
  { output, rate, prefix = null, share = 1, done = 0 }: Encode,
): Promise<Encoded> {
  const { threads, signal, devices } = context;
  const { settings, source_coding: coding, on_error: onError } = spec;
  const acceleration = accelerationFor({ encoder: settings.encoder, coding, onError }, context.decoders);
  const source = await context.paths.locate(spec.source);
  const { end, damage } = await encodeInterval(context, spec, {
    args: segmentArgs({ spec, source, output, threads, devices, acceleration, pass: passOfRate(rate, prefix) }),
    ...{ source, share, done },
  }).catch((error: unknown) => {
    throw isPictureGoingBack(error) ? timesUnknown(error) : error;
  });
  const times = await readFrameTimes({ ffprobe: context.binaries.ffprobe, path: output, signal });
  checkInterval(spec, sourceTicks(times, spec.time_base), end.frames);
  checkBeginning(spec, damage);
  return { times, damage };
}

/** The file's clock is finer than the source's and runs ahead. */
function sourceTicks({ ticks, timeBase }: FrameTimes, source: Rational): number[] {
  const finer = (timeBase.num * source.den) / (timeBase.den * source.num);
  const ahead = (SHIFT_SECONDS * source.den) / source.num;
  return ticks.map((tick) => Math.round(tick * finer - ahead));
}

/** The source may not be what its headers say, or not be sought as it should: better known now than at the join. */
function checkInterval(spec: SegmentSpec, ticks: readonly number[], framesWritten: number): void {
  const first = ticks[0];
  const last = ticks.at(-1);
  if (first === undefined || last === undefined)
    throw new AppError(
      spec.on_error === 'conceal' ? 'join_mismatch' : 'input_corrupt',
      'no frame could be decoded in this part of the input',
    );
  checkTimesRise(ticks);
  const start = spec.start_ticks === null ? null : spec.start_ticks - spec.origin_ticks;
  const end = spec.end_ticks === null ? null : spec.end_ticks - spec.origin_ticks;
  if ((start !== null && first !== start) || (end !== null && last >= end))
    throw new AppError('join_mismatch', `frames ${first}…${last} are not those of ${start ?? '…'}…${end ?? '…'}`);
  if (ticks.length !== framesWritten)
    throw new AppError('join_mismatch', `FFmpeg wrote ${framesWritten} frames, the segment holds ${ticks.length}`);
}

/**
 * What conceals a damaged picture is made from the ones before. Where these are damaged too, back to the keyframe with
 * which this encode began to read, one process might have had others: then it shall do it.
 */
function checkBeginning(spec: SegmentSpec, damage: readonly Damage[]): void {
  const start = secondsOf(spec.start_ticks, spec.time_base);
  if (start === null) return;
  const at = start - ticksToSeconds(spec.origin_ticks, spec.time_base);
  if (damage.some(({ from_seconds: from, to_seconds: to }) => from < at && to >= at))
    throw new AppError('join_mismatch', `the input is damaged where it was to be cut, at ${at.toFixed(3)} s`);
}
