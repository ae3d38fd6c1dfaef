import type { AssembleSpec, TranscodeSpec } from '../../../shared/job/task.ts';
import type { Damage, PublishedFile } from '../../../shared/job/task-result.ts';
import { partName } from '../../../shared/storage/unlink-other-parts.ts';
import type { FfmpegEnd } from '../ffmpeg/run.ts';
import { verifyPart } from '../ffmpeg/verify-part.ts';
import { checkInputUnchanged } from './check-input-unchanged.ts';
import { inOwnFile } from './in-own-file.ts';
import { sealFile } from './seal-file.ts';
import type { TaskContext } from './task-context.ts';

/**
 * Makes, seals and verifies a file that is going to be published. It lies beside the output, under a name that only
 * this attempt uses.
 */
export async function makePart(
  context: TaskContext,
  spec: AssembleSpec | TranscodeSpec,
  make: (output: string) => Promise<{ end: FfmpegEnd; damage: readonly Damage[] }>,
): Promise<PublishedFile> {
  const name = `${spec.target.parts}/${partName(spec.kind, context.attemptId)}`;
  return await inOwnFile(await context.paths.locate(name), async (output) => {
    const { end, damage } = await make(output);
    await checkInputUnchanged({
      path: await context.paths.locate(spec.input),
      sizeBytes: spec.input_size_bytes,
      modifiedMs: spec.input_modified_ms,
      fingerprint: spec.input_fingerprint,
    });
    const sealed = await sealFile(output);
    const verification = await verifyPart({
      ...{ binaries: context.binaries, signal: context.signal, stallMs: context.stallMs, threads: context.threads },
      ...{ spec, path: output, source: await context.paths.locate(spec.source), framesWritten: end.frames, damage },
    });
    context.onProgress({ progress: 1, fps: null, speed: null });
    return {
      part: name,
      size_bytes: sealed.sizeBytes,
      modified_ms: sealed.modifiedMs,
      inode: sealed.inode,
      verification,
    };
  });
}
