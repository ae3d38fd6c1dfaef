import { type MediaInfo, type MediaStream, ticksToSeconds } from '../media.ts';
import type { Expectation } from '../task.ts';
import { uprightSize } from './fit-picture.ts';
import { originSeconds } from './origin.ts';
import type { ChosenStreams, PlanFacts } from './plan-facts.ts';

/** What the result must look like, as far as it is known before anything is encoded. */
export function expectation({ probe }: PlanFacts, streams: ChosenStreams): Expectation {
  const { video, audio, subtitles } = streams;
  const settings = video?.settings ?? 'copy';
  const encoded = settings === 'copy' ? null : settings;
  const size =
    video === null ? null : (encoded?.scale ?? (encoded === null ? video.stream : uprightSize(video.stream)));
  return {
    frames: null,
    duration_seconds: keptSeconds(probe.media, streams),
    video_seconds: video === null ? null : endSeconds(probe.media, video.stream),
    video: video !== null,
    video_codec: encoded?.codec ?? video?.stream.codec ?? null,
    audio_streams: audio?.streams.length ?? 0,
    encoded: [
      ...(encoded === null ? [] : (['video'] as const)),
      ...(audio === null || audio.settings.codec === 'copy' ? [] : (['audio'] as const)),
    ],
    subtitle_streams: subtitles.length,
    width: size?.width ?? null,
    height: size?.height ?? null,
  };
}

/**
 * Streams that are left out may last longer than those that are kept. Sound in AVI beside a picture is not asked: empty
 * packets stand for its pauses, count in its length, and FFmpeg plays what follows at once. Of sound alone the silence
 * before it is not counted: some containers have no clock to keep it by, and FFmpeg lets a transport stream's sound begin
 * at zero.
 */
function keptSeconds(media: MediaInfo, { video, audio }: ChosenStreams): number | null {
  const sound = media.format === 'avi' && video !== null ? [] : (audio?.streams ?? []);
  const kept: MediaStream[] = [...(video === null ? [] : [video.stream]), ...sound];
  const ends = kept.map((stream) => endSeconds(media, stream));
  const known = ends.filter((end) => end !== null);
  const begin = video === null ? Math.min(...kept.map((stream) => startSeconds(media, stream))) : 0;
  if (known.length === ends.length) return Math.max(...known) - begin;
  return kept.length === media.streams.length ? media.duration_seconds : null;
}

/**
 * When a stream ends, counted from the output's zero: not later than the file, since of a stream that MP4's edit list
 * delays FFmpeg says how long it is with the delay.
 */
function endSeconds(media: MediaInfo, stream: MediaStream): number | null {
  if (stream.duration_seconds === null) return null;
  const end = startSeconds(media, stream) + stream.duration_seconds;
  return Math.min(end, media.duration_seconds ?? end);
}

function startSeconds(media: MediaInfo, { start_ticks: ticks, time_base: timeBase }: MediaStream): number {
  return ticksToSeconds(ticks ?? 0, timeBase) - originSeconds(media);
}
