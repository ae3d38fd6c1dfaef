import { ticksToSeconds } from '../../../shared/job/media.ts';
import type { IntervalSpec, MeasureResult } from '../../../shared/job/task.ts';
import { measureArgs } from '../ffmpeg/args/measure-args.ts';
import { statisticsFiles, statisticsLog } from '../ffmpeg/args/video-pass.ts';
import { readComplexity } from '../ffmpeg/read-complexity.ts';
import type { FfmpegEnd } from '../ffmpeg/run.ts';
import { identifyFile } from '../../../shared/storage/file-identity.ts';
import { inOwnFile } from './in-own-file.ts';
import { runTaskFfmpeg } from './run-task-ffmpeg.ts';
import { sealFile } from './seal-file.ts';
import type { TaskContext } from './task-context.ts';

/** Runs the encoder's first pass over an interval and keeps its statistics in scratch. `share`: of the task's progress. */
export async function makeFirstPass(context: TaskContext, spec: IntervalSpec, share: number): Promise<MeasureResult> {
  const { paths, threads } = context;
  const name = `${spec.scratch}/pass-${String(context.ordinal).padStart(4, '0')}.${context.attemptId}`;
  return await inOwnFile(await paths.locate(statisticsLog(name)), async (log) => {
    const source = await paths.locate(spec.source);
    const end = await runTaskFfmpeg(context, {
      args: measureArgs({ spec, source, prefix: await paths.locate(name), threads }),
      expectedSeconds: spec.expected_seconds,
      share,
    });
    const files = await sealStatistics(context, statisticsFiles(spec.settings.encoder, name));
    return {
      first_pass: { prefix: name, files },
      complexity: await readComplexity(log),
      seconds: secondsShown(spec, end),
    };
  });
}

/** Without block trees (the fastest presets) there is only the log. */
async function sealStatistics({ paths }: TaskContext, names: readonly string[]) {
  const sealed = names.map(async (path) => {
    const place = await paths.locate(path);
    if ((await identifyFile(place)) === undefined) return [];
    return [{ path, size_bytes: (await sealFile(place)).sizeBytes }];
  });
  return (await Promise.all(sealed)).flat();
}

/**
 * From the interval's beginning to the end of its last frame, as FFmpeg wrote it: a container may promise more picture
 * than there is. Never longer than planned.
 */
function secondsShown(spec: IntervalSpec, { outTimeUs }: FfmpegEnd): number {
  const begin = spec.start_ticks === null ? 0 : ticksToSeconds(spec.start_ticks - spec.origin_ticks, spec.time_base);
  const shown = (outTimeUs ?? 0) / 1e6 - begin;
  return shown > 0 ? Math.min(shown, spec.expected_seconds) : spec.expected_seconds;
}
