import { AppError } from '../../../shared/errors.ts';
import { audioStreams, type MediaInfo, mainVideo } from '../../../shared/job/media.ts';
import type { Expectation } from '../../../shared/job/task.ts';

/** FFmpeg calls MPEG-2 by another name than users do. */
const FFMPEG_NAMES: Readonly<Record<string, string>> = { mpeg2: 'mpeg2video' };

/**
 * Whether the streams are those that were planned. Returns what was found, in words.
 *
 * @throws AppError `verification_failed`
 */
export function verifyStreams(made: MediaInfo, expect: Expectation): string {
  const video = mainVideo(made);
  const codec = expect.video_codec === null ? null : (FFMPEG_NAMES[expect.video_codec] ?? expect.video_codec);
  same('picture', video === undefined ? 'none' : 'one', expect.video ? 'one' : 'none');
  if (video !== undefined) {
    same('video codec', video.codec, codec ?? video.codec);
    same('width', video.width, expect.width ?? video.width);
    same('height', video.height, expect.height ?? video.height);
  }
  const sound = audioStreams(made).length;
  const subtitles = made.streams.filter((stream) => stream.type === 'subtitle').length;
  same('streams of sound', sound, expect.audio_streams);
  same('subtitles', subtitles, expect.subtitle_streams);
  const words = [
    ...(video === undefined ? [] : [`${video.codec} ${video.width}×${video.height}`]),
    ...(sound === 0 ? [] : [`${sound} of sound`]),
    ...(subtitles === 0 ? [] : [`${subtitles} of subtitles`]),
  ];
  return `streams as planned: ${words.join(', ')}`;
}

function same(what: string, found: string | number, planned: string | number): void {
  if (found !== planned) throw new AppError('verification_failed', `${what}: ${found}, planned ${planned}`);
}
