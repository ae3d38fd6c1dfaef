import { AppError } from '../../../shared/errors.ts';
import type { AssembleSpec } from '../../../shared/job/task.ts';
import type { PublishedFile } from '../../../shared/job/task-result.ts';
import { unlinkIfThere } from '../../../shared/storage/remove-if-there.ts';
import { joinArgs } from '../ffmpeg/args/join-args.ts';
import { measureDelayLost } from '../ffmpeg/measure-delay-lost.ts';
import { awaitFiles, type ExpectedFile } from './await-files.ts';
import { checkHeaders } from './check-headers.ts';
import { inOwnFile } from './in-own-file.ts';
import { makePart } from './make-part.ts';
import { runTaskFfmpeg } from './run-task-ffmpeg.ts';
import type { TaskContext } from './task-context.ts';

/** Copying is a third of the time, looking at the result the rest. */
const JOIN_SHARE = 0.5;

/** Joins the segments with the rest, verifies the result and hands it over for publication. */
export async function runAssemble(context: TaskContext, spec: AssembleSpec): Promise<PublishedFile> {
  if (spec.segments.length === 0) throw new AppError('internal', 'there are no segments to join');
  checkHeaders(spec.segments);
  await awaitFiles(context, expectedFiles(spec));
  const segments = await Promise.all(spec.segments.map(({ file }) => context.paths.locate(file.path)));
  const source = await context.paths.locate(spec.source);
  const rest = spec.rest === null ? null : await context.paths.locate(spec.rest.path);
  const delayLost = await delayLostIn(context, spec);
  return await makePart(context, spec, async (output) => {
    const end = await runTaskFfmpeg(context, {
      args: joinArgs({ spec, source, rest, delayLost, output }),
      expectedSeconds: spec.expected_seconds,
      share: JOIN_SHARE,
      stdinFiles: segments,
    });
    return { end, damage: spec.damage };
  });
}

async function delayLostIn(context: TaskContext, spec: AssembleSpec): Promise<number[]> {
  const { rest, expect } = spec;
  if (rest === null || expect.audio_streams === 0 || !spec.rest_shifted) return [];
  const { binaries, signal, stallMs } = context;
  const path = await context.paths.locate(rest.path);
  return await inOwnFile(`${path}.${context.attemptId}`, async (scratch) => {
    const lost = await measureDelayLost({ binaries, path, scratch, signal, stallMs });
    await unlinkIfThere(scratch);
    return lost;
  });
}

function expectedFiles({ segments, rest }: AssembleSpec): ExpectedFile[] {
  const made = segments.map(({ file, ordinal }) => ({ file, what: `segment ${ordinal}` }));
  return rest === null ? made : [...made, { file: rest, what: 'audio 0' }];
}
