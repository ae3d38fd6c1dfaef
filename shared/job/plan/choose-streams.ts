import { AppError } from '../../errors.ts';
import { container } from '../container.ts';
import { mainVideo } from '../media.ts';
import { chooseAudio } from './choose-audio.ts';
import { chooseSubtitles } from './choose-subtitles.ts';
import { chooseVideo } from './choose-video.ts';
import type { ChosenStreams, PlanFacts } from './plan-facts.ts';

/**
 * Decides what becomes of every stream of the source.
 *
 * @throws AppError as `planEncode`
 */
export function chooseStreams(facts: PlanFacts): ChosenStreams {
  const { media } = facts.probe;
  const { video_codec: videoCodec, audio_codec: audioCodec } = facts.request.encode;
  if (media.streams.length === 0) throw new AppError('no_streams', 'the input holds no stream');
  const video = videoCodec === 'none' ? null : chooseVideo(facts, mainVideo(media));
  const audio = audioCodec === 'none' ? null : chooseAudio(facts, videoCodec === 'none');
  if (video === null && audio === null)
    throw new AppError('invalid_options', 'neither picture nor sound would be left: both codecs are none');
  return {
    video,
    audio,
    subtitles: video === null ? [] : chooseSubtitles(media, facts.target.container),
    attachments: container(facts.target.container).attachments
      ? media.streams.filter((stream) => stream.type === 'attachment').map((stream) => stream.index)
      : [],
  };
}
