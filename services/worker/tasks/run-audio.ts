import { container } from '../../../shared/job/container.ts';
import type { AudioResult, AudioSpec } from '../../../shared/job/task.ts';
import { audioArgs } from '../ffmpeg/args/audio-args.ts';
import { inOwnFile } from './in-own-file.ts';
import { runTaskFfmpeg } from './run-task-ffmpeg.ts';
import { sealFile } from './seal-file.ts';
import type { TaskContext } from './task-context.ts';

/** Makes everything that is not the picture, once and whole. */
export async function runAudio(context: TaskContext, spec: AudioSpec): Promise<AudioResult> {
  const [extension] = container(spec.container).extensions;
  const name = `${spec.scratch}/rest.${context.attemptId}.${extension}`;
  return await inOwnFile(await context.paths.locate(name), async (output) => {
    const source = await context.paths.locate(spec.source);
    await runTaskFfmpeg(context, {
      args: audioArgs({ spec, source, output }),
      expectedSeconds: spec.expected_seconds,
      share: 1,
    });
    const { sizeBytes } = await sealFile(output);
    return { file: { path: name, size_bytes: sizeBytes } };
  });
}
