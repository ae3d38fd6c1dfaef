import type { PublishedFile, TranscodeSpec } from '../../../shared/job/task.ts';
import { transcodeArgs } from '../ffmpeg/args/transcode-args.ts';
import { makePart } from './make-part.ts';
import { runTaskFfmpeg } from './run-task-ffmpeg.ts';
import type { TaskContext } from './task-context.ts';

/** Verifying takes next to nothing beside encoding. */
const ENCODE_SHARE = 0.98;

/** Makes the whole file in one FFmpeg process, verifies it and hands it over for publication. */
export async function runTranscode(context: TaskContext, spec: TranscodeSpec): Promise<PublishedFile> {
  const source = await context.paths.locate(spec.source);
  return await makePart(context, spec, (output) =>
    runTaskFfmpeg(context, {
      args: transcodeArgs({ spec, source, output, threads: context.threads }),
      expectedSeconds: spec.expected_seconds,
      share: ENCODE_SHARE,
    }),
  );
}
