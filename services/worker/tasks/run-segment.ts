import { AppError } from '../../../shared/errors.ts';
import type { Rational } from '../../../shared/job/media.ts';
import type { SegmentResult, SegmentSpec } from '../../../shared/job/task.ts';
import { segmentArgs } from '../ffmpeg/args/segment-args.ts';
import { SHIFT_SECONDS } from '../ffmpeg/args/shift-seconds.ts';
import { type FrameTimes, readFrameTimes } from '../ffmpeg/read-frame-times.ts';
import { inOwnFile } from './in-own-file.ts';
import { runTaskFfmpeg } from './run-task-ffmpeg.ts';
import { sealFile } from './seal-file.ts';
import type { TaskContext } from './task-context.ts';

/** Encodes one interval of the picture into a file of its own. */
export async function runSegment(context: TaskContext, spec: SegmentSpec): Promise<SegmentResult> {
  const name = `${spec.scratch}/segment-${String(context.ordinal).padStart(4, '0')}.${context.attemptId}.mp4`;
  return await inOwnFile(await context.paths.locate(name), async (output) => {
    const source = await context.paths.locate(spec.source);
    const end = await runTaskFfmpeg(context, {
      args: segmentArgs({ spec, source, output, threads: context.threads }),
      expectedSeconds: spec.expected_seconds,
      share: 1,
    });
    const [{ sizeBytes }, times] = await Promise.all([
      sealFile(output),
      readFrameTimes({ ffprobe: context.binaries.ffprobe, path: output, signal: context.signal }),
    ]);
    const ticks = sourceTicks(times, spec.time_base);
    checkInterval(spec, ticks, end.frames);
    const [first = 0] = ticks;
    const last = ticks.at(-1) ?? 0;
    return { file: { path: name, size_bytes: sizeBytes }, frames: ticks.length, first_ticks: first, last_ticks: last };
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
    throw new AppError('input_corrupt', 'no frame could be decoded in this part of the input');
  const start = spec.start_ticks === null ? null : spec.start_ticks - spec.origin_ticks;
  const end = spec.end_ticks === null ? null : spec.end_ticks - spec.origin_ticks;
  if ((start !== null && first !== start) || (end !== null && last >= end))
    throw new AppError('join_mismatch', `frames ${first}…${last} are not those of ${start ?? '…'}…${end ?? '…'}`);
  if (ticks.length !== framesWritten)
    throw new AppError('join_mismatch', `FFmpeg wrote ${framesWritten} frames, the segment holds ${ticks.length}`);
}
