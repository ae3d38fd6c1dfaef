import type { IntervalSpec } from '../../../shared/job/task.ts';
import type { MeasureResult } from '../../../shared/job/task-result.ts';
import { identifyFile } from '../../../shared/storage/file-identity.ts';
import { measureArgs } from '../ffmpeg/args/measure-args.ts';
import { statisticsFiles, statisticsLog } from '../ffmpeg/args/video-pass.ts';
import { readComplexity } from '../ffmpeg/read-complexity.ts';
import { encodeInterval } from './encode-interval.ts';
import { inOwnFile } from './in-own-file.ts';
import { sealFile } from './seal-file.ts';
import type { TaskContext } from './task-context.ts';

type MadeFirstPass = Omit<MeasureResult, 'seconds'> & { readonly frames: number };

/** Runs the encoder's first pass over an interval and keeps its statistics in scratch. `share`: of the task's progress. */
export async function makeFirstPass(context: TaskContext, spec: IntervalSpec, share: number): Promise<MadeFirstPass> {
  const { paths, threads } = context;
  const name = `${spec.scratch}/pass-${String(context.ordinal).padStart(4, '0')}.${context.attemptId}`;
  return await inOwnFile(await paths.locate(statisticsLog(name)), async (log) => {
    const source = await paths.locate(spec.source);
    const { end } = await encodeInterval(context, spec, {
      args: measureArgs({ spec, source, prefix: await paths.locate(name), threads }),
      ...{ source, share },
    });
    const files = await sealStatistics(context, statisticsFiles(spec.settings.encoder, name));
    return {
      first_pass: { prefix: name, files },
      complexity: await readComplexity(log),
      frames: end.frames,
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
