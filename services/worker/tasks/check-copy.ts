import { AppError } from '../../../shared/errors.ts';
import type { OnError } from '../../../shared/job/job.ts';
import { type MediaInfo, mainVideo } from '../../../shared/job/media.ts';
import { beginsWithKeyframe, firstFrameSeconds } from '../ffmpeg/first-frame.ts';
import { isJoinedRecordings } from '../ffmpeg/joined-recordings.ts';
import { readFrameTimes } from '../ffmpeg/read-frame-times.ts';
import { checkTimesRise } from './check-times-rise.ts';
import type { TaskContext } from './task-context.ts';

type Copied = {
  /** Paths. */
  readonly source: string;
  readonly copy: string;
  /** Of the source. */
  readonly media: MediaInfo;
  /** Of the run that copied. */
  readonly inputDamage: string | null;
  readonly onError: OnError;
};

/**
 * Whether what is decoded from a copy of the packets is what the source itself gives: the same frames at the same times.
 *
 * @throws AppError `join_mismatch`, `input_corrupt`
 */
export async function checkCopy(context: TaskContext, copied: Copied): Promise<void> {
  const { inputDamage } = copied;
  if (inputDamage !== null && !(await isDamageKept(copied))) throw new AppError('input_corrupt', inputDamage);
  await checkTimes(context, copied);
  await checkBeginning(context, copied);
}

/**
 * A copy is not damaged in the same way: it does not say where the transport stream lost packets, and is concealed
 * differently. Where two were joined there is nothing to say.
 */
async function isDamageKept({ source, media, onError }: Copied): Promise<boolean> {
  if (onError === 'conceal') return false;
  return media.format !== 'mpegts' || (await isJoinedRecordings(source));
}

/**
 * A packet of a transport or program stream may not say when it is shown. FFmpeg then takes a time that follows from
 * those around it, which may be the time of another frame, and in the copy of yet another.
 */
async function checkTimes({ binaries, signal }: TaskContext, { copy }: Copied): Promise<void> {
  const { ticks } = await readFrameTimes({ ffprobe: binaries.ffprobe, path: copy, signal });
  checkTimesRise(ticks);
}

const ROUNDING_SECONDS = 0.002;

/** A copy begins with a keyframe. A decoder of HEVC makes frames of what comes before one, if only grey ones. */
async function checkBeginning({ binaries, signal }: TaskContext, { source, copy, media }: Copied): Promise<void> {
  const video = mainVideo(media);
  if (video === undefined) return;
  const of = (path: string, streamIndex: number) => ({ ffprobe: binaries.ffprobe, path, streamIndex, signal });
  if (await beginsWithKeyframe(of(source, video.index))) return;
  const [there, here] = await Promise.all([firstFrameSeconds(of(source, video.index)), firstFrameSeconds(of(copy, 0))]);
  if (there === null || here === null || Math.abs(there - (media.start_seconds ?? 0) - here) > ROUNDING_SECONDS)
    throw new AppError('join_mismatch', 'frames come before the first keyframe');
}
