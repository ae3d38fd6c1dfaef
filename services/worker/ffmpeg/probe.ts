import type { z } from 'zod';
import { AppError } from '../../../shared/errors.ts';
import type { MediaInfo } from '../../../shared/job/media.ts';
import { beginsLikeMp4 } from './begins-like-mp4.ts';
import { checkInputFile } from './check-input-file.ts';
import { type FfprobeAnswer, ffprobeAnswer, ffprobeFrame, type SideData } from './ffprobe-answer.ts';
import { inputOptions } from './input-options.ts';
import { lengthUntil, mediaStream } from './media-streams.ts';
import { readOutput } from './read-output.ts';
import { findTransportStreamDamage } from './transport-stream-damage.ts';

type Probe = {
  /** Absolute path of ffprobe. */
  readonly ffprobe: string;
  /** Absolute path of the file. */
  readonly path: string;
  readonly signal: AbortSignal;
  /** Takes a transport stream that is none in parts. Default false. */
  readonly damaged?: boolean;
};

/**
 * What a media file holds, from its headers and the first seconds.
 *
 * @throws AppError `input_*` for a file that is missing, not a file, empty, unreadable, no media, cut off or damaged;
 * `no_streams`; what `readOutput` throws. The signal's reason when it was aborted.
 */
export async function probeMedia(probe: Probe): Promise<MediaInfo> {
  const file = await checkInputFile(probe.path);
  const answer = await describe(probe);
  if (answer.streams.length === 0) throw new AppError('no_streams', `the input ${probe.path} holds no stream`);
  const { format } = answer;
  if (format.format_name === 'mpegts' && probe.damaged !== true)
    await refuseDamagedTransportStream(probe.path, file.sizeBytes);
  const streams = await withFrameSideData(probe, answer);
  const durationIsEnd =
    format.format_name.startsWith('matroska') && format.tags.get('encoder')?.startsWith('Lavf') === true;
  return {
    format: format.format_name,
    size_bytes: file.sizeBytes,
    modified_ms: file.modifiedMs,
    fingerprint: file.fingerprint,
    start_seconds: format.start_time,
    duration_seconds: durationIsEnd ? lengthUntil(format.duration, format.start_time) : format.duration,
    bit_rate: format.bit_rate,
    chapters: answer.chapters.length,
    streams: streams.map((stream) => mediaStream(stream, durationIsEnd)),
  };
}

async function describe(probe: Probe): Promise<FfprobeAnswer> {
  try {
    return await ask(probe, ffprobeAnswer, ['-show_format', '-show_streams', '-show_chapters']);
  } catch (error) {
    const cutOff = error instanceof AppError && error.code === 'input_truncated';
    if (!cutOff || (await beginsLikeMp4(probe.path))) throw error;
    throw new AppError('input_not_media', `the input ${probe.path} is not a media file that FFmpeg knows`, {
      cause: error,
    });
  }
}

async function refuseDamagedTransportStream(path: string, sizeBytes: number): Promise<void> {
  const share = await findTransportStreamDamage(path, sizeBytes);
  if (share === null) return;
  const percent = Math.round(share * 100);
  throw new AppError('input_corrupt', `the input ${path} is damaged: ${percent} % of it is not MPEG-TS`);
}

/** Side data of HDR may stand in the container or in the pictures alone (HDR10+ always): the first picture is read. */
async function withFrameSideData(probe: Probe, answer: FfprobeAnswer): Promise<FfprobeAnswer['streams']> {
  return await Promise.all(
    answer.streams.map(async (stream) => {
      if (stream.codec_type !== 'video' || stream.color_transfer !== 'smpte2084') return stream;
      return { ...stream, side_data_list: [...stream.side_data_list, ...(await firstFrame(probe, stream.index))] };
    }),
  );
}

async function firstFrame(probe: Probe, index: number): Promise<SideData> {
  const options = ['-select_streams', String(index), '-read_intervals', '%+#1', '-show_frames'];
  const { frames } = await ask(probe, ffprobeFrame, [...options, '-show_entries', 'frame=side_data_list']);
  return frames[0]?.side_data_list ?? [];
}

async function ask<Answer>(
  { ffprobe, path, signal }: Probe,
  schema: z.ZodType<Answer>,
  options: readonly string[],
): Promise<Answer> {
  const args = ['-hide_banner', '-loglevel', 'level+error', '-of', 'json', ...options, ...inputOptions(path)];
  return schema.parse(JSON.parse(await readOutput({ binary: ffprobe, args, signal })));
}
