import { type ContainerName, container } from '../../../shared/job/container.ts';
import { audioStreams, type MediaInfo, mainVideo, type VideoStream } from '../../../shared/job/media.ts';
import { chooseSubtitles } from '../../../shared/job/plan/choose-subtitles.ts';
import { isSoughtExactly, unsplitReason } from '../../../shared/job/plan/unsplit-reason.ts';
import type { ProbeSpec } from '../../../shared/job/task.ts';
import type { MadeFile } from '../../../shared/job/task-result.ts';
import { remuxArgs } from '../ffmpeg/args/remux-args.ts';
import { packetsSayWhenShown } from '../ffmpeg/packets-say-when-shown.ts';
import { probeMedia } from '../ffmpeg/probe.ts';
import type { FfmpegEnd } from '../ffmpeg/run.ts';
import { checkCopy } from './check-copy.ts';
import { inOwnFile } from './in-own-file.ts';
import { runTaskFfmpeg } from './run-task-ffmpeg.ts';
import { sealFile } from './seal-file.ts';
import type { TaskContext } from './task-context.ts';

type Remux = { readonly file: MadeFile; readonly media: MediaInfo };

/** Whether anything speaks against cutting, as far as is known from the streams. */
export function mayBeCut({ encode, segment, target }: ProbeSpec, media: MediaInfo): boolean {
  return unsplitReason({ encode, segment, container: target.container }, media) === null;
}

/**
 * Copies a source whose container cannot be sought exactly into one that can, when it is going to be cut. Null when
 * there is no need, or when the copy cannot be made: then the source is encoded whole.
 */
export async function remuxSource(context: TaskContext, spec: ProbeSpec, media: MediaInfo): Promise<Remux | null> {
  const video = mainVideo(media);
  if (video === undefined || isSoughtExactly(media) || !mayBeCut(spec, media)) return null;
  if (!(await saysWhenShown(context, spec, { format: media.format, video }))) return null;
  const format = remuxContainer(spec.target.container);
  const [extension] = container(format).extensions;
  const name = `${spec.scratch}/source.${context.attemptId}.${extension}`;
  try {
    return await inOwnFile(await context.paths.locate(name), async (output) => {
      const { inputDamage } = await copyStreams(context, spec, media, { video, format, output });
      const source = await context.paths.locate(spec.input);
      await checkCopy(context, { source, copy: output, media, inputDamage, onError: spec.on_error });
      const { sizeBytes } = await sealFile(output);
      const copy = await probeMedia({ ffprobe: context.binaries.ffprobe, path: output, signal: context.signal });
      return { file: { path: name, size_bytes: sizeBytes }, media: asInput(copy, media) };
    });
  } catch (error) {
    context.signal.throwIfAborted();
    context.log.warn({ err: error, job_id: context.jobId }, 'source could not be remuxed');
    return null;
  }
}

/** Formats that count their frames in the order of decoding; the others say when each is shown. */
const DECODING_ORDER = ['avi', 'h264', 'hevc', 'm4v', 'mpegvideo'];

/**
 * With B-frames such a source does not say which frame is shown when, and a copy of its packets would: wrongly, with the
 * times of decoding.
 */
async function saysWhenShown(
  context: TaskContext,
  { input }: ProbeSpec,
  { format, video }: { format: string; video: VideoStream },
): Promise<boolean> {
  if (!DECODING_ORDER.includes(format)) return true;
  const { ffprobe } = context.binaries;
  const look = { ffprobe, path: await context.paths.locate(input), streamIndex: video.index, signal: context.signal };
  return await packetsSayWhenShown(look);
}

/** Matroska counts milliseconds. That is as fine as a Matroska output, but would be seen in one with a finer clock. */
function remuxContainer(output: ContainerName): 'mov' | 'matroska' {
  return output === 'mp4' || output === 'mov' ? 'mov' : 'matroska';
}

async function copyStreams(
  context: TaskContext,
  spec: ProbeSpec,
  media: MediaInfo,
  { video, format, output }: { video: VideoStream; format: 'mov' | 'matroska'; output: string },
): Promise<FfmpegEnd> {
  const subtitles = chooseSubtitles(media, format).filter(({ codec }) => codec === 'copy');
  const source = await context.paths.locate(spec.input);
  const seconds = media.duration_seconds ?? 0;
  const streams = [video, ...audioStreams(media), ...subtitles].map(({ index }) => index);
  return await runTaskFfmpeg(context, {
    args: remuxArgs({ source, streams, clock: { timeBase: video.time_base, seconds }, format, output }),
    expectedSeconds: seconds,
    share: 0.9,
  });
}

/**
 * What is said about the media is from here on about the copy: where it begins too, which of a recording from between two
 * keyframes is later than the input does. Size and time stay those of the input: it is the file that must not change.
 */
function asInput(copy: MediaInfo, { size_bytes, modified_ms, fingerprint }: MediaInfo): MediaInfo {
  return { ...copy, size_bytes, modified_ms, fingerprint };
}
