import { container } from '../../../shared/job/container.ts';
import type { AudioSpec } from '../../../shared/job/task.ts';
import type { AudioResult } from '../../../shared/job/task-result.ts';
import { audioArgs } from '../ffmpeg/args/audio-args.ts';
import { encodeSource } from './encode-source.ts';
import { inOwnFile } from './in-own-file.ts';
import { sealFile } from './seal-file.ts';
import type { TaskContext } from './task-context.ts';

/** Makes everything that is not the picture, once and whole. */
export async function runAudio(context: TaskContext, spec: AudioSpec): Promise<AudioResult> {
  const [extension] = container(spec.container).extensions;
  const name = `${spec.scratch}/rest.${context.attemptId}.${extension}`;
  return await inOwnFile(await context.paths.locate(name), async (output) => {
    const source = await context.paths.locate(spec.source);
    const { damage } = await encodeSource(context, {
      args: (lenient) => audioArgs({ spec, source, output, lenient }),
      expectedSeconds: spec.expected_seconds,
      share: 1,
      ...{ onError: spec.on_error, source, decoded: decodedStreams(spec), from: null, to: null },
      originSeconds: spec.origin_seconds,
    });
    const { sizeBytes } = await sealFile(output);
    return { file: { path: name, size_bytes: sizeBytes }, damage };
  });
}

function decodedStreams({ audio, settings }: AudioSpec): { type: 'audio'; stream: number }[] {
  return settings.codec === 'copy' ? [] : audio.map((stream) => ({ type: 'audio', stream }));
}
