import { type MediaInfo, mainVideo } from '../../../shared/job/media.ts';
import { cutTargets } from '../../../shared/job/plan/cut-targets.ts';
import type { ProbeSpec } from '../../../shared/job/task.ts';
import type { ProbeResult } from '../../../shared/job/task-result.ts';
import { keyframesBefore } from '../ffmpeg/keyframes.ts';
import { keyframesStandAlone } from '../ffmpeg/keyframes-stand-alone.ts';
import { probeMedia } from '../ffmpeg/probe.ts';
import { checkOutput } from './check-output.ts';
import { mayBeCut, remuxSource } from './remux-source.ts';
import type { TaskContext } from './task-context.ts';
import { tryToWrite } from './try-to-write.ts';

/**
 * Finds out what the input holds and where it can be cut, and that the output and the scratch folder can be written.
 * The first task of a job and, when one of these is not so, its only one.
 */
export async function runProbe(context: TaskContext, spec: ProbeSpec): Promise<ProbeResult> {
  const { paths, signal } = context;
  const input = await paths.locate(spec.input);
  const media = await probeMedia({
    ffprobe: context.binaries.ffprobe,
    path: input,
    signal,
    damaged: spec.on_error === 'conceal',
  });
  const { target, scratch } = spec;
  await checkOutput({
    ...{ input, output: await paths.locate(target.output, 'keep'), parts: await paths.locate(target.parts) },
    ...{ overwrite: target.overwrite, attempt: context.attemptId },
  });
  await tryToWrite(await paths.locate(scratch), context.attemptId, 'storage_failed');
  const remuxed = await remuxSource(context, spec, media);
  if (remuxed === null) return { ...(await cuts(context, spec, spec.input, media)), remux: null };
  return { ...(await cuts(context, spec, remuxed.file.path, remuxed.media)), remux: remuxed.file };
}

async function cuts(
  context: TaskContext,
  spec: ProbeSpec,
  source: string,
  media: MediaInfo,
): Promise<Omit<ProbeResult, 'remux'>> {
  const video = mainVideo(media);
  const durationSeconds = media.duration_seconds;
  if (video === undefined || durationSeconds === null || !mayBeCut(spec, media))
    return { media, source, keyframes: [] };
  const begin = media.start_seconds ?? 0;
  const targets = cutTargets({ durationSeconds, policy: spec.segment, slots: spec.slots }).map((at) => begin + at);
  const stream = {
    ...{ ffprobe: context.binaries.ffprobe, path: await context.paths.locate(source), signal: context.signal },
    ...{ streamIndex: video.index, timeBase: video.time_base },
  };
  // A recording may begin between two keyframes: before the first of them nothing can be decoded, and nothing cut off
  const [first = Number.NEGATIVE_INFINITY, ...found] = await keyframesBefore({
    ...stream,
    targets: [begin, ...targets],
  });
  const keyframes = found.filter((ticks) => ticks > Math.max(first, video.start_ticks ?? first));
  return { media, source, keyframes: (await keyframesStandAlone({ ...stream, keyframes })) ? keyframes : [] };
}
