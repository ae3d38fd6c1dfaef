import { AppError } from '../../../shared/errors.ts';
import { type Rational, ticksToSeconds } from '../../../shared/job/media.ts';
import type { Damage, SegmentResult, SegmentSpec } from '../../../shared/job/task.ts';
import { segmentArgs } from '../ffmpeg/args/segment-args.ts';
import { SHIFT_SECONDS } from '../ffmpeg/args/shift-seconds.ts';
import { type FrameTimes, readFrameTimes } from '../ffmpeg/read-frame-times.ts';
import { encodeSource } from './encode-source.ts';
import { inOwnFile } from './in-own-file.ts';
import { sealFile } from './seal-file.ts';
import type { TaskContext } from './task-context.ts';

/** Encodes one interval of the picture into a file of its own. */
export async function runSegment(context: TaskContext, spec: SegmentSpec): Promise<SegmentResult> {
  const name = `${spec.scratch}/segment-${String(context.ordinal).padStart(4, '0')}.${context.attemptId}.mp4`;
  return await inOwnFile(await context.paths.locate(name), async (output) => {
    const source = await context.paths.locate(spec.source);
    const { end, damage } = await encodeSource(context, {
      args: segmentArgs({ spec, source, output, threads: context.threads }),
      expectedSeconds: spec.expected_seconds,
      share: 1,
      ...{ onError: spec.on_error, source, decoded: [{ type: 'video', stream: spec.stream_index }] },
      ...{ from: secondsOf(spec.start_ticks, spec), to: secondsOf(spec.end_ticks, spec) },
      originSeconds: ticksToSeconds(spec.origin_ticks, spec.time_base),
    });
    const [{ sizeBytes }, times] = await Promise.all([
      sealFile(output),
      readFrameTimes({ ffprobe: context.binaries.ffprobe, path: output, signal: context.signal }),
    ]);
    const ticks = sourceTicks(times, spec.time_base);
    checkInterval(spec, ticks, end.frames);
    checkBeginning(spec, damage);
    const [first = 0] = ticks;
    const last = ticks.at(-1) ?? 0;
    const frames = ticks.length;
    return { file: { path: name, size_bytes: sizeBytes }, frames, first_ticks: first, last_ticks: last, damage };
  });
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
  const start = secondsOf(spec.start_ticks, spec);
  if (start === null) return;
  const at = start - ticksToSeconds(spec.origin_ticks, spec.time_base);
  if (damage.some(({ from_seconds: from, to_seconds: to }) => from < at && to >= at))
    throw new AppError('join_mismatch', `the input is damaged where it was to be cut, at ${at.toFixed(3)} s`);
}

function secondsOf(ticks: number | null, { time_base }: SegmentSpec): number | null {
  return ticks === null ? null : ticksToSeconds(ticks, time_base);
}
